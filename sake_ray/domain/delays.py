"""How failed sign-ins delay the next attempt."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sake_ray.errors import TooManyAttempts

FORGOTTEN_AFTER = timedelta(hours=1)
"""Failures are forgotten after so long without another."""


@dataclass(frozen=True, slots=True)
class DelayRule:
    """After `free` failures each one delays the next attempt: by `first` seconds, then twice as long, up to `longest`."""

    name: str
    free: int
    first: float
    longest: float

    def delay(self, failures: int) -> timedelta:
        """How long to wait after so many failures."""
        if failures < self.free:
            return timedelta()
        return timedelta(seconds=min(self.first * 2 ** min(failures - self.free, 30), self.longest))


@dataclass(frozen=True, slots=True)
class LimitedKey:
    """What failures are counted by: a hash of whose or where from they are, and the rule that delays it."""

    rule: DelayRule
    hash: str


@dataclass(frozen=True, slots=True)
class FailureCount:
    """How often a key has failed, and when the last time."""

    failures: int
    last_at: datetime


def require_no_wait(keys: Iterable[LimitedKey], counts: Mapping[str, FailureCount], now: datetime) -> None:
    """Raise TooManyAttempts, with the seconds that are left, while one of the keys has to wait; `counts` are by hash."""
    waits = [
        count.last_at + key.rule.delay(count.failures) - now
        for key in keys
        if (count := counts.get(key.hash)) and now - count.last_at < FORGOTTEN_AFTER
    ]
    if waits and (longest := max(waits)) > timedelta():
        raise TooManyAttempts("too-many-sign-ins", seconds=math.ceil(longest.total_seconds()))
