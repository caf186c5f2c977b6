"""After a move nobody goes on with what stayed behind, and before its end nobody begins with what has come."""

import json
from pathlib import Path

import pytest

from sake_ray.cli.bootstrap import open_objects, open_records
from sake_ray.domain.audit import AuditAction
from sake_ray.errors import SetupError
from sake_ray.settings import Settings
from sake_ray.storage.moving import MARKER
from sake_ray.storage.objects import FolderStore
from sake_ray.storage.records import Records
from tests.command import run_sake
from tests.ledger.bureau import NOW
from tests.moves import (  # noqa: F401 - fixtures
    Start,
    Target,
    add_many,
    assert_same,
    copy_home,
    kill_move,
    make_home,
    make_target,
    read_objects,
)
from tests.storage.postgres import PASSWORD


def test_the_old_home_says_where_all_of_it_went(home: Path, target: Target) -> None:
    assert run_sake("migrate", "--to", str(target.file), home=home).returncode == 0
    for words in (("user", "list"), ("migrate",), ("prepare",), ("migrate", "--to", str(target.file))):
        done = run_sake(*words, home=home)
        assert done.returncode == 5, (words, done.stderr)
        assert "has moved to Database(postgresql" in done.stderr
        assert str(home / "moved.json") in done.stderr
        assert PASSWORD not in done.stderr
    assert PASSWORD not in (home / "moved.json").read_text()
    with pytest.raises(SetupError, match="has moved to S3Store"):
        open_objects(Settings(home=home))
    assert run_sake("user", "list", home=home, **target.settings).returncode == 0


def test_a_home_that_was_used_again_is_not_taken_for_moved(home: Path, target: Target) -> None:
    assert run_sake("migrate", "--to", str(target.file), home=home).returncode == 0
    (home / "moved.json").unlink()
    records = Records(f"sqlite:///{home / 'records.db'}")
    records.audit.add(AuditAction.SIGNED_IN, by="late", at=NOW)
    records.database.close()
    done = run_sake("migrate", "--to", str(target.file), home=home)
    assert (done.returncode, "is not empty" in done.stderr) == (5, True), done.stderr
    assert "All of it is there" not in done.stderr


def test_nobody_opens_a_target_with_a_part_of_the_records(home: Path, target: Target, start_sake: Start) -> None:
    add_many(home, objects=1)
    kill_move(home, target, start_sake)
    for words in (("prepare",), ("user", "list"), ("migrate",)):
        done = run_sake(*words, home=home, **target.settings)
        assert (done.returncode, "unfinished move" in done.stderr) == (5, True), (words, done.stderr)
    assert run_sake("user", "list", home=home).returncode == 0  # the home is still what serves
    note = (home / "run" / "move.json").read_text()
    assert run_sake("migrate", "--to", str(target.file), home=home).returncode == 0
    assert_same(home, target)
    # As a kill at the very end leaves it.
    (home / "run" / "move.json").write_text(note)
    target.store.put(MARKER, json.loads(note)["move"].encode())
    again = run_sake("migrate", "--to", str(target.file), home=home)
    assert (again.returncode, again.stdout) == (0, ""), again.stderr
    assert not target.store.exists(MARKER)
    assert sorted(path.name for path in (home / "run").glob("move*")) == []


def test_no_service_opens_a_store_with_a_part_of_the_objects(home: Path, target: Target) -> None:
    target.store.put(MARKER, b"anybody's")
    settings = {name: value for name, value in target.settings.items() if name != "SAKE_RECORDS_URL"}
    done = run_sake("prepare", home=home, **settings)
    assert (done.returncode, "unfinished move" in done.stderr) == (5, True), done.stderr


def test_objects_alone_move_to_a_folder_that_is_private(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "folder.env"
    file.write_text(f"SAKE_OBJECTS_URL={tmp_path / 'elsewhere'}\nSAKE_MLFLOW_URL=http://127.0.0.1:5000\n")
    done = run_sake("migrate", "--to", str(file), home=home)
    assert done.returncode == 0, done.stderr
    assert "The models do not move" in done.stderr
    there = FolderStore(tmp_path / "elsewhere")
    assert read_objects(there) == read_objects(FolderStore(home / "objects"))
    assert {path.stat().st_mode & 0o077 for path in there.root.rglob("*")} == {0}
    with pytest.raises(SetupError, match="has moved to FolderStore"):
        open_objects(Settings(home=home))
    open_records(Settings(home=home)).database.close()
