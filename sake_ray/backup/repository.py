"""Where backups are kept: content under its name, once however many snapshots have it, and a manifest for each snapshot.

The manifest is written last: a snapshot without one is none, and what it has stored is found by the next.
"""

import hashlib
import json
import os
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from sake_ray.backup.entries import FileEntry, parse_lines
from sake_ray.backup.sealing import BackupSeal
from sake_ray.errors import BackupDamaged, NotFound, ObjectMissing, SetupError, StorageUnavailable
from sake_ray.storage.objects import FolderStore, ObjectStore

FORMAT = 1
ABOUT, CHUNKS, SNAPSHOTS, DAMAGED = "repository.json", "chunks/", "snapshots/", "damaged/"
CHECK_LETTERS = 32


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One backup, as its manifest says it.

    `revision` is that of the tables of the records. `mlflow` names a server whose data is not in the backup. `bytes` are all
    of its files, `written` are those that were not there before. `erased` counts originals that were erased while it was made,
    `missing` those that the store did not have.
    """

    number: int
    made_at: datetime
    kind: str
    revision: str
    mlflow: str
    files: int
    bytes: int
    written: int
    erased: int
    missing: int
    entries: tuple[str, ...]
    """The chunks of the list of its files."""


class Repository:
    """The backups of one installation, in a store."""

    def __init__(self, store: ObjectStore, seal: BackupSeal) -> None:
        self.store, self.seal = store, seal
        self.written = 0
        self._chunks: set[bytes] = set()
        self._unproved: set[bytes] = set()
        """Chunks that the newest snapshot does not name: killed backups have left them, or older ones need them."""

    def prepare(self) -> None:
        """Begin the repository, or make sure that the key is the one with which it was begun; raises SetupError."""
        try:
            self.check()
        except NotFound:
            about = {"format": FORMAT, "proof": self.seal.proof}
            self.store.put(ABOUT, json.dumps(about).encode(), durable=True)

    def check(self) -> None:
        """Raise NotFound where there are no backups, and SetupError when the key is not theirs or their format is unknown."""
        try:
            about = json.loads(self.store.get(ABOUT))
            version, proof = about["format"], about["proof"]
        except ObjectMissing as error:
            raise NotFound("backup-none") from error
        except (ValueError, KeyError, TypeError) as error:
            raise BackupDamaged("backup-content-damaged", name=ABOUT) from error
        if version != FORMAT:
            raise SetupError("backup-format-unknown", format=version)
        if proof != self.seal.proof:
            wrong = "backup-key-wrong" if proof and self.seal.proof else "backup-key-missing"
            raise SetupError(wrong if proof else "backup-key-unexpected")

    def learn_chunks(self) -> None:
        """Find out which chunks there are: 130 bytes of memory for each. Empty ones are none."""
        sizes = self.store.list_sizes(CHUNKS)
        self._unproved = {bytes.fromhex(key.rpartition("/")[2]) for key, size in sizes if size}
        self._chunks = set()
        for name in self._list_newest():
            if name in self._unproved:
                self._unproved.remove(name)
                self._chunks.add(name)

    def has(self, name: str) -> bool:
        """Whether there is a chunk that was on the disk when a snapshot was made of it, or was stored since."""
        return bytes.fromhex(name) in self._chunks

    def put_chunk(self, content: bytes) -> str:
        """Store a chunk unless it is there; return its name."""
        name = self.seal.name(content)
        if self.has(name):
            return name
        # What no snapshot has made sure of may have lost its content in a power cut: it is read, and stored anew if so.
        if not self._is_sound(name):
            self.store.put(place_chunk(name), self.seal.close(content, purpose=name))
            self.written += len(content)
        self._chunks.add(bytes.fromhex(name))
        return name

    def get_chunk(self, name: str) -> bytes:
        """Fetch a chunk; raises BackupDamaged when it is missing or not what its name says."""
        try:
            content = self.seal.open(self.store.get(place_chunk(name)), purpose=name)
        except ObjectMissing as error:
            raise BackupDamaged("backup-content-missing", name=name) from error
        if self.seal.name(content) != name:
            raise BackupDamaged("backup-content-damaged", name=name)
        return content

    def list_numbers(self) -> dict[int, str]:
        """List the snapshots: the number of each, and the key of its manifest; oldest first, whatever the clocks said."""
        found = {int(key.removeprefix(SNAPSHOTS).partition("-")[0]): key for key in self.store.list(SNAPSHOTS)}
        return dict(sorted(found.items()))

    def read_snapshot(self, number: int | None = None) -> Snapshot:
        """Read the manifest of a snapshot, the newest by default; raises NotFound, BackupDamaged."""
        numbers = self.list_numbers()
        if not numbers:
            raise NotFound("backup-none")
        number = max(numbers) if number is None else number
        if number not in numbers:
            raise NotFound("backup-not-found", number=number)
        key = numbers[number]
        stored = self.store.get(key)
        if not key.endswith("-" + _check(stored)):
            raise BackupDamaged("backup-content-damaged", name=key)
        found = json.loads(self.seal.open(stored, purpose=f"{SNAPSHOTS}{number}"))
        entries, made_at = tuple(found.pop("entries")), datetime.fromisoformat(found.pop("made_at"))
        return Snapshot(entries=entries, made_at=made_at, **found)

    def list_entries(
        self, snapshot: Snapshot, *, on_damage: Callable[[str, BackupDamaged], None] | None = None
    ) -> Iterator[FileEntry]:
        """List the files of a snapshot. Raises BackupDamaged where a part of the list is, or calls `on_damage` and goes on."""
        for name in snapshot.entries:
            try:
                chunk = self.get_chunk(name)
            except BackupDamaged as error:
                if not on_damage:
                    raise
                on_damage(name, error)
            else:
                yield from parse_lines(chunk)

    def commit(self, snapshot: Snapshot) -> None:
        """Store the manifest, after all that it names is on the disk: from now on the snapshot is there."""
        if isinstance(self.store, FolderStore):
            os.sync()  # once for all chunks: each alone would take several milliseconds
        content = json.dumps(asdict(snapshot) | {"made_at": snapshot.made_at.isoformat()}).encode()
        stored = self.seal.close(content, purpose=f"{SNAPSHOTS}{snapshot.number}")
        at = f"{snapshot.made_at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
        self.store.put(f"{SNAPSHOTS}{snapshot.number:06d}-{at}-{_check(stored)}", stored, durable=True)

    def _list_newest(self) -> Iterator[bytes]:
        """List the names of the chunks of the newest snapshot, as far as it can be read."""
        try:
            snapshot = self.read_snapshot()
        except (NotFound, BackupDamaged, ObjectMissing):
            return
        yield from map(bytes.fromhex, snapshot.entries)
        for entry in self.list_entries(snapshot, on_damage=lambda _, __: None):
            yield from map(bytes.fromhex, entry.chunks)

    def _is_sound(self, name: str) -> bool:
        if bytes.fromhex(name) not in self._unproved:
            return False
        try:
            self.get_chunk(name)
        except BackupDamaged:
            return False
        return True

    def set_aside(self, name: str) -> None:
        """Move a damaged chunk out of the way, so that the next backup stores it anew where its file is still there."""
        try:
            self.store.put(f"{DAMAGED}{name}", self.store.get(place_chunk(name)))
            self.store.delete(place_chunk(name))
        except ObjectMissing:
            return
        except StorageUnavailable:  # nothing can be stored now: then it stays where it is
            return


def place_chunk(name: str) -> str:
    """The key of a chunk."""
    return f"{CHUNKS}{name[:2]}/{name}"


def _check(stored: bytes) -> str:
    return hashlib.sha256(stored).hexdigest()[:CHECK_LETTERS]
