"""Say when another attempt at a document is made, and after how many it is left to ops: the rule for every cause, in one place.

A cause that may concern every document (a store that is down, no model) must not exhaust a whole queue: beside a number of
attempts it takes a long time. Each cause counts for itself, in the records, so a restart forgets nothing.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

PAUSE = timedelta(seconds=1)
"""The pause before the next attempt after the first failure; it doubles with each, so that other documents go on."""


class Cause(StrEnum):
    """Why an attempt failed through no fault of the document; also the outcome of that attempt in the records."""

    SERVICE = "put back"
    """The store or the model does not answer, or a part is too busy: any document would fail now."""
    DOCUMENT = "blocked"
    """It concerns this document: its original is missing, its text is refused, its reading got too little of the machine."""
    LOST = "lost"
    """The part that worked on it was killed, perhaps by this document; or lacked disk or memory."""
    UNEXPECTED = "unexpected"
    """A mistake in the program; perhaps only this document provokes it."""


@dataclass(frozen=True, slots=True)
class RetryRule:
    """A document is left to ops after this many attempts, but not before the period since the first of them is over."""

    attempts: int
    period: timedelta
    max_pause: timedelta


RULES = {
    # A day, and hours of trying: a service that was stopped over a weekend of an outage begins with hours again.
    Cause.SERVICE: RetryRule(100, timedelta(hours=24), timedelta(minutes=5)),
    # Both outlast an outage of an hour: a folder that is not mounted looks like missing originals, a full memory like a
    # document that kills. It takes 17 attempts then, because the pauses grow to 20 minutes.
    Cause.DOCUMENT: RetryRule(10, timedelta(hours=2), timedelta(minutes=20)),
    Cause.LOST: RetryRule(10, timedelta(hours=2), timedelta(minutes=20)),
    # A mistake does not mend itself.
    Cause.UNEXPECTED: RetryRule(3, timedelta(0), timedelta(minutes=20)),
}


def find_pause(cause: Cause, failures: int, lasting: timedelta) -> timedelta | None:
    """Find the pause before the next attempt; None when there is none and the document is left to ops.

    `failures` attempts have failed for this cause, the first of them `lasting` ago.
    """
    rule = RULES[cause]
    if failures >= rule.attempts and lasting >= rule.period:
        return None
    return min(PAUSE * (1 << min(failures - 1, 20)), rule.max_pause)
