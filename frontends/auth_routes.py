"""Routes beside the application: sign in, change the password, choose the language, sign out.

Only a route can set a cookie that scripts cannot read. The token is in that cookie and nowhere else. SameSite=Lax lets a link in
a mail open its page, and keeps other sites from posting or opening sockets as the user. The Origin of a form is checked as well,
so that another site cannot sign anybody in.
"""

import logging
from html import escape

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from frontends.forms import HEADERS, Field, Form, answer_with, is_same_origin, read_form, read_goal, words_of
from frontends.i18n import LANGUAGES, Translations
from frontends.session import LANGUAGE_COOKIE
from frontends.site import Site
from sake_ray.client import Client
from sake_ray.errors import InputError, PermissionDenied, SakeError, TooManyAttempts, Unauthenticated
from sake_ray.schemas.accounts import TokenOut

log = logging.getLogger(__name__)

PATIENCE_SECONDS, ANSWER_SECONDS = 2.0, 15.0
YEAR = 365 * 86400
NOTICES = {"out", "ended", "changed"}
"""Reasons for the form that are no errors."""


def make_routes(site: Site) -> list[Route]:
    """Make the routes of an application beside its pages."""

    async def sign_in(request: Request) -> Response:
        if request.method != "POST":
            return answer_with(request, sign_in_form(words_of(request), site, request.query_params.get("why", "")))
        fields = await read_form(request)
        name = fields.get("name", "").strip()
        reason, status = "foreign", 403
        if is_same_origin(request):
            try:
                with _client(site) as client:
                    token = await run_in_threadpool(client.accounts.sign_in, name, fields.get("password", ""))
                if token.role in site.roles:
                    return _sign_in_with(request, site, token)
                reason = f"role_{site.name}"
            except SakeError as error:
                reason, status = _reason(error), error.status_code
        log.info("sign-in refused", extra={"reason": reason})
        return answer_with(request, sign_in_form(words_of(request), site, reason, name=name), status)

    async def password(request: Request) -> Response:
        words, reason, status = words_of(request), "", 200
        if request.method == "POST":
            fields, reason, status = await read_form(request), "foreign", 403
            if is_same_origin(request):
                if fields.get("new", "") != fields.get("again", ""):
                    reason, status = "differ", 422
                else:
                    try:
                        with _client(site, request.cookies.get(site.cookie, "")) as client:
                            new = fields.get("new", "")
                            token = await run_in_threadpool(client.accounts.change_password, fields.get("old", ""), new)
                        return _sign_in_with(request, site, token)
                    except Unauthenticated:
                        return RedirectResponse("sign-in?why=ended&next=password", 303, headers=HEADERS)
                    except SakeError as error:
                        reason, status = _reason(error), error.status_code
        return answer_with(request, password_form(words, reason), status)

    def sign_out(request: Request) -> Response:
        # A link or an image on another site must not sign anybody out.
        if request.headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
            return RedirectResponse("./", 303, headers=HEADERS)
        response = RedirectResponse("sign-in?why=out", 303, headers=HEADERS)
        response.delete_cookie(site.cookie, httponly=True, samesite="lax", secure=_is_https(request))
        return response

    def language(request: Request) -> Response:
        response = RedirectResponse(read_goal(request), 303, headers=HEADERS)
        if (chosen := request.query_params.get("to", "")) in LANGUAGES:
            response.set_cookie(LANGUAGE_COOKIE, chosen, max_age=YEAR, samesite="lax", secure=_is_https(request))
        return response

    return [
        Route("/sign-in", sign_in, methods=["GET", "POST"]),
        Route("/password", password, methods=["GET", "POST"]),
        Route("/sign-out", sign_out),
        Route("/language", language),
    ]


def sign_in_form(words: Translations, site: Site, reason: str, *, name: str = "") -> Form:
    """The form to sign in with; `reason` is why it is shown."""
    return Form(
        path="sign-in",
        title=words(f"site.{site.name}"),
        lead=words(f"sign_in.lead.{site.name}"),
        fields=(
            Field("name", words("sign_in.name"), "username", name),
            Field("password", words("sign_in.password"), "current-password"),
        ),
        button=words("sign_in.button"),
        help=escape(words("sign_in.help")),
        message=words.get(f"sign_in.why.{reason}") or "",
        is_notice=reason in NOTICES,
    )


def password_form(words: Translations, reason: str) -> Form:
    """The form that changes the password."""
    return Form(
        path="password",
        title=words("password.title"),
        lead=words("password.lead"),
        fields=(
            Field("old", words("password.old"), "current-password"),
            Field("new", words("password.new"), "new-password"),
            Field("again", words("password.again"), "new-password"),
        ),
        button=words("password.button"),
        help=f'<a href="./">{escape(words("password.back"))}</a>',
        message=words.get(f"password.why.{reason}") or words.get(f"sign_in.why.{reason}") or "",
    )


def _client(site: Site, token: str = "") -> Client:
    return Client(site.api, token, patience=PATIENCE_SECONDS, timeout=ANSWER_SECONDS)


def _sign_in_with(request: Request, site: Site, token: TokenOut) -> Response:
    """Set the cookie, and go on as the owner of the token."""
    response = RedirectResponse(read_goal(request), 303, headers=HEADERS)
    response.set_cookie(
        site.cookie,
        token.access_token,
        max_age=token.expires_in,
        httponly=True,
        samesite="lax",
        secure=_is_https(request),
    )
    return response


def _reason(error: SakeError) -> str:
    reasons = {TooManyAttempts: "tries", Unauthenticated: "wrong", PermissionDenied: "old", InputError: "rule"}
    return next((reason for kind, reason in reasons.items() if isinstance(error, kind)), "away")


def _is_https(request: Request) -> bool:
    return "https" in (request.url.scheme, request.headers.get("x-forwarded-proto", ""))
