"""Write for this user alone, but for what a command was asked to write somewhere."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from sake_ray.files import PRIVATE, keep_files_private

_given: list[int] = []


def start_private() -> None:
    """Keep what this command and all it starts write to this user; note the umask that it was given."""
    _given.append(keep_files_private())


@contextmanager
def as_given() -> Iterator[None]:
    """Write with the umask that the command was given, for the duration of the block: outputs are the user's to share."""
    if not _given:
        yield
        return
    os.umask(_given[0])
    try:
        yield
    finally:
        os.umask(PRIVATE)
