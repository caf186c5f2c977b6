"""What a watched place is: where files arrive, and what becomes of each."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from unicodedata import normalize

from sake_ray.errors import Message
from sake_ray.serve.intake import MAX_FILES, Origin
from sake_ray.storage.records import WatchedOutcome

DONE, FAILED = "done", "failed"
"""The folders in a place for what was handed in and read, and for what could not be; nothing in them is handed in."""
MAX_TOGETHER = MAX_FILES
MAX_BYTES_TOGETHER = 200_000_000
"""The files of a batch, and their bytes: what an upload may have (`MULTIPART_BYTES`, which a lean process
does not import). What is beyond comes in the next round, at once."""

FindOutcomes = Callable[[Sequence[str]], Mapping[str, WatchedOutcome]]
"""Finds what became of files by their stamps, of those that were handed in."""


@dataclass(frozen=True, slots=True)
class ArrivedFile:
    """A file that is to be handed in: its path in the place, its name, its size in bytes, and how to read it.

    Reading raises UnreadableDocument for what is nobody's to read, PlaceAway, and FileUnsettled for what has changed meanwhile.
    """

    path: str
    name: str
    size: int
    origin: Origin
    read: Callable[[], bytes]


@dataclass(frozen=True, slots=True)
class Arrival:
    """Files that are handed in together, under one reference; `message` is the id of the mail that brought them."""

    reference: str
    files: tuple[ArrivedFile, ...]
    message: str = ""


@dataclass(frozen=True, slots=True)
class FailedFile:
    """A file that could not be handed in, and the sentence that says why."""

    file: ArrivedFile
    why: Message


@dataclass(frozen=True, slots=True)
class Backlog:
    """What is in a place: how many files are not handed in, since when the oldest, and whether some could be at once.

    `in_work` are handed in and not read yet; `failed` were moved aside by the last look, since they could not be read.
    """

    waiting: int = 0
    oldest_at: datetime | None = None
    more: bool = False
    in_work: int = 0
    failed: int = 0


class FileUnsettled(Exception):
    """The file was changed or taken away meanwhile; it is looked at again later."""


class Place(Protocol):
    """A place that is watched; `name` is what logs call it, and nobody's."""

    name: str

    def look(self, find_outcomes: FindOutcomes) -> Iterator[Arrival]:
        """Yield what is to be handed in now, and move away what was read meanwhile; raises PlaceAway."""

    def conclude(self, arrival: Arrival, accepted: Sequence[ArrivedFile], failed: Sequence[FailedFile]) -> None:
        """Take note of what was accepted, now or before, and move aside what was refused; raises PlaceAway.

        What is in neither is looked at again.
        """

    @property
    def backlog(self) -> Backlog:
        """What the last look has left in the place."""


def make_reference(text: str, place: str, today: datetime) -> str:
    """The reference that a sub-folder or a subject is; where there is none, the name of the place and the day.

    Accents are written as keyboards write them: a Mac writes its folders otherwise, and the same person would be two.
    """
    return normalize("NFC", text) if text.strip() else f"{place} {today:%Y-%m-%d}"


def explain_failure(name: str, why: Message) -> str:
    """What is written beside a file that failed."""
    return (
        f"{name} could not be processed.\n\n{why}\n\n"
        "Once it is mended, put it back where it was; it is then uploaded by itself.\n"
    )
