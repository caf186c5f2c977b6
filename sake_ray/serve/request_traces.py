"""Give each request a place in a trace, and name it in the answer."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sake_ray.domain.traces import TRACE_HEADER, TraceContext, current_trace, parse_traceparent, start_trace
from sake_ray.tracing.spans import SpanKind, span

METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
UNTRACED = {"/health", "/ready"}
"""Asked every few seconds by what watches over the service."""


class TraceMiddleware:
    """ASGI middleware: what a request does belongs to the trace that its caller or the gateway names, or to one of its own."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, in its trace."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        if scope["path"] in UNTRACED:
            place = begin_trace(scope).make_child()
            current_trace.set(place)
            await self.app(scope, receive, _naming_trace(send, place, {}))
            return
        answered: dict[str, int] = {}
        method = name_method(scope)
        with span(method, kind=SpanKind.SERVER, parent=begin_trace(scope), method=method) as opened:
            try:
                await self.app(scope, receive, _naming_trace(send, opened.context, answered))
            finally:
                # By its route, since its path may hold a candidate's name; there is none where nobody could call it.
                route = getattr(scope.get("route"), "path", None)
                opened.name = f"{method} {route}" if route else method
                opened.say(route=route, status=answered.get("status"))
                opened.failed = answered.get("status", 500) >= 500


def name_method(scope: Scope) -> str:
    """Name the method of a request, for traces and logs: a caller may put any word there."""
    return scope["method"] if scope["method"] in METHODS else "other"


def begin_trace(scope: Scope) -> TraceContext:
    """Find the place of a request by its header; where the gateway has begun the trace, the request's span is the first."""
    header = next((value for name, value in scope["headers"] if name == TRACE_HEADER.encode()), b"")
    context = parse_traceparent(header.decode("latin-1"))
    if context is None:
        return start_trace()
    return TraceContext(context.trace_id) if context.is_made_by_gateway else context


def _naming_trace(send: Send, place: TraceContext, answered: dict[str, int]) -> Send:
    named = (TRACE_HEADER.encode(), place.to_header().encode())

    async def send_named(message: Message) -> None:
        if message["type"] == "http.response.start":
            answered["status"] = message["status"]
            message = {**message, "headers": [*message.get("headers", []), named]}
        await send(message)

    return send_named
