"""Slow down whoever guesses passwords, without locking anybody out.

Failures are counted by name and peer, by name over all peers, and by peer over all names; the delay grows with each. A device
from which the account has signed in before is counted for itself alone: what strangers do under that name, or from that address,
does not delay it. The counts are in memory, bounded, and gone after a restart.
"""

import math
import threading
from collections import OrderedDict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sake_ray.domain.peers import find_subscriber
from sake_ray.errors import TooManyAttempts

MAX_REMEMBERED = 10_000
FORGOTTEN_AFTER = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class DelayRule:
    """After `free` failures each one delays the next attempt: by `first` seconds, then twice as long, up to `longest`."""

    free: int
    first: float
    longest: float

    def delay(self, failures: int) -> timedelta:
        """How long to wait after so many failures."""
        if failures < self.free:
            return timedelta()
        return timedelta(seconds=min(self.first * 2 ** min(failures - self.free, 30), self.longest))


ONE_GUESSER = DelayRule(free=5, first=10, longest=900)
"""One name from one peer, one device, one account that changes its password: 100 guesses a day after the first five."""
ONE_PEER = DelayRule(free=20, first=10, longest=300)
"""All names from one peer, which may be a whole office."""
ONE_NAME = DelayRule(free=20, first=10, longest=60)
"""One name from all peers. Short: its owner on a new device meets it too."""


class FailureCounts:
    """Failures by key: the newest 10,000 keys, each until an hour has passed without a failure."""

    def __init__(self, rule: DelayRule, *, capacity: int = MAX_REMEMBERED) -> None:
        self.rule, self.capacity = rule, capacity
        self._counts: OrderedDict[Hashable, tuple[int, datetime]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._counts)

    def find_wait(self, key: Hashable, now: datetime) -> timedelta:
        """How long the key has to wait from now on."""
        failures, last = self._find(key, now)
        return last + self.rule.delay(failures) - now

    def add(self, key: Hashable, now: datetime) -> None:
        """Count a failure."""
        failures, _ = self._find(key, now)
        self._counts[key] = failures + 1, now
        self._counts.move_to_end(key)
        if len(self._counts) > self.capacity:
            self._counts.popitem(last=False)

    def postpone(self, key: Hashable, now: datetime) -> None:
        """Let the delay of a key begin now."""
        failures, _ = self._find(key, now)
        self._counts[key] = max(1, failures), now

    def take_back(self, key: Hashable, now: datetime) -> None:
        """Count one failure less."""
        failures, last = self._find(key, now)
        if failures > 1:
            self._counts[key] = failures - 1, last
        else:
            self._counts.pop(key, None)

    def clear(self, key: Hashable) -> None:
        """Forget the failures of a key."""
        self._counts.pop(key, None)

    def _find(self, key: Hashable, now: datetime) -> tuple[int, datetime]:
        failures, last = self._counts.get(key, (0, now))
        return (0, now) if now - last >= FORGOTTEN_AFTER else (failures, last)


@dataclass(frozen=True, slots=True)
class Attempt:
    """An attempt that may be made; it counts as a failure until it has succeeded."""

    keys: Sequence[tuple[FailureCounts, Hashable]]
    own: tuple[FailureCounts, Hashable]


class SignInLimits:
    """Says who may try a password now."""

    def __init__(self) -> None:
        self.by_guesser = FailureCounts(ONE_GUESSER)
        self.by_peer = FailureCounts(ONE_PEER)
        self.by_name = FailureCounts(ONE_NAME)
        self._lock = threading.Lock()

    def begin(self, name: str, peer: str, *, device: str | None, now: datetime) -> Attempt:
        """Begin an attempt to sign in; `device` is one that the account is known by. Raises TooManyAttempts."""
        if device:
            own = (self.by_guesser, ("device", name, device))
            return self._begin([own], own, now)
        place = find_subscriber(peer)
        own = (self.by_guesser, ("peer", name, place))
        return self._begin([own, (self.by_peer, place), (self.by_name, name)], own, now)

    def begin_change(self, name: str, *, now: datetime) -> Attempt:
        """Begin an attempt to prove one's own old password; raises TooManyAttempts."""
        own = (self.by_guesser, ("change", name))
        return self._begin([own], own, now)

    def begin_by_issuer(self, peer: str, *, now: datetime) -> Attempt:
        """Begin an attempt to bring a code of the issuer, which costs it and us a request; raises TooManyAttempts."""
        place = find_subscriber(peer)
        return self._begin([(self.by_peer, place)], (self.by_guesser, ("issuer", place)), now)

    def succeed(self, attempt: Attempt, now: datetime) -> None:
        """The password was right: the failures before it are forgotten, but not those of other names or peers."""
        with self._lock:
            self._take_back(attempt, now)
            counts, key = attempt.own
            counts.clear(key)

    def fail(self, attempt: Attempt, now: datetime) -> None:
        """The password was wrong: the delay begins now, however long it took to find out."""
        with self._lock:
            for counts, key in attempt.keys:
                counts.postpone(key, now)

    def drop(self, attempt: Attempt, now: datetime) -> None:
        """The password was not tried."""
        with self._lock:
            self._take_back(attempt, now)

    def _begin(
        self, keys: Sequence[tuple[FailureCounts, Hashable]], own: tuple[FailureCounts, Hashable], now: datetime
    ) -> Attempt:
        with self._lock:
            wait = max(counts.find_wait(key, now) for counts, key in keys)
            if wait > timedelta():
                raise TooManyAttempts("too-many-sign-ins", seconds=math.ceil(wait.total_seconds()))
            # Counted now, not when it has failed: otherwise many at once would be one.
            for counts, key in keys:
                counts.add(key, now)
        return Attempt(keys, own)

    def _take_back(self, attempt: Attempt, now: datetime) -> None:
        for counts, key in attempt.keys:
            counts.take_back(key, now)
