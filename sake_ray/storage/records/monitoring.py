"""Count over everything: documents by status, the age of the queue, throughput, and corrections."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import fmean
from typing import Any

import sqlalchemy as sa

from sake_ray.domain.documents import Status
from sake_ray.domain.retries import Cause
from sake_ray.storage.records.database import Database
from sake_ray.storage.records.queue import COMPLETED
from sake_ray.storage.records.queue_conditions import find_oldest, is_expired
from sake_ray.storage.records.tables import attempts, batches, document_counts, documents

HOURS, WEEKS = 24, 8
ACCEPTED = "accepted"
MEASURED = 300
"""Documents whose seconds are measured: enough for an average, and quick to read."""
DAY, WEEK = timedelta(days=1), timedelta(weeks=1)


@dataclass(frozen=True, slots=True)
class WorkStatus:
    """How many documents were accepted; all rows by status; those in work whose lease has expired; since when the oldest waits.

    `accepted`, without what was erased since, is counted with the batches and not with the rows, so that a row that is missing
    is noticed.
    """

    accepted: int
    documents: dict[Status, int]
    leases_expired: int
    oldest: datetime | None

    @property
    def lost(self) -> int:
        """How many documents were accepted and have no row."""
        return self.accepted - sum(self.documents.values())


@dataclass(frozen=True, slots=True)
class CorrectionCount:
    """How many documents people answered last in a week, and in how many they corrected the label."""

    since: datetime
    answered: int
    corrected: int


@dataclass(frozen=True, slots=True)
class SecondsSpent:
    """Where the seconds of some documents went, on average: before the last attempt and in it; 19 of 20 took less than `most`."""

    documents: int
    waiting: float
    working: float
    most: float


class Monitoring:
    """Counts over all records, each quick with a hundred thousand documents."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def count_documents(self, now: datetime) -> WorkStatus:
        """Count the documents by status, and how many there should be."""
        with self.database.transaction(reads_only=True) as connection:
            # In one statement, which sees both at one moment: what is accepted meanwhile is not lost.
            there = sa.select(document_counts.c.status, sa.func.sum(document_counts.c.documents))
            accepted = sa.select(sa.literal(ACCEPTED), sa.func.sum(batches.c.accepted - batches.c.erased))
            both = sa.union_all(there.group_by(document_counts.c.status), accepted)
            found = {name: int(number or 0) for name, number in connection.execute(both)}
            late = connection.execute(sa.select(sa.func.count()).where(is_expired(now))).scalar_one()
            oldest = find_oldest(connection)
        counted = {status: found.get(status.value, 0) for status in Status}
        return WorkStatus(found[ACCEPTED], counted, int(late), oldest)

    def count_ended_by_hour(self, now: datetime) -> tuple[tuple[datetime, int], ...]:
        """Count the documents that ended in each of the last 24 hours, oldest first; the last hour ends now."""
        hours = [now - timedelta(hours=HOURS - number) for number in range(HOURS)]
        (counts,) = self._rows(sa.select(*_between(hours, documents.c.ended_at, now)), documents.c.ended_at > hours[0])
        return tuple((since, int(count or 0)) for since, count in zip(hours, counts, strict=True))

    def count_review_rate(self, now: datetime, period: timedelta = WEEK) -> tuple[int, int]:
        """Count the documents classified in the last time, seven days by default, and those of them that need review."""
        query = sa.select(sa.func.count(documents.c.needs_review), _sum(documents.c.needs_review))
        ((classified, to_check),) = self._rows(query, documents.c.ended_at > now - period)
        return int(classified), int(to_check or 0)

    def count_corrections(self, now: datetime) -> tuple[CorrectionCount, ...]:
        """Count answers and corrections in each of the last eight weeks (from Monday, UTC), oldest first.

        A document counts once, in the week of its newest answer. An unreadable one says nothing about its prediction.
        """
        monday = now.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=now.weekday())
        weeks = [monday - WEEK * (WEEKS - 1 - number) for number in range(WEEKS)]
        at, corrected = documents.c.answered_at, documents.c.corrected
        query = sa.select(sa.func.count(corrected), _sum(corrected))
        counts = []
        for since, until in zip(weeks, [*weeks[1:], now], strict=True):
            ((answered, changed),) = self._rows(query, at > since, at <= until)
            counts.append(CorrectionCount(since, int(answered), int(changed or 0)))
        return tuple(counts)

    def count_failed_attempts(self, now: datetime) -> dict[Cause, int]:
        """Count the attempts of the last 24 hours that failed through no fault of a document, by cause."""
        query = sa.select(attempts.c.outcome, sa.func.count()).group_by(attempts.c.outcome)
        causes = attempts.c.outcome.in_([cause.value for cause in Cause])
        rows = self._rows(query, causes, attempts.c.ended_at > now - DAY)
        return dict.fromkeys(Cause, 0) | {Cause(outcome): int(count) for outcome, count in rows}

    def measure_seconds(self, now: datetime) -> SecondsSpent | None:
        """Measure the newest documents that were completed in the last 24 hours; None without any."""
        ended = attempts.c.ended_at
        query = sa.select(documents.c.submitted_at, attempts.c.started_at, ended).join_from(attempts, documents)
        query = query.order_by(ended.desc()).limit(MEASURED)
        rows = self._rows(query, attempts.c.outcome == COMPLETED, ended > now - DAY)
        if not rows:
            return None
        waiting, working = (
            [(later - sooner).total_seconds() for sooner, later in pairs]
            for pairs in (((row[0], row[1]) for row in rows), ((row[1], row[2]) for row in rows))
        )
        whole = sorted(map(sum, zip(waiting, working, strict=True)))
        return SecondsSpent(len(rows), fmean(waiting), fmean(working), whole[math.ceil(0.95 * len(whole)) - 1])

    def _rows(self, query: Any, *where: sa.ColumnElement[bool]) -> Sequence[Any]:
        with self.database.transaction(reads_only=True) as connection:
            return connection.execute(query.where(*where)).all()


def _sum(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
    return sa.func.sum(sa.case((condition, 1), else_=0))


def _between(starts: Sequence[datetime], column: sa.ColumnElement[Any], end: datetime) -> list[sa.ColumnElement[int]]:
    """Count what falls between each start and the next, all in one pass."""
    return [_sum((column > since) & (column <= until)) for since, until in zip(starts, [*starts[1:], end], strict=True)]
