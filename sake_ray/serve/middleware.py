"""Bound bodies before anything reads them, and turn every failure into a problem document."""

import logging
import re
from uuid import uuid4

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sake_ray import errors
from sake_ray.domain.traces import request_id
from sake_ray.serve.problems import problem
from sake_ray.serve.request_traces import name_method

log = logging.getLogger(__name__)

MULTIPART_BYTES = 200_000_000
JSON_BYTES = 30_000_000
OTHER_BYTES = 1_000_000
SIGN_IN_BYTES = 20_000
"""A name of 200 and a password of 1,000 characters, each of them percent-encoded, and the token of a device."""
BODY_HELD = "sake.body-held"
"""The ASGI extension by which Serve's proxy says that it reads the body of a request when it is asked to (see `proxy.py`)."""
BODY_WANTED = "sake.body-wanted"
"""The ASGI message that asks it to."""
OPEN_FORMS = {"/auth/token"}
"""What takes a body from people who are not signed in."""
REQUEST_ID = re.compile(r"[\w.-]{1,64}")
LENGTH = re.compile("[0-9]{1,18}")
"""`isdigit` would take superscripts too, and `int` refuses thousands of digits."""


class BodyTooLarge(HTTPException):
    """A body was longer than its request may have. FastAPI lets an HTTPException through while it reads a body."""


class RequestLimitsMiddleware:
    """ASGI middleware around the whole app: request ids, body sizes, and the last resort for exceptions."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

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
        if not LENGTH.fullmatch(declared):
            await exchange.refuse(400, errors.Message("content-length-invalid"))
        elif int(declared) > max_bytes:
            await exchange.refuse(413, _too_large(max_bytes))
        else:
            await self._run(exchange, max_bytes)

    async def _run(self, exchange: "_BoundedExchange", max_bytes: int) -> None:
        try:
            await self.app(exchange.scope, exchange.bound(max_bytes), exchange.send)
        except BodyTooLarge:
            await exchange.refuse(413, _too_large(max_bytes))
        except ClientDisconnect:
            log.info("sender hung up", extra=_name_request(exchange.scope))
        except Exception:
            log.exception("request failed", extra=_name_request(exchange.scope))
            await exchange.refuse(500, errors.Message("internal-error"))


def _name_request(scope: Scope) -> dict[str, str]:
    """Name a request for the log: by its route, since its path may hold a candidate's name."""
    route = getattr(scope.get("route"), "path", "")
    return {"method": name_method(scope), "route": route}


def max_body_bytes(method: str, path: str, content_type: str) -> int:
    """Look up how long a body may be: uploads may be longer than the rest, and as multipart longer than as JSON."""
    if method == "POST" and path in {"/predict", "/admin/images"}:
        if content_type.lower().startswith("multipart/form-data"):
            return MULTIPART_BYTES
        if path == "/predict":
            return JSON_BYTES
    if path in OPEN_FORMS:
        return SIGN_IN_BYTES
    return OTHER_BYTES


class _BoundedExchange:
    """A request and its response, which may have started."""

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.scope, self._receive, self._send = scope, receive, send
        self._started = False

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._started = True
            headers = list(message.get("headers", []))
            if not any(name.lower() == b"cache-control" for name, _ in headers):
                headers.append((b"cache-control", b"no-store"))
            message["headers"] = [*headers, (b"x-content-type-options", b"nosniff")]
        await self._send(message)

    async def refuse(self, status: int, message: errors.Message, headers: dict[str, str] | None = None) -> None:
        if self._started:
            return
        response = problem(status, message, path=self.scope["path"], headers=headers)
        await response(self.scope, self._receive, self.send)

    def bound(self, max_bytes: int) -> Receive:
        """Count what is received: a body sent in chunks declares no length. Ask for the body when it is first wanted."""
        received = 0
        asked = BODY_HELD not in (self.scope.get("extensions") or {})

        async def receive() -> Message:
            nonlocal received, asked
            if not asked:
                asked = True
                await self._send({"type": BODY_WANTED})
            message = await self._receive()
            received += len(message.get("body", b""))
            if received > max_bytes:
                raise BodyTooLarge(413, _too_large(max_bytes))
            return message

        return receive


def _too_large(max_bytes: int) -> errors.Message:
    return errors.Message("body-too-large", megabytes=max_bytes / 1e6)
