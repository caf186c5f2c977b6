"""Open the database of the records: SQLite in a file, or PostgreSQL."""

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import make_url

from sake_ray.errors import SetupError, StorageUnavailable
from sake_ray.storage.observation import READ, WRITE, StorageObserver
from sake_ray.storage.records.conflicts import is_conflict
from sake_ray.storage.records.move_progress import check_arrived
from sake_ray.storage.records.revisions import migrate_tables, prepare_tables

BUSY_MS = 30_000
POLL_SECONDS = 0.02
PATIENCE = {"connect_timeout": 5, "keepalives_idle": 30, "keepalives_interval": 10, "tcp_user_timeout": 60_000}
"""How long PostgreSQL may be silent before a connection counts as lost: in seconds, the last in milliseconds."""


class Database:
    """One database. It is pickled as its address; each process connects when it first needs to."""

    def __init__(self, url: str) -> None:
        try:
            parsed = make_url(url)
        except (sa.exc.ArgumentError, ValueError) as error:  # ValueError: a port that is no number
            raise SetupError("records-address-invalid") from error
        backend = parsed.get_backend_name()
        if backend == "postgresql":
            parsed = parsed.set(drivername="postgresql+psycopg")
        elif backend != "sqlite":
            raise SetupError("records-database-unknown", database=backend)
        self._url = parsed
        self._opened: tuple[int, sa.Engine] | None = None
        self.observer: StorageObserver | None = None
        """Who is told of each transaction in this process; a conflict is no failure of the database."""

    def __repr__(self) -> str:
        # The options may hold a password too: libpq takes ?password=.
        return f"Database({self._url.set(query={}).render_as_string(hide_password=True)})"

    def __getstate__(self) -> dict[str, Any]:
        return {"_url": self._url, "_opened": None, "observer": None}

    @property
    def is_sqlite(self) -> bool:
        """Whether the database is a file of this machine."""
        return self._url.get_backend_name() == "sqlite"

    @property
    def path(self) -> Path | None:
        """The file of SQLite; None for a server."""
        return Path(self._url.database or "") if self.is_sqlite else None

    @contextmanager
    def transaction(self, *, reads_only: bool = False) -> Iterator[sa.Connection]:
        """Run the block as one transaction; anything raised in it rolls it back. Raises StorageUnavailable.

        A transaction that only reads does not wait for writers.
        """
        began, failed = time.monotonic(), False
        try:
            with _translate_errors(), self._engine().execution_options(reads_only=reads_only).begin() as connection:
                yield connection
        except StorageUnavailable as error:
            failed = not is_conflict(error.__cause__)
            raise
        finally:
            if self.observer:
                self.observer(READ if reads_only else WRITE, time.monotonic() - began, failed)

    @contextmanager
    def connect(self) -> Iterator[sa.Connection]:
        """Connect for the duration of the block, which commits for itself. Raises StorageUnavailable."""
        with _translate_errors(), self._engine().connect() as connection:
            yield connection

    def prepare(self) -> None:
        """Make the tables of an empty database. Raises SetupError for tables of another revision, or an unfinished move."""
        check_arrived(self)
        prepare_tables(self)

    def migrate(self, revision: str = "") -> str:
        """Bring the tables to a revision, the newest by default, and return it; see `migrate_tables`.

        Raises SetupError for an unfinished move.
        """
        check_arrived(self)
        return migrate_tables(self, revision)

    def close(self) -> None:
        """Close all connections."""
        if self._opened:
            self._opened[1].dispose()
            self._opened = None

    def _engine(self) -> sa.Engine:
        if self._opened is None or self._opened[0] != os.getpid():
            self._opened = os.getpid(), self._open()
        return self._opened[1]

    def _open(self) -> sa.Engine:
        if not self.is_sqlite:
            return sa.create_engine(
                self._url, pool_pre_ping=True, pool_size=5, max_overflow=10, connect_args=PATIENCE, hide_parameters=True
            )
        # What fails is logged with its statement; names and texts are among the parameters.
        engine = sa.create_engine(
            self._url, connect_args={"timeout": BUSY_MS / 1000, "check_same_thread": False}, hide_parameters=True
        )

        # By default sqlite3 begins too late, and as a reader: two writers then fail with "database is locked".
        @sa.event.listens_for(engine, "connect")
        def set_up(connection: sqlite3.Connection, _: object) -> None:
            connection.isolation_level = None
            # Deleted rows are overwritten: what is erased must not be found in the file.
            for pragma in ("synchronous=FULL", "foreign_keys=ON", "secure_delete=ON", f"busy_timeout={BUSY_MS}"):
                connection.execute(f"PRAGMA {pragma}")
            _write_ahead(connection)

        @sa.event.listens_for(engine, "begin")
        def begin(connection: sa.Connection) -> None:
            reads_only = connection.get_execution_options().get("reads_only", False)
            connection.exec_driver_sql("BEGIN" if reads_only else "BEGIN IMMEDIATE")

        return engine


def _write_ahead(connection: sqlite3.Connection) -> None:
    """Have the file written by a log; of several that change a new file to it at once SQLite lets all but one fail unheard."""
    deadline = time.monotonic() + BUSY_MS / 1000
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(POLL_SECONDS)


@contextmanager
def _translate_errors() -> Iterator[None]:
    try:
        yield
    except sa.exc.IntegrityError:
        raise
    except (sa.exc.DBAPIError, sa.exc.TimeoutError) as error:
        cause = str(getattr(error, "orig", None) or error).splitlines()[0]
        raise StorageUnavailable("records-unreachable", error=cause) from error
