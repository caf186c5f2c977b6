"""Close everything to visitors who have not signed in."""

from urllib.parse import quote

from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse, RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from frontends.forms import HEADERS
from frontends.redirects import find_redirect
from frontends.site import Site

OPEN = ("/sign-in", "/sign-out", "/language", "/static/", "/_stcore/health", "/_stcore/metrics", "/favicon")
"""Open to visitors who have not signed in."""
CLOSED = ("/_stcore/agent",)


class AuthMiddleware:
    """ASGI middleware: visitors who have not signed in see the form and nothing else.

    It checks only that there is a cookie; the service checks the token at every request.
    """

    def __init__(self, app: ASGIApp, *, site: Site) -> None:
        self.app, self.site = app, site

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, redirect it, or refuse it."""
        if scope["type"] not in {"http", "websocket"}:
            await self.app(scope, receive, send)
            return
        connection = HTTPConnection(scope)
        path = scope["path"]
        if path.startswith(CLOSED):
            await _refuse(scope, receive, send, 404)
        elif _is_visit(connection) and (other := find_redirect(self.site, path)) is not None:
            query = connection.url.query
            await RedirectResponse(other + (f"?{query}" if query else ""), 303, headers=HEADERS)(scope, receive, send)
        elif connection.cookies.get(self.site.cookie) or path.startswith(OPEN):
            await self.app(scope, receive, send)
        elif _is_visit(connection):
            query = connection.url.query
            goal = quote(path.rpartition("/")[2] + (f"?{query}" if query else ""))
            await RedirectResponse(f"sign-in?next={goal}", 303, headers=HEADERS)(scope, receive, send)
        else:
            await _refuse(scope, receive, send, 401)


def _is_visit(connection: HTTPConnection) -> bool:
    """Whether somebody has opened an address in a browser."""
    scope = connection.scope
    return scope["type"] == "http" and scope["method"] == "GET" and "text/html" in connection.headers.get("accept", "")


async def _refuse(scope: Scope, receive: Receive, send: Send, status: int) -> None:
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": 1008})
    else:
        await PlainTextResponse("", status)(scope, receive, send)
