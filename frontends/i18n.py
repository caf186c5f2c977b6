"""Say everything in the reader's language: one catalogue a language, the same keys in each."""

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from sake_ray.errors import Message, MessageFormatter, read_templates

LANGUAGES = {"en": "English", "fr": "Français"}
"""Each by its own name, as the switch shows it."""
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
    """The catalogue of one language. Unknown keys raise KeyError: a test looks for every key."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._texts = read_catalogue(language)

    def __call__(self, key: str, **values: object) -> str:
        """The text of a key, its {places} filled in."""
        text = self._texts[key]
        return text.format(**values) if values else text

    def count(self, key: str, number: int, **values: object) -> str:
        """The text for so many: `key.one` or `key.many`. French counts nought as one."""
        form = "one" if number == 1 or (self.language == "fr" and number == 0) else "many"
        return self(f"{key}.{form}", n=number, **values)

    def message(self, message: Message) -> str:
        """A sentence of the service, by its code; in English, as the service says it, where the code is not known here."""
        template = self._texts.get(f"errors.{message.code}")
        if template is None:
            return str(message)
        values = {
            name: self.message(value) if isinstance(value, Message) else value for name, value in message.params.items()
        }
        try:
            return FORMATTERS[self.language].vformat(template, (), values)
        except (KeyError, ValueError, TypeError):
            return str(message)  # of a service of another version, which speaks of other things

    def get(self, key: str) -> str | None:
        """The text of a key that may be missing, such as the name of a label that somebody made up."""
        return self._texts.get(key)


def choose_language(chosen: str, accepted: str) -> str:
    """The language chosen before, or else the first we have of what the browser accepts (an Accept-Language header)."""
    wishes = []
    for place, part in enumerate(accepted.split(",")):
        tag, _, quality = part.strip().partition(";q=")
        try:
            wishes.append((-float(quality or 1), place, tag[:2].lower()))
        except ValueError:
            continue
    known = [tag for _, _, tag in sorted(wishes) if tag in LANGUAGES]
    return chosen if chosen in LANGUAGES else next(iter(known), "en")


def literal(text: str) -> str:
    """The text, of which Streamlit's Markdown makes nothing: no link, no picture fetched from elsewhere, no formula."""
    # An address becomes a link even when it is escaped, unless something invisible stands in it.
    return ADDRESS.sub("\\g<0>\N{WORD JOINER}", MARKDOWN.sub(r"\\\1", " ".join(text.split())))


@cache
def read_catalogue(language: str) -> Mapping[str, str]:
    """Read a catalogue, in as many files as begin with its language; tables become keys joined by dots.

    In English what went wrong is said as the service says it, except where a screen words it otherwise.
    """
    contents = [tomllib.loads(file.read_text(encoding="utf-8")) for file in sorted(LOCALES.glob(f"{language}*.toml"))]
    said = {f"errors.{code}": template for code, template in read_templates().items()} if language == "en" else {}
    return said | dict(pair for content in contents for pair in _flatten(content, ""))


def _flatten(table: Mapping[str, object], before: str) -> list[tuple[str, str]]:
    texts: list[tuple[str, str]] = []
    for name, value in table.items():
        texts += (
            _flatten(value, f"{before}{name}.") if isinstance(value, Mapping) else [(f"{before}{name}", str(value))]
        )
    return texts
