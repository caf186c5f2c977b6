"""Tell a caller what went wrong, always in the form of RFC 9457."""

import logging
import re
from collections.abc import Mapping, Sequence
from contextvars import ContextVar
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from sake_ray.domain.traces import find_trace_id, request_id
from sake_ray.errors import (
    Message,
    NothingAccepted,
    ObjectMissing,
    OriginalDamaged,
    Overloaded,
    SakeError,
    StillRunning,
    StorageError,
    StorageUnavailable,
    TextPending,
    TooManyAttempts,
    Unauthenticated,
)
from sake_ray.schemas.problems import MEDIA_TYPE, make_problem
from sake_ray.schemas.uploads import Refused

log = logging.getLogger(__name__)

ORIGINAL_AT_FAULT = frozenset({"original-missing", "original-differs"})
"""Codes that callers see although they are of the storage: they name no place."""
BY_STATUS = {404: "no-such-address", 405: "method-not-allowed"}
"""What to say instead of what Starlette says."""
RETRY_SECONDS: dict[type[SakeError], int] = {StillRunning: 2, Overloaded: 2, TextPending: 5}

problem_code: ContextVar[str] = ContextVar("problem_code", default="")
"""The code of the problem that the request is answered with, for the metrics."""


def problem(
    status: int,
    message: Message,
    *,
    path: str,
    title: str = "",
    headers: Mapping[str, str] | None = None,
    **more: Any,
) -> JSONResponse:
    """Build the answer; `more` are the members that only some problems have. Without a title the code is it, in words."""
    problem_code.set(message.code)
    members = make_problem(
        status,
        message,
        instance=path,
        request_id=request_id.get(),
        trace_id=find_trace_id() or None,
        title=title,
        **more,
    )
    return JSONResponse(members, status, headers=dict(headers or {}), media_type=MEDIA_TYPE)


def problem_of(error: SakeError, path: str, **more: Any) -> JSONResponse:
    """Show an error of ours: its class is the title, its sentence the detail."""
    headers = {}
    if error.status_code in {409, 429, 503}:
        seconds = error.params.get("seconds") if isinstance(error, TooManyAttempts) else None
        headers["Retry-After"] = str(seconds or RETRY_SECONDS.get(type(error), 5))
    if isinstance(error, Unauthenticated):
        headers["WWW-Authenticate"] = "Bearer"
    shown = to_public(error)
    return problem(error.status_code, shown.message, title=title_of(shown), path=path, headers=headers, **more)


def to_public(error: SakeError) -> SakeError:
    """The error as callers may see it. Folders and addresses are for ops: they go to the log."""
    if isinstance(error, ObjectMissing | OriginalDamaged):
        extra = {"error": error.message, "cause": str(error.__cause__ or "")}
        log.error("stored file missing or damaged", extra=extra)
        return error if error.code in ORIGINAL_AT_FAULT else ObjectMissing("stored-file-gone")
    if isinstance(error, StorageError):
        log.error("storage failed", extra={"error": error.message})
        return StorageUnavailable("storage-failed")
    if error.status_code == 500:
        log.error("request failed", extra={"error": error.message})
        return SakeError("internal-error")
    return error


def title_of(error: SakeError) -> str:
    """The name of the error in words."""
    name = "InternalError" if type(error) is SakeError else type(error).__name__
    return re.sub(r"(?<!^)(?=[A-Z])", " ", name).capitalize()


def present_refusal(name: str, error: SakeError) -> Refused:
    """Show why a file of an upload was not accepted."""
    return Refused(
        name=name, title=title_of(error), detail=str(error), code=error.code, params=error.message.json_params
    )


def make_nothing_accepted(refused: Sequence[Refused]) -> NothingAccepted:
    """Every file of an upload was refused: say why of the only one, else how many."""
    if len(refused) == 1:
        only = refused[0]
        return NothingAccepted("only-file-refused", error=Message.restore(only.detail, only.code, only.params))
    return NothingAccepted("all-files-refused", files=len(refused))


def install(app: FastAPI) -> None:
    """Let the app answer every error this way."""

    @app.exception_handler(SakeError)
    async def ours(request: Request, error: SakeError) -> JSONResponse:
        return problem_of(error, request.url.path)

    @app.exception_handler(HTTPException)
    async def of_http(request: Request, error: HTTPException) -> JSONResponse:
        status, message = error.status_code, error.detail
        if status in BY_STATUS:
            message = Message(BY_STATUS[status])
        elif not isinstance(message, Message):
            message = Message("request-refused", error=message)
        return problem(status, message, path=request.url.path, headers=error.headers)

    @app.exception_handler(RequestValidationError)
    async def malformed(request: Request, error: RequestValidationError) -> JSONResponse:
        errors = [{"where": ".".join(map(str, part["loc"])), "what": part["msg"]} for part in error.errors()[:20]]
        first = errors[0] if errors else {"where": "request", "what": "it is malformed"}
        message = Message("malformed-request", where=first["where"], problem=first["what"])
        return problem(422, message, path=request.url.path, errors=errors)
