"""How long documents are kept: for each team, with exceptions for single labels."""

import calendar
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sake_ray.domain.documents import Status

MAX_MONTHS = 1200


@dataclass(frozen=True, slots=True)
class RetentionRule:
    """How long documents of a team and label are kept; an empty team or label stands for all that have no rule of their own.

    `months` None: for ever. `with_waiting`: also what still waits for people.
    """

    team: str
    label: str
    months: int | None
    with_waiting: bool
    by: str
    at: datetime


Rules = Mapping[tuple[str, str], RetentionRule]
"""The newest rule of each team and label."""


@dataclass(frozen=True, slots=True)
class OldDocument:
    """A file with its parts: what it counts as, and whether anybody still has to look at it or work on it."""

    id: str
    team: str
    submitted_at: datetime
    labels: frozenset[str]
    awaits_review: bool
    statuses: frozenset[Status]


def choose_rule(rules: Rules, team: str, label: str, default: RetentionRule) -> RetentionRule:
    """Choose the rule for a team and label: the narrowest that there is, a team's before one for a label of all teams."""
    for key in ((team, label), (team, ""), ("", label), ("", "")):
        if key in rules:
            return rules[key]
    return default


def is_due(document: OldDocument, rules: Rules, default: RetentionRule, now: datetime) -> bool:
    """Whether a document is to be erased. Of several labels, as a split file has, the one that is kept longest decides."""
    found = [choose_rule(rules, document.team, label, default) for label in document.labels or {""}]
    if document.statuses & {Status.PENDING, Status.IN_PROGRESS, Status.BINNED}:
        return False  # it is in work, or in the bin, which has days of its own
    is_waiting = document.awaits_review or Status.NEEDS_OPS in document.statuses
    if is_waiting and not all(rule.with_waiting for rule in found):
        return False
    return all(rule.months is not None and document.submitted_at < go_back(now, rule.months) for rule in found)


def find_shortest(rules: Collection[RetentionRule]) -> int | None:
    """The shortest time of any rule, in months; None when all documents are kept for ever."""
    return min((rule.months for rule in rules if rule.months is not None), default=None)


def go_back(moment: datetime, months: int) -> datetime:
    """Go back so many months of the calendar; from a day that the month lacks to its last."""
    count = moment.year * 12 + moment.month - 1 - months
    year, month = max(1, count // 12), count % 12 + 1
    return moment.replace(year=year, month=month, day=min(moment.day, calendar.monthrange(year, month)[1]))
