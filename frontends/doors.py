"""Let people in and out: the sign-in form beside the application, and a guard before its pages.

The form is plain HTML on routes of its own, because only they can set a cookie that scripts cannot read. The token is in that
cookie and nowhere else. SameSite=Lax lets a link in a mail open the page it names, and keeps other sites from posting or
opening sockets as the user; the Origin of the form is checked besides, so that nobody is signed in by another site.
"""

import logging
import re
from html import escape
from string import Template
from urllib.parse import parse_qs, quote, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.requests import HTTPConnection, Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from frontends.session import LANGUAGE_COOKIE
from frontends.site import Site
from frontends.theme import read_look
from frontends.words import LANGUAGES, Words, choose_language
from sake_ray.client import Client
from sake_ray.errors import InputError, NotSignedIn, SakeError, TooManyTries

log = logging.getLogger(__name__)

PATIENCE_SECONDS = 2.0
MOST_BYTES = 20_000
OPEN = ("/sign-in", "/sign-out", "/language", "/static/", "/_stcore/health", "/_stcore/metrics", "/favicon")
"""What is seen without signing in."""
CLOSED = ("/_stcore/agent",)
INSIDE = re.compile(r"[a-z_-]*(\?[^\s\\#]*)?")
"""A page of ours with its query; anything else might lead to another site."""
YEAR = 365 * 86400
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}


def make_routes(site: Site) -> list[Route]:
    """The routes of an application beside its pages."""

    async def sign_in(request: Request) -> Response:
        if request.method != "POST":
            return show(request, reason=request.query_params.get("why", ""))
        if not _comes_from_us(request):
            return show(request, reason="foreign", status=403)
        name, password = await _read_form(request)
        with Client(site.api, patience=PATIENCE_SECONDS, timeout=15) as client:
            try:
                token = await run_in_threadpool(client.sign_in, name, password)
            except SakeError as error:
                reason = _reason(error)
                log.info("sign-in refused", extra={"reason": reason})
                return show(request, name=name, reason=reason, status=error.status_code)
        if token.role not in site.roles:
            return show(request, name=name, reason=f"role_{site.name}", status=403)
        response = RedirectResponse(_next(request), 303, headers=HEADERS)
        response.set_cookie(
            site.cookie,
            token.access_token,
            max_age=token.expires_in,
            httponly=True,
            samesite="lax",
            secure=_is_https(request),
        )
        return response

    def show(request: Request, *, name: str = "", reason: str = "", status: int = 200) -> Response:
        page = sign_in_page(language_of(request), name=name, reason=reason, goal=_next(request), site=site.name)
        return HTMLResponse(page, status, headers=HEADERS)

    def sign_out(request: Request) -> Response:
        if not _is_own_link(request):
            return RedirectResponse("./", 303, headers=HEADERS)
        response = RedirectResponse("sign-in?why=out", 303, headers=HEADERS)
        response.delete_cookie(site.cookie, httponly=True, samesite="lax", secure=_is_https(request))
        return response

    def language(request: Request) -> Response:
        response = RedirectResponse(_next(request), 303, headers=HEADERS)
        if (chosen := request.query_params.get("to", "")) in LANGUAGES:
            response.set_cookie(LANGUAGE_COOKIE, chosen, max_age=YEAR, samesite="lax", secure=_is_https(request))
        return response

    return [
        Route("/sign-in", sign_in, methods=["GET", "POST"]),
        Route("/sign-out", sign_out),
        Route("/language", language),
    ]


class Guard:
    """ASGI middleware: whoever has not signed in sees the form, and nothing else is opened to them.

    Only the presence of the cookie is looked at here; the service judges the token at every request.
    """

    def __init__(self, app: ASGIApp, *, site: Site) -> None:
        self.app, self.site = app, site

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what may pass."""
        if scope["type"] not in {"http", "websocket"}:
            await self.app(scope, receive, send)
            return
        connection = HTTPConnection(scope)
        path = scope["path"]
        if path.startswith(CLOSED):
            await _refuse(scope, receive, send, 404)
        elif connection.cookies.get(self.site.cookie) or path.startswith(OPEN):
            await self.app(scope, receive, send)
        elif (
            scope["type"] == "http" and scope["method"] == "GET" and "text/html" in connection.headers.get("accept", "")
        ):
            query = connection.url.query
            goal = quote(path.rpartition("/")[2] + (f"?{query}" if query else ""))
            await RedirectResponse(f"sign-in?next={goal}", 303, headers=HEADERS)(scope, receive, send)
        else:
            await _refuse(scope, receive, send, 401)


def sign_in_page(language: str, *, name: str, reason: str, goal: str, site: str) -> str:
    """Write the form; `reason` says why it is shown, `goal` is where it leads."""
    words = Words(language)
    said = words.get(f"sign_in.why.{reason}") if reason else None
    kind = "note" if reason in {"out", "ended", "changed"} else "trouble"
    others = [
        f'<a href="language?to={code}&amp;next={quote("sign-in?next=" + quote(goal), safe="")}">{escape(shown)}</a>'
        for code, shown in LANGUAGES.items()
        if code != language
    ]
    return Template(read_look("sign_in.html")).substitute(
        language=language,
        title=escape(words(f"sign_in.title.{site}")),
        lead=escape(words(f"sign_in.lead.{site}")),
        said=f'<p class="{kind}" role="status">{escape(said)}</p>' if said else "",
        action=escape(f"sign-in?next={quote(goal, safe='')}"),
        name_label=escape(words("sign_in.name")),
        name=escape(name),
        password_label=escape(words("sign_in.password")),
        button=escape(words("sign_in.button")),
        help=escape(words("sign_in.help")),
        others=" · ".join(others),
    )


def language_of(connection: HTTPConnection) -> str:
    """The language chosen, or the browser's."""
    return choose_language(connection.cookies.get(LANGUAGE_COOKIE, ""), connection.headers.get("accept-language", ""))


async def _read_form(request: Request) -> tuple[str, str]:
    """Read the form; the body is bounded, and what is missing is empty."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > MOST_BYTES:
            return "", ""
    fields = parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True)
    return fields.get("name", [""])[0].strip(), fields.get("password", [""])[0]


async def _refuse(scope: Scope, receive: Receive, send: Send, status: int) -> None:
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": 1008})
    else:
        await PlainTextResponse("", status)(scope, receive, send)


def _reason(error: SakeError) -> str:
    if isinstance(error, TooManyTries):
        return "tries"
    return "wrong" if isinstance(error, NotSignedIn | InputError) else "away"


def _next(request: Request) -> str:
    goal = request.query_params.get("next", "")
    return goal if goal and INSIDE.fullmatch(goal) else "./"


def _comes_from_us(request: Request) -> bool:
    """Browsers send the Origin with every form; a program without one cannot be made to act by another site."""
    origin = request.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == request.headers.get("host")


def _is_own_link(request: Request) -> bool:
    """A link or an image on another site must not sign anybody out."""
    return request.headers.get("sec-fetch-site", "same-origin") in {"same-origin", "none"}


def _is_https(request: Request) -> bool:
    return "https" in (request.url.scheme, request.headers.get("x-forwarded-proto", ""))
