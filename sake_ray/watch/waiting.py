"""Know which files of a place are at rest: a file that is still being written is left until its size and time stay the same."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from sake_ray.watch.places import MAX_BYTES_TOGETHER, MAX_TOGETHER, Backlog

PATIENCE = 12
"""A sub-folder waits for its last file so many times as long as a file must rest; then the others are handed in."""


@dataclass(frozen=True, slots=True)
class PlaceEntry:
    """A file as a look has found it: its path in the place, its size, and what differs when it changes."""

    path: str
    size: int
    version: str

    @property
    def name(self) -> str:
        """The last part of its path."""
        return self.path.rpartition("/")[2]

    @property
    def folder(self) -> str:
        """The sub-folder of the place; empty for what lies in the place itself."""
        return self.path.partition("/")[0] if "/" in self.path else ""


@dataclass(frozen=True, slots=True)
class _Sighting:
    """Since when a file is there, and since when it is as it is, in seconds of a clock."""

    entry: PlaceEntry
    at: datetime
    seen: float
    unchanged: float


class WaitingFiles:
    """The files of a place that are not handed in. Nothing of it is stored: after a kill each rests anew."""

    def __init__(self, seconds: float) -> None:
        """`seconds` is how long a file must have been the same."""
        self.seconds = seconds
        self._sightings: dict[str, _Sighting] = {}
        self._now = 0.0
        self._more = False

    def update(self, entries: Iterable[PlaceEntry], *, clock: float, now: datetime) -> None:
        """Take note of what a look has found; what it has not found is forgotten."""
        self._now, self._more = clock, False
        before, self._sightings = self._sightings, {}
        for entry in entries:
            known = before.get(entry.path)
            if known is None:
                known = _Sighting(entry, now, clock, clock)
            elif known.entry != entry:
                known = replace(known, entry=entry, unchanged=clock)
            self._sightings[entry.path] = known

    def select(self) -> Iterator[tuple[str, list[PlaceEntry]]]:
        """Yield the sub-folders whose files are to be handed in, each with so many of them as go together."""
        folders: dict[str, list[_Sighting]] = {}
        for path in sorted(self._sightings):
            folders.setdefault(self._sightings[path].entry.folder, []).append(self._sightings[path])
        for folder, sightings in folders.items():
            resting = [one for one in sightings if self._now - one.unchanged >= self.seconds]
            if not resting or (folder and len(resting) < len(sightings) and not self._is_overdue(sightings)):
                continue
            chosen: list[PlaceEntry] = []
            size = 0
            for one in resting:
                if chosen and (len(chosen) == MAX_TOGETHER or size + one.entry.size > MAX_BYTES_TOGETHER):
                    self._more = True
                    break
                chosen.append(one.entry)
                size += one.entry.size
            yield folder, chosen

    def conclude(self, path: str) -> None:
        """Forget a file that was handed in or moved aside."""
        self._sightings.pop(path, None)

    @property
    def backlog(self) -> Backlog:
        """What waits."""
        oldest = min((one.at for one in self._sightings.values()), default=None)
        return Backlog(len(self._sightings), oldest, self._more)

    def _is_overdue(self, sightings: list[_Sighting]) -> bool:
        return self._now - min(one.seen for one in sightings) > PATIENCE * self.seconds
