"""A home moves to PostgreSQL and S3: killed on the way it goes on, and at its end both answer the same."""

import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa

from sake_ray.cli.service_state import lock_home
from sake_ray.domain.accounts import Role
from sake_ray.domain.answers import Answer
from sake_ray.domain.audit import AuditAction
from sake_ray.storage.moving import MARKER
from sake_ray.storage.objects import FolderStore
from sake_ray.storage.records import Records
from sake_ray.storage.records.metadata import metadata
from sake_ray.storage.records.move_progress import begin_move, read_progress
from sake_ray.storage.records.tables import document_counts, watched_files
from sake_ray.storage.s3 import S3Store
from tests.command import run_sake
from tests.homes import make_tables
from tests.ledger.bureau import NOW, Bureau, make_registry
from tests.office import words_of
from tests.small_service import SmallService
from tests.storage.postgres import PASSWORD, Postgres
from tests.storage.s3_servers import BUCKET, Server
from tests.waiting import wait_until

Start = Callable[..., "subprocess.Popen[str]"]
CONTENTS = ("one", "two", "three", "four", "five", "bad", "stuck", "blank")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
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


@pytest.fixture
def home(made: Path, tmp_path: Path) -> Path:
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

    def read_rows(self, table: str) -> int:
        """How many rows of a table are there, as the move itself notes it."""
        with suppress(Exception):  # before the tables are made
            return int((read_progress(self.records.database, table) or {"rows": 0})["rows"])
        return 0


@pytest.fixture
def target(postgres: Postgres, moto: Server, tmp_path: Path) -> Iterator[Target]:
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


def ask(service: SmallService, sign: dict[str, str]) -> list[object]:
    """What the API answers to questions that people ask."""
    paths = ["/documents", "/documents?page_size=3", "/documents?status=FAILED", "/batches"]
    paths += [f"/search?q={word}" for content in CONTENTS[:3] for word in words_of(content).split()[:3]]
    answers: list[object] = []
    for path in paths:
        answer = service.http.get(path, headers=sign)
        assert answer.status_code == 200, (path, answer.text)
        answers.append((path, answer.json()))
    for document in service.http.get("/documents", headers=sign).json()["items"]:
        answer = service.http.get(f"/documents/{document['id']}/original", headers=sign)
        answers.append((answer.status_code, answer.content, answer.headers["content-type"]))
    return answers


def assert_same(home: Path, target: Target) -> None:
    """Both have the same rows and objects, and nothing of the move is left."""
    source = Records(f"sqlite:///{home / 'records.db'}")
    assert read_all(source) == read_all(target.records)
    assert read_objects(FolderStore(home / "objects")) == read_objects(target.store)
    assert source.counts.list() == target.records.counts.list()
    with target.records.database.transaction(reads_only=True) as connection:
        assert not sa.inspect(connection).has_table("sake_move")
    source.database.close()


def test_a_home_moves_and_answers_the_same(home: Path, target: Target) -> None:
    done = run_sake("migrate", "--to", str(target.file), home=home)
    assert done.returncode == 0, done.stderr
    assert "documents: 11 rows, checksum " in done.stdout
    assert "search_index: 9 rows, checksum " in done.stdout
    assert PASSWORD not in done.stdout + done.stderr
    assert target.server.secret_key not in done.stdout + done.stderr
    assert_same(home, target)
    checked = run_sake("check", home=home, **target.settings)
    assert (checked.returncode, checked.stdout) == (0, "No faults.\n"), checked.stdout + checked.stderr
    assert target.records.audit.verify().faults == ()
    before = SmallService(home)
    sign = before.sign("judge", Role.REVIEWER)
    after = SmallService(home, target.store, url=target.url)
    there = after.sign("judge", Role.REVIEWER)
    assert ask(before, sign) == ask(after, there)
    # What is numbered goes on after what came.
    target.records.answers.add(Answer(any_document(target), "cv", "ann", NOW))
    assert len(read_all(target.records)["answers"]) == 2


def any_document(target: Target) -> str:
    """The id of a document that is classified."""
    with target.records.database.transaction(reads_only=True) as connection:
        query = sa.text("SELECT id FROM documents WHERE prediction IS NOT NULL AND answer IS NULL LIMIT 1")
        return str(connection.execute(query).scalar_one())


def add_many(home: Path, *, rows: int, objects: int) -> None:
    """So much that a kill meets the move on its way."""
    records, store = Records(f"sqlite:///{home / 'records.db'}"), FolderStore(home / "objects")
    now = datetime.now(UTC)
    with records.database.transaction() as connection:
        many = [
            {"identity": f"{n:06}", "stamp": f"s{n}", "batch": "b", "document": "d", "at": now} for n in range(rows)
        ]
        connection.execute(watched_files.insert(), many)
    records.database.close()
    for number in range(objects):
        store.put(f"previews/{number:04}", str(number).encode() * 100)


def test_a_move_that_is_killed_twice_goes_on(home: Path, target: Target, start_sake: Start) -> None:
    add_many(home, rows=20_000, objects=150)
    total = sum(1 for _ in FolderStore(home / "objects").list())
    kill_when(start_sake, home, target, lambda: sum(1 for _ in target.store.list()) >= 60)
    arrived = [key for key in target.store.list() if key != MARKER]
    assert 0 < len(arrived) < total
    moved_at = target.store.modified(arrived[0])
    kill_when(start_sake, home, target, lambda: target.read_rows("watched_files") >= 1000)
    assert target.read_rows("watched_files") < 20_000
    done = run_sake("migrate", "--to", str(target.file), home=home)
    assert done.returncode == 0, done.stderr
    assert "watched_files: 20000 rows" in done.stdout
    assert_same(home, target)
    # What was there already was not copied again.
    assert target.store.modified(arrived[0]) == moved_at
    again = run_sake("migrate", "--to", str(target.file), home=home)
    assert (again.returncode, again.stdout) == (0, ""), again.stderr


def kill_when(start_sake: Start, home: Path, target: Target, arrived: Callable[[], bool]) -> None:
    """Start the move, and kill it once so much has arrived."""
    process = start_sake("migrate", "--to", str(target.file), home=home)
    wait_until(arrived, interval=0.01, process=process, log=lambda: process.stderr and process.stderr.read())
    process.send_signal(signal.SIGKILL)
    process.wait()


def test_what_changed_on_either_side_between_two_tries_is_copied_anew(
    home: Path, target: Target, start_sake: Start
) -> None:
    add_many(home, rows=20_000, objects=2)
    kill_when(start_sake, home, target, lambda: target.read_rows("watched_files") >= 1000)
    records = Records(f"sqlite:///{home / 'records.db'}")
    with records.database.transaction() as connection:
        connection.execute(watched_files.update().where(watched_files.c.identity == "000001").values(stamp="other"))
        connection.execute(watched_files.delete().where(watched_files.c.identity == "000002"))
    records.audit.add(AuditAction.SIGNED_IN, by="ann", at=NOW)
    records.database.close()
    FolderStore(home / "objects").delete("previews/0000")
    # As long as what was copied, and not the same.
    target.store.put("previews/0001", b"2" * 100)
    done = run_sake("migrate", "--to", str(target.file), home=home)
    assert done.returncode == 0, done.stderr
    assert_same(home, target)
    assert target.records.audit.verify().faults == ()


def test_nobody_writes_to_the_records_while_they_move(home: Path, target: Target, start_sake: Start) -> None:
    add_many(home, rows=20_000, objects=0)
    process = start_sake("migrate", "--to", str(target.file), home=home)
    wait_until(lambda: target.read_rows("watched_files") >= 500, interval=0.01, process=process)
    adding = start_sake("user", "add", "late", "--role", "user", "--team", "paris", home=home)
    assert process.wait(300) == 0
    added = adding.wait(300) == 0
    # It came after the move, or not at all: in no case in between.
    source = Records(f"sqlite:///{home / 'records.db'}")
    assert bool(source.accounts.find("late")) == added
    assert not target.records.accounts.find("late")
    source.database.close()


def test_it_is_refused_while_a_service_runs_on_the_home(home: Path, target: Target) -> None:
    (home / "run").mkdir(exist_ok=True)
    with lock_home(home / "run"):
        done = run_sake("migrate", "--to", str(target.file), home=home)
    assert (done.returncode, done.stderr.count("\n")) == (5, 1)
    assert "A service runs on" in done.stderr
    assert list(target.store.list()) == []


def test_a_target_with_something_in_it_is_refused_and_stays_as_it_is(home: Path, target: Target) -> None:
    target.store.put("theirs", b"1")
    done = run_sake("migrate", "--to", str(target.file), home=home)
    assert done.returncode == 5
    assert "is not empty (theirs)" in done.stderr
    target.store.delete("theirs")
    target.records.database.migrate()
    target.records.audit.add(AuditAction.SIGNED_IN, by="somebody", at=NOW)
    done = run_sake("migrate", "--to", str(target.file), home=home)
    assert done.returncode == 5
    assert "is not empty (audit)" in done.stderr
    assert PASSWORD not in done.stderr
    assert list(target.store.list()) == []


def test_an_unfinished_move_of_another_home_is_refused(home: Path, target: Target) -> None:
    target.store.put(MARKER, b"another")
    done = run_sake("migrate", "--to", str(target.file), home=home)
    assert (done.returncode, "no unfinished move of this home" in done.stderr) == (5, True)
    target.store.delete(MARKER)
    with target.records.database.transaction() as connection:
        begin_move(connection, "another", "")
    done = run_sake("migrate", "--to", str(target.file), home=home)
    assert (done.returncode, "not empty (sake_move)" in done.stderr) == (5, True)


@pytest.mark.parametrize(
    ("content", "words", "code"),
    [
        ("", "names no other place", 2),
        ("SAKE_RECORDS_URL=sqlite:////tmp/x/other.db\n", "PostgreSQL only", 5),
        (None, "cannot be read", 2),
    ],
)
def test_a_file_that_names_no_target_is_refused(
    home: Path, tmp_path: Path, content: str | None, words: str, code: int
) -> None:
    file = tmp_path / "named.env"
    if content is not None:
        file.write_text(content)
    done = run_sake("migrate", "--to", str(file), home=home)
    assert (done.returncode, words in done.stderr) == (code, True), done.stderr


def test_objects_alone_move_to_a_folder_that_is_private(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "folder.env"
    file.write_text(f"SAKE_OBJECTS_URL={tmp_path / 'elsewhere'}\n")
    done = run_sake("migrate", "--to", str(file), home=home)
    assert done.returncode == 0, done.stderr
    there = FolderStore(tmp_path / "elsewhere")
    assert read_objects(there) == read_objects(FolderStore(home / "objects"))
    assert {path.stat().st_mode & 0o077 for path in there.root.rglob("*")} == {0}
