"""Bring the tables of the records to a revision, and refuse those of another program."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa
from filelock import FileLock

from sake_ray.errors import InputError, SetupError

if TYPE_CHECKING:
    from sake_ray.storage.records.database import Database

MIGRATIONS = Path(__file__).with_name("migrations")
MIGRATION_LOCK = 7_253_001
"""PostgreSQL's advisory locks are known by number; this is any that nobody else uses."""
POLL_SECONDS = 0.2


def list_revisions() -> tuple[str, ...]:
    """List the revisions that this program knows, oldest first: the numbers of its migrations."""
    return tuple(sorted(path.name.partition("_")[0] for path in (MIGRATIONS / "versions").glob("[0-9]*.py")))


def find_revision(database: "Database") -> str | None:
    """Find the revision of the tables; None when there are none."""
    with database.transaction(reads_only=True) as connection:
        if not sa.inspect(connection).has_table("alembic_version"):
            return None
        found: str | None = connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()
        return found


def prepare_tables(database: "Database") -> None:
    """Make the tables of an empty database. Raises SetupError when there are tables of another revision than the newest."""
    _make_folder(database)
    if find_revision(database) == list_revisions()[-1]:
        return
    with _hold_tables(database):  # somebody may be making them
        revision, newest = find_revision(database), list_revisions()[-1]
        if revision is None:
            _run(database, newest, back=False)
        elif revision != newest:
            _check_known(revision)
            raise SetupError("records-older", revision=revision, newest=newest)


def migrate_tables(database: "Database", revision: str = "") -> str:
    """Bring the tables to a revision, the newest by default; return it. One of several processes does it, the others wait.

    An older revision loses what its tables cannot hold. Raises InputError when there is no such revision, SetupError when the
    tables are of a newer program.
    """
    revisions = list_revisions()
    wanted = revision or revisions[-1]
    if wanted not in revisions:
        raise InputError("records-revision-unknown", revision=wanted, oldest=revisions[0], newest=revisions[-1])
    _make_folder(database)
    with _hold_tables(database):
        current = find_revision(database)
        if current is not None:
            _check_known(current)
        if current != wanted:
            _run(database, wanted, back=current is not None and wanted < current)
    return wanted


def _check_known(revision: str) -> None:
    newest = list_revisions()[-1]
    if revision not in list_revisions():
        raise SetupError("records-newer", revision=revision, newest=newest)


def _make_folder(database: "Database") -> None:
    if database.path:
        database.path.parent.mkdir(parents=True, exist_ok=True)


def _run(database: "Database", revision: str, *, back: bool) -> None:
    from alembic import command  # half a second, for those who migrate only
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    run = command.downgrade if back else command.upgrade
    # A file of SQLite changes whole or not at all. PostgreSQL changes migration by migration: an index that is made
    # concurrently can be in no transaction.
    with database.transaction() if database.is_sqlite else database.connect() as connection:
        config.attributes["connection"] = connection
        run(config, revision)


@contextmanager
def _hold_tables(database: "Database") -> Iterator[None]:
    """Keep all others from migrating, for the duration of the block."""
    if database.path:
        with FileLock(database.path.with_name(database.path.name + ".lock")):
            yield
        return
    # Tried again and again, outside of transactions: CREATE INDEX CONCURRENTLY waits for every statement that began before
    # it, and one that waits for this lock would wait for the index in turn.
    with database.connect() as connection:
        connection = connection.execution_options(isolation_level="AUTOCOMMIT")
        while not connection.execute(sa.select(sa.func.pg_try_advisory_lock(MIGRATION_LOCK))).scalar():
            time.sleep(POLL_SECONDS)
        try:
            yield
        finally:
            connection.execute(sa.select(sa.func.pg_advisory_unlock(MIGRATION_LOCK)))
