"""What is around a reader process: a folder of its own, and no secrets."""

import os
import time
from pathlib import Path

import psutil
import pytest

from sake_ray.data.reader_surroundings import YOUNG_SECONDS, ScratchFolder
from sake_ray.data.reading import Reader, ReadingOptions


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    return tmp_path


def age(path: Path) -> None:
    long_ago = time.time() - YOUNG_SECONDS - 1
    os.utime(path, (long_ago, long_ago))


def test_what_killed_processes_left_is_removed_by_the_next(folder: Path) -> None:
    left = folder / "sake-reader-left"
    left.mkdir()
    (left / "page.pgm").write_bytes(b"a page")
    age(left)
    ScratchFolder().remove()
    assert not left.exists()


def test_folder_of_a_living_process_stays(folder: Path) -> None:
    other = ScratchFolder()
    age(other.path)
    ScratchFolder().remove()
    assert other.path.exists()
    other.remove()
    assert not other.path.exists()


def test_link_among_the_folders_is_not_followed(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (elsewhere / "kept").touch()
    age(elsewhere)
    (folder / "sake-reader-link").symlink_to(elsewhere)
    ScratchFolder().remove()
    assert (elsewhere / "kept").exists()


def test_secrets_of_the_environment_do_not_reach_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SAKE_DATABASE_URL", "AWS_SECRET_ACCESS_KEY", "ANYTHING_ELSE"):
        monkeypatch.setenv(name, "kept-back")
    with Reader(ReadingOptions()) as reader:
        _ = reader.recipe
        environment = psutil.Process(reader._process._process.pid).environ()  # type: ignore[union-attr]
    assert "PATH" in environment
    assert "kept-back" not in environment.values()
