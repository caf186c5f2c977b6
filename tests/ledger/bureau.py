"""An installation whose documents came in by the front door and were processed, without OCR."""

import os
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from sake_ray.data.reading import to_document_text
from sake_ray.data.text_cache import image_key, store_pages, thumbnail_key
from sake_ray.domain.accounts import Account, Role
from sake_ray.domain.documents import Batch, Claim, Document, ReadingSummary, Status
from sake_ray.domain.retries import Cause
from sake_ray.domain.texts import Box, Page, Word, WordSource
from sake_ray.domain.verdicts import Policy, Prediction, Verdict
from sake_ray.errors import Message
from sake_ray.ledger import Installation
from sake_ray.registry import Registry
from sake_ray.registry.connection import CHECKSUM_TAG, MODEL
from sake_ray.serve.exports import export_batch, export_text
from sake_ray.serve.idempotency import RequestKeys, StoredResponse
from sake_ray.serve.intake import Intake, Refusal, Upload
from sake_ray.serve.lease_renewal import LeaseRenewal
from sake_ray.serve.search import extract_terms
from sake_ray.storage.objects import FolderStore
from sake_ray.storage.records import Records
from tests.office import PNG, RECIPE, words_of

NOW = datetime(2026, 5, 6, 7, 8, 9, tzinfo=UTC)
LONG_AGO = NOW - timedelta(days=2)
JPEG = b"\xff\xd8 a picture \xff\xd9"
MODEL_HASH = "ab" * 32
ANN = Account("ann", Role.USER, "paris")


def make_registry(folder: Path) -> Registry:
    """MLflow in a folder, with version 1."""
    registry = Registry(f"sqlite:///{folder / 'mlflow.db'}", str(folder / "artifacts"))
    registry.prepare()
    with registry.connection.open() as (_, client):
        client.create_registered_model(MODEL)
        client.create_model_version(MODEL, str(folder / "artifacts"), tags={CHECKSUM_TAG: MODEL_HASH})
    return registry


class Bureau:
    """Records, store and registry, and the work that is done in them."""

    def __init__(self, home: Path, url: str, registry: Registry) -> None:
        self.records, self.store = Records(url), FolderStore(home / "objects")
        self.installation = Installation(self.records, self.store, RECIPE, registry)
        self.records.policies.apply_settings(Policy(), now=NOW)
        self.records.models.add(1, MODEL_HASH, now=NOW)
        renewal = LeaseRenewal(self.records)
        self.keys = RequestKeys(self.records, renewal, "s" * 64)
        self.intake = Intake(self.records, self.store, renewal, max_bytes=10_000)

    def upload(self, *contents: str, key: str | None = None) -> tuple[Document, ...]:
        """Upload documents, some hours ago; return them as they were accepted."""
        uploads = [Upload(f"{content}.png", 9, partial(bytes, PNG + content.encode())) for content in contents]
        keyed = self.keys.open(ANN.name, key) if key else None
        receipt = self.intake.accept(ANN, "Durand", uploads, keyed=keyed, present=present, now=NOW)
        assert receipt.response
        batch = self.records.batches.get_whole(receipt.response.body)
        for document in batch.documents:
            self.make_old(document.original)
        return batch.documents

    def process(self) -> None:
        """Read and classify all that waits; what is stuck is left to ops."""
        stuck = []
        for claim in self.records.queue.claim("w", limit=100, lease=timedelta(minutes=1), now=NOW):
            document, content = claim.document, self.store.get(claim.document.original)[len(PNG) :].decode()
            if content.startswith("bad"):
                self.records.queue.fail(claim, Message("image-damaged"), now=NOW)
                continue
            if content.startswith("stuck"):
                stuck.append(claim)
                continue
            written = words_of(content).split() if not content.startswith("blank") else ()
            page = Page(1, 9, 9, tuple(Word(w, Box(0, 0, 1, 1), 90.0, 0) for w in written), WordSource.OCR)
            store_pages(self.store, document.sha256, RECIPE, media_type="image/png", pages=(page,))
            for make_key in (image_key, thumbnail_key):
                self.store.put(make_key(document.sha256, RECIPE, 1), JPEG)
            text = to_document_text(document.sha256, "image/png", (page,), RECIPE)
            export_text(self.store, document, text)
            verdict = Verdict("facture", 0.9, {"facture": 0.9, "other": 0.1}, False)
            reading = ReadingSummary(1, "fr", 90.0, RECIPE)
            prediction = Prediction(verdict, "1", MODEL_HASH, 1)
            self.records.queue.complete(claim, reading, prediction, terms=extract_terms(text), now=NOW)
            export_batch(self.records, self.store, document.batch)
            for key in self.store.list(document.batch):
                self.make_old(key)
        for claim in stuck:
            self._leave_to_ops(claim)

    def _leave_to_ops(self, claim: Claim) -> None:
        now, queue = NOW, self.records.queue
        while queue.requeue(claim, Cause.UNEXPECTED, Message("attempt-unexpected"), now=now) is not Status.NEEDS_OPS:
            now += timedelta(hours=1)
            (claim,) = queue.claim("w", limit=1, lease=timedelta(minutes=1), now=now)

    def make_old(self, key: str) -> None:
        """Let an object have been written long ago."""
        os.utime(self.store.root / key, (LONG_AGO.timestamp(),) * 2)


def present(batch: Batch, accepted: int, refused: Sequence[Refusal]) -> StoredResponse:
    return StoredResponse(202, batch.uuid)
