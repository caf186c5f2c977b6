"""Make the search index of PostgreSQL from that of SQLite: no text has to be read or fetched for it.

SQLite keeps the terms of a document in their order. The first term of each word begins with an x (data/terms.py), so that the
words can be told apart; words without any term are not counted, by which positions, and so ranks, differ a little from those of
an index that is made from the texts. What is found is the same.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby, islice
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import TSVECTOR

from sake_ray.storage.records.database import Database
from sake_ray.storage.records.move_progress import read_progress, save_progress
from sake_ray.storage.records.moved_tables import TableSum
from sake_ray.storage.records.remnants import INSTANCES
from sake_ray.storage.records.search_index import INDEX, make_vector

PART = "search_index"
BATCH = 200
STREAM = {"stream_results": True, "yield_per": BATCH}
CRITERION = re.compile(r"[torl][0-9a-f]{32}")
"""A term that is no word (`make_criterion`); those of words begin with x, e or f."""
TERMS = """
    SELECT doc, term FROM temp.search_instances
    WHERE doc > :after AND doc IN (SELECT number FROM searchable) ORDER BY doc, offset
"""
"""What was erased and is still in the index does not move."""
Entry = tuple[int, Sequence[str]]


def copy_index(source: sa.Connection, target: Database, on_rows: Callable[[int], None]) -> None:
    """Make the entries that the target has not yet."""
    last = read_progress(target, PART) or {"after": -1, "rows": 0}
    done = int(last["rows"])
    on_rows(done)
    terms = sa.cast(sa.bindparam("terms"), TSVECTOR)
    insert = sa.insert(INDEX).values(rowid=sa.bindparam("rowid"), terms=terms)
    entries = read_entries(source, after=int(last["after"]))
    while some := list(islice(entries, BATCH)):
        done += len(some)
        with target.transaction() as connection:
            connection.execute(insert, [{"rowid": number, "terms": to_vector(found)} for number, found in some])
            save_progress(connection, PART, {"after": some[-1][0], "rows": done})
        on_rows(len(some))


def read_entries(source: sa.Connection, *, after: int = -1) -> Iterator[Entry]:
    """Read the terms of each entry of SQLite's index, in their order; SQLite sorts them on the disk."""
    source.exec_driver_sql(INSTANCES)
    rows = source.execute(sa.text(TERMS), {"after": after}, execution_options=STREAM)
    for number, group in groupby(rows, key=lambda row: int(row.doc)):
        yield number, [str(row.term) for row in group]


def to_vector(terms: Sequence[str]) -> str:
    """Write the terms of an entry as a tsvector."""
    words: list[list[str]] = []
    criteria = []
    for term in terms:
        if CRITERION.fullmatch(term):
            criteria.append(term)
        elif term.startswith("x") or not words:
            words.append([term])
        else:
            words[-1].append(term)
    return " ".join([make_vector(words), *criteria])


def measure_mine(source: sa.Connection) -> TableSum:
    """Count and add up the entries of SQLite's index."""
    return _add_up(read_entries(source))


def measure_theirs(target: sa.Connection) -> TableSum:
    """Count and add up the entries of PostgreSQL's index."""
    query = sa.select(INDEX.c.rowid, sa.func.tsvector_to_array(INDEX.c.terms))
    rows: Any = target.execute(query, execution_options=STREAM)
    return _add_up((int(number), terms) for number, terms in rows)


def _add_up(entries: Iterator[Entry]) -> TableSum:
    found = TableSum()
    for number, terms in entries:
        found = found.add((number, sorted(set(terms))))
    return found
