"""The search index as each database keeps it: how terms are stored, matched, counted and ranked."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql import TSQUERY, TSVECTOR

from sake_ray.domain.documents import SET_ASIDE
from sake_ray.storage.records.tables import documents, searchable

INDEX = sa.table("search_index", sa.column("rowid", sa.BigInteger), sa.column("terms"))
MAX_POSITIONS, LAST_POSITION = 255, 16_383
"""The limits of PostgreSQL for the positions of a term."""
SLOTS = 2048
"""Numbers for each millisecond."""
MARKS = {"team": "t", "owner": "o", "reference": "r", "language": "l"}
"""How the terms begin that are no words: what a document is submitted with and never changes, and the language of its text."""

Terms = Sequence[Collection[str]]


def index_document(connection: sa.Connection, document: str, terms: Terms) -> None:
    """Index a document in the caller's transaction, with the language that it has there."""
    columns = [documents.c[name] for name in ("submitted_at", "position", "status", *MARKS)]
    row = connection.execute(sa.select(*columns).where(documents.c.id == document)).one()
    criteria = [make_criterion(name, getattr(row, name)) for name in MARKS if getattr(row, name) is not None]
    number = to_milliseconds(row.submitted_at) * SLOTS + row.position % SLOTS
    number = _take_number(connection, document, number, hidden=row.status in SET_ASIDE)
    text: Any = " ".join([*(term for word in terms for term in word), *criteria])
    if _is_postgresql(connection):
        text = sa.cast(" ".join([make_vector(terms), *criteria]), TSVECTOR)
    connection.execute(sa.insert(INDEX).values(rowid=number, terms=text))


def make_criterion(name: str, value: str) -> str:
    """Make the term of what is no word; a digest, since it may be any text."""
    return MARKS[name] + sha256(value.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def to_milliseconds(moment: datetime) -> int:
    """The milliseconds since 1970: numbers are in the order of submission, so that the newest have the highest."""
    return int(moment.astimezone(UTC).timestamp() * 1000)


def match(connection: sa.Connection, term_sets: Sequence[Collection[str]]) -> sa.ColumnElement[bool]:
    """Whether an entry has at least one term of each set."""
    if _is_postgresql(connection):
        return INDEX.c.terms.op("@@", is_comparison=True)(_to_tsquery(term_sets))
    expression = " AND ".join(f"({' OR '.join(sorted(terms))})" for terms in term_sets)
    return _FTS5.op("MATCH", is_comparison=True)(expression)


def rank(
    connection: sa.Connection, numbers: Sequence[int], term_sets: Sequence[Collection[str]], *, common: int
) -> list[int]:
    """Put these entries into an order: the best for the terms first, then the newest.

    SQLite weighs a word by how many documents have it, and goes over all of these to know; words that more than `common` have
    say little, and are left out.
    """
    here: sa.ColumnElement[bool]
    quality: sa.ColumnElement[Any]
    if _is_postgresql(connection):
        here = INDEX.c.rowid.in_(numbers)
        quality = -sa.func.ts_rank(INDEX.c.terms, _to_tsquery(term_sets), 1)
    else:
        term_sets = [terms for terms in term_sets if _count(connection, terms, common + 1) <= common]
        if not term_sets:
            return sorted(numbers, reverse=True)
        # With the sign it is looked up in the list; otherwise each number would be a search of its own.
        here = match(connection, term_sets) & sa.literal_column("+search_index.rowid").in_(numbers)
        quality = sa.func.bm25(_FTS5)
    query = sa.select(INDEX.c.rowid).where(here).order_by(quality, INDEX.c.rowid.desc())
    return list(connection.execute(query).scalars())


def list_some(connection: sa.Connection, query: sa.Select[Any], limit: int) -> list[int] | None:
    """List the numbers of a query in any order, up to a limit.

    None where PostgreSQL expects more than twice as many, by its statistics of terms: it would collect all of them first.
    """
    if _is_postgresql(connection):
        compiled = query.compile(connection, compile_kwargs={"render_postcompile": True})
        plan = connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {compiled}", compiled.params).scalar_one()
        if plan[0]["Plan"]["Plan Rows"] > 2 * limit:
            return None
    return list(connection.execute(query.limit(limit)).scalars())


def list_newest(
    connection: sa.Connection, query: sa.Select[Any], *, below: int | None, limit: int, near: Sequence[int] = ()
) -> list[int]:
    """List the newest numbers of a query, of those below that number.

    PostgreSQL looks first at as many as `near`, one by one: its index has no order, so that it collects all matches for the
    first few.
    """
    if below is not None:
        query = query.where(INDEX.c.rowid < below)
    newest = INDEX.c.rowid.desc()
    if not _is_postgresql(connection):
        return list(connection.execute(query.order_by(newest).limit(limit)).scalars())
    for entries_near in near:
        entries = sa.select(INDEX.c.rowid).order_by(newest).offset(entries_near).limit(1)
        entries = entries if below is None else entries.where(INDEX.c.rowid < below)
        end = connection.execute(entries).scalar()
        close = query if end is None else query.where(INDEX.c.rowid > end)
        found = list(connection.execute(close.order_by(newest).limit(limit)).scalars())
        if len(found) == limit or end is None:
            return found
    whole = query.cte("matches").prefix_with("MATERIALIZED")
    return list(connection.execute(sa.select(whole.c.rowid).order_by(whole.c.rowid.desc()).limit(limit)).scalars())


def use_index(connection: sa.Connection) -> None:
    """Have PostgreSQL use the index for the rest of the transaction: it thinks reading all terms is cheaper than it is."""
    if _is_postgresql(connection):
        connection.execute(sa.text("SET LOCAL enable_seqscan = off"))


def _take_number(connection: sa.Connection, document: str, number: int, *, hidden: bool) -> int:
    """Take this number for a document, or the next lower one that is free."""
    insert = postgresql.insert if _is_postgresql(connection) else sqlite.insert
    while True:
        row = insert(searchable).values(number=number, document=document, hidden=hidden)
        taken = connection.execute(row.on_conflict_do_nothing(index_elements=["number"]).returning(searchable.c.number))
        if taken.first():
            return number
        number -= 1


def _count(connection: sa.Connection, terms: Collection[str], limit: int) -> int:
    some = sa.select(INDEX.c.rowid).where(match(connection, [terms])).limit(limit).subquery()
    return int(connection.execute(sa.select(sa.func.count()).select_from(some)).scalar_one())


def _to_tsquery(term_sets: Sequence[Collection[str]]) -> sa.ColumnElement[Any]:
    return sa.cast(" & ".join(f"({' | '.join(sorted(terms))})" for terms in term_sets), TSQUERY)


def make_vector(terms: Terms) -> str:
    places: dict[str, list[str]] = defaultdict(list)
    for position, word in enumerate(terms, 1):
        for term in word:
            if len(places[term]) < MAX_POSITIONS:
                places[term].append(str(min(position, LAST_POSITION)))
    return " ".join(f"{term}:{','.join(positions)}" for term, positions in places.items())


def _is_postgresql(connection: sa.Connection) -> bool:
    return connection.dialect.name == "postgresql"


_FTS5: sa.ColumnElement[Any] = sa.literal_column("search_index")
