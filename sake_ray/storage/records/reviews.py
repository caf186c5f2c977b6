"""Find documents without an answer that people might review next."""

from collections.abc import Sequence
from random import Random

import sqlalchemy as sa

from sake_ray.domain.documents import Document
from sake_ray.storage.records.database import Database
from sake_ray.storage.records.document_query import DOCUMENT, to_document
from sake_ray.storage.records.tables import documents, predictions

DRAWS = 3
"""Draws for each random document: some hit one that was drawn already."""


class Reviews:
    """Classified documents without an answer, to them or to others with the same bytes."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def list_least_sure(self, limit: int) -> tuple[Document, ...]:
        """List those whose two best labels are closest, closest first; one for the same bytes."""
        # From the predictions on, in the order of their index: a hundred thousand documents are not looked at.
        joined = (documents.c.id == predictions.c.document) & (documents.c.prediction == predictions.c.id)
        query = sa.select(documents.c.id, documents.c.sha256).select_from(predictions.join(documents, joined))
        query = query.where(*_OPEN, predictions.c.margin.is_not(None))
        with self.database.transaction(reads_only=True) as connection:
            rows = connection.execute(query.order_by(predictions.c.margin, documents.c.id).limit(2 * limit)).all()
            first = {row.sha256: row.id for row in reversed(rows)}
            ids = [row.id for row in rows if first[row.sha256] == row.id][:limit]
            return _documents(connection, ids)

    def sample(self, count: int, *, random: Random, excluding: Sequence[str] = ()) -> tuple[Document, ...]:
        """Sample the others by the seed of `random`; the ids of documents are random themselves."""
        found: dict[str, str] = {}
        sure = sa.exists().where(predictions.c.id == documents.c.prediction, predictions.c.margin.is_not(None))
        one = sa.select(documents.c.id, documents.c.sha256).where(*_OPEN, sure)
        one = one.where(documents.c.id.not_in(excluding)).order_by(documents.c.id).limit(1)
        with self.database.transaction(reads_only=True) as connection:
            for _ in range(DRAWS * count):
                row = connection.execute(one.where(documents.c.id >= f"{random.getrandbits(128):032x}")).one_or_none()
                if row and len(found) < count:
                    found.setdefault(row.sha256, row.id)
            return _documents(connection, list(found.values()))

    def count_unanswered(self) -> int:
        """Count the documents without an answer."""
        query = sa.select(sa.func.count()).where(documents.c.prediction.is_not(None), documents.c.answer.is_(None))
        with self.database.transaction(reads_only=True) as connection:
            return int(connection.execute(query).scalar_one())


_SAME = documents.alias("same")
_OPEN = (
    documents.c.prediction.is_not(None),
    documents.c.answer.is_(None),
    ~sa.exists().where(_SAME.c.sha256 == documents.c.sha256, _SAME.c.answer.is_not(None)),
)


def _documents(connection: sa.Connection, ids: Sequence[str]) -> tuple[Document, ...]:
    rows = connection.execute(DOCUMENT.where(documents.c.id.in_(ids)))
    known = {row.id: to_document(row) for row in rows}
    return tuple(known[id] for id in ids)
