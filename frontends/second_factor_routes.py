"""The page on which somebody sets up a second factor: a picture for the app, a first code, the recovery codes."""

from html import escape

import segno
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from frontends.auth_routes import open_client, set_cookie
from frontends.forms import HEADERS, Field, Form, answer_with, is_same_origin, read_form, words_of
from frontends.i18n import Translations
from frontends.site import Site
from sake_ray.errors import SakeError, Unauthenticated
from sake_ray.schemas.accounts import SecondFactorOut

PATH = "second-factor"
PIXELS = 5
"""Of a square of the picture: it is read from the screen by a camera."""
GROUP = 4


def make_second_factor_routes(site: Site) -> list[Route]:
    """Make the route of an application on which a second factor is set up."""

    async def second_factor(request: Request) -> Response:
        words = words_of(request)
        if request.method != "POST":
            return answer_with(request, begin_form(words, request.query_params.get("why", "")))
        fields = await read_form(request)
        if not is_same_origin(request):
            return answer_with(request, begin_form(words, "foreign"), 403)
        try:
            with open_client(request, site, request.cookies.get(site.cookie, "")) as client:
                if "code" not in fields:
                    new = await run_in_threadpool(client.accounts.begin_second_factor)
                    return answer_with(request, confirm_form(words, new))
                confirmed = await run_in_threadpool(client.accounts.confirm_second_factor, fields["code"])
        except Unauthenticated:
            return RedirectResponse(f"sign-in?why=ended&next={PATH}", 303, headers=HEADERS)
        except SakeError as error:
            return refuse(request, words, error, confirming="code" in fields)
        response = answer_with(request, done_form(words, confirmed.recovery_codes))
        set_cookie(request, response, site.cookie, confirmed.access_token, max_age=confirmed.expires_in)
        return response

    def refuse(request: Request, words: Translations, error: SakeError, *, confirming: bool) -> Response:
        # Whoever begins again gets another secret, and what the app has scanned is void: only where that must be.
        if confirming and error.code not in {"second-factor-not-begun", "second-factor-exists"}:
            is_wrong = error.code == "second-factor-not-confirmed"
            message = "" if is_wrong else words.translate(error.message)
            return answer_with(request, confirm_form(words, None, message), error.status_code)
        reason = {"second-factor-exists": "exists"}.get(error.code, "")
        return answer_with(request, begin_form(words, reason, words.translate(error.message)), error.status_code)

    return [Route(f"{site.base}/{PATH}", second_factor, methods=["GET", "POST"])]


def begin_form(words: Translations, reason: str, message: str = "") -> Form:
    """The form that says what is coming; `reason` or `message` is why it is shown."""
    return Form(
        path=PATH,
        title=words("second_factor.title"),
        lead=words("second_factor.lead"),
        fields=(),
        button=words("second_factor.begin"),
        help="",
        message=words.get(f"second_factor.why.{reason}") or words.get(f"sign_in.why.{reason}") or message,
        is_notice=reason == "first",
    )


def confirm_form(words: Translations, new: SecondFactorOut | None, message: str = "") -> Form:
    """The form with the picture and the secret; without them after a wrong code, for the app has them already."""
    return Form(
        path=PATH,
        title=words("second_factor.title"),
        lead=words("second_factor.scan") if new else "",
        fields=(Field("code", words("second_factor.code"), "one-time-code"),),
        button=words("second_factor.confirm"),
        help=f'<a href="{PATH}">{escape(words("second_factor.again"))}</a>',
        message="" if new else message or words("second_factor.why.wrong"),
        shown=_show_secret(words, new) if new else "",
    )


def done_form(words: Translations, codes: list[str]) -> Form:
    """The recovery codes, and the way on."""
    lines = "".join(f"<code>{escape(code)}</code>" for code in codes)
    return Form(
        path="sign-in",
        title=words("second_factor.done"),
        lead=words("second_factor.keep"),
        fields=(),
        button="",
        help="",
        link=("./", words("second_factor.on")),
        shown=f'<div class="shown">{lines}</div>',
    )


def _show_secret(words: Translations, new: SecondFactorOut) -> str:
    picture = segno.make(new.uri, error="m").svg_inline(scale=PIXELS, light="#fff", omitsize=False)
    groups = " ".join(new.secret[start : start + GROUP] for start in range(0, len(new.secret), GROUP))
    return (
        f'<div class="shown">{picture}<p>{escape(words("second_factor.typed"))}<code>{escape(groups)}</code></p></div>'
    )
