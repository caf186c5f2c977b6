"""Where backups are kept, as it is said to every node."""

from dataclasses import dataclass
from pathlib import Path

from sake_ray.backup.repository import Repository
from sake_ray.backup.sealing import read_seal
from sake_ray.storage.objects import ObjectStore


@dataclass(frozen=True, slots=True)
class BackupPlace:
    """The store of the backups, and the file with their key, which is read only where it is needed."""

    store: ObjectStore
    key_file: Path | None = None

    def open(self) -> Repository:
        """Open the repository there; raises SetupError when the file holds no key."""
        return Repository(self.store, read_seal(self.key_file))
