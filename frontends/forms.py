"""Write and read the plain forms beside the application: signing in, changing the password."""

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
from frontends.theme import read_look

MAX_BYTES = 20_000
INSIDE = re.compile(r"[a-z_-]*(\?[^\s\\#]*)?")
"""A page of ours with its query; anything else might lead to another site."""
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}


@dataclass(frozen=True, slots=True)
class Field:
    """One line to fill in. `fills` is what the browser's password keeper knows it by; `value` stands in it already."""

    name: str
    label: str
    fills: str
    value: str = ""

    @property
    def kind(self) -> str:
        """How the browser shows what is typed."""
        return "text" if self.fills == "username" else "password"


@dataclass(frozen=True, slots=True)
class Form:
    """A form: its path and its texts. `said` is why it is shown (again), `is_well` whether that is no trouble."""

    path: str
    title: str
    lead: str
    fields: Sequence[Field]
    button: str
    help: str
    said: str = ""
    is_well: bool = False


def answer_with(request: Request, form: Form, status: int = 200) -> HTMLResponse:
    """The form as a page in the reader's language."""
    words, goal = words_of(request), goal_of(request)
    here = f"{form.path}?next={quote(goal, safe='')}"
    others = [
        f'<a href="language?to={code}&amp;next={quote(here, safe="")}" lang="{code}">{escape(shown)}</a>'
        for code, shown in LANGUAGES.items()
        if code != words.language
    ]
    page = Template(read_look("form.html")).substitute(
        language=words.language,
        title=escape(form.title),
        lead=escape(form.lead),
        said=f'<p class="{"note" if form.is_well else "trouble"}" role="status">{escape(form.said)}</p>'
        if form.said
        else "",
        action=escape(here),
        fields="".join(_field_html(field, first=place == 0) for place, field in enumerate(form.fields)),
        button=escape(form.button),
        help=form.help,
        others=" · ".join(others),
    )
    return HTMLResponse(page, status, headers=HEADERS)


async def read_form(request: Request) -> dict[str, str]:
    """What was filled in; the body is bounded, and what is missing is empty."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > MAX_BYTES:
            return {}
    return {name: values[0] for name, values in parse_qs(body.decode("utf-8", "replace")).items()}


def comes_from_us(request: Request) -> bool:
    """Browsers send the Origin with every form; a program without one cannot be made to act by another site."""
    origin = request.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == request.headers.get("host")


def goal_of(request: Request) -> str:
    """The page a form leads to: never one of another site."""
    goal = request.query_params.get("next", "")
    return goal if goal and INSIDE.fullmatch(goal) else "./"


def words_of(connection: HTTPConnection) -> Translations:
    """The words in the language chosen, or the browser's."""
    chosen = connection.cookies.get(LANGUAGE_COOKIE, "")
    return Translations(choose_language(chosen, connection.headers.get("accept-language", "")))


def _field_html(field: Field, *, first: bool) -> str:
    focus = " autofocus" if first else ""
    return (
        f'<label for="{field.name}">{escape(field.label)}</label><input id="{field.name}" name="{field.name}" '
        f'type="{field.kind}" value="{escape(field.value)}" autocomplete="{field.fills}" autocapitalize="none" '
        f'maxlength="1000" required{focus}>'
    )
