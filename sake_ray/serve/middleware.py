"""Bound requests before anything reads them, and turn every failure into a problem document."""

import logging
import re
from uuid import uuid4

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sake_ray import errors
from sake_ray.serve.problems import problem, request_id

log = logging.getLogger(__name__)

MULTIPART_BYTES = 200_000_000
JSON_BYTES = 30_000_000
OTHER_BYTES = 1_000_000
MAX_CONCURRENT = 100
"""Requests in work at a time; more are refused with 503. Below what Serve lets through, so that the refusal is ours."""
REQUEST_ID = re.compile(r"[\w.-]{1,64}")


class BodyTooLarge(HTTPException):
    """A body was longer than its request may have. FastAPI lets an HTTPException through while it reads a body."""


class RequestLimitsMiddleware:
    """ASGI middleware around the whole app: request ids, body sizes, concurrency, and the last resort for exceptions."""

    def __init__(self, app: ASGIApp, *, max_concurrent: int = MAX_CONCURRENT) -> None:
        self.app, self.max_concurrent = app, max_concurrent
        self._running = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, within its bounds."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        sent_id = headers.get("x-request-id", "")
        request_id.set(sent_id if REQUEST_ID.fullmatch(sent_id) else uuid4().hex)
        exchange = _BoundedExchange(scope, receive, send)
        max_bytes = max_body_bytes(scope["method"], scope["path"], headers.get("content-type", ""))
        declared = headers.get("content-length", "0")
        if not declared.isdigit():
            await exchange.refuse(400, errors.Message("content-length-invalid"))
        elif int(declared) > max_bytes:
            await exchange.refuse(413, _too_large(max_bytes))
        elif self._running >= self.max_concurrent:
            await exchange.refuse(503, errors.Message("too-many-requests"), {"Retry-After": "2"})
        else:
            await self._run(exchange, max_bytes)

    async def _run(self, exchange: "_BoundedExchange", max_bytes: int) -> None:
        self._running += 1
        try:
            await self.app(exchange.scope, exchange.bound(max_bytes), exchange.send)
        except BodyTooLarge:
            await exchange.refuse(413, _too_large(max_bytes))
        except Exception:
            log.exception("request failed", extra={"path": exchange.scope["path"]})
            await exchange.refuse(500, errors.Message("internal-error"))
        finally:
            self._running -= 1


def max_body_bytes(method: str, path: str, content_type: str) -> int:
    """Look up how long a body may be: uploads may be longer than the rest, and as multipart longer than as JSON."""
    if method == "POST" and path in {"/predict", "/admin/images"}:
        if content_type.lower().startswith("multipart/form-data"):
            return MULTIPART_BYTES
        if path == "/predict":
            return JSON_BYTES
    return OTHER_BYTES


class _BoundedExchange:
    """A request and its response, which may have started."""

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.scope, self._receive, self._send = scope, receive, send
        self._started = False

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._started = True
            message["headers"] = [
                *message.get("headers", []),
                (b"x-content-type-options", b"nosniff"),
                (b"cache-control", b"no-store"),
            ]
        await self._send(message)

    async def refuse(self, status: int, message: errors.Message, headers: dict[str, str] | None = None) -> None:
        if self._started:
            return
        response = problem(status, message, path=self.scope["path"], headers=headers)
        await response(self.scope, self._receive, self.send)

    def bound(self, max_bytes: int) -> Receive:
        """Count what is received: a body sent in chunks declares no length."""
        received = 0

        async def receive() -> Message:
            nonlocal received
            message = await self._receive()
            received += len(message.get("body", b""))
            if received > max_bytes:
                raise BodyTooLarge(413, _too_large(max_bytes))
            return message

        return receive


def _too_large(max_bytes: int) -> errors.Message:
    return errors.Message("body-too-large", megabytes=max_bytes / 1e6)
