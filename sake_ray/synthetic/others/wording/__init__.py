"""What do documents of no class say, by language and kind?"""

from dataclasses import dataclass
from functools import lru_cache

from sake_ray.synthetic.others.wording import (
    en_offices,
    en_press,
    en_reading,
    en_work,
    fr_life,
    fr_offices,
    fr_press,
    fr_reading,
    fr_work,
)
from sake_ray.synthetic.others.wording.grammar import GRAMMAR
from sake_ray.synthetic.people.phrases import paragraphs


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


_KEYS = {"title": "titles", "head": "heads", "line": "lines", "field": "fields", "columns": "columns"} | {
    "row": "rows",
    "item": "items",
    "end": "ends",
}
_SHORT = {"title", "head", "end", "item"}  # several on a line, between semicolons
_TEXTS = {
    "fr": (fr_work.TEXT, fr_life.TEXT, fr_press.TEXT, fr_offices.TEXT, fr_reading.TEXT),
    "en": (en_work.TEXT, en_press.TEXT, en_offices.TEXT, en_reading.TEXT),
}


@lru_cache(maxsize=4)
def wordings(language: str) -> dict[str, Wording]:
    """Read every kind of a language.

    A kind begins with its name in brackets; each further line is a key (title, head, line, ...) and one template.
    """
    found: dict[str, dict[str, tuple[str, ...]]] = {}
    parts: dict[str, tuple[str, ...]] = {}
    for entry in (entry for text in _TEXTS[language] for entry in paragraphs(text)):
        if entry.startswith("["):
            parts = found.setdefault(entry.strip("[]"), {})
            continue
        key, _, template = entry.partition(" ")
        templates = (part.strip() for part in template.split(";") if part.strip()) if key in _SHORT else (template,)
        parts[_KEYS[key]] = (*parts.get(_KEYS[key], ()), *templates)
    return {kind: Wording(**parts) for kind, parts in found.items()}


@lru_cache(maxsize=8)
def abroad(language: str) -> Wording:
    """Tell what a text in a third language says, of whichever kind."""
    slots = GRAMMAR[language]
    return Wording(slots["T"], slots["H"], slots["L"], items=slots["L"])
