"""Keep requests within bounds before anything reads them, and let no failure out unshaped."""

import logging
import re
from uuid import uuid4

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sake_ray.serve.problems import INTERNAL, TITLES, problem, request_id

log = logging.getLogger(__name__)

MULTIPART_BYTES = 200_000_000
JSON_BYTES = 30_000_000
OTHER_BYTES = 1_000_000
AT_ONCE = 100
"""Requests worked on at a time; more are told to come again. Below what Serve lets through, so that we are the one to say so."""
GIVEN_ID = re.compile(r"[\w.-]{1,64}")


class BodyTooLarge(HTTPException):
    """A body went on past what its request may have. FastAPI lets this kind of error through while it reads a body."""


class RequestLimitsMiddleware:
    """ASGI middleware around the whole app: request ids, sizes, how many at once, and the last resort."""

    def __init__(self, app: ASGIApp, *, at_once: int = AT_ONCE) -> None:
        self.app, self.at_once = app, at_once
        self._running = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, bounded."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        given = headers.get("x-request-id", "")
        request_id.set(given if GIVEN_ID.fullmatch(given) else uuid4().hex)
        answer = _BoundedResponse(scope, receive, send)
        most = most_bytes(scope["method"], scope["path"], headers.get("content-type", ""))
        declared = headers.get("content-length", "0")
        if not declared.isdigit():
            await answer.refuse(400, "The Content-Length is no number.")
        elif int(declared) > most:
            await answer.refuse(413, _too_large(most))
        elif self._running >= self.at_once:
            await answer.refuse(503, "Too many requests at once; try again in a moment.", {"Retry-After": "2"})
        else:
            await self._run(answer, most)

    async def _run(self, answer: "_BoundedResponse", most: int) -> None:
        self._running += 1
        try:
            await self.app(answer.scope, answer.bounded(most), answer.send)
        except BodyTooLarge as error:
            await answer.refuse(413, error.detail)
        except Exception:
            log.exception("request failed", extra={"path": answer.scope["path"]})
            await answer.refuse(500, INTERNAL)
        finally:
            self._running -= 1


def most_bytes(method: str, path: str, content_type: str) -> int:
    """The bytes a body may have: an upload more than the rest, and as JSON less than as multipart."""
    if method == "POST" and path in {"/predict", "/admin/images"}:
        if content_type.lower().startswith("multipart/form-data"):
            return MULTIPART_BYTES
        if path == "/predict":
            return JSON_BYTES
    return OTHER_BYTES


class _BoundedResponse:
    """One request on its way, and whether its answer has begun."""

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.scope, self._receive, self._send = scope, receive, send
        self._begun = False

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._begun = True
            message["headers"] = [
                *message.get("headers", []),
                (b"x-content-type-options", b"nosniff"),
                (b"cache-control", b"no-store"),
            ]
        await self._send(message)

    async def refuse(self, status: int, detail: str, headers: dict[str, str] | None = None) -> None:
        if self._begun:
            return
        response = problem(status, TITLES[status], detail, path=self.scope["path"], headers=headers)
        await response(self.scope, self._receive, self.send)

    def bounded(self, most: int) -> Receive:
        """Count what comes in: a body sent in pieces declares no length."""
        taken = 0

        async def receive() -> Message:
            nonlocal taken
            message = await self._receive()
            taken += len(message.get("body", b""))
            if taken > most:
                raise BodyTooLarge(413, _too_large(most))
            return message

        return receive


def _too_large(most: int) -> str:
    return f"The request is larger than {most / 1e6:g} MB, the limit here; send fewer files at a time."
