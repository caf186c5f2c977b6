"""Find unanswered documents that people might answer next."""

from collections.abc import Sequence
from random import Random

import sqlalchemy as sa

from sake_ray.domain.documents import Document
from sake_ray.storage.records.database import Database
from sake_ray.storage.records.documents import DOCUMENT, to_document
from sake_ray.storage.records.tables import documents, predictions

TRIES = 3
"""So many draws for each random document: some hit one that was drawn already."""


class Reviews:
    """Documents that were classified and that nobody answered, neither them nor others with the same bytes."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def least_sure(self, limit: int) -> tuple[Document, ...]:
        """Those whose two best labels are closest, those first; of the same bytes one."""
        # From the predictions on, in the order of their index: a hundred thousand documents are not looked at.
        joined = (documents.c.id == predictions.c.document) & (documents.c.prediction == predictions.c.id)
        query = sa.select(documents.c.id, documents.c.sha256).select_from(predictions.join(documents, joined))
        query = query.where(*_OPEN, predictions.c.margin.is_not(None))
        with self.database.transaction(reads_only=True) as connection:
            rows = connection.execute(query.order_by(predictions.c.margin, documents.c.id).limit(2 * limit)).all()
            first = {row.sha256: row.id for row in reversed(rows)}
            ids = [row.id for row in rows if first[row.sha256] == row.id][:limit]
            return _documents(connection, ids)

    def at_random(self, count: int, *, random: Random, without: Sequence[str] = ()) -> tuple[Document, ...]:
        """Some of all others, drawn by the seed of `random`; the ids of documents are random themselves."""
        found: dict[str, str] = {}
        sure = sa.exists().where(predictions.c.id == documents.c.prediction, predictions.c.margin.is_not(None))
        one = sa.select(documents.c.id, documents.c.sha256).where(*_OPEN, sure)
        one = one.where(documents.c.id.not_in(without)).order_by(documents.c.id).limit(1)
        with self.database.transaction(reads_only=True) as connection:
            for _ in range(TRIES * count):
                row = connection.execute(one.where(documents.c.id >= f"{random.getrandbits(128):032x}")).one_or_none()
                if row and len(found) < count:
                    found.setdefault(row.sha256, row.id)
            return _documents(connection, list(found.values()))

    def left(self) -> int:
        """How many documents nobody answered."""
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
