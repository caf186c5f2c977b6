"""Note beside the backups what was erased since: a restore erases it again."""

import json
from collections.abc import Collection, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime

from sake_ray.backup.sealing import BackupSeal
from sake_ray.domain.erasures import AT_ONCE, ErasedDocument, Erasure, ErasureCause, ErasureTargets
from sake_ray.errors import BackupDamaged, ObjectMissing
from sake_ray.storage.objects import ObjectStore

ERASURES = "erasures/"


@dataclass(frozen=True, slots=True)
class ErasureNote:
    """What an erasure was to remove: ids and sha256, and nothing of whose they were."""

    number: int
    asked_at: datetime
    cause: ErasureCause
    targets: ErasureTargets


class ErasureNotes:
    """The notes of a repository. Plain values only, so that it can be pickled."""

    def __init__(self, store: ObjectStore, seal: BackupSeal) -> None:
        self.store, self.seal = store, seal

    def add(self, erasure: Erasure) -> None:
        """Note an erasure; the same is noted once. Raises StorageUnavailable."""
        targets = erasure.targets
        if targets is None:
            return
        documents = targets.documents
        for start in range(0, max(1, len(documents)), AT_ONCE):
            content = {
                "number": erasure.number,
                "asked_at": erasure.asked_at.isoformat(),
                "cause": erasure.cause.value,
                "documents": [asdict(one) for one in documents[start : start + AT_ONCE]],
                "batches": targets.batches if not start else (),
            }
            text = json.dumps(content, sort_keys=True).encode()
            name = self.seal.name(text)
            if not self.store.exists(ERASURES + name):
                self.store.put(ERASURES + name, self.seal.close(text, purpose=ERASURES + name), durable=True)

    def list_unknown(self, known: Collection[tuple[int, datetime]]) -> Iterator[ErasureNote]:
        """List the notes of other erasures than these, known by number and moment. Raises BackupDamaged."""
        for key in self.store.list(ERASURES):
            try:
                text = self.seal.open(self.store.get(key), purpose=key)
            except ObjectMissing:
                continue
            if ERASURES + self.seal.name(text) != key:
                raise BackupDamaged("backup-content-damaged", name=key)
            content = json.loads(text)
            asked_at = datetime.fromisoformat(content["asked_at"])
            if (content["number"], asked_at) not in known:
                documents = tuple(ErasedDocument(**one) for one in content["documents"])
                targets = ErasureTargets(documents, tuple(content["batches"]), ())
                yield ErasureNote(content["number"], asked_at, ErasureCause(content["cause"]), targets)
