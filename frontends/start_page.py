"""The page that says where to go, by who is signed in: to the screens, the interface for programs, the tools of ops."""

from html import escape
from string import Template

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Route

from frontends.forms import HEADERS, words_of
from frontends.i18n import LANGUAGES
from frontends.site import START, Site
from frontends.theme import read_asset
from sake_ray.client import Client
from sake_ray.domain.accounts import Role
from sake_ray.errors import SakeError, Unauthenticated
from sake_ray.schemas.accounts import AccountOut

COOKIES = ("sake_admin", "sake_user")
"""Whoever has signed in to both is shown what the first may do."""
ANSWER_SECONDS = 5.0
SCREENS, ADMIN, PROGRAMS = ("screens", "./"), ("admin", "admin-ui/"), ("programs", "docs")


def make_start_routes(site: Site) -> list[Route]:
    """Make the route of the page, where there is more than one place to go to."""

    async def show_start(request: Request) -> HTMLResponse:
        return _render(request, site, await run_in_threadpool(_find_account, request, site))

    return [Route(START, show_start)] if site.has_start_page else []


def list_places(site: Site, role: Role | None) -> list[tuple[str, str]]:
    """List where somebody may go: what is meant, and its address; whoever has not signed in can do so at the first two."""
    tools = [(name, url) for name, url in site.links if name != ADMIN[0]]
    places = {
        None: [SCREENS, ADMIN],
        Role.USER: [SCREENS, PROGRAMS],
        Role.ADMIN: [SCREENS, ADMIN, PROGRAMS, *tools],
        Role.OPS: [ADMIN, PROGRAMS, *tools],
    }
    return places.get(role, [SCREENS])


def _find_account(request: Request, site: Site) -> AccountOut | None:
    peer = request.client.host if request.client else ""
    for cookie in COOKIES:
        token = request.cookies.get(cookie, "")
        if not token:
            continue
        with Client(site.api, token, patience=0, timeout=ANSWER_SECONDS, peer=site.state_peer(peer)) as client:
            try:
                return client.accounts.me()
            except Unauthenticated:
                continue
            except SakeError:
                break
    return None


def _render(request: Request, site: Site, account: AccountOut | None) -> HTMLResponse:
    words = words_of(request)
    entries = [
        f'<li><a href="{escape(url)}">{escape(words.get(f"start.{name.lower()}.title") or name)}</a>'
        f"<span>{escape(words.get(f'start.{name.lower()}.about') or '')}</span></li>"
        for name, url in list_places(site, account.role if account else None)
    ]
    others = [
        f'<a href="language?to={code}&amp;next=start" lang="{code}">{escape(name)}</a>'
        for code, name in LANGUAGES.items()
        if code != words.language
    ]
    page = Template(read_asset("start.html")).substitute(
        language=words.language,
        title=escape(words("start.title")),
        lead=escape(words("start.lead", name=account.name) if account else words("start.sign_in")),
        places="".join(entries),
        others=" · ".join(others),
    )
    return HTMLResponse(page, headers=HEADERS)
