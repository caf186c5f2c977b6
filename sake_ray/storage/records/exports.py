"""Hand out the batches whose exports are due, and record how each attempt at them ended."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from sake_ray.storage.records.conflicts import repeatable
from sake_ray.storage.records.database import Database
from sake_ray.storage.records.tables import batches


@dataclass(frozen=True, slots=True)
class ExportClaim:
    """One attempt at the exports of a batch, and how many changes they will include; nobody else makes one until `until`."""

    batch: str
    changes: int
    attempt: int
    until: datetime


class Exports:
    """The exports of the batches: what is due, and what keeps failing."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def has_due(self, now: datetime) -> bool:
        """Return whether a claim would find something, without locking anything."""
        with self.database.transaction(reads_only=True) as connection:
            return connection.execute(sa.select(batches.c.uuid).where(*_due(now)).limit(1)).first() is not None

    @repeatable
    def claim(self, *, lease: timedelta, now: datetime) -> ExportClaim | None:
        """Claim the batch that has waited longest since its last export, or since it came; None when nothing is due."""
        longest = (
            sa.select(batches.c.uuid, batches.c.changes, batches.c.export_attempts)
            .where(*_due(now))
            .order_by(sa.func.coalesce(batches.c.exported_at, batches.c.submitted_at), batches.c.uuid)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        with self.database.transaction() as connection:
            row = connection.execute(longest).one_or_none()
            if row is None:
                return None
            claim = ExportClaim(row.uuid, row.changes, row.export_attempts + 1, now + lease)
            started = {"export_attempts": claim.attempt, "export_not_before": claim.until}
            connection.execute(batches.update().where(batches.c.uuid == row.uuid).values(**started))
        return claim

    @repeatable
    def complete(self, claim: ExportClaim, *, now: datetime, pause: timedelta = timedelta()) -> None:
        """Record that the exports include the changes of the claim; later ones are due after the pause.

        When another has claimed the batch meanwhile, its newer exports may just have been overwritten: they are due again.
        """
        ended = {
            "exported": claim.changes,
            "exported_at": now,
            "export_attempts": 0,
            "export_not_before": now + pause if pause else None,
            "export_error": "",
        }
        with self.database.transaction() as connection:
            if not connection.execute(_held(claim).values(**ended)).rowcount:
                connection.execute(batches.update().where(batches.c.uuid == claim.batch).values(exported=-1))

    @repeatable
    def fail(self, claim: ExportClaim, error: str, *, not_before: datetime) -> None:
        """Record why an attempt failed, and when the next may be made; nothing when another has claimed the batch."""
        with self.database.transaction() as connection:
            connection.execute(_held(claim).values(export_error=error, export_not_before=not_before))

    def count_failing(self) -> int:
        """Count the batches whose exports are due and failed the last time."""
        failing = sa.select(sa.func.count()).where(_BEHIND, batches.c.export_error != "")
        with self.database.transaction(reads_only=True) as connection:
            return int(connection.execute(failing).scalar_one())


# As it is written in the partial index, so that both databases use that.
_BEHIND = batches.c.exported < batches.c.changes


def _due(now: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    return _BEHIND, sa.or_(batches.c.export_not_before.is_(None), batches.c.export_not_before <= now)


def _held(claim: ExportClaim) -> sa.Update:
    """The update that finds nothing once another has claimed the batch."""
    return batches.update().where(batches.c.uuid == claim.batch, batches.c.export_not_before == claim.until)
