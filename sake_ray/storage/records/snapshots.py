"""Take all records as of one moment while others write, and load them into an empty database of the same kind.

SQLite's file is copied by SQLite itself. Of PostgreSQL each table becomes a file: its columns, then rows as COPY writes them.
"""

import json
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from sake_ray.errors import StorageUnavailable
from sake_ray.files import atomic_path
from sake_ray.storage.records.database import Database
from sake_ray.storage.records.tables import batches, documents

SQLITE, POSTGRESQL = "sqlite", "postgresql"
FILE, SEQUENCES, TABLE = "records.db", "sequences.json", ".copy"
READ_BYTES = 1 << 20
REVISIONS = "alembic_version"


@dataclass(frozen=True, slots=True)
class RecordsSnapshot:
    """All records as of one moment: files by name, each read by a call, and what of the store belongs to them."""

    kind: str
    revision: str
    files: Mapping[str, Callable[[], Iterator[bytes]]]
    """A file of PostgreSQL is read row by row."""
    documents: frozenset[str]
    """Their ids; the others are the keys of originals, the sha256 of all bytes, and the uuids of batches."""
    originals: frozenset[str]
    digests: frozenset[str]
    batches: frozenset[str]


@contextmanager
def open_snapshot(database: Database, scratch: Path) -> Iterator[RecordsSnapshot]:
    """Take a snapshot, which can be read for the duration of the block; that of SQLite is a file in `scratch`.

    Others write meanwhile. Raises StorageUnavailable.
    """
    if database.path:
        copy_sqlite(database.path, scratch / FILE)
        copied = Database(f"sqlite:///{scratch / FILE}")
        try:
            with copied.transaction(reads_only=True) as connection:
                found = _describe(connection, SQLITE, {FILE: lambda: read_blocks(scratch / FILE)})
        finally:
            copied.close()
        yield found
        return
    with database.connect() as connection:
        connection = connection.execution_options(isolation_level="REPEATABLE READ")
        connection.execute(sa.text("SET TRANSACTION READ ONLY"))
        inspector = sa.inspect(connection)
        files: dict[str, Callable[[], Iterator[bytes]]] = {}
        for table in sorted(set(inspector.get_table_names()) - {REVISIONS}):
            columns = [str(column["name"]) for column in inspector.get_columns(table)]
            keys = inspector.get_pk_constraint(table)["constrained_columns"]
            files[table + TABLE] = _reader(connection, table, columns, keys)
        sequences = json.dumps(_read_sequences(connection)).encode()
        files[SEQUENCES] = lambda: iter([sequences])
        yield _describe(connection, POSTGRESQL, files)


def load_snapshot(database: Database, kind: str, revision: str, folder: Path) -> None:
    """Load the files of a snapshot, which are in `folder`, into a database of its kind. What is in it is lost.

    The tables are of the snapshot's revision then. Raises SetupError when this program does not know it.
    """
    if kind == SQLITE:
        assert database.path
        _replace_sqlite(database.path, folder / FILE)
        return
    database.migrate(revision)
    with database.transaction() as connection:
        order = [name for name, _ in sa.inspect(connection).get_sorted_table_and_fkc_names() if name]
        tables = [name for name in order if (folder / (name + TABLE)).exists()]
        # Triggers count documents and refuse changes of the audit log; what is loaded has been counted.
        for table in tables:
            connection.exec_driver_sql(f"ALTER TABLE {_quote(table)} DISABLE TRIGGER USER")
        connection.exec_driver_sql(f"TRUNCATE {', '.join(map(_quote, tables))}")
        for table in tables:
            _load_table(connection, table, folder / (table + TABLE))
        for table in tables:
            connection.exec_driver_sql(f"ALTER TABLE {_quote(table)} ENABLE TRIGGER USER")
        for sequence, last in json.loads((folder / SEQUENCES).read_text()).items():
            connection.execute(sa.text("SELECT setval(:name, :last)"), {"name": _quote(sequence), "last": last})


def copy_sqlite(source: Path, target: Path) -> None:
    """Copy a file of SQLite as of one moment, while others write into it; raises StorageUnavailable."""
    try:
        with (
            closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=rw", uri=True)) as before,
            closing(sqlite3.connect(target)) as after,
        ):
            before.backup(after)
    except sqlite3.Error as error:
        raise StorageUnavailable("records-unreachable", error=str(error)) from error


def read_blocks(path: Path) -> Iterator[bytes]:
    """Read a file a MiB at a time."""
    with path.open("rb") as file:
        while block := file.read(READ_BYTES):
            yield block


def _replace_sqlite(path: Path, source: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    for left in (path, path.with_name(path.name + "-wal"), path.with_name(path.name + "-shm")):
        left.unlink(missing_ok=True)
    with atomic_path(path, sync=True) as part, part.open("wb") as file:
        file.writelines(read_blocks(source))


def _describe(
    connection: sa.Connection, kind: str, files: Mapping[str, Callable[[], Iterator[bytes]]]
) -> RecordsSnapshot:
    revision = str(connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar_one())
    columns = documents.c.id, documents.c.original, documents.c.sha256, batches.c.uuid
    names = [frozenset(connection.execute(sa.select(column).distinct()).scalars()) for column in columns]
    return RecordsSnapshot(kind, revision, files, *names)


def _reader(
    connection: sa.Connection, table: str, columns: list[str], keys: list[str]
) -> Callable[[], Iterator[bytes]]:
    names = ", ".join(map(_quote, columns))
    # In an order, so that rows which do not change are in the same place the next time.
    order = f" ORDER BY {', '.join(map(_quote, keys))}" if keys else ""

    def read() -> Iterator[bytes]:
        yield json.dumps(columns).encode() + b"\n"
        with (
            _cursor(connection) as cursor,
            cursor.copy(f"COPY (SELECT {names} FROM {_quote(table)}{order}) TO STDOUT") as copy,  # noqa: S608 - names of ours
        ):
            for row in copy:
                yield bytes(row)

    return read


def _load_table(connection: sa.Connection, table: str, path: Path) -> None:
    with path.open("rb") as file:
        names = ", ".join(map(_quote, json.loads(file.readline())))
        with _cursor(connection) as cursor, cursor.copy(f"COPY {_quote(table)} ({names}) FROM STDIN") as copy:
            while block := file.read(READ_BYTES):
                copy.write(block)


def _read_sequences(connection: sa.Connection) -> dict[str, int]:
    """Read the last number that each sequence has given; those that gave none are left out."""
    query = "SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = current_schema() AND last_value IS NOT NULL"
    return {str(name): int(last) for name, last in connection.execute(sa.text(query))}


def _cursor(connection: sa.Connection) -> Any:
    driver = connection.connection.driver_connection
    assert driver is not None
    return driver.cursor()


def _quote(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
