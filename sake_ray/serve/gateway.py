"""Put the HTTP application together: checks, storage, look-ups. Nothing is decoded here, and nothing waits in the event loop."""

import json
import sys
from typing import Any

from fastapi import FastAPI
from pydantic.json_schema import models_json_schema

from sake_ray.schemas.problems import Problem
from sake_ray.schemas.uploads import PredictIn
from sake_ray.serve import problems
from sake_ray.serve.dependencies import ANY_PROBLEM, Services
from sake_ray.serve.middleware import RequestLimitsMiddleware
from sake_ray.serve.routes import (
    accounts,
    batches,
    comparison,
    documents,
    feedback,
    images,
    jobs,
    models,
    monitoring,
    predict,
    references,
    review,
    search,
    system,
)

VERSION = "1"
DESCRIPTION = """Hand in documents, get for each its class, a confidence and its text, and correct what is wrong.

Sign in with `POST /auth/token`, send the token as `Authorization: Bearer …`. Errors are `application/problem+json` (RFC 9457).
After 409, 429, 503 or a broken connection wait as long as `Retry-After` says and send the same again; give an upload an
`Idempotency-Key`, and it is done once however often it is sent."""


def create_app(parts: Services | None) -> FastAPI:
    """Put the application together; without parts it can only describe itself."""
    app = FastAPI(
        title="sake_ray",
        version=VERSION,
        description=DESCRIPTION,
        openapi_url="/openapi.json",
        docs_url="/docs",
        redoc_url=None,
        redirect_slashes=False,
        responses={"default": ANY_PROBLEM},
        generate_unique_id_function=lambda route: route.name,
    )
    app.state.parts = parts
    problems.install(app)
    for router in (
        system.router,
        accounts.router,
        predict.router,
        batches.router,
        documents.router,
        search.router,
        references.router,
        images.router,
        feedback.router,
        review.router,
        jobs.router,
        comparison.router,
        models.router,
        monitoring.router,
    ):
        app.include_router(router)
    app.add_middleware(RequestLimitsMiddleware)
    app.openapi = lambda: describe(app)  # type: ignore[method-assign]
    return app


def describe(app: FastAPI) -> dict[str, Any]:
    """Write the contract, with the schemas that no route names by itself."""
    if app.openapi_schema is None:
        contract = FastAPI.openapi(app)
        _, more = models_json_schema(
            [(Problem, "serialization"), (PredictIn, "validation")], ref_template="#/components/schemas/{model}"
        )
        contract["components"]["schemas"] |= more["$defs"]
        app.openapi_schema = contract
    return app.openapi_schema


def main() -> None:
    """Print the contract; `make contract` keeps it in docs/openapi.json."""
    json.dump(create_app(None).openapi(), sys.stdout, indent=1, ensure_ascii=False, sort_keys=True)
    sys.stdout.write("\n")


if __name__ == "__main__":
    main()
