"""Find batches, with their documents or with the counts of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from sake_ray.domain.documents import ENDED, Batch, Document, Status
from sake_ray.domain.listing import Listing, list_whole
from sake_ray.errors import NotFound
from sake_ray.storage.records.database import Database
from sake_ray.storage.records.document_query import DOCUMENT, is_counted, to_document
from sake_ray.storage.records.etags import Span
from sake_ray.storage.records.list_order import ListOrder
from sake_ray.storage.records.tables import batches, documents

NEWEST_FIRST = ListOrder("batches", (batches.c.submitted_at, batches.c.uuid))


@dataclass(frozen=True, slots=True)
class BatchCount:
    """A batch and the number of its documents: all, pending, ended, failed among these, needing ops, and needing review.

    What is set aside is not counted, but has one of its `n_positions`.
    """

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
    n_positions: int = 0

    @property
    def status(self) -> Status:
        """COMPLETED when every document has ended, FAILED only when all failed; NEEDS_OPS when nothing but ops can go on."""
        if self.n_needs_ops and self.n_ended + self.n_needs_ops == self.n_files:
            return Status.NEEDS_OPS
        if self.n_ended == self.n_files:
            # One whose documents are all in the bin has none that failed.
            return Status.FAILED if self.n_files and self.n_failed == self.n_files else Status.COMPLETED
        return Status.PENDING if self.n_pending == self.n_files else Status.IN_PROGRESS


class Batches:
    """The uploaded batches."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def list(
        self,
        *,
        team: str | None,
        owner: str | None = None,
        reference: str | None = None,
        after: str | None = None,
        limit: int,
    ) -> Listing[BatchCount]:
        """List the batches of a team, owner and reference (None: of all), newest first.

        Raises InputError for a cursor of another list.
        """
        columns = (batches.c.team, team), (batches.c.owner, owner), (batches.c.reference, reference)
        wanted = [column == value for column, value in columns if value is not None]
        with self.database.transaction(reads_only=True) as connection:
            query = sa.select(batches).where(*wanted)
            page = NEWEST_FIRST.list_rows(connection, query, after=after, limit=limit)
            return Listing(_counted(connection, page.items), page.next_cursor, page.counted)

    def find(self, uuid: str) -> Batch | None:
        """Find a batch by its uuid, without its documents; None without one."""
        with self.database.transaction(reads_only=True) as connection:
            row = connection.execute(_by_uuid(uuid)).one_or_none()
        return _batch(row) if row else None

    def get(self, uuid: str, *, team: str | None) -> Batch:
        """Return a batch without its documents; raises NotFound, also for one of another team."""
        batch = self.find(uuid)
        if batch is None or (team is not None and batch.team != team):
            raise NotFound("batch-not-found", batch=uuid)
        return batch

    def get_whole(self, uuid: str) -> Batch:
        """Return a batch with all its documents that count, in the order they came; raises NotFound."""
        inside = DOCUMENT.where(documents.c.batch == uuid, is_counted()).order_by(documents.c.position)
        with self.database.transaction(reads_only=True) as connection:
            row = connection.execute(_by_uuid(uuid)).one_or_none()
            if row is None:
                raise NotFound("batch-not-found", batch=uuid)
            return replace(_batch(row), documents=tuple(map(to_document, connection.execute(inside))))

    def count(self, uuid: str) -> BatchCount | None:
        """Count the documents of a batch; None without such a batch."""
        with self.database.transaction(reads_only=True) as connection:
            found = _counted(connection, connection.execute(_by_uuid(uuid)).all())
        return found[0] if found else None

    def count_documents(self, uuid: str) -> int:
        """Count the documents of a batch."""
        query = sa.select(sa.func.count()).where(documents.c.batch == uuid, is_counted())
        with self.database.transaction(reads_only=True) as connection:
            return int(connection.execute(query).scalar_one())

    def count_positions(self, uuid: str) -> int:
        """Count the places of a batch: of its documents, and of what is set aside."""
        query = sa.select(sa.func.max(documents.c.position)).where(documents.c.batch == uuid)
        with self.database.transaction(reads_only=True) as connection:
            last = connection.execute(query).scalar_one()
        return 0 if last is None else int(last) + 1

    def count_labels(self, uuid: str) -> Mapping[str, int]:
        """Count the documents of a batch by final label, most first; those without one are left out."""
        number = sa.func.count().label("number")
        query = (
            sa.select(documents.c.final_label.label("label"), number)
            .where(documents.c.batch == uuid, is_counted())
            .group_by(documents.c.final_label)
        )
        with self.database.transaction(reads_only=True) as connection:
            counted = [(row.label, int(row.number)) for row in connection.execute(query) if row.label is not None]
        return dict(sorted(counted, key=lambda pair: (-pair[1], pair[0])))

    def find_by_name(
        self, name: str, *, team: str | None, after: str | None = None, limit: int = 100
    ) -> Listing[BatchCount]:
        """Find the batch of that uuid, or else the batches of that reference, newest first.

        The uuid wins, so that nobody covers another's batch by a reference that looks like its uuid.
        """
        own = _by_uuid(name) if team is None else _by_uuid(name).where(batches.c.team == team)
        with self.database.transaction(reads_only=True) as connection:
            found = _counted(connection, connection.execute(own).all())
        return list_whole(found) if found else self.list(team=team, reference=name, after=after, limit=limit)

    def list_documents(self, spans: Sequence[Span]) -> Mapping[str, tuple[Document, ...]]:
        """List these documents by batch, in the order they came, without what is set aside."""
        query = DOCUMENT.where(sa.or_(sa.false(), *(span.condition for span in spans)), is_counted()).order_by(
            documents.c.batch, documents.c.position
        )
        inside: dict[str, list[Document]] = {span.batch: [] for span in spans}
        with self.database.transaction(reads_only=True) as connection:
            for row in connection.execute(query):
                inside[row.batch].append(to_document(row))
        return {uuid: tuple(found) for uuid, found in inside.items()}


def _by_uuid(uuid: str) -> sa.Select[Any]:
    return sa.select(batches).where(batches.c.uuid == uuid)


def _counted(connection: sa.Connection, rows: Sequence[sa.Row[Any]]) -> tuple[BatchCount, ...]:
    counts = {row.batch: row for row in connection.execute(_counts([row.uuid for row in rows]))}
    return tuple(_to_count(row, counts.get(row.uuid)) for row in rows)


def _counts(uuids: list[str]) -> sa.Select[Any]:
    status = documents.c.status
    return (
        sa.select(
            documents.c.batch,
            _sum(is_counted(), "n_files"),
            _sum(status == Status.PENDING.value, "n_pending"),
            _sum(status.in_([ended.value for ended in ENDED]), "n_ended"),
            _sum(status == Status.FAILED.value, "n_failed"),
            _sum(status == Status.NEEDS_OPS.value, "n_needs_ops"),
            _sum(documents.c.awaits_review, "n_review"),
        )
        .where(documents.c.batch.in_(uuids))
        .group_by(documents.c.batch)
    )


def _sum(condition: sa.ColumnElement[bool], name: str) -> sa.Label[int]:
    return sa.func.sum(sa.case((condition, 1), else_=0)).label(name)


def _to_count(row: sa.Row[Any], counts: sa.Row[Any] | None) -> BatchCount:
    numbers = {name: int(value) for name, value in counts._mapping.items() if name != "batch"} if counts else {}
    # As many as were accepted: counting them would look beyond the index.
    positions = max(row.accepted, numbers.get("n_files", 0))
    return BatchCount(row.uuid, row.reference, row.team, row.owner, row.submitted_at, **numbers, n_positions=positions)


def _batch(row: sa.Row[Any]) -> Batch:
    return Batch(row.uuid, row.reference, row.team, row.owner, row.submitted_at)
