"""Note beside the backups what was erased since: a restore erases it again."""

import json
from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime

from sake_ray.backup.repository import Repository
from sake_ray.domain.erasures import AT_ONCE, ErasedDocument, Erasure, ErasureCause, ErasureTargets
from sake_ray.errors import BackupDamaged, NotFound, ObjectMissing, StorageUnavailable

ERASURES = "erasures/"


@dataclass(frozen=True, slots=True)
class ErasureNote:
    """What an erasure was to remove: ids and sha256, and nothing of whose they were."""

    number: int
    asked_at: datetime
    cause: ErasureCause
    targets: ErasureTargets


class ErasureNotes:
    """The notes of a repository."""

    def __init__(self, repository: Repository, *, passes_over_damaged: bool = False) -> None:
        """With `passes_over_damaged` what a damaged note names is not erased again."""
        self.repository, self.store, self.seal = repository, repository.store, repository.seal
        self.passes_over_damaged = passes_over_damaged

    def check_key(self) -> None:
        """Raise SetupError when the key is not that of the backups there, as far as the place can be asked now."""
        with suppress(NotFound, StorageUnavailable, BackupDamaged):  # `add` asks again
            self.repository.check()

    def add(self, erasure: Erasure) -> None:
        """Note an erasure; the same is noted once. Raises StorageUnavailable, and SetupError as `check_key` does."""
        targets = erasure.targets
        if targets is None:
            return
        # Also in an empty place, where backups with another key could be begun otherwise: they could not read this.
        self.repository.prepare()
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
            key = ERASURES + self.seal.name(text)
            if not self._is_sound(key):
                self.store.put(key, self.seal.close(text, purpose=key), durable=True)

    def list_unknown(self, known: Collection[tuple[int, datetime]]) -> Iterator[ErasureNote]:
        """List the notes of other erasures than these, known by number and moment. Raises BackupDamaged."""
        for key in self.store.list(ERASURES):
            try:
                note = self._read(key)
            except ObjectMissing:
                continue
            except BackupDamaged:
                if self.passes_over_damaged:
                    continue
                raise
            if (note.number, note.asked_at) not in known:
                yield note

    def find_damaged(self) -> Iterator[tuple[str, BackupDamaged]]:
        """Read all notes; yield the keys of those that are damaged."""
        for key in self.store.list(ERASURES):
            try:
                self._read(key)
            except BackupDamaged as error:
                yield key, error
            except ObjectMissing:
                continue

    def _is_sound(self, key: str) -> bool:
        try:
            self._read(key)
        except (BackupDamaged, ObjectMissing):
            return False
        return True

    def _read(self, key: str) -> ErasureNote:
        try:
            text = self.seal.open(self.store.get(key), purpose=key)
            if ERASURES + self.seal.name(text) != key:
                raise BackupDamaged("backup-note-damaged", name=key)
            content = json.loads(text)
            documents = tuple(ErasedDocument(**one) for one in content["documents"])
            targets = ErasureTargets(documents, tuple(content["batches"]), ())
            asked_at = datetime.fromisoformat(content["asked_at"])
            return ErasureNote(content["number"], asked_at, ErasureCause(content["cause"]), targets)
        except (BackupDamaged, ValueError, KeyError, TypeError) as error:
            raise BackupDamaged("backup-note-damaged", name=key) from error
