"""Texts in the reader's language: one catalogue per language, with the same keys in each."""

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

LANGUAGES = {"en": "English", "fr": "Français"}
"""Each by its own name, as the language switch shows it."""
MARKDOWN = re.compile(r"([!-/:-@\[-`{-~])")
ADDRESS = re.compile(r"@|:\\/\\/|\bwww(?=\\\.)", re.IGNORECASE)
LOCALES = Path(__file__).parent / "locales"


class Translations:
    """The catalogue of one language. Unknown keys raise KeyError: a test checks every key."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._texts = read_catalogue(language)

    def __call__(self, key: str, **values: object) -> str:
        """The text of a key, its {places} filled in."""
        text = self._texts[key]
        return text.format(**values) if values else text

    def count(self, key: str, number: int, **values: object) -> str:
        """The text for a count: `key.one` or `key.many`. In French, 0 is singular."""
        form = "one" if number == 1 or (self.language == "fr" and number == 0) else "many"
        return self(f"{key}.{form}", n=number, **values)

    def get(self, key: str) -> str | None:
        """The text of a key that may be missing, such as the name of a new label."""
        return self._texts.get(key)


def choose_language(chosen: str, accepted: str) -> str:
    """The language chosen before, or else the best one that the browser accepts (an Accept-Language header)."""
    accepted_languages = []
    for place, part in enumerate(accepted.split(",")):
        tag, _, quality = part.strip().partition(";q=")
        try:
            accepted_languages.append((-float(quality or 1), place, tag[:2].lower()))
        except ValueError:
            continue
    known = [tag for _, _, tag in sorted(accepted_languages) if tag in LANGUAGES]
    return chosen if chosen in LANGUAGES else next(iter(known), "en")


def literal(text: str) -> str:
    """Escape a text for Streamlit's Markdown: no link, no picture from elsewhere, no formula."""
    # Even an escaped address becomes a link, unless it contains an invisible character.
    return ADDRESS.sub("\\g<0>\N{WORD JOINER}", MARKDOWN.sub(r"\\\1", " ".join(text.split())))


@cache
def read_catalogue(language: str) -> Mapping[str, str]:
    """Read all files of a language; tables become keys joined by dots."""
    contents = [tomllib.loads(file.read_text(encoding="utf-8")) for file in sorted(LOCALES.glob(f"{language}*.toml"))]
    return dict(pair for content in contents for pair in _flatten(content, ""))


def _flatten(table: Mapping[str, object], before: str) -> list[tuple[str, str]]:
    texts: list[tuple[str, str]] = []
    for name, value in table.items():
        texts += (
            _flatten(value, f"{before}{name}.") if isinstance(value, Mapping) else [(f"{before}{name}", str(value))]
        )
    return texts
