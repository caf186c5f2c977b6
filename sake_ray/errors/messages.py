"""Sentences for people, each known by a code: `messages.toml` holds them all."""

import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any, Self, TypeAlias

CATALOGUE = Path(__file__).with_name("messages.toml")
Param: TypeAlias = "str | int | float | list[str] | Message | None"


class MessageFormatter(Formatter):
    """Fills a template in. A list becomes its items with commas; `{n:page|pages}` picks the word for a number."""

    def is_one(self, number: float) -> bool:
        """Whether a number takes the singular; other languages count otherwise."""
        return number == 1

    def format_field(self, value: Any, format_spec: str) -> str:
        """Write one value of a template."""
        if "|" in format_spec:
            one, many = format_spec.split("|")
            return one if self.is_one(value) else many
        if isinstance(value, list):
            return ", ".join(value)
        return self.format_figure(value, format_spec)

    def format_figure(self, value: Any, format_spec: str) -> str:
        """Write one value that is no list; other languages write numbers otherwise."""
        return format(str(value) if isinstance(value, Message) else value, format_spec)


ENGLISH = MessageFormatter()


class Message(str):
    """An English sentence that still knows the template and the values it was made of.

    It is a str, so that whatever prints, logs or stores a sentence takes it; `code` and `params` are for those who translate.
    A sentence from before there were codes has an empty code. It crosses processes pickled, and systems by `to_json`.
    """

    code: str
    params: Mapping[str, Param]

    def __new__(cls, code: str, /, **values: object) -> Self:
        """Make the sentence of a code. Raises KeyError for an unknown code or a value that the template lacks."""
        params = {name: to_param(value) for name, value in values.items()}
        template = read_templates()[code]
        return cls.restore(ENGLISH.vformat(template, (), params), code, params)

    @classmethod
    def restore(cls, sentence: str, code: str | None = "", params: Mapping[str, Any] | None = None) -> Self:
        """Take a sentence that was made elsewhere, with its code even if that is not known here."""
        message = str.__new__(cls, sentence)
        message.code, message.params = code or "", {name: to_param(value) for name, value in (params or {}).items()}
        return message

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> Self:
        """Read what `to_json` wrote."""
        return cls.restore(str(content["detail"]), content.get("code"), content.get("params"))

    def to_json(self) -> dict[str, Any]:
        """Write it as JSON: the sentence, the code and the values, sentences within in the same form."""
        return {"detail": str(self), "code": self.code, "params": self.json_params}

    def as_fields(self, name: str) -> dict[str, Any]:
        """Write it as three fields: the sentence by that name, its `_code` (None where it has none) and its `_params`."""
        return {name: str(self), f"{name}_code": self.code or None, f"{name}_params": self.json_params}

    @property
    def json_params(self) -> dict[str, Any]:
        """The values as JSON."""
        return {name: value.to_json() if isinstance(value, Message) else value for name, value in self.params.items()}

    def __str__(self) -> str:
        """The sentence alone, as an ordinary str."""
        return str.__str__(self)

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle it with what it knows."""
        return type(self).restore, (str(self), self.code, dict(self.params))


NOTHING = Message.restore("")
"""The sentence that says nothing."""


def to_param(value: object) -> Param:
    """The value as it may travel: JSON or a Message. An error is its sentence, anything else is written out."""
    if isinstance(value, BaseException):
        message = getattr(value, "message", None)
        return message if isinstance(message, Message) else str(value)
    if isinstance(value, Mapping) and "detail" in value:
        return Message.from_json(value)
    if value is None or isinstance(value, Message | int | float):
        return value
    if isinstance(value, Iterable) and not isinstance(value, str | bytes):
        return [str(item) for item in value]
    return str(value)


@cache
def read_catalogue() -> Mapping[str, Mapping[str, str]]:
    """The templates by code, by the name of the error class that says them; `Message` says those that are no errors."""
    catalogue: dict[str, dict[str, str]] = tomllib.loads(CATALOGUE.read_text(encoding="utf-8"))
    return catalogue


@cache
def read_templates() -> Mapping[str, str]:
    """The templates by code."""
    return {code: template for templates in read_catalogue().values() for code, template in templates.items()}


@cache
def find_class_name(code: str) -> str | None:
    """The name of the error class that says a code; None for an unknown one."""
    return next((name for name, templates in read_catalogue().items() if code in templates), None)
