"""Content is stored once, read only by whoever has the key, and what is kept is never removed."""

import os
from pathlib import Path

import pytest

from sake_ray.backup import Repository, read_seal
from sake_ray.backup.chunks import CHUNK_BYTES, cut_blocks, cut_rows
from sake_ray.backup.folders import find_files, find_place
from sake_ray.errors import BackupDamaged, NotFound, SetupError
from sake_ray.storage.objects import FolderStore
from tests.backup.small import Small
from tests.ledger.bureau import Bureau
from tests.traces import find_traces

Pair = tuple[Small, Bureau]


def make_key(path: Path) -> Path:
    path.write_text(os.urandom(32).hex())
    return path


def test_row_in_the_middle_changes_few_chunks() -> None:
    rows = [f"{n} {n * n} {'x' * (n % 700)}\n".encode() for n in range(20_000)]
    before = list(cut_rows(rows))
    after = list(cut_rows([*rows[:9_000], b"a new row\n", *rows[9_000:]]))
    assert b"".join(before) == b"".join(rows)
    assert len(before) > 20
    assert len(set(after) - set(before)) <= 2


def test_blocks_are_cut_at_the_same_places_however_they_come() -> None:
    content = os.urandom(3 * CHUNK_BYTES + 7)
    small = list(cut_blocks(content[n : n + 1000] for n in range(0, len(content), 1000)))
    assert [len(chunk) for chunk in small] == [CHUNK_BYTES] * 3 + [7]
    assert small == list(cut_blocks([content]))


def test_encrypted_content_is_read_with_its_key_alone(tmp_path: Path) -> None:
    seal = read_seal(make_key(tmp_path / "key"))
    repository = Repository(FolderStore(tmp_path / "backups"), seal)
    repository.prepare()
    name = repository.put_chunk(b"a hidden word")
    assert repository.get_chunk(name) == b"a hidden word"
    assert find_traces(tmp_path / "backups", "hidden") == []
    other = Repository(repository.store, read_seal(make_key(tmp_path / "other")))
    for wrong, code in (
        (other, "backup-key-wrong"),
        (Repository(repository.store, read_seal(None)), "backup-key-missing"),
    ):
        with pytest.raises(SetupError) as caught:
            wrong.prepare()
        assert caught.value.code == code
    with pytest.raises(BackupDamaged):
        other.get_chunk(name)


def test_sealed_content_cannot_stand_in_another_place(tmp_path: Path) -> None:
    seal = read_seal(make_key(tmp_path / "key"))
    stored = seal.close(b"one", purpose="snapshots/1")
    assert seal.open(stored, purpose="snapshots/1") == b"one"
    with pytest.raises(BackupDamaged):
        seal.open(stored, purpose="snapshots/2")


def test_without_backups_one_is_told_so(tmp_path: Path) -> None:
    repository = Repository(FolderStore(tmp_path / "nothing"), read_seal(None))
    for ask in (repository.check, repository.read_snapshot):
        with pytest.raises(NotFound, match="There is no backup"):
            ask()


def test_key_that_is_none_is_refused(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("short")
    with pytest.raises(SetupError, match="64 hexadecimal digits"):
        read_seal(tmp_path / "key")


def test_old_backups_are_removed_with_what_nobody_needs_and_the_others_stay_whole(small: Pair, tmp_path: Path) -> None:
    installation, bureau = small
    installation.back_up()
    bureau.upload("five")
    bureau.process()
    # The first one's records are in no other; its documents are in both.
    installation.back_up(keep=1)
    assert list(installation.repository.list_numbers()) == [2]
    assert installation.damages() == []
    chunks = set(installation.repository.store.list("chunks/"))
    snapshot = installation.repository.read_snapshot()
    entries = list(installation.repository.list_entries(snapshot))
    needed = {*snapshot.entries, *(name for entry in entries for name in entry.chunks)}
    assert {key.rpartition("/")[2] for key in chunks} == needed
    elsewhere = installation.elsewhere(tmp_path / "else")
    elsewhere.restore()
    assert elsewhere.faults() == {}
    assert len(elsewhere.source.records.ledger.list_documents(limit=100)) == 5


def test_nothing_is_removed_while_nobody_knows_what_a_kept_backup_needs(small: Pair) -> None:
    installation, _ = small
    installation.back_up()
    installation.back_up()
    store, newest = installation.repository.store, installation.repository.read_snapshot().entries[0]
    store.put(f"chunks/{newest[:2]}/{newest}", b"damaged")
    before = set(store.list("chunks/"))
    with pytest.raises(BackupDamaged):
        installation.back_up(keep=2)
    assert before <= set(store.list("chunks/"))
    assert list(installation.repository.list_numbers()) == [1, 2, 3]


def test_locks_of_git_are_left_out_and_dvc_lock_is_not(tmp_path: Path) -> None:
    for name in (".git/index.lock", ".git/refs/heads/main.lock", ".git/HEAD", "dvc.lock", "data/letter.lock"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")
    names = [name for name, _ in find_files(tmp_path)]
    assert names == [".git/HEAD", "data/letter.lock", "dvc.lock"]


@pytest.mark.parametrize("name", ["../outside", "in/../../outside", "/outside", "away/inside", "away/deep/inside", ""])
def test_names_of_a_repository_do_not_lead_out_of_the_folder(tmp_path: Path, name: str) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "home/away").symlink_to(tmp_path)
    with pytest.raises(BackupDamaged, match="damaged"):
        find_place(tmp_path / "home", name)
    assert find_place(tmp_path / "home", "keys/away") == tmp_path / "home/keys/away"


@pytest.mark.parametrize("left", [b"", b"a part of i"])
def test_chunk_that_a_power_cut_has_emptied_is_stored_anew(small: Pair, tmp_path: Path, left: bytes) -> None:
    installation, _ = small
    store = installation.repository.store
    # A backup before was cut off after all chunks and before its manifest; their names reached the disk, and not what is in them.
    names = [installation.back_up().entries[0]]
    entries = installation.repository.list_entries(installation.repository.read_snapshot())
    names += [name for entry in entries for name in entry.chunks]
    for key in installation.repository.list_numbers().values():
        store.delete(key)
    for name in names:
        store.put(f"chunks/{name[:2]}/{name}", left)
    assert installation.back_up().number == 1
    assert installation.damages() == []
    elsewhere = installation.elsewhere(tmp_path / "else")
    assert elsewhere.restore().damaged == ()
    assert elsewhere.faults() == {}


def test_what_a_snapshot_has_is_not_read_again_to_be_sure_of_it(small: Pair) -> None:
    installation, _ = small
    installation.back_up()
    fetched: list[str] = []

    class Watched(FolderStore):
        def get(self, key: str) -> bytes:
            fetched.append(key)
            return super().get(key)

    assert isinstance(installation.repository.store, FolderStore)
    lists = {f"chunks/{name[:2]}/{name}" for name in installation.repository.read_snapshot().entries}
    Small(installation.home, Repository(Watched(installation.repository.store.root), read_seal(None))).back_up()
    assert lists
    assert {key for key in fetched if key.startswith("chunks/")} == lists
