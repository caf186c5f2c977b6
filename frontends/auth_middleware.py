"""Close everything to visitors who have not signed in."""

from html import escape
from urllib.parse import quote

from starlette.datastructures import Headers
from starlette.requests import HTTPConnection
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from frontends.forms import HEADERS, words_of
from frontends.page_headers import with_page_headers
from frontends.redirects import find_redirect
from frontends.session_check import SessionCheck, SessionState
from frontends.site import START, Site
from sake_ray.domain.peers import PEER_HEADER, find_stated_peer

OPEN = {
    "/sign-in",
    "/sign-out",
    "/issuer",
    "/issuer-return",
    "/language",
    "/_stcore/health",
    "/favicon.png",
    "/favicon.ico",
}
OPEN_FOLDERS = ("/static/",)
"""Open to visitors who have not signed in. What is in the folder is the same in every Streamlit; a page that is open when its
session ends may still need some of it, to say so."""
CLOSED = ("/_stcore/agent",)
ENDS = {"/sign-out", "/password", "/second-factor"}
"""What may end the session that asks."""
FIRST = {SessionState.TO_CHANGE_PASSWORD: "password", SessionState.TO_SET_UP_SECOND_FACTOR: "second-factor"}
"""The form that comes before anything else."""
LOOK_AGAIN_SECONDS = 3


class AuthMiddleware:
    """ASGI middleware: visitors without a session that goes on see the form and nothing else."""

    def __init__(self, app: ASGIApp, *, site: Site) -> None:
        self.app, self.site = app, site
        self.sessions = SessionCheck(site)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, redirect it, or refuse it."""
        if scope["type"] not in {"http", "websocket"}:
            await self.app(scope, receive, send)
            return
        peer = self._find_peer(scope)
        scope = dict(scope) | {"client": (peer, 0)}
        connection = HTTPConnection(scope)
        path, token = self.site.find_inner_path(scope["path"]), connection.cookies.get(self.site.cookie, "")
        if path is None or path.startswith(CLOSED):
            await _refuse(scope, receive, send, 404)
        elif _is_visit(connection) and (other := find_redirect(self.site, path)) is not None:
            query = connection.url.query
            await RedirectResponse(other + (f"?{query}" if query else ""), 303, headers=HEADERS)(scope, receive, send)
        elif path in OPEN or path.startswith(OPEN_FOLDERS) or (path == START and self.site.has_start_page):
            await self._pass(scope, receive, send, token)
        else:
            state = await self.sessions.find_state(token, peer)
            first = FIRST.get(state, "")
            if state is SessionState.OPEN or (first and path == f"/{first}"):
                await self._pass(scope, receive, send, token)
            elif not _is_visit(connection):
                await _refuse(scope, receive, send, 503 if state is SessionState.UNKNOWN else 401)
            elif state is SessionState.UNKNOWN:
                await _show_no_answer(connection)(scope, receive, send)
            elif first:
                await _lead_to_form(connection, form=first, why="first")(scope, receive, send)
            else:
                await _lead_to_form(connection, why="ended" if token else "")(scope, receive, send)

    async def _pass(self, scope: Scope, receive: Receive, send: Send, token: str) -> None:
        if scope["type"] == "http":
            send = with_page_headers(send, host=Headers(scope=scope).get("host", ""))
        await self.app(scope, receive, send)
        if self.site.find_inner_path(scope["path"]) in ENDS:
            self.sessions.forget(token)

    def _find_peer(self, scope: Scope) -> str:
        client, headers = scope.get("client"), Headers(scope=scope)
        host = str(client[0]) if client else ""
        stated, forwarded = headers.get(PEER_HEADER, ""), headers.getlist("x-forwarded-for")
        return find_stated_peer(host, stated, forwarded, key=self.site.key, trusted=self.site.trusted_proxies)


def _is_visit(connection: HTTPConnection) -> bool:
    """Whether somebody has opened an address in a browser."""
    scope = connection.scope
    return scope["type"] == "http" and scope["method"] == "GET" and "text/html" in connection.headers.get("accept", "")


def _lead_to_form(connection: HTTPConnection, *, why: str, form: str = "sign-in") -> RedirectResponse:
    query = connection.url.query
    goal = quote(connection.scope["path"].rpartition("/")[2] + (f"?{query}" if query else ""))
    reason = f"why={why}&" if why else ""
    return RedirectResponse(f"{form}?{reason}next={goal}", 303, headers=HEADERS)


def _show_no_answer(connection: HTTPConnection) -> HTMLResponse:
    """Say that the service does not answer, and look again."""
    words = words_of(connection)
    page = (
        f'<!doctype html><html lang="{words.language}"><meta charset="utf-8">'
        f'<meta http-equiv="refresh" content="{LOOK_AGAIN_SECONDS}"><title>{escape(words("site.user"))}</title>'
        f'<body style="font: 17px/1.5 sans-serif; margin: 15vh auto; max-width: 32rem">'
        f"<p>{escape(words('trouble.no_answer'))}</p>"
    )
    return HTMLResponse(page, 503, headers=HEADERS | {"Retry-After": str(LOOK_AGAIN_SECONDS)})


async def _refuse(scope: Scope, receive: Receive, send: Send, status: int) -> None:
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": 1008})
    else:
        await PlainTextResponse("", status)(scope, receive, send)
