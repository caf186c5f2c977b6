"""Guard Serve's own proxy, which stands before the gateway: it would keep every body in memory, however slowly it comes.

Serve calls `make_middlewares` in the process of its proxy (RAY_SERVE_HTTP_PROXY_CALLBACK_IMPORT_PATH). What is below HTTP is out
of reach there: a connection that sends no request, or headers without end, is held until its other side closes it, for uvicorn
has no deadline for either. A gateway before the service closes those (docs/operations.md).
"""

import asyncio
import resource
from collections import Counter
from contextlib import suppress
from uuid import uuid4

from starlette.middleware import Middleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sake_ray import errors
from sake_ray.domain.traces import TRACE_HEADER, current_trace, format_traceparent, request_id
from sake_ray.metrics import Exporter, Instruments
from sake_ray.serve.application_answer import ApplicationAnswer
from sake_ray.serve.held_exchange import HeldExchange
from sake_ray.serve.middleware import LENGTH, OPEN_FORMS, REQUEST_ID, SIGN_IN_BYTES
from sake_ray.serve.problems import problem
from sake_ray.serve.request_metrics import OutcomeMetricsMiddleware, RefusalMetricsMiddleware
from sake_ray.serve.request_traces import begin_trace
from sake_ray.serve.slow_bodies import BodyTooSlow, Pace

MAX_FORMS_OF_PEER, MAX_FORMS = 20, 2_000
"""Sign-ins whose form is still on its way: of one address, and of all. Each takes 20 kB at most."""
MAX_LINGERING = 2_000
"""Of so many refused bodies at once the rest is thrown away for a while."""
SEND_SECONDS = 60.0
"""How long a reader may take no piece of an answer at all."""
HEADERS = {401: {"WWW-Authenticate": "Bearer"}, 503: {"Retry-After": "2"}}
"""What answers of these statuses have besides."""
SERVE_HEADERS = {
    "x-request-timeout-seconds", "x-request-disconnect-disabled", "serve-multiplexed-model-id", "x-session-id",
}  # fmt: skip
"""What Serve obeys, whoever sends it: how long a request may take, whether it ends with its connection, which replica answers."""

NAMES = (b"x-request-id", TRACE_HEADER.encode())
"""What a request is called in answers and logs, here and in the gateway."""


def make_middlewares() -> list[Middleware]:
    """Make what Serve puts around its proxy, and let that have as many connections as the system allows."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    from sake_ray.serve.metrics import open_instruments  # imports Ray, which nobody else needs who imports this module

    return make_guard(open_instruments(Exporter.PROXY))


def make_guard(instruments: Instruments) -> list[Middleware]:
    """Make what is put around the proxy, from the inside out."""
    return [
        Middleware(ProxyGuard),
        Middleware(RefusalMetricsMiddleware, instruments=instruments),
        Middleware(OutcomeMetricsMiddleware, instruments=instruments),
    ]


class ProxyGuard:
    """ASGI middleware in Serve's proxy: it holds a body back until the gateway wants it, and wants it to come at a pace."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._forms: Counter[str] = Counter()
        self._lingering = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, guarded."""
        if scope["type"] == "websocket":  # there is nothing of this kind here
            await send({"type": "websocket.close", "code": 1008})
            return
        if scope["type"] == "http":
            _name_request(scope)
            if not _has_body(scope):
                await self._pass_on(scope, receive, send)
            elif scope["path"] in OPEN_FORMS:
                await self._collect_form(scope, receive, send)
            elif not _find_header(scope, b"authorization"):
                # The gateway would say the same, after as much work as for any request.
                await self._refuse(scope, receive, send, 401, errors.Message("authentication-required"))
            else:
                await self._hold_body(scope, receive, send)
            return
        await self.app(scope, receive, send)

    async def _collect_form(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on a form of people who are not signed in once it is complete: until then it takes its own few bytes only."""
        peer = scope["client"][0] if scope.get("client") else ""
        if self._forms[peer] >= MAX_FORMS_OF_PEER or self._forms.total() >= MAX_FORMS:
            await self._refuse(scope, receive, send, 503, errors.Message("too-many-requests"))
            return
        too_long = errors.Message("body-too-large", megabytes=SIGN_IN_BYTES / 1e6)
        declared = _find_header(scope, b"content-length")
        if LENGTH.fullmatch(declared) and int(declared) > SIGN_IN_BYTES:
            await self._refuse(scope, receive, send, 413, too_long)
            return
        self._forms[peer] += 1
        try:
            body = await _collect(Pace(receive).receive, max_bytes=SIGN_IN_BYTES)
        except BodyTooSlow:
            await _cut_off(scope, receive, send, 408, errors.Message("request-too-slow"))
            return
        except ConnectionError:
            return
        finally:
            self._forms[peer] -= 1
            if not self._forms[peer]:
                del self._forms[peer]
        if len(body) > SIGN_IN_BYTES:
            await self._refuse(scope, receive, send, 413, too_long)
            return
        await self._pass_on(scope, _replay(body, receive), send)

    async def _pass_on(self, scope: Scope, receive: Receive, send: Send) -> None:
        answer = ApplicationAnswer(_with_deadline(send))
        await self.app(scope, receive, answer.send)
        if not answer.started:
            await _cut_off(scope, receive, send, 503, answer.instead)

    async def _hold_body(self, scope: Scope, receive: Receive, send: Send) -> None:
        exchange = HeldExchange(scope, receive, _with_deadline(send))
        answer = ApplicationAnswer(exchange.send)
        await self.app(exchange.scope, exchange.receive, answer.send)
        if not exchange.started:
            status, message = (
                (408, errors.Message("request-too-slow")) if exchange.pace.too_slow else (503, answer.instead)
            )
            await _cut_off(scope, receive, send, status, message)
        else:
            await self._end(exchange, send)

    async def _refuse(self, scope: Scope, receive: Receive, send: Send, status: int, message: errors.Message) -> None:
        """Answer without the gateway, and let the sender see it."""
        exchange = HeldExchange(scope, receive, _with_deadline(send))
        await _cut_off(scope, exchange.receive, exchange.send, status, message)
        await self._end(exchange, send)

    async def _end(self, exchange: HeldExchange, send: Send) -> None:
        if not exchange.ending:
            return
        if self._lingering < MAX_LINGERING:
            self._lingering += 1
            try:
                await exchange.linger()
            finally:
                self._lingering -= 1
        await send(exchange.ending)


async def _collect(receive: Receive, *, max_bytes: int) -> bytes:
    """Read a body, or as much as shows that it is too long. Raises BodyTooSlow, ConnectionError."""
    body = b""
    while len(body) <= max_bytes:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ConnectionError
        body += message.get("body", b"")
        if not message.get("more_body", False):
            break
    return body


def _replay(body: bytes, receive: Receive) -> Receive:
    replayed = False

    async def replay() -> Message:
        nonlocal replayed
        if replayed:
            return await receive()
        replayed = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replay


def _with_deadline(send: Send) -> Send:
    async def send_in_time(message: Message) -> None:
        async with asyncio.timeout(SEND_SECONDS):
            await send(message)

    return send_in_time


async def _cut_off(scope: Scope, receive: Receive, send: Send, status: int, message: errors.Message) -> None:
    headers = {"Connection": "close", "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"} | HEADERS.get(
        status, {}
    )
    headers[TRACE_HEADER] = format_traceparent()
    await problem(status, message, path=scope["path"], headers=headers)(scope, receive, send)


def _name_request(scope: Scope) -> None:
    """Give a request its id and its place in a trace, by which the gateway calls it too."""
    sent_id = _find_header(scope, b"x-request-id")
    id = sent_id if REQUEST_ID.fullmatch(sent_id) else uuid4().hex
    place = begin_trace(scope)
    headers = [(name, value) for name, value in scope["headers"] if name not in NAMES and not _is_for_serve(name)]
    scope["headers"] = [*headers, *zip(NAMES, (id.encode(), place.to_header().encode()), strict=True)]
    request_id.set(id)
    current_trace.set(place.make_child())


def _is_for_serve(name: bytes) -> bool:
    return name.decode("latin-1").lower().replace("_", "-") in SERVE_HEADERS


def _has_body(scope: Scope) -> bool:
    length = _find_header(scope, b"content-length").strip()
    return bool(_find_header(scope, b"transfer-encoding")) or length.strip("0") != ""


def _find_header(scope: Scope, wanted: bytes) -> str:
    return next((value.decode("latin-1") for name, value in scope["headers"] if name == wanted), "")
