"""One installation that watches places: real records and store, and the watcher called directly."""

import shutil
from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sake_ray.domain.accounts import Account, Role
from sake_ray.domain.documents import Document, ReadingSummary
from sake_ray.domain.places import parse_place
from sake_ray.domain.verdicts import Policy, Prediction, Verdict
from sake_ray.errors import Message
from sake_ray.serve.intake import Intake
from sake_ray.serve.lease_renewal import LeaseRenewal
from sake_ray.serve.originals import collect_orphans
from sake_ray.storage.objects import FolderStore
from sake_ray.storage.records import DocumentFilter, Records
from sake_ray.watch.folder import WatchedFolder
from sake_ray.watch.places import Place
from sake_ray.watch.watcher import Watcher
from tests.office import RECIPE
from tests.pages import letter, png

SCAN = png(letter().render(40))
MAX_BYTES = 1_000_000


def scan(number: int) -> bytes:
    """A scan that no other number has: what follows the picture is not looked at."""
    return SCAN + str(number).encode()


class Clock:
    """A clock that goes when it is told to."""

    def __init__(self) -> None:
        self.seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


class Installation:
    """Records and a store below a folder."""

    def __init__(self, home: Path, url: str) -> None:
        self.records, self.store = Records(url), FolderStore(home / "objects")
        self.clock = Clock()

    def watch(self, place: Place, address: str, *, team: str = "paris") -> Watcher:
        """What watches a place."""
        intake = Intake(self.records, self.store, LeaseRenewal(self.records), max_bytes=MAX_BYTES)
        account = Account("sake-watch", Role.USER, team)
        return Watcher(parse_place(address, team=team), place, intake, self.records, account)

    def watch_folder(self, folder: Path, *, moves: bool = True, seconds: float = 0) -> Watcher:
        """What watches a folder; files rest so many seconds of the clock."""
        place = WatchedFolder(
            str(folder), folder.name, moves=moves, seconds=seconds, max_bytes=MAX_BYTES, clock=self.clock
        )
        return self.watch(place, str(folder))

    def read_all(self, *, failing: Collection[str] = ()) -> None:
        """Do what the service would do with all that waits; documents of these names cannot be read."""
        now = datetime.now(UTC) + timedelta(seconds=1)
        self.records.policies.apply_settings(Policy(), now=now)
        for claim in self.records.queue.claim("test", limit=1000, lease=timedelta(minutes=1), now=now):
            if claim.document.name in failing:
                self.records.queue.fail(claim, Message("pdf-damaged"), now=now)
                continue
            verdict = Verdict("facture", 0.9, {"facture": 0.9, "resume": 0.1}, needs_review=False)
            self.records.queue.complete(
                claim, ReadingSummary(1, "fr", 90.0, RECIPE), Prediction(verdict, "1", "hash", 1), now=now
            )

    @property
    def documents(self) -> list[Document]:
        """What was handed in."""
        return list(self.records.documents.list(DocumentFilter(), limit=1000).items)

    @property
    def handed_in(self) -> list[tuple[str, str]]:
        """The reference and name of each document, sorted."""
        return sorted((document.reference, document.name) for document in self.documents)

    def check_originals(self) -> None:
        """Nothing lies in the store but the originals of documents, once those of dead uploads are removed."""
        for hours in (2, 4):
            collect_orphans(self.records, self.store, now=datetime.now(UTC) + timedelta(hours=hours))
        assert sorted(self.store.list()) == sorted(document.original for document in self.documents)


def open_installation(home: Path, tables: Path) -> Installation:
    """An installation with nothing in it."""
    home.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(tables, home / "records.db")
    return Installation(home, f"sqlite:///{home / 'records.db'}")


def put(path: Path, data: bytes = SCAN) -> Path:
    """A file, with the folders that it needs."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def tree(folder: Path) -> list[str]:
    """The files below a folder."""
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if not path.is_dir())
