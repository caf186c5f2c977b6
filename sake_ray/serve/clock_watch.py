"""Notice that the clock of the records was set, and distrust it until all who live have renewed their leases by it."""

import logging
import time
from collections.abc import Callable
from datetime import datetime, timedelta

log = logging.getLogger(__name__)

TOLERANCE = timedelta(seconds=5)
"""By so much the clock may differ from ours between two looks: a slow answer of the database is no step."""


class ClockWatch:
    """Compares the records' clock with one that nobody can set, from look to look.

    A machine that slept looks like a clock that was set forward, and is treated alike: its own leases have run out meanwhile,
    although it goes on with its work.
    """

    def __init__(
        self,
        *,
        settling: timedelta,
        on_set_back: Callable[[datetime], None],
        elapsed: Callable[[], float] = time.monotonic,
    ) -> None:
        """`settling` is how long renewing takes at most; `on_set_back` is called with the new time."""
        self.settling, self._on_set_back, self._elapsed = settling, on_set_back, elapsed
        self._last: tuple[datetime, float] | None = None
        self._settled_at = 0.0

    def is_settled(self, now: datetime) -> bool:
        """Look at the time that was just read; return whether a lease that has expired by it really has."""
        seconds = self._elapsed()
        if self._last:
            step = (now - self._last[0]) - timedelta(seconds=seconds - self._last[1])
            if abs(step) > TOLERANCE:
                log.warning("clock of the records was set", extra={"seconds": round(step.total_seconds())})
                self._settled_at = seconds + self.settling.total_seconds()
                if step < timedelta(0):
                    self._on_set_back(now)
        self._last = now, seconds
        return seconds >= self._settled_at
