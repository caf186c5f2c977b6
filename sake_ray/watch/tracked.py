"""Know how far each file of a place is: it rests, waits to be handed in, is being read, or has been."""

import math
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
        self._settled: dict[str, tuple[str, float]] = {}
        """Versions of files that stay, and until when nobody needs to be asked of them again."""
        self._in_work = self._failed = 0
        self._clock = 0.0

    def update(
        self, entries: Sequence[PlaceEntry], find_outcomes: FindOutcomes, *, clock: float, now: datetime
    ) -> Sequence[EndedFile]:
        """Take note of what a look has found; return what is to be moved away."""
        there, self._clock = {entry.path: entry.version for entry in entries}, clock
        self._settled = {
            path: (version, until)
            for path, (version, until) in self._settled.items()
            if there.get(path) == version and until > clock
        }
        open_ones = {self._origin(entry).stamp: entry for entry in entries if entry.path not in self._settled}
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

    def settle(self, entry: PlaceEntry, *, seconds: float = math.inf) -> None:
        """Leave a file where it is for so many seconds, as long as it stays the same."""
        self._settled[entry.path] = entry.version, self._clock + seconds
        self.waiting.conclude(entry.path)

    def count_failed(self) -> None:
        """Count a file whose document could not be read."""
        self._failed += 1

    @property
    def backlog(self) -> Backlog:
        """What the last look has left in the place."""
        return replace(self.waiting.backlog, in_work=self._in_work, failed=self._failed)
