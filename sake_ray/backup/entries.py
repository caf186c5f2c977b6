"""The list of a snapshot: one line for each file, in one order, so that two lists are compared while they are read."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum


class Area(IntEnum):
    """What a file belongs to, in the order in which a snapshot takes them.

    The records come first: whatever they name is there when the others are taken. Runs in MLflow name commits of the workspace.
    """

    RECORDS = 0
    REGISTRY = 1
    WORKSPACE = 2
    HOME = 3
    OBJECTS = 4


@dataclass(frozen=True, slots=True)
class FileEntry:
    """One file: its chunks, and its stamp, which differs when it changes; empty where it has to be read to know.

    A path that ends with "/" is an empty folder. A link has where it leads, and no chunks.
    """

    area: Area
    path: str
    size: int = 0
    chunks: tuple[str, ...] = ()
    mode: int = 0o600
    stamp: str = ""
    link: str = ""
    modified: int = 0
    """Nanoseconds since 1970; 0 where nobody asks for it."""

    @property
    def name(self) -> str:
        """What people know it by."""
        return f"{self.area.name.lower()}/{self.path}"

    def to_line(self) -> bytes:
        """Write it as a line."""
        values = [self.area, self.path, self.size, self.chunks, self.mode, self.stamp, self.link, self.modified]
        return json.dumps(values, separators=(",", ":")).encode() + b"\n"


def parse_lines(chunk: bytes) -> Iterator[FileEntry]:
    """Read the lines of a chunk of the list: no line goes over its end."""
    for line in chunk.splitlines():
        area, path, size, chunks, mode, stamp, link, modified = json.loads(line)
        yield FileEntry(Area(area), path, size, tuple(chunks), mode, stamp, link, modified)


class EarlierEntries:
    """Finds the entries of an earlier list, asked in the order of lists."""

    def __init__(self, entries: Iterator[FileEntry]) -> None:
        self._entries = entries
        self._next = next(entries, None)

    def find(self, area: Area, path: str) -> FileEntry | None:
        """Find the entry of a file; None when the list has none."""
        while self._next and (self._next.area, self._next.path) < (area, path):
            self._next = next(self._entries, None)
        found = self._next
        return found if found and (found.area, found.path) == (area, path) else None
