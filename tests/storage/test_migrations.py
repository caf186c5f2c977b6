"""Every migration can be taken back on both databases, and what the older tables can hold survives."""

import shutil
import threading
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

from sake_ray.errors import InputError, SetupError
from sake_ray.storage.records import Records
from sake_ray.storage.records.revisions import MIGRATION_LOCK, MIGRATIONS, find_revision, list_revisions
from tests.concurrency import in_processes
from tests.storage.example_records import hand_in
from tests.storage.postgres import Postgres
from tests.waiting import wait_until

Rows = Mapping[str, list[dict[str, Any]]]
REVISIONS = list_revisions()
STEPS = pytest.mark.parametrize(("older", "newer"), list(pairwise(REVISIONS)))
BOTH = pytest.mark.parametrize("url", ["empty sqlite", "empty postgresql"], indirect=True)
EMPTIED = {"0015": "requests", "0023": "searchable"}
"""By migration, the table whose rows neither side of it can read: both ways empty it."""
INDEX = "search_index"
"""The index of the search, which every database keeps in its own way."""


def reflect(connection: sa.Connection) -> sa.MetaData:
    """The tables that are there, in the order of their foreign keys."""
    found = sa.MetaData()
    names = [name for name in sa.inspect(connection).get_table_names() if not name.startswith(INDEX)]
    found.reflect(connection, only=[name for name in names if name != "alembic_version"])
    return found


def make_value(column: sa.Column[Any], row: int) -> Any:
    """Any value that the column takes; that of the same row of the table it refers to."""
    if column.name == "parent":
        return None  # going back deletes parts, which test_split_records.py looks at
    if isinstance(column.type, sa.JSON):
        return {"invoice": 0.75, "other": 0.25}
    if isinstance(column.type, sa.Boolean):
        return True
    if isinstance(column.type, sa.DateTime):
        return datetime(2026, 5, 6, 7, 8, row, tzinfo=UTC)
    if isinstance(column.type, sa.Float):
        return row + 0.5
    return row if isinstance(column.type, sa.Integer) else f"{row}"


def fill(records: Records) -> None:
    """Put two rows into every table."""
    with records.database.transaction() as connection:
        for table in reflect(connection).sorted_tables:
            for row in (1, 2):
                connection.execute(table.insert().values({c.name: make_value(c, row) for c in table.columns}))
        if sa.inspect(connection).has_table(INDEX):
            connection.execute(sa.text("INSERT INTO search_index (rowid, terms) VALUES (1, 'invoice')"))


def read_rows(records: Records, *, without: str = "") -> Rows:
    """All rows of all tables but one."""
    with records.database.transaction(reads_only=True) as connection:
        return {
            table.name: [
                dict(row) for row in connection.execute(sa.select(table).order_by(*table.primary_key)).mappings()
            ]
            for table in reflect(connection).sorted_tables
            if table.name != without
        }


def in_common(rows: Rows, others: Rows) -> Rows:
    """The tables and columns of rows that are among the others, too."""
    return {
        table: [{name: row[name] for name in row if name in others[table][0]} for row in found]
        for table, found in rows.items()
        if table in others
    }


def configure(connection: sa.Connection | None = None, *, migrations: Path = MIGRATIONS) -> Config:
    """Have Alembic run the migrations of a folder."""
    config = Config()
    config.set_main_option("script_location", str(migrations))
    config.attributes["connection"] = connection
    return config


@pytest.fixture
def empty(url: str) -> Iterator[Records]:
    """Records of an empty database."""
    records = Records(url)
    yield records
    records.database.close()


def test_files_and_migrations_are_in_the_same_order() -> None:
    chain = [script.revision for script in ScriptDirectory.from_config(configure()).walk_revisions()]
    assert tuple(reversed(chain)) == REVISIONS


@BOTH
@STEPS
def test_rows_of_the_older_tables_survive_going_up_and_down(empty: Records, older: str, newer: str) -> None:
    emptied = EMPTIED.get(newer, "")
    empty.database.migrate(older)
    fill(empty)
    before = read_rows(empty, without=emptied)
    empty.database.migrate(newer)
    there = read_rows(empty, without=emptied)
    empty.database.migrate(older)
    assert in_common(before, there) == in_common(there, before)
    assert read_rows(empty, without=emptied) == before


@BOTH
@STEPS
def test_rows_of_the_newer_tables_keep_what_the_older_can_hold(empty: Records, older: str, newer: str) -> None:
    emptied = EMPTIED.get(newer, "")
    empty.database.migrate(newer)
    fill(empty)
    before = read_rows(empty, without=emptied)
    empty.database.migrate(older)
    there = read_rows(empty, without=emptied)
    assert there == in_common(before, there)
    empty.database.migrate(newer)
    assert in_common(read_rows(empty, without=emptied), there) == there


@BOTH
def test_all_the_way_back_and_up_again_works_with_rows(empty: Records) -> None:
    empty.database.migrate()
    fill(empty)
    empty.database.migrate(REVISIONS[0])
    empty.database.migrate()
    assert find_revision(empty.database) == REVISIONS[-1]


@BOTH
def test_first_migration_can_be_taken_back(empty: Records) -> None:
    empty.database.migrate(REVISIONS[0])
    fill(empty)
    with empty.database.transaction() as connection:
        command.downgrade(configure(connection), "base")
        assert reflect(connection).sorted_tables == []


@BOTH
def test_older_program_says_that_the_tables_are_newer(empty: Records) -> None:
    empty.database.migrate()
    with empty.database.transaction() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    for refused in (empty.database.prepare, empty.database.migrate):
        with pytest.raises(SetupError, match=f"9999.*sake migrate --revision {REVISIONS[-1]}"):
            refused()
    assert find_revision(empty.database) == "9999"


@BOTH
def test_older_tables_are_not_changed_by_opening_them(empty: Records) -> None:
    empty.database.migrate(REVISIONS[-2])
    with pytest.raises(SetupError, match="sake migrate"):
        empty.database.prepare()
    assert find_revision(empty.database) == REVISIONS[-2]


@BOTH
def test_four_processes_may_make_the_tables_at_once(url: str) -> None:
    in_processes(4, "tests.storage.programs.prepare", url)
    assert hand_in(Records(url)).documents


def test_unknown_revision_is_refused(records: Records) -> None:
    with pytest.raises(InputError, match=REVISIONS[0]):
        records.database.migrate("0000")


@pytest.fixture
def with_index(tmp_path: Path) -> Path:
    """The migrations, and one that makes an index while the service works."""
    folder = tmp_path / "migrations"
    shutil.copytree(MIGRATIONS, folder)
    (folder / "versions" / "9999_names.py").write_text(NAMES_INDEX)
    return folder


NAMES_INDEX = f'''
from sake_ray.storage.records.online_indexes import create_index, drop_index

revision = "9999"
down_revision = "{REVISIONS[-1]}"


def upgrade() -> None:
    create_index("documents", ["name"])


def downgrade() -> None:
    drop_index("documents", ["name"])
'''


def list_indexes(records: Records) -> list[str]:
    """The indexes of the documents; those that PostgreSQL uses."""
    with records.database.transaction(reads_only=True) as connection:
        found = [str(index["name"]) for index in sa.inspect(connection).get_indexes("documents")]
        if records.database.is_sqlite:
            return found
        broken = "SELECT c.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE NOT i.indisvalid"
        return sorted(set(found) - set(connection.execute(sa.text(broken)).scalars()))


def test_index_can_be_made_and_dropped_online(records: Records, with_index: Path) -> None:
    for move, revision in ((command.upgrade, "9999"), (command.downgrade, REVISIONS[-1])):
        with records.database.transaction() if records.database.is_sqlite else records.database.connect() as connection:
            move(configure(connection, migrations=with_index), revision)
        assert ("ix_documents_name" in list_indexes(records)) is (revision == "9999")
        assert find_revision(records.database) == revision


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
def test_index_that_a_kill_left_half_made_is_made_again(records: Records, with_index: Path) -> None:
    hand_in(records, "same.pdf", "same.pdf")
    half = sa.text("CREATE UNIQUE INDEX CONCURRENTLY ix_documents_name ON documents (name)")
    with records.database.connect() as connection:
        autocommit = connection.execution_options(isolation_level="AUTOCOMMIT")
        with pytest.raises(sa.exc.IntegrityError):
            autocommit.execute(half)
    assert "ix_documents_name" not in list_indexes(records)
    with records.database.connect() as connection:
        command.upgrade(configure(connection, migrations=with_index), "head")
    assert "ix_documents_name" in list_indexes(records)


def test_index_is_made_while_others_wait_to_migrate(postgres: Postgres) -> None:
    """A statement that waits for a lock of the server would hold up an index that is made concurrently, for ever."""
    with postgres.empty_database() as address:
        records = Records(address)
        records.database.migrate()
        with records.database.connect() as holder:
            holder.execute(sa.select(sa.func.pg_advisory_lock(MIGRATION_LOCK)))
            holder.commit()
            waiting = threading.Thread(target=Records(address).database.migrate)
            waiting.start()
            wait_until(lambda: tries(records) > 0)
            with records.database.connect() as connection:
                autocommit = connection.execution_options(isolation_level="AUTOCOMMIT")
                autocommit.execute(sa.text("SET lock_timeout = '20s'"))
                autocommit.execute(sa.text("CREATE INDEX CONCURRENTLY ix_test ON documents (name)"))
            holder.execute(sa.select(sa.func.pg_advisory_unlock(MIGRATION_LOCK)))
        waiting.join()
        records.database.close()


def tries(records: Records) -> int:
    """How many connections have asked for the lock of migrations last."""
    asked = (
        "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_try_advisory_lock%' AND pid <> pg_backend_pid()"
    )
    with records.database.transaction(reads_only=True) as connection:
        return int(connection.execute(sa.text(asked)).scalar_one())
