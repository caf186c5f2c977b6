"""Which files is the reader tested with, and what must come of each?

Every file is made in Python when it is asked for. `makers()` names them, `hostile_file(kind)` makes one.
"""

from functools import lru_cache

from . import (
    broken,
    edges,
    foreign,
    jpegs,
    names,
    orientations,
    other_images,
    pdf_scans,
    pdf_traps,
    pdfs,
    pngs,
    slow,
    tiff_traps,
    tiffs,
)
from .outcomes import Completed, HostileFile, Maker, Outcome, Refused

__all__ = [
    "Completed", "HostileFile", "Maker", "Outcome", "Refused", "hostile_file", "hostile_files", "makers", "sent_over_http",
]  # fmt: skip

PARTS = (
    jpegs,
    pngs,
    tiffs,
    other_images,
    orientations,
    names,
    pdfs,
    pdf_scans,
    edges,
    foreign,
    broken,
    tiff_traps,
    pdf_traps,
    slow,
)


def makers() -> dict[str, Maker]:
    """Give the makers by the name of the kind, in a fixed order."""
    return {kind: maker for part in PARTS for kind, maker in part.MAKERS.items()}


def sent_over_http() -> tuple[str, ...]:
    """Give every fifth kind: those that the tests of the service send to it."""
    return tuple(kind for kind in makers() if "100000" not in kind)[::5]


@lru_cache(maxsize=32)
def hostile_file(kind: str) -> HostileFile:
    """Make the file of that kind."""
    return makers()[kind]()


@lru_cache(maxsize=1)
def hostile_files() -> tuple[HostileFile, ...]:
    """Make all files."""
    return tuple(maker() for maker in makers().values())
