"""Tell whether batches and documents are still as they were sent, without loading them."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

import sqlalchemy as sa

from sake_ray.storage.records.database import Database
from sake_ray.storage.records.tables import batches, documents

UNSEEN = {
    # The work on a document; what comes of it is in other columns.
    *("attempt", "worker", "lease_until", "not_before"),
    # These never change.
    *("batch", "position", "name", "media_type", "size", "sha256", "original", "submitted_at"),
    *("team", "owner", "reference", "split", "parent", "first_page", "last_page"),
    # These change only together with status, prediction or error.
    *("ended_at", "recipe", "error_params", "policy_version", "needs_review", "awaits_review", "final_label"),
    *("answered_at", "corrected"),
}
"""The columns of a document that make no difference to what is sent of it; any other column does."""
_SEEN = [column for column in documents.c if column.name not in UNSEEN]


@dataclass(frozen=True, slots=True)
class Span:
    """Documents of a batch, from one position (the first is 0) up to another, which is not included."""

    batch: str
    start: int
    end: int

    @property
    def condition(self) -> sa.ColumnElement[bool]:
        """Whether a document is one of them."""
        return sa.and_(
            documents.c.batch == self.batch, documents.c.position >= self.start, documents.c.position < self.end
        )


class EntityTags:
    """Entity tags of batches and documents: texts that differ when what is sent of them differs."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def of_batch(self, uuid: str) -> str:
        """The entity tag of a batch without its documents; it costs no more than counting them."""
        changes = sa.select(batches.c.changes).where(batches.c.uuid == uuid)
        statuses = (
            sa.select(documents.c.status, sa.func.count())
            .where(documents.c.batch == uuid)
            .group_by(documents.c.status)
            .order_by(documents.c.status)
        )
        with self.database.transaction(reads_only=True) as connection:
            counted = connection.execute(statuses).all()
            return _digest([(connection.execute(changes).scalar(),), *counted])

    def of_documents(self, spans: Sequence[Span]) -> str:
        """The entity tag of these documents, read from narrow rows of one table."""
        query = (
            sa.select(*_SEEN)
            .where(sa.or_(sa.false(), *(span.condition for span in spans)))
            .order_by(documents.c.batch, documents.c.position)
        )
        with self.database.transaction(reads_only=True) as connection:
            return _digest(connection.execute(query).all())

    def of_document(self, id: str) -> str:
        """The entity tag of one document, and of the parts that are sent with it."""
        parent = sa.select(documents.c.parent).where(documents.c.id == id)
        with self.database.transaction(reads_only=True) as connection:
            root = connection.execute(parent).scalar_one_or_none() or id
            family = (documents.c.id == id) | (documents.c.parent == root)
            return _digest(connection.execute(sa.select(*_SEEN).where(family).order_by(documents.c.id)).all())


def _digest(rows: Sequence[sa.Row[tuple[object, ...]] | tuple[object, ...]]) -> str:
    return sha256(repr([tuple(row) for row in rows]).encode("utf-8", "surrogatepass")).hexdigest()
