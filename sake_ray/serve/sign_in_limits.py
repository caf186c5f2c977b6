"""Slow down whoever guesses passwords, without locking anybody out.

Failures are counted by name and peer, by name over all peers, and by peer over all names; the delay grows with each. A device
from which the account has signed in before is counted for itself alone: what strangers do under that name, or from that address,
does not delay it. The counts are in the records, so that all replicas of the service share them.

An attempt is held against them twice: before it costs anything, and again before its outcome is told. A failure is counted, and
that of many at once against those before it, or the attempt is refused as too early, whether it was right or wrong. So of any
number of guesses at once, on any number of replicas, no more are answered than of the same number one after the other.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sake_ray.domain.delays import DelayRule, LimitedKey
from sake_ray.domain.peers import find_subscriber
from sake_ray.serve.sealing import derive_key
from sake_ray.storage.records import Records

ONE_GUESSER = DelayRule("guesser", free=5, first=10, longest=900)
"""One name from one peer, one device, one account that changes its password: 100 guesses a day after the first five."""
ONE_PEER = DelayRule("peer", free=20, first=10, longest=300)
"""All names from one peer, which may be a whole office."""
ONE_NAME = DelayRule("name", free=20, first=10, longest=60)
"""One name from all peers. Short: its owner on a new device meets it too."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """An attempt that may be made: what its failure counts for, and what its success forgets."""

    keys: Sequence[LimitedKey]
    own: Sequence[LimitedKey]


class SignInLimits:
    """Says who may try a password now. Each method asks the records; `secret` is what the keys are hashed under."""

    def __init__(self, records: Records, secret: str) -> None:
        self.failures, self.secret = records.sign_in_failures, secret

    def begin(self, name: str, peer: str, *, device: str | None, now: datetime) -> Attempt:
        """Begin an attempt to sign in; `device` is one that the account is known by. Raises TooManyAttempts."""
        if device:
            own = self._key(ONE_GUESSER, "device", name, device)
            return self._begin([own], [own], now)
        place = find_subscriber(peer)
        own = self._key(ONE_GUESSER, "peer", name, place)
        return self._begin([own, self._key(ONE_PEER, place), self._key(ONE_NAME, name)], [own], now)

    def begin_change(self, name: str, *, now: datetime) -> Attempt:
        """Begin an attempt to prove one's own old password; raises TooManyAttempts."""
        own = self._key(ONE_GUESSER, "change", name)
        return self._begin([own], [own], now)

    def begin_by_issuer(self, peer: str, *, now: datetime) -> Attempt:
        """Begin an attempt to bring a code of the issuer, which costs it and us a request; raises TooManyAttempts."""
        return self._begin([self._key(ONE_PEER, find_subscriber(peer))], [], now)

    def begin_code(self, attempt: Attempt, name: str, *, device: str | None, now: datetime) -> Attempt:
        """Go on with a code, after the right password; raises TooManyAttempts.

        Codes are few, so that all places from which they are tried count as one: only somebody with the password gets here.
        The devices that the account is known by count for themselves all the same.
        """
        if device:
            return self._begin(attempt.keys, attempt.own, now)
        code = self._key(ONE_GUESSER, "code", name)
        return self._begin([*attempt.keys, code], [*attempt.own, code], now)

    def succeed(self, attempt: Attempt, now: datetime) -> None:
        """The password was right: the failures before it are forgotten, but not those of other names or peers.

        To be called before anybody is told so: raises TooManyAttempts when others that were tried meanwhile have failed.
        """
        self.failures.clear(attempt.keys, attempt.own, now)

    def fail(self, attempt: Attempt, now: datetime) -> None:
        """The password was wrong: it counts, and the delay begins now, however long it took to find out.

        To be called before anybody is told so; raises TooManyAttempts like `succeed`.
        """
        self.failures.add(attempt.keys, now)

    def _begin(self, keys: Sequence[LimitedKey], own: Sequence[LimitedKey], now: datetime) -> Attempt:
        self.failures.require_no_wait(keys, now)
        return Attempt(keys, own)

    def _key(self, rule: DelayRule, *parts: str) -> LimitedKey:
        return LimitedKey(rule, derive_key(self.secret, "sign-in-limits", rule.name, *parts).hex())
