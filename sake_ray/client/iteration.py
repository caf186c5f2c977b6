"""Go through a whole list, however many pages it has."""

from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from sake_ray.schemas.listing import ListOut

Item = TypeVar("Item")


def iterate(list_some: Callable[..., ListOut[Item]], *args: Any, **criteria: Any) -> Iterator[Item]:
    """Go through all items of a list: `iterate(client.documents.list, status="FAILED")`.

    Each page is asked for when it is needed; what is added meanwhile hides and repeats nothing.
    """
    cursor: str | None = None
    while True:
        page = list_some(*args, cursor=cursor, **criteria)
        yield from page.items
        cursor = page.next_cursor
        if cursor is None:
            return
