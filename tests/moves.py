"""Homes that move, and where to."""

import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
import sqlalchemy as sa

from sake_ray.domain.answers import Answer
from sake_ray.domain.audit import AuditAction
from sake_ray.storage.objects import FolderStore
from sake_ray.storage.records import Records
from sake_ray.storage.records.metadata import metadata
from sake_ray.storage.records.move_progress import read_progress
from sake_ray.storage.records.revisions import migrate_tables
from sake_ray.storage.records.tables import document_counts, watched_files
from sake_ray.storage.s3 import S3Store
from tests.homes import make_tables
from tests.ledger.bureau import NOW, Bureau, make_registry
from tests.storage.postgres import Postgres
from tests.storage.s3_servers import BUCKET, Server
from tests.waiting import wait_until

Start = Callable[..., "subprocess.Popen[str]"]
CONTENTS = ("one", "two", "three", "four", "five", "bad", "stuck", "blank")
ROWS = 20_000


@pytest.fixture(scope="module", name="made")
def make_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with documents of every fate, answers, an audit log, keys and a model."""
    home = tmp_path_factory.mktemp("made")
    make_tables(f"sqlite:///{home / 'records.db'}")
    bureau = Bureau(home, f"sqlite:///{home / 'records.db'}", make_registry(home))
    for number, content in enumerate(CONTENTS):
        bureau.upload(content, key=f"k{number}")
        bureau.process()
    batch = bureau.upload("é à ü", "six", "seven")
    bureau.process()
    bureau.records.answers.add(Answer(batch[1].id, "resume", "marie", NOW))
    for _ in range(3):
        bureau.records.audit.add(AuditAction.SIGNED_IN, by="ann", at=NOW, subject="ann", word="é")
    bureau.records.database.close()
    return home


@pytest.fixture(name="home")
def copy_home(made: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return Path(shutil.copytree(made, tmp_path / "home"))


class Target:
    """An empty database and an empty part of a bucket, and the file that names both."""

    def __init__(self, url: str, server: Server, folder: Path) -> None:
        self.url, self.server, self.prefix = url, server, f"move-{uuid4().hex}"
        self.settings = {
            "SAKE_RECORDS_URL": url,
            "SAKE_OBJECTS_URL": f"s3://{BUCKET}/{self.prefix}",
            "SAKE_S3_ENDPOINT": server.endpoint,
            "AWS_ACCESS_KEY_ID": server.access_key,
            "AWS_SECRET_ACCESS_KEY": server.secret_key,
        }
        self.file = folder / "target.env"
        self.file.write_text("# where to\n" + "".join(f"export {k}='{v}'\n" for k, v in self.settings.items()))
        self.records = Records(url)
        self.store = S3Store(
            BUCKET, self.prefix, endpoint=server.endpoint, access_key=server.access_key, secret_key=server.secret_key
        )


@pytest.fixture(name="target")
def make_target(postgres: Postgres, moto: Server, tmp_path: Path) -> Iterator[Target]:
    """Where to move."""
    with postgres.empty_database() as url:
        target = Target(url, moto, tmp_path)
        yield target
        target.records.database.close()


def read_all(records: Records) -> dict[str, list[str]]:
    """All rows of all tables, as sorted texts, but for those that are added up."""
    found = {}
    with records.database.transaction(reads_only=True) as connection:
        for table in metadata.sorted_tables:
            if table is not document_counts:
                found[table.name] = sorted(repr(tuple(row)) for row in connection.execute(sa.select(table)))
    return found


def read_objects(store: Any) -> dict[str, str]:
    """The checksum of each object."""
    return {key: sha256(store.get(key)).hexdigest() for key in store.list()}


def assert_same(home: Path, target: Target) -> None:
    """Both have the same rows and objects, and nothing of the move is left."""
    source = Records(f"sqlite:///{home / 'records.db'}")
    assert read_all(source) == read_all(target.records)
    assert read_objects(FolderStore(home / "objects")) == read_objects(target.store)
    assert source.counts.list() == target.records.counts.list()
    with target.records.database.transaction(reads_only=True) as connection:
        assert not sa.inspect(connection).has_table("sake_move")
    source.database.close()


def add_many(home: Path, *, objects: int) -> None:
    """Give a home many rows of one table, and objects."""
    records, store = Records(f"sqlite:///{home / 'records.db'}"), FolderStore(home / "objects")
    now = datetime.now(UTC)
    with records.database.transaction() as connection:
        many = [
            {"identity": f"{n:06}", "stamp": f"s{n}", "batch": "b", "document": "d", "at": now} for n in range(ROWS)
        ]
        connection.execute(watched_files.insert(), many)
    records.database.close()
    for number in range(objects):
        store.put(f"previews/{number:04}", str(number).encode() * 100)


@contextmanager
def held_row(target: Target) -> Iterator[Callable[[], bool]]:
    """Let no move get further than the middle of the table of `add_many`, until the block ends; tell whether one is there."""
    migrate_tables(target.records.database)
    with psycopg.connect(target.url, autocommit=True) as connection:
        connection.execute(
            "CREATE OR REPLACE FUNCTION hold() RETURNS trigger LANGUAGE plpgsql AS"
            " 'BEGIN PERFORM pg_advisory_xact_lock(1); RETURN NEW; END'"
        )
        connection.execute(
            "CREATE OR REPLACE TRIGGER hold BEFORE INSERT ON watched_files FOR EACH ROW WHEN (NEW.identity = '010000')"
            " EXECUTE FUNCTION hold()"
        )
        connection.execute("SELECT pg_advisory_lock(1)")
        waits = (
            "SELECT 1 FROM pg_locks JOIN pg_database ON pg_database.oid = database"
            " WHERE datname = current_database() AND locktype = 'advisory' AND NOT granted"
        )
        yield lambda: connection.execute(waits).fetchone() is not None


@contextmanager
def held_move(home: Path, target: Target, start_sake: Start) -> Iterator["subprocess.Popen[str]"]:
    """Start a move that stops there, until the block ends."""
    with held_row(target) as is_held:
        process = start_sake("migrate", "--to", str(target.file), home=home)
        wait_until(is_held, process=process, log=lambda: process.stderr and process.stderr.read())
        yield process


def kill_move(home: Path, target: Target, start_sake: Start) -> None:
    """Kill a move that has brought all objects, and half of the table of `add_many`."""
    with held_move(home, target, start_sake) as process:
        kill(process)
    assert read_progress(target.records.database, "watched_files")["rows"] == ROWS // 2


def kill(process: "subprocess.Popen[str]") -> None:
    """Kill the move itself, not what it waits for."""
    process.send_signal(signal.SIGKILL)
    process.wait()
