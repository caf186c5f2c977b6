"""Store a sentence with the code and the values it was made of."""

from collections.abc import Sequence
from typing import Any

from sake_ray.errors import Message


def to_columns(message: Message, column: str) -> dict[str, Any]:
    """The three columns that hold a message: its sentence, `_code` and `_params`; the last two NULL where it has no code."""
    fields = message.as_fields(column)
    if not message.code:
        fields[f"{column}_params"] = None
    return {name: _make_storable(value) for name, value in fields.items()}


def to_list(messages: Sequence[Message]) -> list[Any] | None:
    """The one column that holds several messages; NULL for none."""
    return [_make_storable(message.to_json()) for message in messages] or None


def to_storable(text: str) -> str:
    """The text as PostgreSQL takes it: without NUL, and valid UTF-8 (file names may break both rules)."""
    return text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")


def _make_storable(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _make_storable(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_make_storable(inner) for inner in value]
    return to_storable(value) if isinstance(value, str) else value
