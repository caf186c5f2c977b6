"""A small installation whose documents came in by the front door, and its backups by the library, without OCR and commands."""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from sake_ray.backup import (
    BackupSource,
    ErasureNotes,
    Repository,
    RestoreReport,
    Snapshot,
    Verification,
    hold_repository,
    make_backup,
    note_backup,
    prune,
    read_seal,
    restore,
)
from sake_ray.erasure import Eraser
from sake_ray.ledger import Installation
from sake_ray.ledger.whole import check_installation
from sake_ray.registry import Registry
from sake_ray.storage.objects import FolderStore, ObjectStore
from sake_ray.storage.records import Records
from sake_ray.workspace import Workspace
from tests.ledger.bureau import Bureau
from tests.office import RECIPE

REFERENCE = "Durand"
"""That of all documents that a bureau takes."""


@dataclass
class Small:
    """An installation in a home, and a repository."""

    home: Path
    repository: Repository
    url: str = ""
    store: ObjectStore | None = None
    source: BackupSource = field(init=False)

    def __post_init__(self) -> None:
        records = Records(self.url or f"sqlite:///{self.home / 'records.db'}")
        store = self.store or FolderStore(self.home / "objects")
        self.source = BackupSource(self.home, records, store, Workspace(self.home / "workspace"))

    @property
    def notes(self) -> ErasureNotes:
        return ErasureNotes(self.repository)

    def back_up(self, *, keep: int | None = None, now: datetime | None = None) -> Snapshot:
        """Back up as the command does."""
        now = now or datetime.now(UTC)
        self.repository.prepare()
        self.repository.written = 0
        (self.home / "run").mkdir(exist_ok=True)
        with hold_repository(self.repository.store) as check_held:
            for erasure in self.source.records.erasures.list_unswept():
                self.notes.add(erasure)
            made = make_backup(self.source, self.repository, wait_seconds=1, scratch=self.home / "run", now=now)
            self.repository.commit(made)
            note_backup(self.source, made, by="root", now=now)
            if keep:
                prune(self.repository, keep=keep, check_held=check_held)
        return made

    def restore(self, number: int | None = None) -> RestoreReport:
        """Restore as the command does, with the rest of what is erased again."""
        report = restore(self.source, self.repository, self.repository.read_snapshot(number), self.notes, by="root")
        while self.eraser.run_next(now=datetime.now(UTC)):
            pass
        return report

    @property
    def eraser(self) -> Eraser:
        source = self.source
        return Eraser(
            source.records, source.store, source.workspace, Registry("sqlite:////nowhere", ""), note=self.notes.add
        )

    def erase(self) -> None:
        """Erase all documents."""
        self.eraser.carry_out(self.eraser.begin(REFERENCE, team=None, token=None, secret="s", by="anne"))

    def elsewhere(self, home: Path, url: str = "", store: ObjectStore | None = None) -> "Small":
        """An empty installation that the same backups can be restored into."""
        return Small(home, Repository(self.repository.store, self.repository.seal), url, store)

    def faults(self) -> dict[str, int]:
        """What a check of all finds, but for models: there are none."""
        installation = Installation(self.source.records, self.source.store, RECIPE)
        return dict(check_installation(installation, now=datetime.now(UTC)).faults)

    def damages(self, numbers: Sequence[int] | None = None) -> list[str]:
        """What a verification finds."""
        verification = Verification(self.repository)
        found = list(verification.verify(numbers or list(self.repository.list_numbers())))
        with hold_repository(self.repository.store):
            verification.set_aside()
        return [damage.file for damage in found]


def make_small(folder: Path, tables: Path, registry: Registry, *contents: str) -> tuple[Small, Bureau]:
    """An installation with these documents, processed, and one that is uploaded into it."""
    home = folder / "home"
    home.mkdir()
    shutil.copyfile(tables, home / "records.db")
    (home / "token_key").write_text("k" * 64)
    bureau = Bureau(home, f"sqlite:///{home / 'records.db'}", registry)
    for content in contents:
        bureau.upload(content, key=content)
    bureau.process()
    return Small(home, Repository(FolderStore(folder / "backups"), read_seal(None))), bureau
