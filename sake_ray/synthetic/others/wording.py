"""What documents of no class say, by language and kind."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from sake_ray.errors import SetupError
from sake_ray.synthetic.wording import WordingSection, read_section, read_wording

FILES = ("letters", "work", "papers", "press")


@dataclass(frozen=True, slots=True)
class Wording:
    """The templates of one kind; a field is "label = value", cells of a row stand between " / "."""

    titles: tuple[str, ...] = ()
    heads: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    rows: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    ends: tuple[str, ...] = ()


ATTRIBUTES = {
    "title": "titles",
    "head": "heads",
    "line": "lines",
    "field": "fields",
    "columns": "columns",
    "row": "rows",
    "item": "items",
    "end": "ends",
}
"""Where each key of a file goes."""


@cache
def read_kinds(language: str) -> Mapping[str, Wording]:
    """Read what every kind says in "fr" or "en"."""
    return {
        kind: _build_wording(section) for file in FILES for kind, section in read_wording(f"{language}/{file}").items()
    }


def read_abroad(language: str) -> Wording:
    """Read what a text in a third language says, of whichever kind."""
    slots = read_section(f"{language}/grammar", "slots")
    return Wording(slots["T"], slots["H"], slots["L"], items=slots["L"])


def _build_wording(section: WordingSection) -> Wording:
    if unknown := section.wordings.keys() - ATTRIBUTES.keys():
        raise SetupError(
            "wording-invalid",
            error=f"{section.place} has the unknown key {min(unknown)}; known are {', '.join(ATTRIBUTES)}",
        )
    return Wording(**{ATTRIBUTES[key]: wordings for key, wordings in section.wordings.items()})
