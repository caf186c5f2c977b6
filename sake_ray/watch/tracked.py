"""Know how far each file of a place is: it rests, waits to be handed in, is being read, or has been."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sake_ray.errors import NOTHING, Message
from sake_ray.serve.intake import Origin
from sake_ray.watch.places import Backlog, FindOutcomes
from sake_ray.watch.waiting import PlaceEntry, WaitingFiles


@dataclass(frozen=True, slots=True)
class EndedFile:
    """A file whose document has been read, or could not be: the sentence that says why, empty otherwise."""

    entry: PlaceEntry
    why: Message = NOTHING


class TrackedFiles:
    """The files of a place. What they were handed in as is in the records, so that a kill changes nothing."""

    def __init__(self, origin: Callable[[PlaceEntry], Origin], *, moves: bool, seconds: float) -> None:
        """`moves` says whether a file that was read goes away, or stays; `seconds` is how long a file must rest."""
        self.waiting = WaitingFiles(seconds)
        self._origin, self._moves = origin, moves
        self._settled: dict[str, str] = {}
        """Versions of files that stay, and of which nobody needs to be asked again."""
        self._in_work = self._failed = 0

    def update(
        self, entries: Sequence[PlaceEntry], find_outcomes: FindOutcomes, *, clock: float, now: datetime
    ) -> Sequence[EndedFile]:
        """Take note of what a look has found; return what is to be moved away."""
        there = {entry.path for entry in entries}
        self._settled = {path: version for path, version in self._settled.items() if path in there}
        open_ones = {
            self._origin(entry).stamp: entry for entry in entries if self._settled.get(entry.path) != entry.version
        }
        outcomes = find_outcomes(list(open_ones))
        ended, self._in_work, self._failed = list[EndedFile](), 0, 0
        for stamp, outcome in outcomes.items():
            entry = open_ones.pop(stamp)
            if not outcome.has_ended:
                self._in_work += 1
            elif outcome.error or self._moves:
                ended.append(EndedFile(entry, outcome.error))
            else:
                self.settle(entry)
        self.waiting.update(open_ones.values(), clock=clock, now=now)
        return ended

    def settle(self, entry: PlaceEntry) -> None:
        """Leave a file where it is, as long as it stays the same."""
        self._settled[entry.path] = entry.version
        self.waiting.conclude(entry.path)

    def count_failed(self) -> None:
        """Count a file whose document could not be read."""
        self._failed += 1

    @property
    def backlog(self) -> Backlog:
        """What the last look has left in the place."""
        return replace(self.waiting.backlog, in_work=self._in_work, failed=self._failed)
