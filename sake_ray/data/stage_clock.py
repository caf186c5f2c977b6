"""Note in the reader process which stage of a page took how long, and record it in the trace of the document outside."""

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from sake_ray.domain.texts import Page
from sake_ray.tracing.spans import record_span

T = TypeVar("T")

STAGES = frozenset({"open", "decode", "layer", "render", "tesseract", "lines", "neural", "encode"})
MAX_STAGES = 40
"""Of one page: a long one has many slices."""
CLOCK_SECONDS = 1.0
"""Both processes read the clock of one machine; it may be set meanwhile."""

_noted: list[tuple[str, float, float]] = []
"""Of the page that this process reads just now: it reads one at a time."""


@contextmanager
def stage(name: str) -> Iterator[None]:
    """Note how long the block takes, by the clock."""
    began = time.time()
    try:
        yield
    finally:
        if len(_noted) < MAX_STAGES:
            _noted.append((name, began, time.time()))


def timing(name: str, items: Iterable[T]) -> Iterator[T]:
    """Yield the items, and note how long each took to come."""
    iterator = iter(items)
    while True:
        with stage(name):
            try:
                item = next(iterator)
            except StopIteration:
                return
        yield item


def take_stages() -> list[tuple[str, float, float]]:
    """Take what was noted of a page."""
    taken = list(_noted)
    _noted.clear()
    return taken


def record_page(page: Page, began: float, stages: object) -> None:
    """Record a page that the reader process has read since `began`, with what it says of its stages.

    That process decodes what strangers send, so that it is not believed any name or time.
    """
    ended = time.time()
    place = record_span("page", began, ended, page=page.number, source=page.source.value, words=len(page.words))
    if place is None or not isinstance(stages, list):
        return
    for noted in stages[:MAX_STAGES]:
        match noted:
            case [str(name), float(first), float(last)] if (
                name in STAGES and began - CLOCK_SECONDS <= first <= last <= ended + CLOCK_SECONDS
            ):
                record_span(name, first, last, parent=place, page=page.number)
