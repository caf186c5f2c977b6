"""The commands say what there is, what is damaged, and what they do not do."""

import json
import os
import subprocess
import sys
from pathlib import Path

from sake_ray.backup import hold_repository
from sake_ray.backup.restoring import MARK
from sake_ray.cli.service_state import lock_home
from tests.backup.small import Small
from tests.command import run_sake
from tests.ledger.bureau import Bureau

Pair = tuple[Small, Bureau]


def sake(small: Small, *words: str, home: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run the command with the backups of an installation."""
    assert hasattr(small.repository.store, "root")
    return run_sake(*words, home=home or small.home, SAKE_BACKUP_URL=str(small.repository.store.root))


def test_backups_are_made_listed_and_verified(small: Pair) -> None:
    installation, _ = small
    made = sake(installation, "backup")
    assert made.returncode == 0, made.stderr
    assert "are new." in made.stderr
    assert "It is not encrypted" in made.stderr
    listed = sake(installation, "backup", "--list")
    assert listed.stdout == made.stdout
    number, _, files, size = listed.stdout.strip().split("\t")
    assert (number, int(files) > 20, int(size) > 500_000) == ("1", True, True)
    assert sake(installation, "backup", "--verify").returncode == 0
    key = next(iter(installation.repository.store.list("chunks/")))
    installation.repository.store.put(key, b"damaged")
    verified = sake(installation, "backup", "1", "--verify")
    assert verified.returncode == 1
    assert "A part of the backup is damaged" in verified.stdout
    assert installation.source.records.audit.list(limit=1).items[0].action == "backup-made"


def test_without_a_place_or_a_backup_one_is_told_what_to_do(small: Pair, tmp_path: Path) -> None:
    installation, _ = small
    nowhere = run_sake("backup", home=tmp_path / "home")
    assert (nowhere.returncode, "SAKE_BACKUP_URL names no place" in nowhere.stderr) == (5, True)
    empty = sake(installation, "restore-backup", home=tmp_path / "else")
    assert (empty.returncode, "There is no backup" in empty.stderr) == (2, True)


def test_number_of_a_backup_is_not_passed_over_nor_are_all_removed(small: Pair) -> None:
    installation, _ = small
    for words, said in ((("1",), "goes with --verify"), (("--keep", "0"), "--keep")):
        refused = sake(installation, "backup", *words)
        assert (refused.returncode, said in refused.stderr) == (2, True)
    assert list(installation.repository.list_numbers()) == []


def test_nothing_serves_from_a_home_whose_restore_did_not_end(small: Pair) -> None:
    installation, _ = small
    (installation.home / MARK).write_text(json.dumps({"number": 7, "made_at": ""}))
    for words in ("up", "backup", "prepare", "erase --reference Durand --yes", "user list", "check", "train", "models"):
        refused = sake(installation, *words.split())
        assert refused.returncode == 5, words
        assert "did not end; run `sake restore-backup`" in refused.stderr, words


def test_serve_builds_no_application_from_a_home_whose_restore_did_not_end(tmp_path: Path) -> None:
    (tmp_path / MARK).write_text(json.dumps({"number": 7, "made_at": ""}))
    build = [sys.executable, "-c", "from sake_ray.cli.serve_application import application"]
    servers = {"SAKE_RECORDS_URL": "postgresql://127.0.0.1:9/none", "SAKE_OBJECTS_URL": "s3://bucket/none"}
    environment = os.environ | servers | {"SAKE_HOME": str(tmp_path)}
    refused = subprocess.run(build, env=environment, capture_output=True, text=True, check=False)
    assert "did not end" in refused.stderr
    assert not (tmp_path / "records.db").exists()


def test_nothing_is_restored_into_the_home_of_a_running_service(small: Pair, tmp_path: Path) -> None:
    installation, _ = small
    installation.back_up()
    (tmp_path / "else/run").mkdir(parents=True)
    with lock_home(tmp_path / "else/run"):
        refused = sake(installation, "restore-backup", home=tmp_path / "else")
    assert (refused.returncode, "A service runs on" in refused.stderr) == (5, True)
    assert sake(installation, "restore-backup", home=tmp_path / "else").returncode == 0


def test_verification_beside_a_backup_moves_nothing(small: Pair) -> None:
    installation, _ = small
    installation.back_up()
    store = installation.repository.store
    key = next(iter(store.list("chunks/")))
    store.put(key, b"damaged")
    with hold_repository(store):
        beside = sake(installation, "backup", "--verify")
    assert (beside.returncode, "stays in its place" in beside.stderr) == (1, True)
    assert store.get(key) == b"damaged"
    assert list(store.list("damaged/")) == []
    assert sake(installation, "backup", "--verify").returncode == 1
    assert (store.exists(key), len(list(store.list("damaged/")))) == (False, 1)
    # Also what is set aside may be of somebody who is erased.
    assert sake(installation, "backup", "--keep", "1").returncode == 0
    assert list(store.list("damaged/")) == []
    assert installation.damages() == []
