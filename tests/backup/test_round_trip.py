"""An installation is backed up, wiped, and restored elsewhere: nothing is wrong with it, and it answers the same."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from sake_ray.classifier import Classifier
from sake_ray.data.reading import Reader
from sake_ray.registry.versions import ModelVersion
from tests.backup.filled import PERSON, Filled, fill, hand_in
from tests.command import run_sake
from tests.traces import find_traces


@pytest.fixture
def filled(
    tmp_path: Path, home: Path, tables: Path, trained: tuple[ModelVersion, Classifier], reader: Reader
) -> Iterator[Filled]:
    """An installation with something of everything."""
    filled = fill(tmp_path / "office", home, tables, trained, reader)
    yield filled
    filled.office.close()


def sake(*words: str, home: Path, status: int = 0, **settings: str) -> str:
    """Run the command; return what it says on both ways."""
    done = run_sake(*words, home=home, **settings)
    assert done.returncode == status, (words, done.stdout, done.stderr)
    return done.stdout + done.stderr


def modes_of(folder: Path) -> dict[str, int]:
    """The rights of keys and of what DVC keeps read-only."""
    files = [folder / "token_key", *sorted((folder / "workspace/.dvc/cache").rglob("*"))]
    return {str(path.relative_to(folder)): path.stat().st_mode for path in files if path.is_file()}


@pytest.mark.parametrize("encrypted", [False, True], ids=["plain", "encrypted"])
def test_what_is_restored_elsewhere_answers_the_same(filled: Filled, tmp_path: Path, encrypted: bool) -> None:
    before, commit = filled.answers(), filled.office.workspace.git.list_commits()
    modes, backups, elsewhere = modes_of(filled.office.home), tmp_path / "backups", tmp_path / "else" / "where"
    settings = {"SAKE_BACKUP_URL": str(backups)}
    if encrypted:
        (tmp_path / "key").write_text(os.urandom(32).hex() + "\n")
        settings["SAKE_BACKUP_KEY_FILE"] = str(tmp_path / "key")
    made = sake("backup", home=filled.office.home, **settings)
    assert ("It is not encrypted" in made) is not encrypted
    assert bool(find_traces(backups, "Durand")) is not encrypted
    filled.office.close()
    shutil.rmtree(filled.office.home)
    assert "Restored" in sake("restore-backup", home=elsewhere, **settings)
    assert sake("check", home=elsewhere).startswith("No faults.\n")
    restored = filled.at(elsewhere)
    try:
        after = restored.answers()
        assert after.keys() == before.keys()
        assert [path for path in before if after[path] != before[path]] == []
        assert len(before) > 30
        assert restored.office.workspace.git.list_commits() == commit
        assert restored.office.workspace.dvc.outputs.find_missing(commit[0])[0] == []
        assert modes_of(elsewhere) == modes
        assert (elsewhere / "jobs/1.log").read_text() == "what the job said\n"
    finally:
        restored.office.close()
    assert sake("audit", "verify", home=elsewhere)


def test_second_backup_writes_only_what_is_new(filled: Filled, tmp_path: Path) -> None:
    settings, home = {"SAKE_BACKUP_URL": str(tmp_path / "backups")}, filled.office.home

    def written() -> int:
        return sum(path.stat().st_size for path in (tmp_path / "backups/chunks").rglob("*") if path.is_file())

    sake("backup", home=home, **settings)
    first = written()
    original = hand_in(filled, "another letter", reference="Durand")
    sake("backup", home=home, **settings)
    # The new document with its text and pages, the records' file, the workspace's lock, and the list.
    records, pages = (
        (home / "records.db").stat().st_size,
        sum(len(filled.office.store.get(key)) for key in filled.office.store.list("pages/")),
    )
    assert original
    assert 0 < written() - first < records + pages + 300_000 < first
    listed = sake("backup", "--list", home=home, **settings).splitlines()
    assert [line.split("\t")[0] for line in listed] == ["1", "2"]


def test_what_was_erased_since_does_not_come_back(filled: Filled, tmp_path: Path) -> None:
    settings, home, elsewhere = {"SAKE_BACKUP_URL": str(tmp_path / "backups")}, filled.office.home, tmp_path / "else"
    hand_in(filled, "Xzqvmarker and more", reference=PERSON)
    sake("backup", home=home, **settings)
    sake("erase", "--reference", PERSON, "--yes", home=home, **settings)
    filled.office.close()
    shutil.rmtree(home)
    said = sake("restore-backup", home=elsewhere, **settings)
    assert "1 documents were erased since, and are erased again." in said
    assert find_traces(elsewhere, "xzqvmarker") == []
    assert find_traces(elsewhere, "Durand") != []
    assert sake("check", home=elsewhere).startswith("No faults.\n")
