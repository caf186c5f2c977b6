"""Find documents without an answer that people might review next."""

from collections.abc import Sequence
from random import Random
from typing import Any

import sqlalchemy as sa

from sake_ray.domain.documents import Document, Status
from sake_ray.storage.records.counts import count_open, read_counts
from sake_ray.storage.records.database import Database
from sake_ray.storage.records.document_query import DOCUMENT, to_document
from sake_ray.storage.records.tables import documents, predictions

DRAWS = 3
"""Draws for each random document: some hit one that was drawn already."""


class Reviews:
    """Classified documents without an answer, to them or to others with the same bytes.

    Without parts of files: a model learns nothing from an answer to one.
    """

    def __init__(self, database: Database) -> None:
        self.database = database

    def list_least_sure(self, limit: int) -> tuple[Document, ...]:
        """List those whose two best labels are closest, closest first; one for the same bytes."""
        first: dict[str, str] = {}
        after: tuple[float, str, str] | None = None
        with self.database.transaction(reads_only=True) as connection:
            while len(first) < limit:
                page = connection.execute(_select_open(after).limit(2 * limit)).all()
                answered = _find_answered(connection, [row.sha256 for row in page])
                for row in page:
                    if row.this == row.prediction and row.sha256 not in answered:
                        first.setdefault(row.sha256, row.id)
                if len(page) < 2 * limit:
                    break
                after = page[-1].margin, page[-1].id, page[-1].this
            return _documents(connection, list(first.values())[:limit])

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
        """Count the classified documents without an answer, as they were handed in: parts are not reviewed here."""
        part = (
            documents.c.parent.is_not(None),
            documents.c.status == Status.COMPLETED.value,
            documents.c.answer.is_(None),
        )
        with self.database.transaction(reads_only=True) as connection:
            parts = connection.execute(sa.select(sa.func.count()).select_from(documents).where(*part)).scalar_one()
            return count_open(read_counts(connection)) - int(parts)


_SAME = documents.alias("same")
_OPEN = (
    documents.c.prediction.is_not(None),
    documents.c.answer.is_(None),
    documents.c.parent.is_(None),
    ~sa.exists().where(_SAME.c.sha256 == documents.c.sha256, _SAME.c.parent.is_(None), _SAME.c.answer.is_not(None)),
)


def _select_open(after: tuple[float, str, str] | None) -> sa.Select[Any]:
    """Select classified documents without an answer of their own, the closest first."""
    # From the predictions on, in the order of their index: a hundred thousand documents are not looked at. Answers to others
    # with the same bytes are looked for afterwards, since PostgreSQL would begin with all of them.
    # Whether it is the document's newest is left to the caller, for the same reason.
    newest = documents.c.prediction, predictions.c.id.label("this")
    query = sa.select(documents.c.id, documents.c.sha256, predictions.c.margin, *newest)
    query = query.join_from(predictions, documents, documents.c.id == predictions.c.document)
    query = query.where(documents.c.answer.is_(None), documents.c.parent.is_(None))
    if after is None:
        query = query.where(predictions.c.margin.is_not(None))
    else:
        margin, id, this = after
        # A document has a prediction for each policy it was under, all with the same margin.
        last = (documents.c.id == id) & (predictions.c.id > this)
        beyond = (predictions.c.margin > margin) | (documents.c.id > id) | last
        query = query.where(predictions.c.margin >= margin, beyond)
    return query.order_by(predictions.c.margin, documents.c.id, predictions.c.id)


def _find_answered(connection: sa.Connection, sha256s: Sequence[str]) -> frozenset[str]:
    query = sa.select(documents.c.sha256).where(documents.c.sha256.in_(sha256s), documents.c.answer.is_not(None))
    query = query.where(documents.c.parent.is_(None))
    return frozenset(connection.execute(query).scalars())


def _documents(connection: sa.Connection, ids: Sequence[str]) -> tuple[Document, ...]:
    rows = connection.execute(DOCUMENT.where(documents.c.id.in_(ids)))
    known = {row.id: to_document(row) for row in rows}
    return tuple(known[id] for id in ids)
