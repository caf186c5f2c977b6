"""Copy the tables of the records from one database to another, and compare them by counts and checksums."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

import sqlalchemy as sa

from sake_ray.storage.records.database import Database
from sake_ray.storage.records.metadata import metadata
from sake_ray.storage.records.move_progress import read_progress, save_progress
from sake_ray.storage.records.tables import audit_head, document_counts

BATCH = 500
MODULUS = 1 << 256
MOVED = tuple(table for table in metadata.sorted_tables if table is not document_counts)
"""In the order in which rows may refer to each other. The target counts its documents by itself, as their rows come."""


@dataclass(frozen=True, slots=True)
class TableSum:
    """How many rows there are, and the sum of their checksums, in any order: databases sort text differently."""

    rows: int = 0
    digest: int = 0

    def add(self, values: Sequence[Any]) -> "TableSum":
        """Add a row."""
        text = json.dumps(values, default=_encode, sort_keys=True, ensure_ascii=False)
        digest = int.from_bytes(sha256(text.encode("utf-8", "surrogatepass")).digest())
        return TableSum(self.rows + 1, (self.digest + digest) % MODULUS)


def measure_tables(connection: sa.Connection) -> dict[str, TableSum]:
    """Count and add up the rows of each table that moves."""
    sums = {}
    for table in MOVED:
        found = TableSum()
        for rows in _stream(connection, sa.select(table)):
            for row in rows:
                found = found.add(tuple(row))
        sums[table.name] = found
    return sums


def copy_table(source: sa.Connection, target: Database, table: sa.Table, on_rows: Callable[[int], None]) -> None:
    """Copy the rows that are not in the target yet, some in each transaction, which also notes how far it is."""
    keys, last = list(table.primary_key), read_progress(target, table.name)
    query = sa.select(table).order_by(*keys)
    if last:
        query = query.where(sa.tuple_(*keys) > sa.tuple_(*last["key"]))
    done = int(last["rows"]) if last else 0
    on_rows(done)
    for rows in _stream(source, query):
        done += len(rows)
        key = [getattr(rows[-1], column.name) for column in keys]
        with target.transaction() as connection:
            if table is audit_head:  # of an empty log, as the first migration makes it
                connection.execute(table.delete())
            connection.execute(table.insert(), [dict(row._mapping) for row in rows])
            save_progress(connection, table.name, {"key": key, "rows": done})
        on_rows(len(rows))


def set_sequences(target: Database) -> None:
    """Let the target number new rows after those that came."""
    with target.transaction() as connection:
        for table in MOVED:
            for column in table.primary_key:
                name = sa.func.pg_get_serial_sequence(table.name, column.name)
                sequence = connection.execute(sa.select(name)).scalar()
                if sequence:
                    newest = sa.func.max(column)
                    # Where there are no rows the first number is still to be given.
                    setting = sa.func.setval(sequence, sa.func.coalesce(newest, 1), newest.is_not(None))
                    connection.execute(sa.select(setting).select_from(table))


def empty_tables(connection: sa.Connection) -> None:
    """Remove all rows of an unfinished move, in the caller's transaction, also of the audit log that nothing else may shorten."""
    names = ", ".join(table.name for table in metadata.sorted_tables)
    connection.execute(sa.text("ALTER TABLE audit DISABLE TRIGGER USER"))
    connection.execute(sa.text(f"TRUNCATE {names}, search_index"))
    connection.execute(sa.text("ALTER TABLE audit ENABLE TRIGGER USER"))


def find_rows(connection: sa.Connection) -> str:
    """Name a table that has rows, apart from those that a migration makes; empty when all are empty."""
    there = set(sa.inspect(connection).get_table_names())
    for table in metadata.sorted_tables:
        if table.name not in there or table is audit_head:
            continue
        if connection.execute(sa.text(f"SELECT 1 FROM {table.name} LIMIT 1")).first():  # noqa: S608 - names of ours
            return table.name
    return ""


def name_differing(mine: Mapping[str, TableSum], theirs: Mapping[str, TableSum]) -> list[str]:
    """Name the tables whose sums differ."""
    return [name for name, found in mine.items() if theirs.get(name) != found]


def _stream(connection: sa.Connection, query: sa.Select[Any]) -> Iterator[Sequence[sa.Row[Any]]]:
    """Fetch rows some at a time, so that no number of them fills the memory."""
    found = connection.execute(query, execution_options={"stream_results": True, "yield_per": BATCH})
    yield from found.partitions(BATCH)


def _encode(value: Any) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(type(value).__name__)
