"""Create the HTTP application. It decodes no documents, and nothing blocks its event loop."""

import json
import sys
from typing import Any

from fastapi import FastAPI
from pydantic.json_schema import models_json_schema

from sake_ray.schemas.problems import Problem
from sake_ray.schemas.uploads import PredictIn
from sake_ray.serve import problems
from sake_ray.serve.dependencies import Services
from sake_ray.serve.middleware import RequestLimitsMiddleware
from sake_ray.serve.openapi import ANY_PROBLEM
from sake_ray.serve.peers import PeerMiddleware, PeerRules
from sake_ray.serve.request_metrics import RefusalMetricsMiddleware
from sake_ray.serve.request_slots import RequestSlots
from sake_ray.serve.request_times import RequestTimesMiddleware
from sake_ray.serve.request_traces import TraceMiddleware
from sake_ray.serve.routes import (
    accounts,
    api_keys,
    audit,
    batches,
    bin,
    comparison,
    docs,
    documents,
    erasures,
    exports,
    feedback,
    images,
    issuer,
    jobs,
    models,
    monitoring,
    person_data,
    predict,
    references,
    retention,
    review,
    search,
    splits,
    system,
    tools,
    webhooks,
)

VERSION = "1"
DESCRIPTION = """Hand in documents, get for each its class, a confidence and its text, and correct what is wrong.

Sign in with `POST /auth/token`, send the token as `Authorization: Bearer …`; a program sends its API key so, and
`x-api-key-scopes` says of which scopes a key needs one. Errors are `application/problem+json` (RFC 9457).
After 409, 429, 503 or a broken connection wait as long as `Retry-After` says and send the same again; give what changes
something an `Idempotency-Key`, and it is done once however often it is sent."""


def create_app(services: Services | None, *, peers: PeerRules = PeerRules()) -> FastAPI:  # noqa: B008 - it is frozen
    """Create the application; without services it can only describe itself."""
    app = FastAPI(
        title="sake_ray",
        version=VERSION,
        description=DESCRIPTION,
        openapi_url="/openapi.json",
        docs_url=None,  # routes/docs.py has them, without scripts of other hosts
        redoc_url=None,
        swagger_ui_oauth2_redirect_url=None,
        redirect_slashes=False,
        responses={"default": ANY_PROBLEM},
        generate_unique_id_function=lambda route: route.name,
        # Its spans have the path and query of a request, which name candidates; ours are in request_traces.py.
        telemetry={"auto_configure": False, "tracing": False, "metrics": False, "logs": False},
    )
    app.state.services = services
    app.state.slots = RequestSlots()
    problems.install(app)
    for router in (
        system.router,
        docs.router,
        accounts.router,
        api_keys.router,
        issuer.router,
        predict.router,
        batches.router,
        exports.router,  # before documents, whose ids would take /documents/export
        documents.router,
        bin.router,
        splits.router,
        search.router,
        person_data.router,  # before references, whose path takes any text
        references.router,
        erasures.router,
        retention.router,
        images.router,
        feedback.router,
        review.router,
        jobs.router,
        comparison.router,
        models.router,
        monitoring.router,
        audit.router,
        tools.router,
        webhooks.router,
    ):
        app.include_router(router)
    app.add_middleware(RequestLimitsMiddleware)
    if services:
        app.add_middleware(RequestTimesMiddleware, instruments=services.instruments)
    app.add_middleware(TraceMiddleware)  # around the limits, whose refusals belong to a trace as well
    app.add_middleware(PeerMiddleware, rules=peers)  # around all others: they count by peer
    if services:
        app.add_middleware(RefusalMetricsMiddleware, instruments=services.instruments)
    app.openapi = lambda: describe_app(app)  # type: ignore[method-assign]
    return app


def describe_app(app: FastAPI) -> dict[str, Any]:
    """Describe the app in OpenAPI, with the schemas that no route names by itself."""
    if app.openapi_schema is None:
        document = FastAPI.openapi(app)
        _, extra = models_json_schema(
            [(Problem, "serialization"), (PredictIn, "validation")], ref_template="#/components/schemas/{model}"
        )
        document["components"]["schemas"] |= extra["$defs"]
        app.openapi_schema = document
    return app.openapi_schema


def main() -> None:
    """Print the OpenAPI document; `make contract` writes it to docs/openapi.json."""
    json.dump(create_app(None).openapi(), sys.stdout, indent=1, ensure_ascii=False, sort_keys=True)
    sys.stdout.write("\n")


if __name__ == "__main__":
    main()
