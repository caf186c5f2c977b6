import os
from pathlib import Path

import pytest

from sake_ray.files import atomic_path, is_litter, read_regular_file, try_lock, unique_part, write_atomically


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_a_block_that_ends_well_replaces_the_file(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("old")
    with atomic_path(tmp_path / "a.txt") as part:
        part.write_text("new")
        assert (tmp_path / "a.txt").read_text() == "old"
    assert (tmp_path / "a.txt").read_text() == "new"
    assert names(tmp_path) == {"a.txt"}


def test_a_block_that_fails_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("old")
    with pytest.raises(UnicodeEncodeError), atomic_path(tmp_path / "a.txt") as part:
        part.write_text("new \ud800", encoding="utf-8")
    assert (tmp_path / "a.txt").read_text() == "old"
    assert names(tmp_path) == {"a.txt"}


def test_sync_puts_the_content_on_the_disk_before_the_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[Path] = []
    monkeypatch.setattr(os, "fsync", lambda descriptor: synced.append(Path(f"/proc/self/fd/{descriptor}").readlink()))
    write_atomically(tmp_path / "a.txt", "é", sync=True)
    assert synced == [tmp_path / "a.txt.part", tmp_path]
    assert (tmp_path / "a.txt").read_bytes() == "é".encode()


def test_without_sync_nothing_is_flushed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "fsync", lambda descriptor: pytest.fail("flushed"))
    write_atomically(tmp_path / "a.txt", b"1")
    assert (tmp_path / "a.txt").read_bytes() == b"1"


def test_unique_parts_lie_beside_the_file_and_differ(tmp_path: Path) -> None:
    parts = {unique_part(tmp_path / "a.txt") for _ in range(100)}
    assert len(parts) == 100
    assert {part.parent for part in parts} == {tmp_path}


def test_a_lock_is_one_holders_until_the_file_is_closed(tmp_path: Path) -> None:
    path = tmp_path / "a.lock"
    with path.open("w") as first, path.open() as second:
        assert try_lock(first.fileno())
        assert not try_lock(second.fileno())
        assert not try_lock(second.fileno(), shared=True)
    with path.open() as third, path.open() as fourth:
        assert try_lock(third.fileno(), shared=True)
        assert try_lock(fourth.fileno(), shared=True)


def test_a_file_is_read_up_to_a_limit_and_a_fifo_to_which_nobody_writes_is_refused_at_once(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"12345")
    assert read_regular_file(tmp_path / "a", 3) == b"123"
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", tmp_path, Path("/dev/null")):
        with pytest.raises(OSError, match="no ordinary file"):
            read_regular_file(path, 3)


@pytest.mark.parametrize("name", ["Thumbs.db", "a/.DS_Store", "DESKTOP.INI", "~$letter.docx"])
def test_what_desktops_leave_behind_is_litter(name: str) -> None:
    assert is_litter(name)


@pytest.mark.parametrize("name", ["thumbs.db.pdf", "letter~$.docx", "scan.pdf", "~$/scan.pdf"])
def test_a_document_is_no_litter(name: str) -> None:
    assert not is_litter(name)
