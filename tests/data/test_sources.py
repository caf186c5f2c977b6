"""Finding what was named: folders, files, globs; each once, in order."""

import contextlib
import os
import socket
from hashlib import sha256
from pathlib import Path

import pytest

from sake_ray.data.sources import RecentBytes, S3Endpoint, _may_be_document, fetch_source, find_sources, hash_sources
from sake_ray.errors import InputError, StorageUnavailable
from tests.ports import free_port
from tests.storage.s3_servers import BUCKET, Server
from tests.storage.s3_servers import moto as moto

PDF, PNG = b"%PDF-1.7 ...", b"\x89PNG\r\n\x1a\n..."


def names(*paths: Path | str) -> list[str]:
    return [
        Path(source.path).name for source in find_sources([str(path) for path in paths], buckets=S3Endpoint()).sources
    ]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "b").mkdir()
    (tmp_path / ".git").mkdir()
    documents = {"z.pdf": PDF, "b/a.png": PNG, "scan.txt": PNG, "empty.pdf": b"", "README": b"x"}
    for name, content in (documents | {"notes.txt": b"plain", ".DS_Store": b"x", ".git/x.pdf": PDF}).items():
        (tmp_path / name).write_bytes(content)
    return tmp_path


def test_folder_gives_its_documents_in_order_without_hidden_and_side_files(folder: Path) -> None:
    assert names(folder) == ["README", "empty.pdf", "scan.txt", "z.pdf", "a.png"]
    skipped = find_sources([str(folder)], buckets=S3Endpoint()).skipped
    assert [Path(path).name for path in skipped] == [".DS_Store", "notes.txt"]


def test_what_desktops_leave_behind_is_passed_over_and_counted_also_where_the_shell_names_it(tmp_path: Path) -> None:
    for name in ("a.pdf", "Thumbs.db", ".DS_Store", "desktop.ini", "~$letter.docx"):
        (tmp_path / name).write_bytes(PDF)
    for paths in ([tmp_path], [tmp_path / "*"], list(tmp_path.iterdir())):
        found = find_sources([str(path) for path in paths], buckets=S3Endpoint())
        assert [Path(source.path).name for source in found.sources] == ["a.pdf"]
        left = {"Thumbs.db", "desktop.ini", "~$letter.docx"}
        assert left <= {Path(path).name for path in found.skipped} <= left | {".DS_Store"}


@pytest.fixture
def odd_files(tmp_path: Path) -> Path:
    """A folder with a document, a fifo to which nobody writes, a link to it, and a socket."""
    (tmp_path / "a.pdf").write_bytes(PDF)
    os.mkfifo(tmp_path / "pipe.pdf")
    (tmp_path / "link.txt").symlink_to(tmp_path / "pipe.pdf")
    with socket.socket(socket.AF_UNIX) as listening, contextlib.chdir(tmp_path):
        listening.bind("socket.pdf")
    return tmp_path


def test_a_fifo_or_socket_in_a_folder_is_passed_over(odd_files: Path) -> None:
    found = find_sources([str(odd_files)], buckets=S3Endpoint())
    assert [Path(source.path).name for source in found.sources] == ["a.pdf"]
    assert [Path(path).name for path in found.skipped] == ["link.txt", "pipe.pdf", "socket.pdf"]


@pytest.mark.parametrize("name", ["pipe.pdf", "link.txt", "socket.pdf"])
def test_a_fifo_or_socket_that_is_named_is_refused_and_keeps_nobody_waiting(odd_files: Path, name: str) -> None:
    (source,) = find_sources([str(odd_files / name)], buckets=S3Endpoint()).sources
    assert list(hash_sources([source], fetch=RecentBytes(S3Endpoint(), max_bytes=100), max_bytes=100)) == [""]
    with pytest.raises(InputError, match=r"no ordinary file|No such device"):
        fetch_source(source.location, buckets=S3Endpoint(), max_bytes=100)


def test_content_decides_in_a_bucket_too(moto: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", moto.access_key)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", moto.secret_key)
    bucket = S3Endpoint(moto.endpoint)
    for name, content in {"scan.txt": PNG, "notes.txt": b"plain", "empty.csv": b"", "z.pdf": PDF}.items():
        bucket.open(BUCKET).put(f"sources/{name}", content)
    found = find_sources([f"s3://{BUCKET}/sources/"], buckets=bucket)
    assert [Path(source.path).name for source in found.sources] == ["scan.txt", "z.pdf"]
    assert [Path(path).name for path in found.skipped] == ["empty.csv", "notes.txt"]


def test_bucket_that_fails_leaves_no_file_out_silently() -> None:
    with pytest.raises(StorageUnavailable):
        _may_be_document(b"s3://bucket/scan.txt", S3Endpoint(f"http://127.0.0.1:{free_port()}"))


def test_file_that_is_named_counts_whatever_it_is(folder: Path) -> None:
    assert names(folder / "notes.txt", folder / ".git" / "x.pdf") == ["notes.txt", "x.pdf"]


def test_file_named_twice_counts_once(folder: Path) -> None:
    assert names(folder / "z.pdf", folder, folder / "z.pdf")[0] == "z.pdf"
    assert names(folder / "z.pdf", folder).count("z.pdf") == 1


def test_glob_is_expanded(folder: Path) -> None:
    assert names(f"{folder}/**/*.p*") == ["a.png", "empty.pdf", "z.pdf"]


def test_file_whose_name_looks_like_a_glob_is_the_file(folder: Path) -> None:
    (folder / "scan[1].pdf").write_bytes(PDF)
    assert names(folder / "scan[1].pdf") == ["scan[1].pdf"]


def test_link_in_a_circle_is_not_followed(folder: Path) -> None:
    (folder / "b" / "back").symlink_to(folder)
    assert names(folder).count("z.pdf") == 1


@pytest.mark.parametrize("path", ["nothing here", "s3://", "no*match"])
def test_name_that_matches_nothing_is_a_clear_error(path: str) -> None:
    with pytest.raises(InputError):
        find_sources([path], buckets=S3Endpoint())


def test_name_that_is_no_unicode_can_be_read(folder: Path) -> None:
    odd = os.fsencode(folder) + b"/caf\xe9.pdf"
    Path(os.fsdecode(odd)).write_bytes(PDF)
    (source,) = find_sources([os.fsdecode(odd)], buckets=S3Endpoint()).sources
    assert source.path.endswith("caf\\xe9.pdf")
    assert fetch_source(source.location, buckets=S3Endpoint(), max_bytes=100) == PDF


def test_no_more_is_read_than_shows_that_a_file_is_too_large(folder: Path) -> None:
    assert len(fetch_source(os.fsencode(folder / "z.pdf"), buckets=S3Endpoint(), max_bytes=5)) == 6


def test_hash_is_empty_where_a_file_is_too_large_or_gone(folder: Path) -> None:
    sources = find_sources([str(folder / "z.pdf"), str(folder / "README")], buckets=S3Endpoint()).sources
    assert list(hash_sources(sources, fetch=RecentBytes(S3Endpoint(), max_bytes=5), max_bytes=5)) == [
        "",
        sha256(b"x").hexdigest(),
    ]
    (folder / "README").unlink()
    assert list(hash_sources(sources, fetch=RecentBytes(S3Endpoint(), max_bytes=100), max_bytes=100)) == [
        sha256(PDF).hexdigest(),
        "",
    ]
