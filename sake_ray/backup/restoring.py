"""Restore a snapshot into an empty home, store and database; what was killed is begun again and goes on where it was."""

import json
import os
import shutil
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from sake_ray.backup.entries import Area, FileEntry
from sake_ray.backup.erasure_notes import ErasureNotes
from sake_ray.backup.folders import find_place, restore_file
from sake_ray.backup.repository import Repository, Snapshot
from sake_ray.backup.source import REGISTRY_FILE, BackupSource
from sake_ray.backup.verification import LIST, Damage
from sake_ray.domain.audit import AuditAction
from sake_ray.errors import BackupDamaged, ObjectMissing, SetupError
from sake_ray.files import write_atomically
from sake_ray.storage.records.revisions import find_revision, list_revisions
from sake_ray.storage.records.snapshots import POSTGRESQL, SQLITE, load_snapshot

MARK = "restore.json"
"""The file in the home that says which snapshot is being restored; without it a restore is complete."""
FETCHED = "restoring"
THREADS = 8
CHUNK = 500


@dataclass(frozen=True, slots=True)
class RestoreReport:
    """How many files were restored, how many documents were erased again, and what could not be restored."""

    files: int
    erased: int
    damaged: tuple[Damage, ...]


def restore(
    target: BackupSource, repository: Repository, snapshot: Snapshot, notes: ErasureNotes, *, by: str
) -> RestoreReport:
    """Restore a snapshot; the rows of what was erased since are erased again, `Eraser` does the rest of that.

    Nothing serves from the target meanwhile. Raises SetupError when it is not empty, or has another kind of database;
    BackupDamaged when the records cannot be read, and then all else is of no use. Whatever else is damaged is named.
    """
    fetched = target.home / FETCHED
    with _mark(target, snapshot) as is_resumed:
        try:
            _fetch_records(repository, snapshot, fetched)
        except BackupDamaged:
            if not is_resumed:  # nothing of it is there, and another backup may be whole
                shutil.rmtree(fetched, ignore_errors=True)
                (target.home / MARK).unlink()
            raise
        restoring = _Restoring(target, repository, is_resumed=is_resumed)
        damaged = tuple(restoring.restore_all(snapshot))
        load_snapshot(target.records.database, snapshot.kind, snapshot.revision, fetched)
        target.records.database.migrate()
        erased = _erase_again(target, notes, by)
        subject = f"backup:{snapshot.number}"
        target.records.audit.add(AuditAction.BACKUP_RESTORED, by=by, subject=subject, files=restoring.files)
        shutil.rmtree(fetched)
    return RestoreReport(restoring.files, erased, damaged)


def check_restored(home: Path) -> None:
    """Raise SetupError when a restore into this home was killed: a part is missing, and erased data may be in it."""
    if (home / MARK).exists():
        raise SetupError("restore-unfinished", home=home)


@contextmanager
def _mark(target: BackupSource, snapshot: Snapshot) -> Iterator[bool]:
    """Mark the home as being restored, for the duration of the block, and until one ends well; give whether it was before."""
    mark = target.home / MARK
    content = {"number": snapshot.number, "made_at": snapshot.made_at.isoformat()}
    is_resumed = mark.exists() and json.loads(mark.read_text()) == content
    if not is_resumed:
        _check_empty(target)
    kind = SQLITE if target.records.database.is_sqlite else POSTGRESQL
    if snapshot.kind != kind:
        raise SetupError("restore-other-database", kind=snapshot.kind, own=kind)
    revisions = list_revisions()
    if snapshot.revision not in revisions:
        raise SetupError("records-newer", revision=snapshot.revision, newest=revisions[-1])
    target.home.mkdir(parents=True, exist_ok=True)
    write_atomically(mark, json.dumps(content), sync=True)
    yield is_resumed
    os.sync()  # once for all files: each alone would take several milliseconds
    mark.unlink()


def _check_empty(target: BackupSource) -> None:
    found = next((name for name, _ in target.find_home_files()), None)
    found = found or next(iter(target.store.list()), None)
    place: object = target.home if found else ""
    path = target.records.database.path
    if not found and (path.exists() if path else find_revision(target.records.database) is not None):
        place = target.records.database
    for other in (target.workspace.folder, target.home / REGISTRY_FILE):
        place = place or (other if other.exists() else "")
    if place:
        raise SetupError("restore-not-empty", place=place)


def _fetch_records(repository: Repository, snapshot: Snapshot, folder: Path) -> None:
    """Fetch the files of the records, which come first: without them all else is of no use."""
    shutil.rmtree(folder, ignore_errors=True)
    for entry in repository.list_entries(snapshot):
        if entry.area is not Area.RECORDS:
            return
        restore_file(find_place(folder, entry.path), entry, map(repository.get_chunk, entry.chunks))


def _erase_again(target: BackupSource, notes: ErasureNotes, by: str) -> int:
    erased = 0
    for note in notes.list_unknown(target.records.erasures.list_known()):
        erased += target.records.erasures.begin_again(note.targets, note.cause, asked_at=note.asked_at, by=by)
    return erased


class _Restoring:
    """Restores files, and passes over those that are there from before a kill."""

    def __init__(self, target: BackupSource, repository: Repository, *, is_resumed: bool) -> None:
        self.target, self.repository, self.is_resumed = target, repository, is_resumed
        self.files = 0
        self._folders = {
            Area.REGISTRY: target.home,
            Area.WORKSPACE: target.workspace.folder,
            Area.HOME: target.home,
        }

    def restore_all(self, snapshot: Snapshot) -> Iterator[Damage]:
        """Restore everything but the records; yield what cannot be."""
        unlisted: list[Damage] = []

        def note(_: str, error: BackupDamaged) -> None:
            unlisted.append(Damage(snapshot.number, LIST, error.message))

        listed = self.repository.list_entries(snapshot, on_damage=note)
        entries = (entry for entry in listed if entry.area is not Area.RECORDS)
        with ThreadPoolExecutor(THREADS, "restore") as pool:
            while some := list(islice(entries, CHUNK)):
                for entry, error in zip(some, pool.map(self._try, some), strict=True):
                    self.files += error is None
                    if error:
                        yield Damage(snapshot.number, entry.name, error.message)
        yield from unlisted

    def _try(self, entry: FileEntry) -> BackupDamaged | None:
        try:
            self._restore(entry)
        except BackupDamaged as error:
            return error
        return None

    def _restore(self, entry: FileEntry) -> None:
        chunks: Iterable[bytes] = map(self.repository.get_chunk, entry.chunks)
        if entry.area is Area.OBJECTS:
            if not (self.is_resumed and self._has_object(entry)):
                self.target.store.put(entry.path, b"".join(chunks))
            return
        path = find_place(self._folders[entry.area], entry.path)
        is_there = not entry.link and path.is_file() and path.stat().st_size == entry.size
        if not (self.is_resumed and is_there):
            restore_file(path, entry, chunks)

    def _has_object(self, entry: FileEntry) -> bool:
        try:
            return self.target.store.size(entry.path) == entry.size
        except ObjectMissing:
            return False
