"""Whatever happens to a backup or a restore, no half of one is taken for a whole, and the next one goes on."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from sake_ray.backup import Repository, check_restored, hold_repository, read_seal, restore
from sake_ray.domain.erasures import ErasedDocument, Erasure, ErasureCause, ErasureTargets
from sake_ray.errors import AlreadyRunning, BackupDamaged, SakeError, SetupError, StorageUnavailable
from sake_ray.storage.objects import FolderStore
from sake_ray.storage.s3 import S3Store
from tests.backup.small import Small
from tests.ledger.bureau import Bureau
from tests.ports import free_port
from tests.storage.s3_servers import BUCKET, Server, serving_folder
from tests.traces import find_traces

Pair = tuple[Small, Bureau]


def kill(what: str, home: Path, backups: Path, prefix: str, times: int) -> None:
    """Have the program killed at that moment."""
    words = [what, str(home), str(backups), prefix, str(times)]
    done = subprocess.run(
        [sys.executable, "-m", "tests.backup.programs.killed", *words], capture_output=True, check=False
    )
    assert done.returncode == -signal.SIGKILL, done.stderr


def restores(installation: Small, folder: Path, number: int | None = None) -> Small:
    """Restore elsewhere, where nothing is wrong then."""
    elsewhere = installation.elsewhere(folder)
    report = elsewhere.restore(number)
    assert report.damaged == ()
    assert elsewhere.faults() == {}
    return elsewhere


def count(installation: Small) -> int:
    return len(installation.source.records.ledger.list_documents(limit=1000))


@pytest.mark.parametrize(
    ("prefix", "times"),
    [("repository", 1), ("locks", 1), ("chunks", 1), ("chunks", 9), ("chunks", 18), ("snapshots", 1)],
)
def test_killed_backup_is_none_and_the_next_goes_on(small: Pair, tmp_path: Path, prefix: str, times: int) -> None:
    installation, _ = small
    kill("backup", installation.home, tmp_path / "backups", prefix, times)
    assert installation.repository.list_numbers() == {}
    left = sum(1 for _ in installation.repository.store.list("chunks/"))
    made = installation.back_up()
    whole = sum(1 for _ in installation.repository.store.list("chunks/"))
    assert (made.number, list(installation.repository.list_numbers())) == (1, [1])
    assert made.written < made.bytes or left == 0
    assert left <= whole
    assert list(installation.repository.store.list("locks/")) == []
    # Nor is a copy of the records left, in which there may be what is erased later.
    assert list((installation.home / "run").glob("backup-*")) == []
    assert installation.damages() == []
    assert count(restores(installation, tmp_path / "else")) == 4


@pytest.mark.parametrize(("prefix", "times"), [("snapshots", 1), ("chunks", 2), ("chunks", 9), ("erasures", 1)])
def test_killed_restore_serves_nobody_and_is_begun_again(small: Pair, tmp_path: Path, prefix: str, times: int) -> None:
    installation, bureau = small
    installation.back_up()
    installation.erase()
    bureau.upload("five")
    elsewhere = installation.elsewhere(tmp_path / "else")
    kill("restore", elsewhere.home, tmp_path / "backups", prefix, times)
    if prefix != "snapshots":
        with pytest.raises(SetupError, match="did not end"):
            check_restored(elsewhere.home)
    assert elsewhere.restore().damaged == ()
    check_restored(elsewhere.home)
    assert (elsewhere.faults(), count(elsewhere)) == ({}, 0)
    assert (elsewhere.home / "token_key").read_text() == "k" * 64


def test_full_disk_leaves_the_backups_that_there_are(small: Pair, tmp_path: Path) -> None:
    installation, bureau = small
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1536k,mode=700", "tmpfs", str(disk)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("This user may not mount a small disk.")
    try:
        full = Small(installation.home, Repository(FolderStore(disk / "backups"), read_seal(None)))
        full.back_up()
        (installation.home / "notes").write_bytes(os.urandom(3_000_000))
        with pytest.raises(StorageUnavailable, match="space"):
            full.back_up()
        assert list(full.repository.list_numbers()) == [1]
        (installation.home / "notes").unlink()
        restores(full, tmp_path / "else")
    finally:
        subprocess.run(["umount", str(disk)], check=True)
    assert bureau


def find_chunk(installation: Small, name: str) -> str:
    """The key of the first chunk of a file."""
    entries = installation.repository.list_entries(installation.repository.read_snapshot())
    chunk = next(entry.chunks[0] for entry in entries if entry.name.startswith(name))
    return f"chunks/{chunk[:2]}/{chunk}"


@pytest.mark.parametrize("fault", ["flipped", "cut", "missing"])
def test_damaged_file_is_named_and_all_else_is_restored(small: Pair, tmp_path: Path, fault: str) -> None:
    installation, _ = small
    installation.back_up()
    store = installation.repository.store
    key = find_chunk(installation, "objects/texts/")
    content = store.get(key)
    store.delete(key)
    if fault != "missing":
        store.put(key, content[:-1] + bytes([content[-1] ^ 1]) if fault == "flipped" else content[:-1])
    elsewhere = installation.elsewhere(tmp_path / "else")
    report = elsewhere.restore()
    assert [damage.file[:14] for damage in report.damaged] == ["objects/texts/"]
    assert elsewhere.faults() == {"fault-text-missing": 1}
    assert [name[:14] for name in installation.damages()] == ["objects/texts/"]
    # What was damaged is set aside, so that the next backup has it from its source.
    installation.back_up()
    assert installation.damages([2]) == []
    restores(installation, tmp_path / "third")


def test_damaged_records_restore_nothing(small: Pair, tmp_path: Path) -> None:
    installation, _ = small
    installation.back_up()
    installation.repository.store.put(find_chunk(installation, "records/"), b"")
    elsewhere = installation.elsewhere(tmp_path / "else")
    with pytest.raises(BackupDamaged):
        elsewhere.restore()
    assert list(elsewhere.source.store.list()) == []
    assert installation.damages() == ["records/records.db"]
    # The home is as empty as before, so that another backup can be restored into it.
    installation.back_up()
    elsewhere.restore()
    assert elsewhere.faults() == {}


def test_cut_manifest_is_no_backup(small: Pair, tmp_path: Path) -> None:
    installation, _ = small
    installation.back_up()
    installation.back_up()
    store, key = installation.repository.store, installation.repository.list_numbers()[2]
    store.put(key, store.get(key)[:100])
    with pytest.raises(BackupDamaged):
        installation.elsewhere(tmp_path / "none").restore()
    assert installation.damages() == ["manifest"]
    restores(installation, tmp_path / "else", 1)
    assert installation.back_up().number == 3


class EndingStore(S3Store):
    """Its server ends in the middle of the work."""

    left, end = 10, staticmethod(lambda: None)

    def put(self, key: str, data: bytes, *, durable: bool = False) -> None:
        self.left -= 1
        if self.left == 0:
            self.end()
        super().put(key, data, durable=durable)


def test_store_that_goes_in_the_middle_is_gone_on_with(small: Pair, tmp_path: Path) -> None:
    installation, _ = small
    server = Server(f"http://127.0.0.1:{free_port()}", "key", "secret")
    (tmp_path / "buckets").mkdir()

    def open_store(kind: type[S3Store]) -> S3Store:
        return kind(BUCKET, "b", endpoint=server.endpoint, access_key="key", secret_key="secret")

    ending = open_store(EndingStore)
    assert isinstance(ending, EndingStore)
    cut_off = Small(installation.home, Repository(ending, read_seal(None)))
    running = serving_folder(server, tmp_path / "buckets", tmp_path / "log")
    running.__enter__()
    ended = []
    ending.end = lambda: ended.append(running.__exit__(None, None, None))  # type: ignore[assignment]
    with pytest.raises(StorageUnavailable):
        cut_off.back_up()
    assert len(ended) == 1
    with serving_folder(server, tmp_path / "buckets", tmp_path / "log"):
        whole = Small(installation.home, Repository(open_store(S3Store), read_seal(None)))
        assert whole.repository.list_numbers() == {}
        for lock in whole.repository.store.list("locks/"):  # of this process, which a command would have ended
            whole.repository.store.delete(lock)
        whole.back_up()
        assert whole.damages() == []
        restores(whole, tmp_path / "else")


def test_clock_that_was_set_back_does_not_make_an_older_backup_the_newest(small: Pair, tmp_path: Path) -> None:
    installation, bureau = small
    now = datetime.now(UTC)
    installation.back_up(now=now)
    bureau.upload("five")
    bureau.process()
    installation.back_up(now=now - timedelta(hours=1))
    assert list(installation.repository.list_numbers()) == [1, 2]
    assert count(restores(installation, tmp_path / "else")) == 5


def test_two_backups_at_once_are_one_after_the_other_or_refused(small: Pair, tmp_path: Path) -> None:
    installation, _ = small
    installation.repository.prepare()
    with hold_repository(installation.repository.store), pytest.raises(AlreadyRunning):
        installation.back_up()
    outcomes: list[str] = []

    def back_up() -> None:
        other = Small(installation.home, Repository(installation.repository.store, read_seal(None)))
        try:
            outcomes.append(f"made {other.back_up(keep=1).number}")
        except SakeError as error:
            outcomes.append(error.code)

    threads = [threading.Thread(target=back_up) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(outcomes) == 4
    assert set(outcomes) - {"backup-already-running"} <= {f"made {n}" for n in range(1, 5)}
    installation.back_up(keep=1)
    assert installation.damages() == []
    restores(installation, tmp_path / "else")


def test_lock_of_another_machine_counts_until_it_is_no_longer_renewed(small: Pair) -> None:
    installation, _ = small
    store = installation.repository.store
    assert isinstance(store, FolderStore)
    store.put("locks/other", b'{"host": "elsewhere", "pid": 1, "started": 1.0}')
    with pytest.raises(AlreadyRunning):
        installation.back_up()
    long_ago = datetime.now(UTC).timestamp() - 3600
    os.utime(store.root / "locks/other", (long_ago, long_ago))
    assert installation.back_up().number == 1
    assert list(store.list("locks/")) == []


@pytest.fixture
def busy(small: Pair) -> Iterator[Pair]:
    """A service that accepts and processes documents all the while."""
    _, bureau = small
    stop = threading.Event()

    def work() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            bureau.upload(f"while it is backed up {number}", key=f"busy {number}")
            bureau.process()

    thread = threading.Thread(target=work)
    thread.start()
    yield small
    stop.set()
    thread.join()


def test_service_that_goes_on_meanwhile_is_backed_up_as_of_one_moment(busy: Pair, tmp_path: Path) -> None:
    installation, _ = busy
    counts = []
    for number in range(1, 6):
        installation.back_up()
        elsewhere = restores(installation, tmp_path / f"else{number}", number)
        counts.append(count(elsewhere))
        # What came after the records is nobody's there.
        originals = [key for key in elsewhere.source.store.list() if "/original_raw/" in key]
        assert len(originals) == counts[-1]
    assert counts == sorted(counts)
    assert counts[-1] > counts[0] >= 4


class ErasingStore(FolderStore):
    """Somebody erases all documents between the records and the objects."""

    erase = staticmethod(lambda: None)

    def list_versions(self, prefix: str = "") -> Iterator[tuple[str, int, str]]:
        self.erase()
        return super().list_versions(prefix)


def test_what_is_erased_in_the_middle_is_erased_again(small: Pair, tmp_path: Path) -> None:
    installation, _ = small
    store = ErasingStore(installation.home / "objects")
    erased = Small(installation.home, installation.repository, store=store)
    store.erase = installation.erase  # type: ignore[assignment]
    made = erased.back_up()
    assert (made.erased, made.missing) == (4, 0)
    elsewhere = erased.elsewhere(tmp_path / "else")
    assert elsewhere.restore().erased == 4
    assert (elsewhere.faults(), count(elsewhere)) == ({}, 0)
    assert find_traces(elsewhere.home, "Durand") == []


def test_while_the_backups_cannot_be_reached_nothing_but_rows_is_erased(small: Pair) -> None:
    installation, bureau = small
    installation.back_up()
    store = installation.repository.store
    assert isinstance(store, FolderStore)
    store.root.rename(store.root.with_name("away"))
    store.root.write_text("no folder")
    installation.erase()
    (waiting,) = installation.source.records.erasures.list(limit=1).items
    assert "folder" in str(waiting.error)
    assert len([key for key in bureau.store.list() if "original_raw" in key]) == 4
    store.root.unlink()
    store.root.with_name("away").rename(store.root)
    assert installation.eraser.run_next(now=datetime.now(UTC) + timedelta(hours=1))
    assert [key for key in bureau.store.list() if "original_raw" in key] == []
    assert len(list(store.list("erasures/"))) == 1


def test_nothing_is_restored_over_something(small: Pair, tmp_path: Path) -> None:
    installation, _ = small
    installation.back_up()
    with pytest.raises(SetupError, match="not empty"):
        installation.restore()
    (tmp_path / "else").mkdir()
    (tmp_path / "else/letter.txt").write_text("mine")
    with pytest.raises(SetupError, match="not empty"):
        installation.elsewhere(tmp_path / "else").restore()


def test_backup_of_a_newer_program_is_refused_before_anything_is_restored(small: Pair, tmp_path: Path) -> None:
    installation, _ = small
    snapshot = replace(installation.back_up(), revision="9999")
    elsewhere = installation.elsewhere(tmp_path / "else")
    with pytest.raises(SetupError, match="knows none after"):
        restore(elsewhere.source, elsewhere.repository, snapshot, elsewhere.notes, by="root")
    assert not elsewhere.home.exists()


def test_parts_that_a_document_had_at_the_time_of_the_backup_are_erased_with_it(small: Pair, tmp_path: Path) -> None:
    installation, bureau = small
    root, *_ = bureau.upload("seven")
    with installation.source.records.database.transaction() as connection:
        some = "SELECT id FROM documents WHERE id != ? LIMIT 1"
        part = connection.exec_driver_sql(some, (root.id,)).scalar_one()
        connection.exec_driver_sql("UPDATE documents SET parent = ? WHERE id = ?", (root.id, part))
    installation.back_up()
    targets = ErasureTargets((ErasedDocument(root.id, root.batch, root.team, root.sha256),), (), ())
    now = datetime.now(UTC)
    installation.notes.add(Erasure(99, ErasureCause.BIN, "", "", "", now, targets=targets))
    elsewhere = installation.elsewhere(tmp_path / "else")
    assert elsewhere.restore().erased == 2
    assert not {root.id, part} & {one.id for one in elsewhere.source.records.ledger.list_documents(limit=100)}
    assert [key for key in elsewhere.source.store.list() if root.id in key or part in key] == []
