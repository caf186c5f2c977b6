"""Lists that come page by page: a cursor names the last item that was sent, so that what is added meanwhile shifts nothing."""

import json
import math
from base64 import urlsafe_b64decode, urlsafe_b64encode
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from sake_ray.errors import InputError

MAX_TOTAL = 10_000
"""Counting goes no further: nobody reads as many, and counting a million takes longer than finding the first of them."""

MAX_INTEGER = 2**63 - 1
"""Of databases."""

Item = TypeVar("Item", covariant=True)
Other = TypeVar("Other")
Key = tuple[str | int | float, ...]


@dataclass(frozen=True, slots=True)
class Listing(Generic[Item]):
    """Some items, the cursor of those that follow (None at the end), and how many there are, up to MAX_TOTAL + 1.

    Without `whole` they were counted among some only, so that there may be more.
    """

    items: tuple[Item, ...]
    next_cursor: str | None
    counted: int
    whole: bool = True

    @property
    def total(self) -> int:
        """How many items there are, or MAX_TOTAL when there are more."""
        return min(self.counted, MAX_TOTAL)

    @property
    def is_total_exact(self) -> bool:
        """Whether there are no more than `total`."""
        return self.whole and self.counted <= MAX_TOTAL

    def map(self, convert: Callable[[Item], Other]) -> "Listing[Other]":
        """Convert each item."""
        return Listing(tuple(map(convert, self.items)), self.next_cursor, self.counted, self.whole)


def list_whole(items: Sequence[Other]) -> Listing[Other]:
    """Make the listing of a list that is short: all of it at once."""
    return Listing(tuple(items), None, len(items))


def list_sorted(
    name: str,
    items: Sequence[Other],
    key: Callable[[Other], Key],
    types: Sequence[type[str] | type[int] | type[float]],
    *,
    after: str | None,
    limit: int,
) -> Listing[Other]:
    """List some of items that are sorted by a key, which has parts of these types and no two of them share.

    Raises InputError for a cursor of a list that has another name.
    """
    start = 0 if after is None else bisect_right(items, parse_named_cursor(name, after, types), key=key)
    some = tuple(items[start : start + limit])
    more = start + limit < len(items)
    return Listing(some, make_cursor([name, *key(some[-1])]) if more else None, len(items))


def make_cursor(key: Sequence[str | int | float]) -> str:
    """Make the cursor of the item that a list is ordered by this key at; letters, digits, - and _ only."""
    return urlsafe_b64encode(json.dumps(list(key), separators=(",", ":")).encode()).decode().rstrip("=")


def parse_cursor(cursor: str, types: Sequence[type[str] | type[int] | type[float]]) -> Key:
    """Return the key in a cursor, whose parts have these types and fit into a database; raises InputError."""
    try:
        key = json.loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, RecursionError) as error:
        raise InputError("cursor-invalid") from error
    if not isinstance(key, list) or [type(part) for part in key] != list(types) or not all(map(_is_storable, key)):
        raise InputError("cursor-invalid")
    return tuple(key)


def parse_named_cursor(name: str, cursor: str, types: Sequence[type[str] | type[int] | type[float]]) -> Key:
    """Return the key in a cursor that begins with the name of its list; raises InputError, also for one of another list."""
    found, *key = parse_cursor(cursor, (str, *types))
    if found != name:
        raise InputError("cursor-invalid")
    return tuple(key)


def _is_storable(part: str | float) -> bool:
    if isinstance(part, str):
        return "\0" not in part and not any("\ud800" <= letter <= "\udfff" for letter in part)
    return math.isfinite(part) and abs(part) <= MAX_INTEGER if isinstance(part, int) else math.isfinite(part)
