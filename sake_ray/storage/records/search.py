"""Find documents by their words. The caller makes the terms, in the same way for documents and queries.

SQLite stores them in an FTS5 table without the text, PostgreSQL as a tsvector, both under the number that `searchable` gives a
document. Terms are letters and digits only, so that neither database can take them for operators.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from contextlib import suppress
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import TSQUERY, TSVECTOR

from sake_ray.domain.documents import Document
from sake_ray.storage.records.conflicts import repeatable
from sake_ray.storage.records.database import Database
from sake_ray.storage.records.document_query import DOCUMENT, DocumentFilter, apply_filter, fetch_documents, to_document
from sake_ray.storage.records.tables import documents, searchable

INDEX = sa.table("search_index", sa.column("rowid"), sa.column("terms"))
MAX_POSITIONS, LAST_POSITION = 255, 16_383
"""The limits of PostgreSQL for the positions of a term."""

Terms = Sequence[Collection[str]]


class Search:
    """The search index of the documents."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def find(
        self, term_sets: Sequence[Collection[str]], criteria: DocumentFilter, *, limit: int, offset: int = 0
    ) -> tuple[tuple[Document, ...], int]:
        """Find the documents with at least one term of each set, best first, then newest first, and count them."""
        matches, rank = self._matches(term_sets)
        query = (
            sa.select(
                documents.c.id, documents.c.submitted_at, documents.c.batch, documents.c.position, rank.label("rank")
            )
            .select_from(INDEX)
            .join(searchable, searchable.c.number == INDEX.c.rowid)
            .join(documents, documents.c.id == searchable.c.document)
            .where(matches)
        )
        hits = apply_filter(query, criteria).subquery()
        # Counted on the way: going over the matches is the slow part, and would be done twice.
        best = sa.select(hits.c.id, sa.func.count().over()).order_by(
            hits.c.rank, hits.c.submitted_at.desc(), hits.c.batch, hits.c.position
        )
        with self.database.transaction(reads_only=True) as connection:
            rows = connection.execute(best.limit(limit).offset(offset)).all()
            if offset and not rows:
                return (), int(connection.execute(sa.select(sa.func.count()).select_from(hits)).scalar_one())
            return fetch_documents(connection, [row.id for row in rows]), int(rows[0][1]) if rows else 0

    def list_missing(self, *, after: str = "", limit: int = 50) -> tuple[Document, ...]:
        """List documents that have a text and are not in the index, by id: those from before there was one."""
        indexed = sa.select(searchable.c.number).where(searchable.c.document == documents.c.id).exists()
        query = DOCUMENT.where(documents.c.id > after, documents.c.prediction.is_not(None), ~indexed)
        with self.database.transaction(reads_only=True) as connection:
            return tuple(map(to_document, connection.execute(query.order_by(documents.c.id).limit(limit))))

    @repeatable
    def add(self, texts: Sequence[tuple[str, Terms]]) -> None:
        """Index documents (id, terms); those that another process has indexed meanwhile stay as they are."""
        query = sa.select(searchable.c.document).where(searchable.c.document.in_([document for document, _ in texts]))
        # Where two services start at the same moment, the second leaves it to the first.
        with suppress(sa.exc.IntegrityError), self.database.transaction() as connection:
            indexed = set(connection.execute(query).scalars())
            for document, terms in texts:
                if document not in indexed:
                    index_document(connection, document, terms)

    def holds(self, number: int, terms: Collection[str]) -> bool:
        """Tell whether the index has an entry of this number that contains all these terms."""
        query = sa.select(INDEX.c.rowid).where(INDEX.c.rowid == number)
        if terms:
            query = query.where(self._matches([{term} for term in terms])[0])
        with self.database.transaction(reads_only=True) as connection:
            return connection.execute(query).first() is not None

    def _matches(self, term_sets: Sequence[Collection[str]]) -> tuple[sa.ColumnElement[bool], sa.ColumnElement[float]]:
        if self.database.is_sqlite:
            table: sa.ColumnElement[str] = sa.literal_column("search_index")
            expression = " AND ".join(f"({' OR '.join(sorted(terms))})" for terms in term_sets)
            return table.op("MATCH", is_comparison=True)(expression), sa.func.bm25(table)
        expression = " & ".join(f"({' | '.join(sorted(terms))})" for terms in term_sets)
        query = sa.cast(expression, TSQUERY)
        return INDEX.c.terms.op("@@", is_comparison=True)(query), -sa.func.ts_rank(INDEX.c.terms, query, 1)


def index_document(connection: sa.Connection, document: str, terms: Terms) -> None:
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
