"""List batches with how far they are, quickly: counted, without their documents."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from sake_ray.domain.documents import Status
from sake_ray.storage.records.database import Database
from sake_ray.storage.records.documents import TO_CHECK
from sake_ray.storage.records.tables import batches, documents, predictions


@dataclass(frozen=True, slots=True)
class BatchCount:
    """A batch and how many documents it has: in all, pending, ended, of these failed; and to be checked by a person."""

    uuid: str
    reference: str
    team: str
    owner: str
    submitted_at: datetime
    n_files: int = 0
    n_pending: int = 0
    n_ended: int = 0
    n_failed: int = 0
    n_review: int = 0

    @property
    def status(self) -> Status:
        """COMPLETED when every document has ended, FAILED only when all failed."""
        if self.n_ended == self.n_files:
            return Status.FAILED if self.n_failed == self.n_files else Status.COMPLETED
        return Status.PENDING if self.n_pending == self.n_files else Status.IN_PROGRESS


class Batches:
    """Batches without their documents."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def newest(
        self, *, team: str | None, owner: str | None, limit: int, offset: int = 0
    ) -> tuple[tuple[BatchCount, ...], int]:
        """The batches of a team and owner (None: of all), newest first; and how many there are in all."""
        wanted = [column == value for column, value in ((batches.c.team, team), (batches.c.owner, owner)) if value]
        newest = sa.select(batches).where(*wanted).order_by(batches.c.submitted_at.desc(), batches.c.uuid)
        with self.database.transaction(reads_only=True) as connection:
            total = connection.execute(sa.select(sa.func.count()).select_from(batches).where(*wanted)).scalar_one()
            rows = connection.execute(newest.limit(limit).offset(offset)).all()
            counts = {row.batch: row for row in connection.execute(_counts([row.uuid for row in rows]))}
        return tuple(_counted(row, counts.get(row.uuid)) for row in rows), int(total)


def _counts(uuids: list[str]) -> sa.Select[Any]:
    status = documents.c.status
    return (
        sa.select(
            documents.c.batch,
            sa.func.count().label("n_files"),
            _sum(status == Status.PENDING.value, "n_pending"),
            _sum(status.in_([Status.COMPLETED.value, Status.FAILED.value]), "n_ended"),
            _sum(status == Status.FAILED.value, "n_failed"),
            _sum(TO_CHECK, "n_review"),
        )
        .join(predictions, predictions.c.id == documents.c.prediction, isouter=True)
        .where(documents.c.batch.in_(uuids))
        .group_by(documents.c.batch)
    )


def _sum(condition: sa.ColumnElement[bool], name: str) -> sa.Label[int]:
    return sa.func.sum(sa.case((condition, 1), else_=0)).label(name)


def _counted(row: sa.Row[Any], counts: sa.Row[Any] | None) -> BatchCount:
    numbers = {name: int(value) for name, value in counts._mapping.items() if name != "batch"} if counts else {}
    return BatchCount(row.uuid, row.reference, row.team, row.owner, row.submitted_at, **numbers)
