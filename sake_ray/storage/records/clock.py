"""Tell the time by which leases, pauses and expiries are measured: that of the database, whoever asks.

Callers on several machines never agree on a time; the server that all of them write to has one. SQLite has no clock but that of
its machine, which all callers share. That one clock may be set, too: then `bring_back` mends what was written before.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from sake_ray.domain.documents import Status
from sake_ray.domain.erasures import ErasureStep
from sake_ray.domain.jobs import JobState
from sake_ray.domain.retries import RULES
from sake_ray.domain.webhooks import DeliveryStatus
from sake_ray.storage.records.conflicts import repeatable
from sake_ray.storage.records.database import Database
from sake_ray.storage.records.locks import lock_rows
from sake_ray.storage.records.tables import batches, deliveries, documents, erasures, jobs, requests, uploads

MAX_PAUSE = max(rule.max_pause for rule in RULES.values())
MAX_LEASE = timedelta(minutes=15)
"""No lease is longer, of whatever kind."""


class Clock:
    """The clock of the records."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def now(self) -> datetime:
        """Tell the time, in UTC. Raises StorageUnavailable."""
        if self.database.is_sqlite:
            return datetime.now(UTC)
        with self.database.transaction(reads_only=True) as connection:
            return read_clock(connection)

    @repeatable
    def bring_back(self, now: datetime, *, lease: timedelta, pause: timedelta = MAX_PAUSE) -> None:
        """Shorten what was written while the clock was ahead, and would end much later than was meant.

        Leases on documents last no longer than `lease` from now on, so that those who live can renew theirs. Documents that
        would wait for longer than `pause` wait no more. Others may be a pause early by it, and nothing else.
        """
        latest = now + MAX_LEASE
        with self.database.transaction() as connection:
            _limit(connection, requests, (requests.c.lease_until, latest, requests.c.reply.is_(None)))
            _limit(connection, uploads, (uploads.c.seen_at, now, sa.true()))
            _limit(
                connection,
                jobs,
                (jobs.c.seen_at, now, jobs.c.state == JobState.RUNNING.value),
                (jobs.c.submitted_at, now, jobs.c.state == JobState.QUEUED.value),
            )
            in_work = documents.c.status == Status.IN_PROGRESS.value
            waits = documents.c.status == Status.PENDING.value
            no_pause = in_work | (waits & (documents.c.attempt == 0)) | (waits & (documents.c.not_before > now + pause))
            _limit(
                connection,
                documents,
                (documents.c.not_before, now, no_pause),
                (documents.c.lease_until, now + lease, in_work),
            )
            _limit(connection, batches, (batches.c.export_not_before, latest, sa.true()))
            # One that failed may wait for a day: it is late by as much as the clock was set back.
            untried = (deliveries.c.status == DeliveryStatus.PENDING.value) & (deliveries.c.error == "")
            _limit(connection, deliveries, (deliveries.c.not_before, latest, untried))
            begun = erasures.c.step.not_in([ErasureStep.SWEEP.value, ErasureStep.DONE.value])
            _limit(connection, erasures, (erasures.c.not_before, latest, begun))


def read_clock(connection: sa.Connection) -> datetime:
    """Read the clock in a transaction, which may have begun long ago."""
    if connection.dialect.name != "postgresql":
        return datetime.now(UTC)
    moment: datetime = connection.execute(sa.select(sa.func.clock_timestamp())).scalar_one()
    return moment.astimezone(UTC)


def _limit(
    connection: sa.Connection,
    table: sa.Table,
    *limits: tuple[sa.Column[Any], datetime, sa.ColumnElement[bool]],
) -> None:
    """Limit columns to a moment each, in the rows for which that is true."""
    later = [(column, latest, (column > latest) & where) for column, latest, where in limits]
    # All at once: one after the other would lock a smaller key after a larger one.
    lock_rows(connection, table, sa.or_(*(where for *_, where in later)))
    for column, latest, where in later:
        connection.execute(table.update().where(where).values({column: latest}))
