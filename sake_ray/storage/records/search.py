"""Find documents by their words. The caller makes the terms, in the same way for documents and queries.

SQLite stores them in an FTS5 table without the text, PostgreSQL as a tsvector, both under the number that `searchable` gives a
document. Terms are letters and digits only, so that neither database can take them for operators. What a document never
changes, as its team, is a term too: then the index alone tells what is found.
"""

from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from sake_ray.domain.documents import SET_ASIDE, Document
from sake_ray.domain.listing import MAX_TOTAL, Listing, make_cursor, parse_named_cursor
from sake_ray.storage.records.conflicts import repeatable
from sake_ray.storage.records.database import Database
from sake_ray.storage.records.document_query import DOCUMENT, DocumentFilter, apply_filter, fetch_documents, to_document
from sake_ray.storage.records.search_index import (
    INDEX,
    MARKS,
    SLOTS,
    Terms,
    index_document,
    list_newest,
    list_some,
    make_criterion,
    match,
    rank,
    to_milliseconds,
    use_index,
)
from sake_ray.storage.records.tables import documents, searchable

MAX_RANKED = 1000
"""Of more matches the newest come first: ranking looks at each of them."""
LOOKED_AT = 1000
"""Of so many matches at most it is counted how many have a label, or await review: each is looked up."""
NEAR = 2000
"""So many of the newest documents PostgreSQL looks at one by one, then at five times as many, where a great many match."""


@dataclass(frozen=True, slots=True)
class FoundDocuments(Listing[Document]):
    """What was found: best first, then newest first; or newest first only where there is too much to rank."""

    ranked: bool = True


class Search:
    """The search index of the documents."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def find(
        self,
        term_sets: Sequence[Collection[str]],
        criteria: DocumentFilter,
        *,
        limit: int,
        after: str | None = None,
    ) -> FoundDocuments:
        """Find the documents with at least one term of each set; best first, or newest first when more than MAX_RANKED match.

        `since` and `until` are looked at to the millisecond. Raises InputError for a cursor of another list.
        """
        # A list goes on as it began, also when there is more to be found meanwhile.
        was_ranked, last = parse_named_cursor("search", after, (int, int)) if after is not None else (None, None)
        below = None if last is None else int(last)
        with self.database.transaction(reads_only=True) as connection:
            use_index(connection)
            matching, wanted = _select_numbers(connection, term_sets, criteria), _changing(criteria, INDEX)
            some = list_some(connection, matching, MAX_TOTAL + 1)
            candidates = MAX_TOTAL + 1 if some is None else len(some)
            query = matching if wanted is None else matching.where(wanted)
            ranked = candidates <= MAX_RANKED if was_ranked is None else bool(was_ranked)
            if ranked:
                numbers = list_newest(connection, query, below=None, limit=2 * MAX_RANKED)
                numbers = _follow(rank(connection, numbers, term_sets, common=MAX_TOTAL), below, limit + 1)
            elif some is not None and candidates <= MAX_TOTAL and wanted is None:
                numbers = sorted((one for one in some if below is None or one < below), reverse=True)[: limit + 1]
            else:
                near = (NEAR, 5 * NEAR) if candidates > MAX_TOTAL else ()
                numbers = list_newest(connection, query, below=below, limit=limit + 1, near=near)
            found = _fetch(connection, numbers[:limit])
            counted = candidates if wanted is None else _count_some(connection, matching, criteria)
        more = limit and len(numbers) > limit
        cursor = make_cursor(("search", int(ranked), numbers[limit - 1])) if more else None
        whole = wanted is None or candidates <= LOOKED_AT
        return FoundDocuments(found, cursor, counted, whole, ranked)

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
        with self.database.transaction(reads_only=True) as connection:
            query = sa.select(INDEX.c.rowid).where(INDEX.c.rowid == number)
            if terms:
                query = query.where(match(connection, [{term} for term in terms]))
            return connection.execute(query).first() is not None


def _select_numbers(
    connection: sa.Connection, term_sets: Sequence[Collection[str]], criteria: DocumentFilter
) -> sa.Select[Any]:
    """Select the numbers of what is found, by all that the index knows."""
    fixed = [{make_criterion(name, value)} for name in MARKS if (value := getattr(criteria, name)) is not None]
    query = sa.select(INDEX.c.rowid).where(match(connection, [*term_sets, *fixed]))
    if criteria.since is not None:
        query = query.where(INDEX.c.rowid >= _first_number(criteria.since))
    if criteria.until is not None:
        query = query.where(INDEX.c.rowid < _first_number(criteria.until) + SLOTS)
    # Few installations have any, and where there are none the databases plan as before.
    hidden = sa.select(searchable.c.number).where(searchable.c.hidden)
    if criteria.status not in SET_ASIDE and connection.execute(hidden.limit(1)).first():
        query = query.where(INDEX.c.rowid.not_in(hidden))
    return query


def _changing(criteria: DocumentFilter, entries: sa.FromClause) -> sa.ColumnElement[bool] | None:
    """Whether an entry is of a document with what may change of it; None where nothing of this is asked for."""
    wanted = DocumentFilter(status=criteria.status, label=criteria.label, needs_review=criteria.needs_review)
    if wanted == DocumentFilter():
        return None
    # Looked up for each match: SQLite would take a join the other way, and search once for each document.
    query = sa.select(searchable.c.number).join(documents, documents.c.id == searchable.c.document)
    return apply_filter(query, wanted).where(searchable.c.number == entries.c.rowid).correlate(entries).exists()


def _count_some(connection: sa.Connection, matching: sa.Select[Any], criteria: DocumentFilter) -> int:
    """Count those with what may change among LOOKED_AT matches."""
    some = matching.limit(LOOKED_AT).subquery()
    query = sa.select(sa.func.count()).select_from(some)
    if (wanted := _changing(criteria, some)) is not None:
        query = query.where(wanted)
    return int(connection.execute(query).scalar_one())


def _follow(numbers: Sequence[int], last: int | None, limit: int) -> list[int]:
    """Those that follow the last one that was sent."""
    start = 0 if last is None else numbers.index(last) + 1 if last in numbers else len(numbers)
    return list(numbers[start : start + limit])


def _first_number(moment: datetime) -> int:
    return to_milliseconds(moment) * SLOTS


def _fetch(connection: sa.Connection, numbers: Sequence[int]) -> tuple[Document, ...]:
    query = sa.select(searchable.c.number, searchable.c.document).where(searchable.c.number.in_(numbers))
    ids = {row.number: row.document for row in connection.execute(query)}
    return fetch_documents(connection, [ids[number] for number in numbers if number in ids])
