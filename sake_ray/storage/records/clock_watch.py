"""Notice that the clock of the records was set, and distrust it until all who live have renewed their leases by it."""

import logging
import math
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

log = logging.getLogger(__name__)

TOLERANCE = timedelta(seconds=5)
"""By so much the clock may differ from ours between two looks."""
MAX_SETTLINGS = 2
"""A clock that is set again and again is distrusted for no longer than so many times the settling, then for a moment trusted."""


@dataclass(frozen=True, slots=True)
class Look:
    """The time by the records' clock, and how far to trust it."""

    now: datetime
    is_settled: bool = True
    """Whether a lease that has expired by it really has."""
    steady_seconds: float = math.inf
    """Since when it was not set, as far as we looked."""


def ignore_set_back(now: datetime) -> None:
    """Do nothing about it; the default of `ClockWatch`."""


class ClockWatch:
    """Compares the records' clock with one that nobody can set, from look to look. Any thread may look.

    A machine that slept looks like a clock that was set forward, and is treated alike: its own leases have run out meanwhile,
    although it goes on with its work.
    """

    def __init__(
        self,
        read: Callable[[], datetime],
        *,
        settling: timedelta,
        on_set_back: Callable[[datetime], None] = ignore_set_back,
        longest_gap: timedelta | None = None,
        elapsed: Callable[[], float] = time.monotonic,
    ) -> None:
        """`settling` is how long renewing takes at most; `on_set_back` is called with the new time.

        When two looks are further apart than `longest_gap`, the records may have been away, and nobody could renew anything.
        """
        self._read, self._elapsed, self._on_set_back = read, elapsed, on_set_back
        self._settling, self._longest_gap = (
            settling.total_seconds(),
            longest_gap.total_seconds() if longest_gap else None,
        )
        self._lock = threading.Lock()
        self._last: tuple[datetime, float, float] | None = None
        self._distrusted_at = self._settled_at = self._set_at = -math.inf

    def look(self) -> Look:
        """Read the clock. Raises StorageUnavailable."""
        # It was read at some moment between these two: a late answer is no step.
        before = self._elapsed()
        now = self._read()
        after = self._elapsed()
        with self._lock:
            if self._last:
                self._compare(self._last, now, before, after)
            self._last = now, before, after
            return Look(now, after >= self._settled_at, after - self._set_at)

    def _compare(self, last: tuple[datetime, float, float], now: datetime, before: float, after: float) -> None:
        then, last_before, last_after = last
        passed = (now - then).total_seconds()
        least, most = before - last_after, after - last_before
        tolerance = TOLERANCE.total_seconds()
        step = passed - min(max(passed, least - tolerance), most + tolerance)
        if step:
            log.warning("clock of the records was set", extra={"seconds": round(passed - (least + most) / 2)})
            self._set_at = after
        if step or (self._longest_gap is not None and most > self._longest_gap):
            if after >= self._settled_at:
                self._distrusted_at = after
            end = self._distrusted_at + MAX_SETTLINGS * self._settling
            self._settled_at = min(after + self._settling, end)
        if step < 0:
            self._on_set_back(now)
