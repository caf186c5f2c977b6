"""One installation without a service: real records, store and workspace, and documents that people answer for."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from random import Random
from uuid import uuid4

from sake_ray.data.text_cache import store_pages
from sake_ray.domain.answers import Answer
from sake_ray.domain.documents import Batch, Document, ReadingSummary
from sake_ray.domain.texts import Box, Page, Recipe, Word, WordSource
from sake_ray.domain.verdicts import Policy, Prediction, Verdict
from sake_ray.errors import Message
from sake_ray.feedback import Feedback, ImportResult
from sake_ray.storage.objects import FolderStore
from sake_ray.storage.records import Records
from sake_ray.workspace import Workspace

NOW = datetime(2026, 5, 6, 7, 8, 9, tzinfo=UTC)
RECIPE = Recipe("tesseract", "5.3.0", "fra+eng", 1, 1)
UNSURE = {"facture": 0.6, "resume": 0.4}
PNG = b"\x89PNG\r\n\x1a\n"


@dataclass
class Office:
    """One installation below a folder."""

    home: Path
    url: str = ""
    records: Records = field(init=False)
    store: FolderStore = field(init=False)
    workspace: Workspace = field(init=False)

    def __post_init__(self) -> None:
        self.records = Records(self.url or f"sqlite:///{self.home / 'records.db'}")
        self.store = FolderStore(self.home / "objects")
        self.workspace = Workspace(self.home / "workspace")

    @property
    def feedback(self) -> Feedback:
        return Feedback(self.records, self.store, self.workspace, RECIPE)

    def accept(self, data: bytes, name: str, *, reference: str = "Durand") -> Document:
        """A document that waits to be read."""
        digest, identity = sha256(data).hexdigest(), uuid4().hex
        batch = Batch(str(uuid4()), reference, "paris", "ann", NOW)
        key = f"{batch.uuid}/original_raw/{identity}.png"
        self.store.put(key, data)
        document = Document(identity, batch.uuid, reference, "paris", name, "image/png", len(data), digest, key, NOW)
        self.records.documents.accept(batch, [document])
        return document

    def add_classified(
        self, content: str, *, text: str | None = None, failed: bool = False, chances: Mapping[str, float] = UNSURE
    ) -> str:
        """A document that was read and classified; its words are drawn by its content unless they are given."""
        document = self.accept(PNG + content.encode(), f"{content}.png")
        identity, digest = document.id, document.sha256
        (claim,) = self.records.queue.claim("test", limit=1, lease=timedelta(), now=NOW)
        if failed:
            self.records.queue.fail(claim, Message("image-damaged"), now=NOW)
            return identity
        self.read(digest, text if text is not None else words_of(content))
        best = max(chances, key=chances.__getitem__, default=None)
        verdict = Verdict(best, chances.get(best or ""), chances, True)
        reading = ReadingSummary(1, "fr", 90.0, RECIPE)
        self.records.policies.apply_settings(Policy(), now=NOW)
        self.records.queue.complete(claim, reading, Prediction(verdict, "1", "hash", 1), now=NOW)
        return identity

    def read(self, digest: str, text: str) -> None:
        words = tuple(Word(word, Box(0, 0, 1, 1), 90.0, 0) for word in text.split())
        page = Page(1, 100, 140, words, WordSource.OCR)
        store_pages(self.store, digest, RECIPE, media_type="image/png", pages=(page,))

    def say(self, document: str, answer: str, *, by: str = "marie") -> None:
        self.records.answers.add(Answer(document, answer, by, NOW))

    def decide(self, document: str, decision: str) -> None:
        self.feedback.decide(document, decision, by="root", now=datetime.now(UTC))

    def import_answers(self) -> ImportResult:
        with self.workspace.hold("test", seconds=1):
            return self.feedback.import_answers(now=NOW)

    def sha(self, document: str) -> str:
        return self.records.documents.get(document, team=None).sha256

    def images(self) -> dict[str, str]:
        """What lies there: the first letters of the content of each image, and its label."""
        images = self.workspace.images.list()
        return {image.path.read_bytes()[len(PNG) :].decode(): image.label for image in images}

    def waits(self) -> list[tuple[str, str]]:
        """What waits for a decision: documents, and why."""
        return [(waiting.content.document, waiting.why.value) for waiting in self.feedback.preview().waiting]


def words_of(content: str) -> str:
    random = Random(content)
    return " ".join("".join(random.choices("abcdefghijklmnopqrstuvwxyz", k=6)) for _ in range(40))


def make_office(home: Path, url: str = "") -> Office:
    """An installation with nothing in it; its records in that database, or below its home."""
    office = Office(home, url)
    office.records.database.migrate()
    return office
