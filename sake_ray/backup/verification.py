"""Read backups whole, and name what of them is damaged or missing."""

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice

from sake_ray.backup.entries import FileEntry
from sake_ray.backup.repository import Repository
from sake_ray.errors import BackupDamaged, Message, ObjectMissing

LIST = "list of files"
THREADS = 8
CHUNK = 500


@dataclass(frozen=True, slots=True)
class Damage:
    """What cannot be restored of a snapshot: a file, or what its manifest or list was; and why."""

    number: int
    file: str
    why: Message


class Verification:
    """Reads each chunk once, whatever has it. A backup may go on meanwhile: `set_aside` alone needs the repository held."""

    def __init__(self, repository: Repository) -> None:
        self.repository = repository
        self.files = 0
        self._sound: set[bytes] = set()
        self._faults: dict[str, Message] = {}
        self._unlisted: set[str] = set()

    def verify(self, numbers: Iterable[int]) -> Iterator[Damage]:
        """Verify snapshots; yield what is found as it is found. Raises StorageUnavailable."""
        for number in numbers:
            unlisted: list[Damage] = []

            def note(name: str, error: BackupDamaged, number: int = number, unlisted: list[Damage] = unlisted) -> None:
                self._unlisted.add(name)
                unlisted.append(Damage(number, LIST, error.message))

            try:
                snapshot = self.repository.read_snapshot(number)
            except (BackupDamaged, ObjectMissing) as error:
                yield Damage(number, "manifest", error.message)
                continue
            yield from self._verify_files(number, self.repository.list_entries(snapshot, on_damage=note))
            yield from unlisted

    @property
    def is_damage_known(self) -> bool:
        """Whether there is something to set aside."""
        return bool(self._faults or self._unlisted)

    def set_aside(self) -> None:
        """Set damaged chunks aside, so that the next backup stores them anew. The repository is held."""
        for name in self._unlisted.union(self._faults):
            try:
                self.repository.get_chunk(name)  # a backup may have stored it anew meanwhile
            except BackupDamaged:
                self.repository.set_aside(name)

    def _verify_files(self, number: int, entries: Iterator[FileEntry]) -> Iterator[Damage]:
        with ThreadPoolExecutor(THREADS, "verify") as pool:
            while some := list(islice(entries, CHUNK)):
                self.files += len(some)
                for entry, fault in zip(some, pool.map(self._find_fault, some), strict=True):
                    if fault:
                        yield Damage(number, entry.name, fault)

    def _find_fault(self, entry: FileEntry) -> Message | None:
        for name in entry.chunks:
            if name in self._faults:
                return self._faults[name]
            if bytes.fromhex(name) in self._sound:
                continue
            try:
                self.repository.get_chunk(name)
            except BackupDamaged as error:
                self._faults[name] = error.message
                return error.message
            self._sound.add(bytes.fromhex(name))
        return None
