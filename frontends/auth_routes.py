"""Routes beside the application: sign in, change the password, choose the language, sign out.

Only a route can set a cookie that scripts cannot read. The token is in that cookie and nowhere else. SameSite=Lax lets a link in
a mail open its page, and keeps other sites from posting or opening sockets as the user. The Origin of a form is checked as well,
so that another site cannot sign anybody in.
"""

import logging
from hashlib import sha256
from html import escape
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from frontends.forms import HEADERS, Field, Form, answer_with, is_same_origin, read_form, read_goal, words_of
from frontends.i18n import LANGUAGES, Translations
from frontends.issuer import IssuerPresence, make_own_address, make_sign_out_address, token_cookie
from frontends.session import LANGUAGE_COOKIE
from frontends.site import Site
from sake_ray.client import Client
from sake_ray.errors import InputError, PermissionDenied, SakeError, TooManyAttempts, Unauthenticated
from sake_ray.schemas.accounts import TokenOut

log = logging.getLogger(__name__)

PATIENCE_SECONDS, ANSWER_SECONDS = 2.0, 15.0
YEAR = 365 * 86400
CODE_IS_MISSING = {"second-factor-needed", "second-factor-wrong"}
NOTICES = {"out", "out_everywhere", "ended", "changed"}
"""Reasons for the form that are no errors."""


def make_routes(site: Site) -> list[Route]:
    """Make the routes of an application beside its pages."""

    presence = IssuerPresence(site)

    async def sign_in(request: Request) -> Response:
        goal = read_goal(request)
        if request.method != "POST":
            reason = request.query_params.get("why", "")
            by_issuer = await run_in_threadpool(presence.ask)
            form = sign_in_form(words_of(request), site, reason, by_issuer=by_issuer, goal=goal)
            return answer_with(request, form)
        fields = await read_form(request)
        name, ticket = fields.get("name", "").strip(), fields.get("ticket", "")
        reason, status, message = "foreign", 403, ""
        if is_same_origin(request):
            try:
                with open_client(request, site) as client:
                    token = await run_in_threadpool(
                        client.accounts.sign_in,
                        name,
                        "" if ticket else fields.get("password", ""),
                        code=fields.get("code", ""),
                        ticket=ticket,
                        device_token=request.cookies.get(_device_cookie(name), ""),
                    )
                    if token.role not in site.roles:
                        await run_in_threadpool(client.accounts.sign_out)
                if token.role in site.roles:
                    response = sign_in_with(request, site, token)
                    set_cookie(request, response, _device_cookie(name), token.device_token, max_age=YEAR)
                    return response
                reason = f"role_{site.name}"
            except SakeError as error:
                if error.code in CODE_IS_MISSING:
                    ticket = str(error.params.get("ticket", ticket))
                    wrong = error.code == "second-factor-wrong"
                    form = code_form(words_of(request), name, ticket, reason="wrong_code" if wrong else "")
                    return answer_with(request, form, error.status_code if wrong else 200)
                reason, status = _reason(error), error.status_code
                if ticket and error.code == "wrong-credentials":
                    reason = "late"  # the ticket counts for minutes
                message = _translate(request, error)
        log.info("sign-in refused", extra={"reason": reason})
        by_issuer = await run_in_threadpool(presence.ask)
        form = sign_in_form(words_of(request), site, reason, name=name, message=message, by_issuer=by_issuer, goal=goal)
        return answer_with(request, form, status)

    async def password(request: Request) -> Response:
        words, reason, status, message = words_of(request), request.query_params.get("why", ""), 200, ""
        if request.method == "POST":
            fields, reason, status = await read_form(request), "foreign", 403
            if is_same_origin(request):
                if fields.get("new", "") != fields.get("again", ""):
                    reason, status = "differ", 422
                else:
                    try:
                        with open_client(request, site, request.cookies.get(site.cookie, "")) as client:
                            new = fields.get("new", "")
                            token = await run_in_threadpool(client.accounts.change_password, fields.get("old", ""), new)
                        return sign_in_with(request, site, token)
                    except Unauthenticated:
                        return RedirectResponse("sign-in?why=ended&next=password", 303, headers=HEADERS)
                    except SakeError as error:
                        reason, status, message = _reason(error), error.status_code, _translate(request, error)
        return answer_with(request, password_form(words, reason, message=message), status)

    def sign_out(request: Request) -> Response:
        # A link or an image on another site must not sign anybody out.
        if request.headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
            return RedirectResponse("./", 303, headers=HEADERS)
        everywhere = "everywhere" in request.query_params
        reason = "out_everywhere" if everywhere else "out"
        try:
            with open_client(request, site, request.cookies.get(site.cookie, "")) as client:
                client.accounts.sign_out(everywhere=everywhere)
        except Unauthenticated:
            reason = "out"  # it has ended already, and cannot end others
        except SakeError as error:
            log.warning("session not ended", extra={"error": str(error)})
            reason = "out_here"
        goal = sign_out_there(request) or f"sign-in?why={reason}"
        response = RedirectResponse(goal, 303, headers=HEADERS)
        for cookie in (site.cookie, *({token_cookie(site)} & request.cookies.keys())):
            response.delete_cookie(cookie, httponly=True, samesite="lax", secure=is_https(request))
        return response

    def sign_out_there(request: Request) -> str:
        """Where the browser ends its session at the issuer, too; empty where it has none."""
        if not (id_token := request.cookies.get(token_cookie(site), "")):
            return ""
        try:
            with open_client(request, site) as client:
                issuer = client.accounts.find_issuer()
        except SakeError as error:
            log.warning("session at the issuer not ended", extra={"error": str(error)})
            return ""
        address = make_own_address(request, "sign-in", is_https=is_https(request))
        return make_sign_out_address(issuer, id_token, address)

    def language(request: Request) -> Response:
        response = RedirectResponse(read_goal(request), 303, headers=HEADERS)
        if (chosen := request.query_params.get("to", "")) in LANGUAGES:
            response.set_cookie(LANGUAGE_COOKIE, chosen, max_age=YEAR, samesite="lax", secure=is_https(request))
        return response

    return [
        Route(f"{site.base}/sign-in", sign_in, methods=["GET", "POST"]),
        Route(f"{site.base}/password", password, methods=["GET", "POST"]),
        Route(f"{site.base}/sign-out", sign_out),
        Route(f"{site.base}/language", language),
    ]


def sign_in_form(
    words: Translations,
    site: Site,
    reason: str,
    *,
    name: str = "",
    message: str = "",
    by_issuer: bool = False,
    goal: str = "./",
) -> Form:
    """The form to sign in with; `reason` is why it is shown, `message` says it better than the catalogue.

    `by_issuer` offers the issuer as well, and `goal` is the page to come back to from there.
    """
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
        link=(f"issuer?next={quote(goal, safe='')}", words("sign_in.issuer")) if by_issuer else None,
        message=message or words.get(f"sign_in.why.{reason}") or "",
        is_notice=reason in NOTICES,
    )


def code_form(words: Translations, name: str, ticket: str, *, reason: str = "") -> Form:
    """The second step of signing in: the ticket says that the password was right."""
    return Form(
        path="sign-in",
        title=words("second_factor.sign_in"),
        lead=words("second_factor.enter"),
        fields=(Field("code", words("second_factor.code"), "one-time-code"),),
        button=words("sign_in.button"),
        help=f'{escape(words("second_factor.lost"))} <a href="sign-in">{escape(words("second_factor.back"))}</a>',
        message=words.get(f"sign_in.why.{reason}") or "" if reason else "",
        hidden=(("name", name), ("ticket", ticket)),
    )


def password_form(words: Translations, reason: str, *, message: str = "") -> Form:
    """The form that changes the password; `message` says better than the catalogue why it is shown again."""
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
        help="" if reason == "first" else f'<a href="./">{escape(words("password.back"))}</a>',
        is_notice=reason == "first",
        message=message or words.get(f"password.why.{reason}") or words.get(f"sign_in.why.{reason}") or "",
    )


def open_client(request: Request, site: Site, token: str = "") -> Client:
    """Open a client that speaks for the browser."""
    peer = site.state_peer(request.client.host if request.client else "")
    return Client(site.api, token, patience=PATIENCE_SECONDS, timeout=ANSWER_SECONDS, peer=peer)


def _device_cookie(name: str) -> str:
    """The cookie by which an account knows this browser again; several people may share one."""
    return f"sake_device_{sha256(name.encode('utf-8', 'replace')).hexdigest()[:12]}"


def sign_in_with(request: Request, site: Site, token: TokenOut, *, goal: str | None = None) -> Response:
    """Set the cookie, and go on as the owner of the token, to the page that is meant."""
    response = RedirectResponse(goal or read_goal(request), 303, headers=HEADERS)
    if token_cookie(site) in request.cookies:  # of somebody else, perhaps, who signed in by the issuer before
        response.delete_cookie(token_cookie(site), httponly=True, samesite="lax", secure=is_https(request))
    set_cookie(request, response, site.cookie, token.access_token, max_age=token.expires_in)
    return response


def set_cookie(request: Request, response: Response, name: str, value: str, *, max_age: int) -> None:
    """Set a cookie that scripts cannot read."""
    response.set_cookie(name, value, max_age=max_age, httponly=True, samesite="lax", secure=is_https(request))


def _reason(error: SakeError) -> str:
    reasons = {Unauthenticated: "wrong", PermissionDenied: "old", InputError: "rule"}
    return next((reason for kind, reason in reasons.items() if isinstance(error, kind)), "away")


def _translate(request: Request, error: SakeError) -> str:
    """Say how long to wait, or where the password is; other errors have words of the form's own."""
    tells = isinstance(error, TooManyAttempts) or error.code == "password-of-issuer"
    return words_of(request).translate(error.message) if tells else ""


def is_https(request: Request) -> bool:
    """Whether the browser speaks HTTPS, perhaps to a proxy in front."""
    return "https" in (request.url.scheme, request.headers.get("x-forwarded-proto", ""))
