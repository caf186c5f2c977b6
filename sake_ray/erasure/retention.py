"""Erase what is older than its team keeps documents: a few at a time, round after round."""

import logging
from datetime import datetime

from sake_ray.domain.erasures import AT_ONCE, ErasurePlace
from sake_ray.domain.retention import RetentionRule, find_shortest, go_back, is_due
from sake_ray.storage.records import Records
from sake_ray.storage.records.retention import Position

log = logging.getLogger(__name__)


class RetentionRounds:
    """The rounds over old documents. What a rule keeps longer is passed over until the next round."""

    def __init__(self, records: Records, *, default_months: int, chunk: int = AT_ONCE) -> None:
        """`default_months` applies where no rule does; 0 keeps documents for ever."""
        self.records, self.default_months, self.chunk = records, default_months, chunk
        self._last: Position | None = None

    def run_next(self, *, now: datetime) -> int:
        """Delete the rows of the next few that are due; the erasure that this records does the rest. Return how many."""
        default = make_default(self.default_months, now)
        rules = self.records.retention.find_rules()
        shortest = find_shortest([default, *rules.values()])
        if shortest is None:
            return 0
        old, self._last = self.records.retention.list_old(
            before=go_back(now, shortest), after=self._last, limit=self.chunk
        )
        due = [document.id for document in old if is_due(document, rules, default, now)]
        if not due:
            return 0
        begun = self.records.erasures.begin_due(due, lambda document: is_due(document, rules, default, now), now=now)
        count = begun.counts[ErasurePlace.DOCUMENTS] if begun else 0
        if begun:
            log.info("retention", extra={"erasure": begun.number, "nb": count})
        return count


def make_default(months: int, now: datetime) -> RetentionRule:
    """Make the rule that applies where there is none."""
    return RetentionRule("", "", months or None, with_waiting=False, by="", at=now)
