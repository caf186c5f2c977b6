"""Make a backup: first the records as of one moment, then what belongs to them, and last the manifest."""

import os
import shutil
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil

from sake_ray.backup.chunks import CHUNK_BYTES, cut_blocks, cut_rows
from sake_ray.backup.entries import Area, EarlierEntries, FileEntry
from sake_ray.backup.folders import describe_file, find_files, read_file
from sake_ray.backup.repository import Repository, Snapshot
from sake_ray.backup.source import ARTIFACTS, REGISTRY_FILE, BackupSource, belongs
from sake_ray.domain.audit import AuditAction
from sake_ray.errors import BackupDamaged, NotFound, ObjectMissing
from sake_ray.storage.objects import FolderStore
from sake_ray.storage.records.snapshots import RecordsSnapshot, copy_sqlite, open_snapshot
from sake_ray.workspace.images import list_images

THREADS = 8
"""Objects that are read at the same time; most of it is waiting for the store."""
CHUNK = 500
COPIES = "backup-"
"""How folders with copies of databases begin, before the process that made them."""


def make_backup(
    source: BackupSource, repository: Repository, *, wait_seconds: float, scratch: Path, now: datetime
) -> Snapshot:
    """Make a backup that `Repository.commit` completes; the service may go on meanwhile. The repository is held by the caller.

    `scratch` is an existing folder for copies of SQLite's files. Raises WorkspaceLocked when a training holds the workspace
    for longer than `wait_seconds`, StorageUnavailable, SetupError; what has been stored by then is used by the next.
    """
    repository.learn_chunks()
    backup = _Backup(source, repository)
    _remove_left(scratch)
    with TemporaryDirectory(dir=scratch, prefix=f"{COPIES}{os.getpid()}-") as folder:
        lines = (entry.to_line() for entry in backup.take(Path(folder), wait_seconds))
        entries = tuple(map(repository.put_chunk, cut_rows(lines)))
    erased, missing = backup.count_missing()
    return Snapshot(
        number=max(repository.list_numbers(), default=0) + 1,
        made_at=now,
        kind=backup.records.kind,
        revision=backup.records.revision,
        mlflow=source.mlflow,
        files=backup.files,
        bytes=backup.bytes,
        written=repository.written,
        erased=erased,
        missing=missing,
        entries=entries,
    )


def note_backup(source: BackupSource, snapshot: Snapshot, *, by: str, now: datetime) -> None:
    """Note a backup that is complete in the audit log, from which its age is told."""
    subject = f"backup:{snapshot.number}"
    source.records.audit.add(AuditAction.BACKUP_MADE, by=by, at=now, subject=subject, files=snapshot.files)


class _Backup:
    """Takes the files of an installation, and counts them."""

    records: RecordsSnapshot

    def __init__(self, source: BackupSource, repository: Repository) -> None:
        self.source, self.repository = source, repository
        self.earlier = EarlierEntries(_list_earlier(repository))
        self.files = self.bytes = 0
        self.seen: set[str] = set()
        """The originals that the store had."""

    def take(self, scratch: Path, wait_seconds: float) -> Iterator[FileEntry]:
        """Store all files, area by area; yield their entries in the order of lists."""
        for entry in self._take_all(scratch, wait_seconds):
            self.files += 1
            self.bytes += entry.size
            yield entry

    def count_missing(self) -> tuple[int, int]:
        """Count the originals that the store did not have: of documents that were erased meanwhile, and of others."""
        ids = [_document_of(key) for key in self.records.originals - self.seen]
        there = 0
        for start in range(0, len(ids), CHUNK):
            there += len(self.source.records.ledger.list_originals(ids[start : start + CHUNK]))
        return len(ids) - there, there

    def _take_all(self, scratch: Path, wait_seconds: float) -> Iterator[FileEntry]:
        with open_snapshot(self.source.records.database, scratch) as self.records:
            for name, read in sorted(self.records.files.items()):
                cut = cut_blocks if self.source.records.database.is_sqlite else cut_rows
                yield self._store(FileEntry(Area.RECORDS, name), cut(read()))
        if not self.source.mlflow:
            yield from self._take_registry(scratch)
        workspace, images = self.source.workspace, set[str]()
        if workspace.folder.exists():
            with workspace.hold("backup", seconds=wait_seconds):
                images = {image.sha256 for image in list_images(workspace.images.folder)}
                yield from self._take_folder(Area.WORKSPACE, find_files(workspace.folder))
        own = self.repository.store
        left_out = (own.root,) if isinstance(own, FolderStore) else ()
        yield from self._take_folder(Area.HOME, self.source.find_home_files(without=left_out))
        yield from self._take_objects(images)

    def _take_registry(self, scratch: Path) -> Iterator[FileEntry]:
        """Take MLflow's file and the artifacts. The file is read first: it names no artifact that is not there yet."""
        home, copied = self.source.home, scratch / REGISTRY_FILE
        if not (home / REGISTRY_FILE).exists():
            return
        copy_sqlite(home / REGISTRY_FILE, copied)
        artifacts = find_files(home / ARTIFACTS)
        yield from self._take_folder(Area.REGISTRY, ((f"{ARTIFACTS}/{name}", path) for name, path in artifacts))
        yield self._store(FileEntry(Area.REGISTRY, REGISTRY_FILE), cut_blocks(read_file(copied, CHUNK_BYTES)))

    def _take_folder(self, area: Area, files: Iterable[tuple[str, Path]]) -> Iterator[FileEntry]:
        for name, path in files:
            try:
                entry = describe_file(area, name, path)
                if entry.modified:
                    entry = self._find_unchanged(entry) or self._store(entry, cut_blocks(read_file(path, CHUNK_BYTES)))
                yield entry
            except FileNotFoundError:  # it was removed meanwhile
                continue

    def _take_objects(self, images: set[str]) -> Iterator[FileEntry]:
        found = self.source.store.list_versions()
        entries = (FileEntry(Area.OBJECTS, key, size, stamp=stamp) for key, size, stamp in found)
        wanted = (entry for entry in entries if belongs(entry.path, self.records, images))
        with ThreadPoolExecutor(THREADS, "backup") as pool:
            while some := list(islice(wanted, CHUNK)):
                # In order, since the earlier list is read along.
                unchanged = [self._find_unchanged(entry) for entry in some]
                for entry in pool.map(self._take_object, some, unchanged):
                    if entry:
                        self.seen.add(entry.path)
                        yield entry

    def _take_object(self, entry: FileEntry, unchanged: FileEntry | None) -> FileEntry | None:
        if unchanged:
            return unchanged
        try:
            return self._store(entry, cut_blocks([self.source.store.get(entry.path)]))
        except ObjectMissing:
            return None

    def _find_unchanged(self, entry: FileEntry) -> FileEntry | None:
        """Find the same file in the snapshot before, when its stamp is the same and all of it is still stored."""
        earlier = self.earlier.find(entry.area, entry.path)
        if not earlier or not entry.stamp or (earlier.stamp, earlier.mode) != (entry.stamp, entry.mode):
            return None
        return earlier if all(map(self.repository.has, earlier.chunks)) else None

    def _store(self, entry: FileEntry, chunks: Iterable[bytes]) -> FileEntry:
        names, size = [], 0
        for chunk in chunks:
            names.append(self.repository.put_chunk(chunk))
            size += len(chunk)
        return replace(entry, size=size, chunks=tuple(names))


def _remove_left(scratch: Path) -> None:
    """Remove the copies of killed backups, in which there may be what was erased since."""
    for left in scratch.glob(f"{COPIES}*"):
        pid = left.name.split("-")[1]
        if not (pid.isdigit() and psutil.pid_exists(int(pid))):
            shutil.rmtree(left, ignore_errors=True)


def _list_earlier(repository: Repository) -> Iterator[FileEntry]:
    """List the files of the newest snapshot, as far as it can be read: what is not found there is read again."""
    try:
        yield from repository.list_entries(repository.read_snapshot())
    except (NotFound, BackupDamaged):
        return


def _document_of(original: str) -> str:
    """The id of the document that was uploaded with this original; its parts have the same."""
    return original.rpartition("/")[2].partition(".")[0]
