"""Texts in the reader's language: one catalogue per language, with the same keys in each."""

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from sake_ray.errors import Message, MessageFormatter, read_templates

LANGUAGES = {"en": "English", "fr": "Français"}
"""Each by its own name, as the language switch shows it."""
MARKDOWN = re.compile(r"([!-/:-@\[-`{-~])")
ADDRESS = re.compile(r"@|:\\/\\/|\bwww(?=\\\.)", re.IGNORECASE)
LOCALES = Path(__file__).parent / "locales"
NARROW = "\N{NARROW NO-BREAK SPACE}"


class FrenchFormatter(MessageFormatter):
    """Fills a template in as French writes: 0 and 1.5 are singular, figures have spaces and a decimal comma."""

    def is_one(self, number: float) -> bool:
        """Whether a number takes the singular."""
        return abs(number) < 2

    def format_figure(self, value: object, format_spec: str) -> str:
        """Write a figure with the signs of French; anything else as it is."""
        text = super().format_figure(value, format_spec)
        return text.replace(",", NARROW).replace(".", ",") if isinstance(value, int | float) else text


FORMATTERS = {"en": MessageFormatter(), "fr": FrenchFormatter()}


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

    def figure(self, number: int) -> str:
        """A large number, as it is written in the language."""
        return FORMATTERS[self.language].format_figure(number, ",")

    def translate(self, message: Message) -> str:
        """A sentence of the service, by its code; in English, as the service says it, where the code is not known here."""
        template = self._texts.get(f"errors.{message.code}")
        if template is None:
            return str(message)
        values = {
            name: self.translate(value) if isinstance(value, Message) else value
            for name, value in message.params.items()
        }
        try:
            return FORMATTERS[self.language].vformat(template, (), values)
        except (KeyError, ValueError, TypeError):
            return str(message)  # of a service of another version, which speaks of other things

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
    """Read all files of a language; tables become keys joined by dots.

    In English an error is worded as the service words it, except where a screen has its own words.
    """
    contents = [tomllib.loads(file.read_text(encoding="utf-8")) for file in sorted(LOCALES.glob(f"{language}*.toml"))]
    templates = {f"errors.{code}": template for code, template in read_templates().items()} if language == "en" else {}
    return templates | dict(pair for content in contents for pair in _flatten(content, ""))


def _flatten(table: Mapping[str, object], before: str) -> list[tuple[str, str]]:
    texts: list[tuple[str, str]] = []
    for name, value in table.items():
        texts += (
            _flatten(value, f"{before}{name}.") if isinstance(value, Mapping) else [(f"{before}{name}", str(value))]
        )
    return texts
