"""Both databases migrate, answer, and fail in the same way."""

import pickle
import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from sake_ray.errors import (
    SetupError,
    StorageUnavailable,
)
from sake_ray.storage.records import Records
from sake_ray.storage.records.database import Database
from sake_ray.storage.records.revisions import find_revision
from sake_ray.storage.records.tables import metadata
from tests.concurrency import in_processes
from tests.storage.example_records import hand_in
from tests.storage.postgres import PASSWORD, Postgres


def test_migrated_schema_is_that_of_the_tables(records: Records) -> None:
    with records.database.transaction(reads_only=True) as connection:
        # Every database keeps the index of the search in its own way, SQLite in tables of FTS5.
        ours = {"compare_type": True, "include_name": lambda name, *_: not str(name).startswith("search_index")}
        context = MigrationContext.configure(connection, opts=ours)
        assert compare_metadata(context, metadata) == []


def test_migrating_again_keeps_what_is_there(records: Records) -> None:
    batch = hand_in(records)
    records.database.migrate()
    assert records.batches.get_whole(batch.uuid) == batch


@pytest.mark.parametrize("url", ["empty sqlite", "empty postgresql"], indirect=True)
def test_four_processes_may_migrate_an_empty_database_at_once(url: str) -> None:
    with pytest.raises(StorageUnavailable):
        hand_in(Records(url))
    in_processes(4, "tests.storage.programs.migrate", url)
    assert hand_in(Records(url)).documents


def test_many_may_open_a_new_file_at_once(tmp_path: Path) -> None:
    """SQLite fails with "database is locked", without waiting, in about one of a hundred such openings."""
    for number in range(200):
        databases = [Database(f"sqlite:///{tmp_path}/{number}.db") for _ in range(4)]
        with ThreadPoolExecutor(len(databases)) as threads:
            assert list(threads.map(find_revision, databases)) == [None] * len(databases)
        for database in databases:
            database.close()


def test_records_travel_without_their_connection(records: Records) -> None:
    batch = hand_in(records)
    copy = pickle.loads(pickle.dumps(records))  # noqa: S301
    assert copy.batches.get_whole(batch.uuid) == batch
    copy.database.close()


@pytest.mark.parametrize("rest", [f"sake:{PASSWORD}@nowhere/records", f"nowhere/records?password={PASSWORD}"])
def test_password_of_the_address_is_not_shown(rest: str) -> None:
    records = Records(f"postgresql://{rest}")
    assert PASSWORD not in repr(records) + repr(records.database) + str(records)


@pytest.mark.parametrize(
    "url",
    [
        *("", "no address", f"://{PASSWORD}@x", f"mysql://sake:{PASSWORD}@nowhere/records"),
        f"postgresql://sake:p@ss:{PASSWORD}@nowhere/records",
    ],
)
def test_address_of_no_database_of_ours_is_refused(url: str) -> None:
    with pytest.raises(SetupError) as caught:
        Records(url)
    assert PASSWORD not in str(caught.value)


@pytest.mark.parametrize("listens", [True, False], ids=["silent", "closed"])
def test_unreachable_postgresql_is_unavailable_within_seconds(listens: bool) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"postgresql://sake:{PASSWORD}@127.0.0.1:{silent.getsockname()[1]}/records"
        if not listens:
            silent.close()
        begun = time.monotonic()
        with pytest.raises(StorageUnavailable) as caught:
            Records(address).batches.find("any")
        assert time.monotonic() - begun < 60
        assert PASSWORD not in str(caught.value)


def test_missing_database_is_unavailable(postgres: Postgres) -> None:
    with pytest.raises(StorageUnavailable, match="does not exist") as caught:
        Records(postgres.url("no_such_database")).batches.find("any")
    assert PASSWORD not in str(caught.value)


def test_connection_that_the_server_ended_is_replaced(postgres: Postgres) -> None:
    with postgres.empty_database() as address:
        records = Records(address)
        records.database.migrate()
        batch = hand_in(records)
        postgres.command("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname LIKE 'test_%'")
        assert records.batches.find(batch.uuid) == replace(batch, documents=())


def test_folder_that_is_no_database_file_is_unavailable(tmp_path: Path) -> None:
    with pytest.raises(StorageUnavailable):
        Records(f"sqlite:///{tmp_path}").batches.find("any")


def test_reading_does_not_wait_for_a_writing_transaction(records: Records, url: str) -> None:
    batch = hand_in(records)
    begun = time.monotonic()
    with records.database.transaction() as writing:
        writing.execute(metadata.tables["documents"].update().values(name="changed"))
        assert Records(url).batches.get_whole(batch.uuid) == batch
    assert time.monotonic() - begun < 20


def test_what_is_raised_in_a_transaction_undoes_it(records: Records) -> None:
    batch = hand_in(records)

    def fail() -> None:
        with records.database.transaction() as writing:
            writing.execute(metadata.tables["documents"].update().values(name="changed"))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert records.batches.get_whole(batch.uuid) == batch


def test_no_accepted_document_is_lost_when_the_writer_is_killed(records: Records, url: str) -> None:
    top = Path(__file__).parents[2]
    with subprocess.Popen(
        [sys.executable, "-m", "tests.storage.programs.accept_batches", url], cwd=top, stdout=subprocess.PIPE, text=True
    ) as writer:
        assert writer.stdout is not None
        accepted = {writer.stdout.readline().strip() for _ in range(20)}
        writer.send_signal(signal.SIGKILL)
        accepted |= set(writer.stdout.read().split())
    found = records.batches.find_by_name("order 7", team=None, limit=10_000).items
    assert accepted <= {batch.uuid for batch in found}
    assert {batch.n_files for batch in found} == {3}
