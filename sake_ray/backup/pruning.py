"""Remove old backups, and what no backup has any more."""

from collections.abc import Callable

from sake_ray.backup.repository import CHUNKS, DAMAGED, Repository
from sake_ray.errors import InputError


def prune(repository: Repository, *, keep: int, check_held: Callable[[], None]) -> tuple[int, int]:
    """Keep the newest snapshots; return how many others, and how many chunks, were removed. The repository is held.

    What was set aside is removed, too. `check_held` raises when it is not held. Raises BackupDamaged, and removes nothing, when
    the list of one that is kept cannot be read: nobody knows then what it needs.
    """
    if keep < 1:
        raise InputError("backup-keep-none")
    numbers = repository.list_numbers()
    kept = sorted(numbers)[-keep:]
    needed: set[bytes] = set()
    for number in kept:
        snapshot = repository.read_snapshot(number)
        needed.update(map(bytes.fromhex, snapshot.entries))
        for entry in repository.list_entries(snapshot):
            needed.update(map(bytes.fromhex, entry.chunks))
    check_held()
    # The manifests first: a kill leaves chunks that the next removal finds, and no snapshot without its chunks.
    gone = [number for number in numbers if number not in kept]
    for number in gone:
        repository.store.delete(numbers[number])
    removed = 0
    for key in repository.store.list(CHUNKS):
        if bytes.fromhex(key.rpartition("/")[2]) not in needed:
            if removed % 1000 == 0:
                check_held()
            repository.store.delete(key)
            removed += 1
    # No backup needs them, and there may be pieces in them of what was erased since.
    for key in repository.store.list(DAMAGED):
        repository.store.delete(key)
    return len(gone), removed
