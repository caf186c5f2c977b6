"""Find batches, with their documents or with the counts of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from sake_ray.domain.documents import ENDED, Batch, Document, Status
from sake_ray.storage.records.database import Database
from sake_ray.storage.records.document_query import AWAITS_REVIEW, DOCUMENT, to_document
from sake_ray.storage.records.tables import batches, documents, predictions


@dataclass(frozen=True, slots=True)
class BatchCount:
    """A batch and the number of its documents: all, pending, ended, failed among these, needing ops, and needing review."""

    uuid: str
    reference: str
    team: str
    owner: str
    submitted_at: datetime
    n_files: int = 0
    n_pending: int = 0
    n_ended: int = 0
    n_failed: int = 0
    n_needs_ops: int = 0
    n_review: int = 0

    @property
    def status(self) -> Status:
        """COMPLETED when every document has ended, FAILED only when all failed; NEEDS_OPS when nothing but ops can go on."""
        if self.n_needs_ops and self.n_ended + self.n_needs_ops == self.n_files:
            return Status.NEEDS_OPS
        if self.n_ended == self.n_files:
            return Status.FAILED if self.n_failed == self.n_files else Status.COMPLETED
        return Status.PENDING if self.n_pending == self.n_files else Status.IN_PROGRESS


class Batches:
    """The uploaded batches."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def list(
        self, *, team: str | None, owner: str | None, limit: int, offset: int = 0
    ) -> tuple[tuple[BatchCount, ...], int]:
        """List the batches of a team and owner (None: of all), newest first, and count them."""
        wanted = [column == value for column, value in ((batches.c.team, team), (batches.c.owner, owner)) if value]
        newest = sa.select(batches).where(*wanted).order_by(batches.c.submitted_at.desc(), batches.c.uuid)
        with self.database.transaction(reads_only=True) as connection:
            total = connection.execute(sa.select(sa.func.count()).select_from(batches).where(*wanted)).scalar_one()
            rows = connection.execute(newest.limit(limit).offset(offset)).all()
            counts = {row.batch: row for row in connection.execute(_counts([row.uuid for row in rows]))}
        return tuple(_counted(row, counts.get(row.uuid)) for row in rows), int(total)

    def find(self, uuid: str) -> Batch | None:
        """Find a batch by its uuid, without its documents; None without one."""
        with self.database.transaction(reads_only=True) as connection:
            row = connection.execute(sa.select(batches).where(batches.c.uuid == uuid)).one_or_none()
        return _batch(row) if row else None

    def count_documents(self, uuid: str) -> int:
        """Count the documents of a batch."""
        query = sa.select(sa.func.count()).where(documents.c.batch == uuid)
        with self.database.transaction(reads_only=True) as connection:
            return int(connection.execute(query).scalar_one())

    def find_by_name(
        self, name: str, *, team: str | None, limit: int = 100, offset: int = 0
    ) -> tuple[tuple[Batch, ...], int]:
        """Find the batches of that uuid or reference, newest first, with their documents, and count them."""
        named = sa.or_(batches.c.uuid == name, batches.c.reference == name)
        where = named if team is None else named & (batches.c.team == team)
        newest = sa.select(batches).where(where).order_by(batches.c.submitted_at.desc(), batches.c.uuid)
        with self.database.transaction(reads_only=True) as connection:
            total = connection.execute(sa.select(sa.func.count()).select_from(batches).where(where)).scalar_one()
            found = [_batch(row) for row in connection.execute(newest.limit(limit).offset(offset))]
            rows = connection.execute(
                DOCUMENT.where(documents.c.batch.in_([batch.uuid for batch in found])).order_by(documents.c.position)
            )
            inside: dict[str, list[Document]] = {batch.uuid: [] for batch in found}
            for row in rows:
                inside[row.batch].append(to_document(row))
        return tuple(_with(batch, inside[batch.uuid]) for batch in found), int(total)

    def list_due_exports(self, *, limit: int = 20) -> tuple[tuple[str, int], ...]:
        """List batches whose exports are out of date, each with the number of changes up to now."""
        query = sa.select(batches.c.uuid, batches.c.changes).where(batches.c.exported < batches.c.changes).limit(limit)
        with self.database.transaction(reads_only=True) as connection:
            return tuple((row.uuid, row.changes) for row in connection.execute(query))

    def mark_exported(self, uuid: str, changes: int) -> None:
        """Record that the exports of a batch include this many changes."""
        with self.database.transaction() as connection:
            connection.execute(batches.update().where(batches.c.uuid == uuid).values(exported=changes))


def _counts(uuids: list[str]) -> sa.Select[Any]:
    status = documents.c.status
    return (
        sa.select(
            documents.c.batch,
            sa.func.count().label("n_files"),
            _sum(status == Status.PENDING.value, "n_pending"),
            _sum(status.in_([ended.value for ended in ENDED]), "n_ended"),
            _sum(status == Status.FAILED.value, "n_failed"),
            _sum(status == Status.NEEDS_OPS.value, "n_needs_ops"),
            _sum(AWAITS_REVIEW, "n_review"),
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


def _batch(row: sa.Row[Any]) -> Batch:
    return Batch(row.uuid, row.reference, row.team, row.owner, row.submitted_at)


def _with(batch: Batch, inside: Sequence[Document]) -> Batch:
    return Batch(batch.uuid, batch.reference, batch.team, batch.owner, batch.submitted_at, tuple(inside))
