"""The plain forms beside the application: sign in, change the password."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from string import Template
from urllib.parse import parse_qs, quote, urlsplit

from starlette.requests import HTTPConnection, Request
from starlette.responses import HTMLResponse

from frontends.i18n import LANGUAGES, Translations, choose_language
from frontends.session import LANGUAGE_COOKIE
from frontends.theme import read_asset

MAX_BYTES = 20_000
INSIDE = re.compile(r"[a-z_-]*(\?[^\s\\#]*)?")
"""One of our pages with its query; anything else might lead to another site."""
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}


@dataclass(frozen=True, slots=True)
class Field:
    """One line to fill in. `autocomplete` tells the browser's password manager what it is; `value` is filled in already."""

    name: str
    label: str
    autocomplete: str
    value: str = ""

    @property
    def kind(self) -> str:
        """The input type: whether the browser shows what is typed."""
        return "text" if self.autocomplete in {"username", "one-time-code"} else "password"


@dataclass(frozen=True, slots=True)
class Form:
    """A form: its path and its texts. `message` is why it is shown (again); a notice is no error."""

    path: str
    title: str
    lead: str
    fields: Sequence[Field]
    button: str
    help: str
    message: str = ""
    is_notice: bool = False
    link: tuple[str, str] | None = None
    """Another way than the form: its address and its text."""
    hidden: tuple[tuple[str, str], ...] = ()
    """What is sent along unseen: names and values."""
    shown: str = ""
    """HTML between the texts and the fields."""


def answer_with(request: Request, form: Form, status: int = 200, *, goal: str | None = None) -> HTMLResponse:
    """Render the form as a page in the reader's language; it leads on to `goal`, or to what the address names."""
    words, goal = words_of(request), read_goal(request) if goal is None else goal
    here = f"{form.path}?next={quote(goal, safe='')}"
    others = [
        f'<a href="language?to={code}&amp;next={quote(here, safe="")}" lang="{code}">{escape(name)}</a>'
        for code, name in LANGUAGES.items()
        if code != words.language
    ]
    page = Template(read_asset("form.html")).substitute(
        language=words.language,
        title=escape(form.title),
        lead=escape(form.lead),
        message=f'<p class="{"note" if form.is_notice else "error"}" role="status">{escape(form.message)}</p>'
        if form.message
        else "",
        action=escape(here),
        shown=form.shown,
        fields="".join(f'<input type="hidden" name="{name}" value="{escape(value)}">' for name, value in form.hidden)
        + "".join(_field_html(field, first=place == 0) for place, field in enumerate(form.fields)),
        button=f'<button type="submit">{escape(form.button)}</button>' if form.button else "",
        link=f'<a class="other" href="{escape(form.link[0])}">{escape(form.link[1])}</a>' if form.link else "",
        help=form.help,
        others=" · ".join(others),
    )
    return HTMLResponse(page, status, headers=HEADERS)


async def read_form(request: Request) -> dict[str, str]:
    """Read the fields; empty when the body is too large."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > MAX_BYTES:
            return {}
    return {name: values[0] for name, values in parse_qs(body.decode("utf-8", "replace")).items()}


def is_same_origin(request: Request) -> bool:
    """Whether the form comes from our own pages. A browser always sends the Origin; a program need not."""
    origin = request.headers.get("origin")
    try:
        return origin is None or urlsplit(origin).netloc == request.headers.get("host")
    except ValueError:  # no address at all
        return False


def read_goal(request: Request) -> str:
    """Read the page that the form leads to: never one of another site."""
    return check_goal(request.query_params.get("next", ""))


def check_goal(goal: str) -> str:
    """Check the page that is to be shown next: the first one instead of one of another site."""
    return goal if goal and INSIDE.fullmatch(goal) else "./"


def words_of(connection: HTTPConnection) -> Translations:
    """The texts in the chosen language, or else the browser's."""
    chosen = connection.cookies.get(LANGUAGE_COOKIE, "")
    return Translations(choose_language(chosen, connection.headers.get("accept-language", "")))


def _field_html(field: Field, *, first: bool) -> str:
    focus = " autofocus" if first else ""
    return (
        f'<label for="{field.name}">{escape(field.label)}</label><input id="{field.name}" name="{field.name}" '
        f'type="{field.kind}" value="{escape(field.value)}" autocomplete="{field.autocomplete}" autocapitalize="none" '
        f'maxlength="1000" required{focus}>'
    )
