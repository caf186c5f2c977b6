"""Tell a caller what went wrong, always in the form of RFC 9457."""

import logging
import re
from collections.abc import Mapping
from contextvars import ContextVar
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from sake_ray.errors import (
    ObjectMissing,
    Overloaded,
    SakeError,
    StillRunning,
    StorageError,
    TooManyAttempts,
    Unauthenticated,
)
from sake_ray.schemas.problems import Problem

log = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
INTERNAL = (
    "Something went wrong on our side. Nothing that was accepted is lost; try again, and tell ops the request id."
)
TITLES = {
    400: "Malformed request",
    401: "Not signed in",
    404: "Not found",
    405: "Method not allowed",
    413: "Too large",
    415: "Unsupported type",
    422: "Cannot be accepted",
    500: "Internal error",
    503: "Not available now",
}
SENTENCES = {
    404: "There is nothing at this address; see /docs.",
    405: "This address does not answer to that method; see /docs.",
}
RETRY_SECONDS: dict[type[SakeError], int] = {TooManyAttempts: 60, StillRunning: 2, Overloaded: 2}

request_id: ContextVar[str] = ContextVar("request_id", default="")


def problem(
    status: int,
    title: str,
    detail: str,
    *,
    path: str,
    headers: Mapping[str, str] | None = None,
    **more: Any,
) -> JSONResponse:
    """Build the answer; `more` are the members that only some problems have."""
    content = Problem(
        type="about:blank",
        title=title,
        status=status,
        detail=detail,
        instance=path,
        request_id=request_id.get(),
        **more,
    )
    kept = {name: value for name, value in content.model_dump(mode="json").items() if value is not None}
    return JSONResponse(kept, status, headers=dict(headers or {}), media_type=MEDIA_TYPE)


def problem_of(error: SakeError, path: str, **more: Any) -> JSONResponse:
    """Show an error of ours: its class is the title, its sentence the detail."""
    headers = {}
    if error.status_code in {409, 429, 503}:
        headers["Retry-After"] = str(RETRY_SECONDS.get(type(error), 5))
    if isinstance(error, Unauthenticated):
        headers["WWW-Authenticate"] = "Bearer"
    detail = str(error)
    if isinstance(error, ObjectMissing):
        log.error("object missing", extra={"error": detail})
        detail = "The stored file is gone; tell ops."
    elif isinstance(error, StorageError):
        # The sentence names folders and addresses, which are for ops.
        log.error("storage failed", extra={"error": detail})
        detail = "The storage does not answer just now. Nothing that was accepted is lost; try again in a moment."
    elif error.status_code == 500:
        log.error("request failed", extra={"error": detail})
        detail = INTERNAL
    return problem(error.status_code, title_of(error), detail, path=path, headers=headers, **more)


def title_of(error: SakeError) -> str:
    """The name of the error in words."""
    return re.sub(r"(?<!^)(?=[A-Z])", " ", type(error).__name__).capitalize()


def install(app: FastAPI) -> None:
    """Let the app answer every error this way."""

    @app.exception_handler(SakeError)
    async def ours(request: Request, error: SakeError) -> JSONResponse:
        return problem_of(error, request.url.path)

    @app.exception_handler(HTTPException)
    async def of_http(request: Request, error: HTTPException) -> JSONResponse:
        status = error.status_code
        detail = SENTENCES.get(status) or str(error.detail)
        return problem(status, TITLES.get(status, "Error"), detail, path=request.url.path, headers=error.headers)

    @app.exception_handler(RequestValidationError)
    async def malformed(request: Request, error: RequestValidationError) -> JSONResponse:
        errors = [{"where": ".".join(map(str, part["loc"])), "what": part["msg"]} for part in error.errors()[:20]]
        first = errors[0] if errors else {"where": "request", "what": "it is malformed"}
        detail = f"{first['where']}: {first['what']}."
        return problem(422, TITLES[422], detail, path=request.url.path, errors=errors)
