"""A home moves to PostgreSQL and S3: killed on the way it goes on, and at its end both answer the same."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa
from psutil import Process

from sake_ray.cli.service_state import lock_home
from sake_ray.domain.accounts import Role
from sake_ray.domain.answers import Answer
from sake_ray.domain.audit import AuditAction
from sake_ray.storage.moving import MARKER
from sake_ray.storage.objects import FolderStore
from sake_ray.storage.records import Records
from sake_ray.storage.records.move_progress import begin_move
from sake_ray.storage.records.tables import watched_files
from tests.command import run_sake
from tests.ledger.bureau import NOW
from tests.moves import (  # noqa: F401 - fixtures
    CONTENTS,
    ROWS,
    Start,
    Target,
    add_many,
    assert_same,
    copy_home,
    held_move,
    held_row,
    kill,
    kill_move,
    make_home,
    make_target,
    read_all,
)
from tests.office import words_of
from tests.small_service import SmallService
from tests.storage.postgres import PASSWORD
from tests.waiting import wait_until


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
    # What was not read has no recipe, rather than one of JSON's null.
    assert count_unread(before.records) == count_unread(target.records) > 0
    # What is numbered goes on after what came.
    target.records.answers.add(Answer(any_document(target), "cv", "ann", NOW))
    assert len(read_all(target.records)["answers"]) == 2


def count_unread(records: Records) -> int:
    """How many documents have no recipe."""
    with records.database.transaction(reads_only=True) as connection:
        return int(connection.execute(sa.text("SELECT count(*) FROM documents WHERE recipe IS NULL")).scalar_one())


def any_document(target: Target) -> str:
    """The id of a document that is classified."""
    with target.records.database.transaction(reads_only=True) as connection:
        query = sa.text("SELECT id FROM documents WHERE prediction IS NOT NULL AND answer IS NULL LIMIT 1")
        return str(connection.execute(query).scalar_one())


def test_a_move_that_is_killed_twice_goes_on(home: Path, target: Target, start_sake: Start) -> None:
    add_many(home, objects=150)
    with held_row(target):
        process = start_sake("migrate", "--to", str(target.file), home=home)
        wait_until(lambda: sum(1 for _ in target.store.list()) >= 60, process=process)
        kill(process)
    arrived = [key for key in target.store.list() if key != MARKER]
    moved_at = target.store.modified(arrived[0])
    kill_move(home, target, start_sake)
    # As the first kill can have left it, had it come earlier.
    gone = list(FolderStore(home / "objects").list("previews/"))[1::2]
    for key in gone:
        target.store.erase(key)
    done = run_sake("migrate", "--to", str(target.file), home=home)
    assert done.returncode == 0, done.stderr
    assert f"watched_files: {ROWS} rows" in done.stdout
    assert_same(home, target)
    # What was there already was not copied again.
    assert target.store.modified(arrived[0]) == moved_at


def test_what_changed_on_either_side_between_two_tries_is_copied_anew(
    home: Path, target: Target, start_sake: Start
) -> None:
    add_many(home, objects=2)
    kill_move(home, target, start_sake)
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


def test_what_something_else_put_into_the_target_is_not_erased(home: Path, target: Target, start_sake: Start) -> None:
    add_many(home, objects=2)
    kill_move(home, target, start_sake)
    target.store.put("backups/1", b"theirs")
    done = run_sake("migrate", "--to", str(target.file), home=home)
    assert (done.returncode, "backups/1" in done.stderr) == (6, True), done.stderr
    assert target.store.get("backups/1") == b"theirs"
    target.store.erase("backups/1")
    done = run_sake("migrate", "--to", str(target.file), home=home)
    assert done.returncode == 0, done.stderr
    assert_same(home, target)


def test_nobody_writes_to_the_records_while_they_move(home: Path, target: Target, start_sake: Start) -> None:
    add_many(home, objects=0)
    file = home / "records.db"
    with held_move(home, target, start_sake) as process:
        adding = start_sake("user", "add", "late", "--role", "user", "--team", "paris", home=home)
        with (
            closing(sqlite3.connect(file, timeout=0)) as other,
            pytest.raises(sqlite3.OperationalError, match="locked"),
        ):
            other.execute("BEGIN IMMEDIATE")
        wait_until(lambda: str(file) in {opened.path for opened in Process(adding.pid).open_files()}, process=adding)
        assert adding.poll() is None
    assert process.wait(300) == 0
    added = adding.wait(300) == 0
    # It came after the move, or not at all: in no case in between.
    source = Records(f"sqlite:///{file}")
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
