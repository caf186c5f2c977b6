"""Find documents without an answer that people might review next."""

from collections.abc import Iterator, Sequence
from random import Random
from typing import Any

import sqlalchemy as sa

from sake_ray.domain.documents import Document, Status
from sake_ray.storage.records.counts import count_open, read_counts
from sake_ray.storage.records.database import Database
from sake_ray.storage.records.document_query import DOCUMENT, to_document
from sake_ray.storage.records.list_order import count_rows
from sake_ray.storage.records.tables import documents, predictions

DRAWS = 3
"""Draws for each random document: some hit one that was drawn already."""


class Reviews:
    """Classified documents without an answer, to them or to others with the same bytes.

    Without parts of files: a model learns nothing from an answer to one. Of all teams, or of one, which does not learn then
    whether another has the same bytes.
    """

    def __init__(self, database: Database) -> None:
        self.database = database

    def list_least_sure(self, limit: int, *, team: str | None = None) -> tuple[Document, ...]:
        """List those whose two best labels are closest, closest first; one for the same bytes."""
        first: dict[str, str] = {}
        after: tuple[float, str, str] | None = None
        with self.database.transaction(reads_only=True) as connection:
            while len(first) < limit:
                page = connection.execute(_select_open(after, team).limit(2 * limit)).all()
                answered = _find_answered(connection, [row.sha256 for row in page], team)
                for row in page:
                    if row.this == row.prediction and row.sha256 not in answered:
                        first.setdefault(row.sha256, row.id)
                if len(page) < 2 * limit:
                    break
                after = page[-1].margin, page[-1].id, page[-1].this
            return _documents(connection, list(first.values())[:limit])

    def sample(
        self, count: int, *, random: Random, excluding: Sequence[str] = (), team: str | None = None
    ) -> tuple[Document, ...]:
        """Sample the others by the seed of `random`; the ids of documents are random themselves."""
        found: dict[str, str] = {}
        sure = sa.exists().where(predictions.c.id == documents.c.prediction, predictions.c.margin.is_not(None))
        one = sa.select(documents.c.id, documents.c.sha256).where(*_list_open(team), sure)
        one = one.where(documents.c.id.not_in(excluding)).order_by(documents.c.id).limit(1)
        with self.database.transaction(reads_only=True) as connection:
            for _ in range(DRAWS * count):
                drawn = one.where(documents.c.id >= f"{random.getrandbits(128):032x}")
                # Beyond the last id it goes on at the first: else documents with low ids would hardly ever be drawn.
                row = connection.execute(drawn).one_or_none() or connection.execute(one).one_or_none()
                if row and len(found) < count:
                    found.setdefault(row.sha256, row.id)
            return _documents(connection, list(found.values()))

    def count_unanswered(self, *, team: str | None = None) -> int:
        """Count the classified documents without an answer, as they were handed in: parts are not reviewed here.

        Those of one team are counted one by one, up to MAX_TOTAL + 1.
        """
        if team is not None:
            return self._count_of_team(team)
        part = (
            documents.c.parent.is_not(None),
            documents.c.status == Status.COMPLETED.value,
            documents.c.answer.is_(None),
        )
        with self.database.transaction(reads_only=True) as connection:
            parts = connection.execute(sa.select(sa.func.count()).select_from(documents).where(*part)).scalar_one()
            return count_open(read_counts(connection)) - int(parts)

    def _count_of_team(self, team: str) -> int:
        open_ones = sa.select(documents.c.id).where(
            documents.c.team == team,
            documents.c.status == Status.COMPLETED.value,
            documents.c.answer.is_(None),
            documents.c.parent.is_(None),
        )
        with self.database.transaction(reads_only=True) as connection:
            return count_rows(connection, open_ones)


_SAME = documents.alias("same")


def _list_open(team: str | None) -> Iterator[sa.ColumnElement[bool]]:
    """List what is true of an open document."""
    answered = sa.exists().where(
        _SAME.c.sha256 == documents.c.sha256, _SAME.c.parent.is_(None), _SAME.c.answer.is_not(None)
    )
    yield documents.c.prediction.is_not(None)
    yield documents.c.answer.is_(None)
    yield documents.c.parent.is_(None)
    if team is None:
        yield ~answered
    else:
        yield documents.c.team == team
        yield ~answered.where(_SAME.c.team == team)


def _select_open(after: tuple[float, str, str] | None, team: str | None) -> sa.Select[Any]:
    """Select classified documents without an answer of their own, the closest first."""
    # From the predictions on, in the order of their index: a hundred thousand documents are not looked at. Answers to others
    # with the same bytes are looked for afterwards, since PostgreSQL would begin with all of them.
    # Whether it is the document's newest is left to the caller, for the same reason.
    newest = documents.c.prediction, predictions.c.id.label("this")
    query = sa.select(documents.c.id, documents.c.sha256, predictions.c.margin, *newest)
    query = query.join_from(predictions, documents, documents.c.id == predictions.c.document)
    query = query.where(documents.c.answer.is_(None), documents.c.parent.is_(None))
    query = query if team is None else query.where(documents.c.team == team)
    if after is None:
        query = query.where(predictions.c.margin.is_not(None))
    else:
        margin, id, this = after
        # A document has a prediction for each policy it was under, all with the same margin.
        last = (documents.c.id == id) & (predictions.c.id > this)
        beyond = (predictions.c.margin > margin) | (documents.c.id > id) | last
        query = query.where(predictions.c.margin >= margin, beyond)
    return query.order_by(predictions.c.margin, documents.c.id, predictions.c.id)


def _find_answered(connection: sa.Connection, sha256s: Sequence[str], team: str | None) -> frozenset[str]:
    query = sa.select(documents.c.sha256).where(documents.c.sha256.in_(sha256s), documents.c.answer.is_not(None))
    query = query.where(documents.c.parent.is_(None))
    query = query if team is None else query.where(documents.c.team == team)
    return frozenset(connection.execute(query).scalars())


def _documents(connection: sa.Connection, ids: Sequence[str]) -> tuple[Document, ...]:
    rows = connection.execute(DOCUMENT.where(documents.c.id.in_(ids)))
    known = {row.id: to_document(row) for row in rows}
    return tuple(known[id] for id in ids)
