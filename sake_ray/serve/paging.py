"""Read from a request which part of a list is wanted; all lists are paged alike."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Query

CURSOR_LENGTH = 2000

CursorQuery = Annotated[
    str | None,
    Query(max_length=CURSOR_LENGTH, description="The `next_cursor` of the answer before; the list begins without it."),
]


@dataclass(frozen=True, slots=True)
class PageRequest:
    """Which part of a list is wanted: what follows `after`, and how many items at most."""

    after: str | None
    limit: int


def read_page(default: int, most: int) -> Callable[..., Awaitable[PageRequest]]:
    """Make the dependency that reads `cursor` and `page_size`."""
    size = Annotated[int, Query(ge=1, le=most, description="The most items in one answer.")]

    async def read(cursor: CursorQuery = None, page_size: size = default) -> PageRequest:
        return PageRequest(cursor, page_size)

    return read


PageDep = Annotated[PageRequest, Depends(read_page(50, 200))]
ShortPageDep = Annotated[PageRequest, Depends(read_page(20, 50))]
"""For a list that reads a text for each item."""
