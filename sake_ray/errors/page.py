"""Explain every code, for docs/errors.md and for whoever opens the type of a problem."""

import re
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path

from sake_ray import errors
from sake_ray.errors.messages import read_catalogue

EXPLANATIONS = Path(__file__).with_name("explanations.toml")
TITLE = "Every error, its cause and the way out"
LEAD = (
    "The command line prints the sentence on standard error and ends with the exit code. "
    "Over HTTP an error is a problem (RFC 9457): `code` and `params` are for programs, `detail` is the sentence. "
    "A document has them as `error`, `error_code` and `error_params`, a job as `why`, `why_code` and `why_params`."
)
OTHERS = "Sentences that are no errors of ours: what HTTP itself refuses, and what jobs and results report."


@dataclass(frozen=True, slots=True)
class ErrorEntry:
    """One code: its sentence with {places} for what varies, its cause, the way out."""

    code: str
    sentence: str
    cause: str
    way_out: str


@dataclass(frozen=True, slots=True)
class ErrorSection:
    """The codes of one error class; `summary` has its exit code and HTTP status."""

    name: str
    summary: str
    entries: tuple[ErrorEntry, ...]


def read_sections() -> Iterator[ErrorSection]:
    """Read what there is to tell, class by class in the order of the catalogue."""
    explanations = tomllib.loads(EXPLANATIONS.read_text(encoding="utf-8"))
    for name, templates in read_catalogue().items():
        kind = getattr(errors, name)
        codes = f"Exit code {kind.exit_code}, HTTP status {kind.status_code}." if name != "Message" else ""
        summary = f"{kind.__doc__.splitlines()[0]} {codes}" if codes else OTHERS
        entries = (ErrorEntry(code, simplify(template), *explanations[code]) for code, template in templates.items())
        yield ErrorSection(name if codes else "Other messages", summary, tuple(entries))


def simplify(template: str) -> str:
    """The template as people read it: `{name}` for each value, the plural for each choice of words."""
    plural = re.sub(r"\{\w+:[^|{}]*\|([^{}]*)\}", r"\1", template)
    return re.sub(r"\{(\w+)[^{}]*\}", r"{\1}", re.sub(r"\{(\w+)!r\}", r"'{\1}'", plural))


def to_markdown() -> str:
    """Write docs/errors.md; each code is a heading, and so an anchor."""
    parts = [f"# {TITLE}", LEAD]
    for section in read_sections():
        parts += [f"## {section.name}", section.summary]
        for entry in section.entries:
            parts += [f"### {entry.code}", f"> {entry.sentence}", f"- Cause: {entry.cause}\n- Way out: {entry.way_out}"]
    return "\n\n".join(parts) + "\n"


def to_html() -> str:
    """Write the page that the types of problems lead to."""
    parts = [f"<h1>{TITLE}</h1>", f"<p>{_inline(LEAD)}</p>"]
    for section in read_sections():
        parts += [f"<h2>{section.name}</h2>", f"<p>{_inline(section.summary)}</p>"]
        for entry in section.entries:
            lines = (
                f"<i>{escape(entry.sentence)}</i>",
                f"Cause: {_inline(entry.cause)}",
                f"Way out: {_inline(entry.way_out)}",
            )
            parts += [f'<h3 id="{entry.code}">{entry.code}</h3>', f"<p>{'<br>'.join(lines)}</p>"]
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{TITLE}</title>' + "\n".join(parts) + "</html>\n"
    )


def _inline(text: str) -> str:
    return re.sub(r"`([^`]*)`", r"<code>\1</code>", escape(text))


if __name__ == "__main__":
    sys.stdout.write(to_markdown())
