"""Watch a folder: find what is put into it, and move away what was handed in."""

import errno
import logging
import os
import stat
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from sake_ray.data.sources import HEAD
from sake_ray.errors import PlaceAway, UnreadableDocument
from sake_ray.serve.intake import Origin
from sake_ray.watch.contained import (
    exists,
    free_name,
    move_file,
    open_root,
    read_file,
    remove_file,
    version_of,
    write_file,
)
from sake_ray.watch.passing import MAX_DEPTH, SideFiles, is_folder_passed_over, is_passed_over
from sake_ray.watch.places import (
    DONE,
    FAILED,
    Arrival,
    ArrivedFile,
    Backlog,
    FailedFile,
    FileUnsettled,
    FindOutcomes,
    explain_failure,
    make_reference,
)
from sake_ray.watch.tracked import EndedFile, TrackedFiles
from sake_ray.watch.waiting import PlaceEntry

log = logging.getLogger(__name__)

GONE = {errno.ENOENT, errno.ENOTDIR, errno.ELOOP}
"""Taken away meanwhile, or a link has been put in its place."""
REFUSED = {errno.EACCES, errno.EPERM, errno.EROFS}
IMMOVABLE = GONE | REFUSED | {errno.EBUSY, errno.ETXTBSY, errno.EXDEV, errno.ENAMETOOLONG}
"""Somebody has it open, it is on another disk than the place, or its new name is too long."""
AGAIN_SECONDS = 300.0
"""So long a file is left alone that could not be read or moved."""
NAME_BYTES = 255


class WatchedFolder:
    """A folder of this machine, or one that is mounted. A file is known by its whole path: places may lie within others."""

    def __init__(
        self,
        address: str,
        name: str,
        *,
        moves: bool,
        seconds: float,
        max_bytes: int,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`moves` says whether what was handed in goes to `done`, or stays."""
        self.root = Path(address).expanduser().resolve()
        self.name, self.moves, self.max_bytes, self.clock = name, moves, max_bytes, clock
        self._files = TrackedFiles(self._origin, moves=moves, seconds=seconds)
        self._side_files = SideFiles()
        self._closed: set[str] = set()
        """Folders that could not be read the last time."""

    def look(self, find_outcomes: FindOutcomes) -> Iterator[Arrival]:
        """Yield what is to be handed in now, and move away what was read meanwhile; raises PlaceAway."""
        now = datetime.now().astimezone()
        closed: set[str] = set()
        with self._reach() as root:
            entries = list(self._walk(root, closed))
        if closed - self._closed:
            log.warning("folders not read", extra={"place": self.name, "nb": len(closed)})
        self._closed = closed
        ended = self._files.update(entries, find_outcomes, clock=self.clock(), now=now)
        with self._reach() as root:
            for one in ended:
                self._move_ended(root, one)
        for folder, chosen in self._files.waiting.select():
            yield Arrival(make_reference(folder, self.name, now), tuple(map(self._to_file, chosen)))

    def conclude(self, arrival: Arrival, accepted: Sequence[ArrivedFile], failed: Sequence[FailedFile]) -> None:  # noqa: ARG002
        """Take note of what was accepted, and move aside what was refused; raises PlaceAway."""
        for file in accepted:  # the records know it by now
            self._files.waiting.conclude(file.path)
        with self._reach() as root:
            for one in failed:
                entry = PlaceEntry(one.file.path, one.file.size, one.file.origin.version)
                self._move(root, entry, FAILED, explain_failure(one.file.name, one.why))

    @property
    def backlog(self) -> Backlog:
        """What the last look has left in the place."""
        return self._files.backlog

    def _walk(self, root: int, closed: set[str]) -> Iterator[PlaceEntry]:
        """Yield the files of the place; folders that are closed to us are added to `closed`."""

        def pass_closed(error: OSError) -> None:
            if error.errno not in REFUSED | GONE:
                raise error
            if error.errno in REFUSED:
                closed.add(str(error.filename))

        for folder, folders, names, descriptor in os.fwalk(".", dir_fd=root, onerror=pass_closed):
            below = "" if folder == "." else folder.removeprefix("./") + "/"
            deep = below.count("/") >= MAX_DEPTH
            folders[:] = [] if deep else sorted(one for one in folders if not is_folder_passed_over(below + one))
            for name in sorted(names):
                path = below + name
                if is_passed_over(name):
                    continue
                try:
                    status = os.stat(name, dir_fd=descriptor, follow_symlinks=False)
                except OSError as error:
                    pass_closed(OSError(error.errno, error.strerror, folder))
                    continue
                version = version_of(status)
                if stat.S_ISREG(status.st_mode) and not self._is_side_file(root, path, version):
                    yield PlaceEntry(path, status.st_size, version)

    def _is_side_file(self, root: int, path: str, version: str) -> bool:
        try:
            return self._side_files.passes(path, version, lambda: read_file(root, path, HEAD)[0])
        except OSError:  # nobody can say, and it is not called a document
            return True

    def _to_file(self, entry: PlaceEntry) -> ArrivedFile:
        def read() -> bytes:
            with self._reach() as root:
                try:
                    data, version = read_file(root, entry.path, self.max_bytes + 1)
                except OSError as error:
                    if error.errno in REFUSED:
                        raise UnreadableDocument("file-not-permitted") from error
                    if error.errno not in GONE:
                        # The place is there: it is this file, such as on a bad sector.
                        log.warning("file not read", extra={"place": self.name, "error": error.strerror})
                        self._files.settle(entry, seconds=AGAIN_SECONDS)
                    raise FileUnsettled from error
            if version != entry.version:
                raise FileUnsettled
            return data

        return ArrivedFile(entry.path, entry.name, entry.size, self._origin(entry), read)

    def _origin(self, entry: PlaceEntry) -> Origin:
        return Origin(f"{self.root}/{entry.path}", entry.version)

    def _move_ended(self, root: int, ended: EndedFile) -> None:
        if not ended.why:
            self._move(root, ended.entry, DONE)
            return
        if self._move(root, ended.entry, FAILED, explain_failure(ended.entry.name, ended.why)):
            self._files.count_failed()

    def _move(self, root: int, entry: PlaceEntry, folder: str, sentence: str = "") -> bool:
        """Move a file with its sentence; False when it stays, or is gone."""
        moved = False
        try:
            target = free_name(f"{folder}/{entry.path}", lambda path: exists(root, path))
            beside = _name_beside(target)
            if sentence:
                write_file(root, beside, sentence)
            moved = move_file(root, entry.path, target, version=entry.version)
            if moved:
                self._files.waiting.conclude(entry.path)
            elif sentence and not exists(root, target):
                remove_file(root, beside)
        except OSError as error:
            if error.errno not in IMMOVABLE:
                raise
            # It stays where it is, and is tried again later.
            log.warning("file not moved", extra={"place": self.name, "to": folder, "error": error.strerror})
            self._files.settle(entry, seconds=AGAIN_SECONDS)
        return moved

    @contextmanager
    def _reach(self) -> Iterator[int]:
        """Open the place; what the system refuses within the block means that the place is away."""
        try:
            with open_root(self.root) as root:
                yield root
        except OSError as error:
            reason = error.strerror or type(error).__name__
            raise PlaceAway("place-away", place=self.name, error=reason) from error


def _name_beside(path: str) -> str:
    """Where the sentence lies that belongs to a file: under its name, cut where that would be too long."""
    folder, _, name = path.rpartition("/")
    kept = os.fsencode(name)[: NAME_BYTES - len(".txt")].decode("utf-8", "ignore")
    return f"{folder}/{kept}.txt"
