"""Examples to put into the records."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import sqlalchemy as sa

from sake_ray.domain.documents import Batch, Claim, Document, ReadingSummary
from sake_ray.domain.texts import Recipe
from sake_ray.domain.verdicts import Policy, Prediction, Verdict
from sake_ray.storage.records import Records
from sake_ray.storage.records.tables import predictions

NOW = datetime(2026, 5, 6, 7, 8, 9, 123456, tzinfo=UTC)
LEASE = timedelta(seconds=30)
SECOND = timedelta(seconds=1)
ODD = "a/b?#% é 'x' \\ \n"
RECIPE = Recipe("tesseract", "5.3.0", "fra+eng", 3, 2)


def some_batch(reference: str = "order 7", *, team: str = "office", at: datetime = NOW) -> Batch:
    return Batch(str(uuid4()), reference, team, "ann", at)


def some_document(batch: Batch, *, at: datetime = NOW, name: str = "scan.pdf") -> Document:
    identity = uuid4().hex
    return Document(
        identity,
        batch.uuid,
        batch.reference,
        batch.team,
        name,
        "application/pdf",
        12_345,
        "ab" * 32,
        f"originals/{identity}",
        at,
    )


def hand_in(
    records: Records, *names: str, reference: str = "order 7", team: str = "office", at: datetime = NOW
) -> Batch:
    """Accept a new batch, of one document unless more are named."""
    batch = some_batch(reference, team=team, at=at)
    accepted = tuple(some_document(batch, at=at, name=name) for name in names or ("scan.pdf",))
    records.documents.accept(batch, accepted)
    return replace(batch, documents=accepted)


def claim(records: Records, *, limit: int = 1, worker: str = "w", now: datetime = NOW) -> tuple[Claim, ...]:
    return records.queue.claim(worker, limit=limit, lease=LEASE, now=now)


def read(*, confidence: float | None = 91.5) -> ReadingSummary:
    return ReadingSummary(2, "fr", confidence, RECIPE)


def predict(label: str = "invoice", *, needs_review: bool = False) -> Prediction:
    return Prediction(Verdict(label, 0.8, {label: 0.8, "other": 0.2}, needs_review), "4", "cd" * 32, 1)


def complete(records: Records, held: Claim, *, label: str = "invoice", needs_review: bool = False) -> None:
    records.policies.apply_settings(Policy(), now=NOW)
    records.queue.complete(held, read(), predict(label, needs_review=needs_review), now=NOW + SECOND)


def completed(records: Records, *names: str, label: str = "invoice", **changes: Any) -> Batch:
    """Hand in a batch and complete every document of it."""
    batch = hand_in(records, *names, **changes)
    for held in claim(records, limit=len(batch.documents)):
        complete(records, held, label=label)
    return batch


def ids(claims: tuple[Claim, ...]) -> list[str]:
    return [held.document.id for held in claims]


def names(documents: tuple[Document, ...]) -> list[str]:
    return [document.name for document in documents]


def count_predictions(records: Records) -> int:
    with records.database.transaction(reads_only=True) as connection:
        return int(connection.execute(sa.select(sa.func.count()).select_from(predictions)).scalar_one())
