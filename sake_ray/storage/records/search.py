"""Find documents by the words in them; the terms are made by the caller, the same way for documents and questions.

SQLite keeps them in an FTS5 table without the text, PostgreSQL as a tsvector; both under the number that `searchable` gives a
document. Terms are letters and digits only: nothing in them can mean anything to either.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from contextlib import suppress
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import TSQUERY, TSVECTOR

from sake_ray.domain.documents import Document
from sake_ray.storage.records.database import Database
from sake_ray.storage.records.documents import DOCUMENT, DocumentFilter, fetch, narrow, to_document
from sake_ray.storage.records.tables import documents, searchable

INDEX = sa.table("search_index", sa.column("rowid"), sa.column("terms"))
MAX_POSITIONS, LAST_POSITION = 255, 16_383
"""What PostgreSQL keeps of where a term stands."""

Terms = Sequence[Collection[str]]


class Search:
    """The index of what documents say."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def find(
        self, wanted: Sequence[Collection[str]], fitting: DocumentFilter, *, limit: int, offset: int = 0
    ) -> tuple[tuple[Document, ...], int]:
        """The documents that have at least one term of each set, best first, newest first on ties; and how many there are."""
        matches, rank = self._matches(wanted)
        query = (
            sa.select(
                documents.c.id, documents.c.submitted_at, documents.c.batch, documents.c.position, rank.label("rank")
            )
            .select_from(INDEX)
            .join(searchable, searchable.c.number == INDEX.c.rowid)
            .join(documents, documents.c.id == searchable.c.document)
            .where(matches)
        )
        hits = narrow(query, fitting).subquery()
        # Counted on the way: going over the matches is the slow part, and would be done twice.
        best = sa.select(hits.c.id, sa.func.count().over()).order_by(
            hits.c.rank, hits.c.submitted_at.desc(), hits.c.batch, hits.c.position
        )
        with self.database.transaction(reads_only=True) as connection:
            rows = connection.execute(best.limit(limit).offset(offset)).all()
            if offset and not rows:
                return (), int(connection.execute(sa.select(sa.func.count()).select_from(hits)).scalar_one())
            return fetch(connection, [row.id for row in rows]), int(rows[0][1]) if rows else 0

    def missing(self, *, after: str = "", limit: int = 50) -> tuple[Document, ...]:
        """Documents that have a text and are not in the index, by id; those recorded before there was one."""
        there = sa.select(searchable.c.number).where(searchable.c.document == documents.c.id).exists()
        query = DOCUMENT.where(documents.c.id > after, documents.c.prediction.is_not(None), ~there)
        with self.database.transaction(reads_only=True) as connection:
            return tuple(map(to_document, connection.execute(query.order_by(documents.c.id).limit(limit))))

    def add(self, texts: Sequence[tuple[str, Terms]]) -> None:
        """Index documents (id, terms); those that somebody else has indexed meanwhile stay as they are."""
        query = sa.select(searchable.c.document).where(searchable.c.document.in_([document for document, _ in texts]))
        # Where two services begin at the same moment, the one that comes second leaves it to the first.
        with suppress(sa.exc.IntegrityError), self.database.transaction() as connection:
            there = set(connection.execute(query).scalars())
            for document, terms in texts:
                if document not in there:
                    index(connection, document, terms)

    def _matches(self, wanted: Sequence[Collection[str]]) -> tuple[sa.ColumnElement[bool], sa.ColumnElement[float]]:
        if self.database.is_sqlite:
            table: sa.ColumnElement[str] = sa.literal_column("search_index")
            question = " AND ".join(f"({' OR '.join(sorted(terms))})" for terms in wanted)
            return table.op("MATCH", is_comparison=True)(question), sa.func.bm25(table)
        question = " & ".join(f"({' | '.join(sorted(terms))})" for terms in wanted)
        query = sa.cast(question, TSQUERY)
        return INDEX.c.terms.op("@@", is_comparison=True)(query), -sa.func.ts_rank(INDEX.c.terms, query, 1)


def index(connection: sa.Connection, document: str, terms: Terms) -> None:
    """Index a document in the caller's transaction."""
    number = connection.execute(
        searchable.insert().values(document=document).returning(searchable.c.number)
    ).scalar_one()
    text: Any = " ".join(term for word in terms for term in word)
    if connection.dialect.name == "postgresql":
        text = sa.cast(_vector(terms), TSVECTOR)
    connection.execute(sa.insert(INDEX).values(rowid=number, terms=text))


def _vector(terms: Terms) -> str:
    places: dict[str, list[str]] = defaultdict(list)
    for position, word in enumerate(terms, 1):
        for term in word:
            if len(places[term]) < MAX_POSITIONS:
                places[term].append(str(min(position, LAST_POSITION)))
    return " ".join(f"{term}:{','.join(positions)}" for term, positions in places.items())
