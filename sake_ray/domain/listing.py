"""Lists that come page by page: a cursor names the last item that was sent, so that what is added meanwhile shifts nothing."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from sake_ray.errors import InputError

MAX_TOTAL = 10_000
"""Counting goes no further: nobody reads as many, and counting a million takes longer than finding the first of them."""

Item = TypeVar("Item", covariant=True)
Key = tuple[str | int | float, ...]


@dataclass(frozen=True, slots=True)
class Listing(Generic[Item]):
    """Some items, the cursor of those that follow (None at the end), and how many there are, up to MAX_TOTAL + 1."""

    items: tuple[Item, ...]
    next_cursor: str | None
    counted: int

    @property
    def total(self) -> int:
        """How many items there are, or MAX_TOTAL when there are more."""
        return min(self.counted, MAX_TOTAL)

    @property
    def is_total_exact(self) -> bool:
        """Whether there are no more than `total`."""
        return self.counted <= MAX_TOTAL


def make_cursor(key: Sequence[str | int | float]) -> str:
    """Make the cursor of the item that a list is ordered by this key at; letters, digits, - and _ only."""
    return urlsafe_b64encode(json.dumps(list(key), separators=(",", ":")).encode()).decode().rstrip("=")


def parse_cursor(cursor: str, types: Sequence[type[str] | type[int] | type[float]]) -> Key:
    """Return the key in a cursor, whose parts have these types; raises InputError."""
    try:
        key = json.loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except ValueError as error:
        raise InputError("cursor-invalid") from error
    if not isinstance(key, list) or [type(part) for part in key] != list(types):
        raise InputError("cursor-invalid")
    return tuple(key)
