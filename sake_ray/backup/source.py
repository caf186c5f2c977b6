"""What of an installation a backup takes, and what it leaves out."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from sake_ray.backup.folders import find_files
from sake_ray.storage.layout import EXPORTED, OF_BYTES, ORIGINALS
from sake_ray.storage.objects import FolderStore, ObjectStore
from sake_ray.storage.records import Records
from sake_ray.storage.records.snapshots import RecordsSnapshot
from sake_ray.workspace import Workspace

REGISTRY_FILE, ARTIFACTS = "mlflow.db", "mlflow-artifacts"
MADE_AGAIN = ("logs", "models", "prometheus", "alertmanager", "run")
"""What a home has that is made or fetched again, or belongs to a service that runs."""
OF_DATABASES = ("", "-wal", "-shm", "-journal", ".lock")


@dataclass(frozen=True, slots=True)
class BackupSource:
    """An installation. `mlflow` is the address of a server that keeps the registry, empty where that is in the home."""

    home: Path
    records: Records
    store: ObjectStore
    workspace: Workspace
    mlflow: str = ""

    def find_home_files(self, *, without: Collection[Path] = ()) -> Iterator[tuple[str, Path]]:
        """Find the files of the home that no other part has: keys, certificates, logs of jobs, and what nobody thought of."""
        names = [*MADE_AGAIN, ARTIFACTS, *(REGISTRY_FILE + end for end in OF_DATABASES)]
        left_out = {self.home / name for name in names} | {self.workspace.folder, *without}
        path = self.records.database.path
        if path:
            left_out |= {path.absolute().with_name(path.name + end) for end in OF_DATABASES}
        if isinstance(self.store, FolderStore):
            left_out.add(self.store.root)
        return find_files(self.home, without=left_out)


def belongs(key: str, records: RecordsSnapshot, images: Collection[str]) -> bool:
    """Whether an object belongs to the records or the training images (sha256): what came after them would be nobody's."""
    first, _, rest = key.partition("/")
    folder, _, name = rest.partition("/")
    if first in OF_BYTES:
        digests = {part.partition(".")[0] for part in key.split("/")}
        return not records.digests.isdisjoint(digests) or not digests.isdisjoint(images)
    if folder == ORIGINALS:
        return key in records.originals
    if folder in EXPORTED:
        return name.partition(".")[0] in records.documents
    return not rest or first in records.batches
