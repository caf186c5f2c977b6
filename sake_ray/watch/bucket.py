"""Watch a bucket, or the part of one below a prefix: find what is put into it, and move away what was handed in."""

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import Protocol

from sake_ray.data.sources import HEAD
from sake_ray.errors import InputError, ObjectMissing, PlaceAway, StorageUnavailable
from sake_ray.serve.intake import Origin
from sake_ray.watch.contained import free_name
from sake_ray.watch.passing import SideFiles, is_path_passed_over
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


class VersionedStore(Protocol):
    """What is asked of the store: an `S3Store`."""

    def list_versions(self, prefix: str = "") -> Iterator[tuple[str, int, str]]:
        """Yield keys, each with the bytes of its object and its version."""

    def get_version(self, key: str, length: int) -> tuple[bytes, str]:
        """Fetch at most so many bytes of an object, and its version."""

    def put(self, key: str, data: bytes) -> None:
        """Store an object."""

    def delete(self, key: str) -> None:
        """Remove an object; a missing one is fine."""

    def find_version(self, key: str) -> str:
        """Find the version of an object; empty without one."""

    def move(self, key: str, target: str, *, version: str) -> bool:
        """Move an object, unless it is of another version or gone."""


class WatchedBucket:
    """A bucket. An object is there whole or not at all; it rests as a file does, so that a sub-folder is handed in as one."""

    def __init__(
        self,
        address: str,
        name: str,
        store: VersionedStore,
        *,
        moves: bool,
        seconds: float,
        max_bytes: int,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`moves` says whether what was handed in goes to `done/`, or stays."""
        self.address, self.name, self.store = address.rstrip("/"), name, store
        self.moves, self.max_bytes, self.clock = moves, max_bytes, clock
        self._files = TrackedFiles(self._origin, moves=moves, seconds=seconds)
        self._side_files = SideFiles()

    def look(self, find_outcomes: FindOutcomes) -> Iterator[Arrival]:
        """Yield what is to be handed in now, and move away what was read meanwhile; raises PlaceAway."""
        now = datetime.now().astimezone()
        with self._reach():
            found = [PlaceEntry(*one) for one in self.store.list_versions() if not is_path_passed_over(one[0])]
            entries = [entry for entry in found if not self._is_side_file(entry)]
        ended = self._files.update(entries, find_outcomes, clock=self.clock(), now=now)
        with self._reach():
            for one in ended:
                self._move_ended(one)
        for folder, chosen in self._files.waiting.select():
            yield Arrival(make_reference(folder, self.name, now), tuple(map(self._to_file, chosen)))

    def conclude(self, arrival: Arrival, accepted: Sequence[ArrivedFile], failed: Sequence[FailedFile]) -> None:  # noqa: ARG002
        """Take note of what was accepted, and move aside what was refused; raises PlaceAway."""
        for file in accepted:  # the records know it by now
            self._files.waiting.conclude(file.path)
        with self._reach():
            for one in failed:
                entry = PlaceEntry(one.file.path, one.file.size, one.file.origin.version)
                self._move(entry, FAILED, explain_failure(one.file.name, one.why))

    @property
    def backlog(self) -> Backlog:
        """What the last look has left in the place."""
        return self._files.backlog

    def _is_side_file(self, entry: PlaceEntry) -> bool:
        try:
            return self._side_files.passes(
                entry.path, entry.version, lambda: self.store.get_version(entry.path, HEAD)[0]
            )
        except ObjectMissing:
            return True

    def _to_file(self, entry: PlaceEntry) -> ArrivedFile:
        def read() -> bytes:
            with self._reach():
                try:
                    data, version = self.store.get_version(entry.path, self.max_bytes + 1)
                except ObjectMissing as error:
                    raise FileUnsettled from error
            if version != entry.version:
                raise FileUnsettled
            return data

        return ArrivedFile(entry.path, entry.name, entry.size, self._origin(entry), read)

    def _origin(self, entry: PlaceEntry) -> Origin:
        return Origin(f"{self.address}/{entry.path}", entry.version)

    def _move_ended(self, ended: EndedFile) -> None:
        if not ended.why:
            self._move(ended.entry, DONE)
            return
        self._move(ended.entry, FAILED, explain_failure(ended.entry.name, ended.why))
        self._files.count_failed()

    def _move(self, entry: PlaceEntry, folder: str, sentence: str = "") -> None:
        try:
            self._move_to(folder, entry, sentence)
        except InputError:  # its key there would be too long
            log.warning("file not moved", extra={"place": self.name, "to": folder})
            self._files.settle(entry)
        self._files.waiting.conclude(entry.path)  # one that was replaced is new to the next look

    def _move_to(self, folder: str, entry: PlaceEntry, sentence: str) -> None:
        # What is there and the same was copied before a kill, or by another watcher.
        target = free_name(
            f"{folder}/{entry.path}", lambda key: self.store.find_version(key) not in {"", entry.version}
        )
        if sentence:
            self.store.put(f"{target}.txt", sentence.encode())
        with suppress(ObjectMissing):
            moved = self.store.move(entry.path, target, version=entry.version)
            if sentence and not moved and not self.store.find_version(target):
                self.store.delete(f"{target}.txt")

    @contextmanager
    def _reach(self) -> Iterator[None]:
        """What the bucket refuses within the block means that the place is away."""
        try:
            yield
        except PlaceAway:
            raise
        except StorageUnavailable as error:
            raise PlaceAway("place-away", place=self.name, error=error.message) from error
