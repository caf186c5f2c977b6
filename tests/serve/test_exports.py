"""Exports hold their own batch only, and one that fails holds nobody up."""

import asyncio
import csv
import json
import shutil
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from sake_ray.domain.answers import Answer
from sake_ray.domain.documents import Batch, Document
from sake_ray.domain.parts import SplitMode
from sake_ray.domain.texts import DocumentText
from sake_ray.domain.verdicts import Prediction
from sake_ray.serve import orchestrator
from sake_ray.serve.attempts import OrchestratorObserver, ReadingEvent
from sake_ray.serve.exports import export_batch
from sake_ray.serve.orchestrator import Orchestrator
from sake_ray.storage.objects import FolderStore
from sake_ray.storage.records import Records
from sake_ray.storage.records.tables import documents
from tests.storage.example_records import hand_in


@pytest.fixture
def records(tmp_path: Path, tables: Path) -> Records:
    return Records(f"sqlite:///{shutil.copyfile(tables, tmp_path / 'records.db')}")


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    return FolderStore(tmp_path / "objects")


def test_an_export_holds_its_own_batch_only(records: Records, store: FolderStore) -> None:
    now = datetime.now(UTC)
    alpha = answered(records, "alpha.pdf", team="alpha", at=now)
    hand_in(records, "beta.pdf", team="beta", reference=alpha.uuid, at=now + timedelta(seconds=1))
    export_batch(records, store, alpha.uuid)
    predicted = json.loads(store.get(f"{alpha.uuid}/prediction/prediction.json"))
    assert [document["name"] for document in predicted["documents"]] == ["alpha.pdf"]
    rows = csv.DictReader(store.get(f"{alpha.uuid}/prediction/feedback.csv").decode().splitlines())
    assert [row["name"] for row in rows] == ["alpha.pdf"]


def test_export_has_the_members_of_the_original_system(records: Records, store: FolderStore) -> None:
    batch = hand_in(records)
    export_batch(records, store, batch.uuid)
    predicted = json.loads(store.get(f"{batch.uuid}/prediction/prediction.json"))
    assert predicted.keys() == {"uuid", "reference", "status", "submitted_at", "n_files", "documents"}


def test_export_that_the_store_refuses_holds_no_other_up(records: Records, store: FolderStore) -> None:
    bad, *good = (answered(records) for _ in range(4))
    obstacle(store, bad)
    watch = Failing()
    run_until(records, store, watch, lambda: all(is_exported(store, batch) for batch in good) and watch.batches == 1)
    assert not is_exported(store, bad)


def test_export_that_fails_unforeseen_holds_no_other_up(records: Records, store: FolderStore) -> None:
    bad, *good = (answered(records) for _ in range(4))
    with records.database.transaction() as connection:
        connection.execute(documents.update().where(documents.c.batch == bad.uuid).values(recipe={"of": "nobody"}))
    watch = Failing()
    run_until(records, store, watch, lambda: all(is_exported(store, batch) for batch in good) and watch.batches == 1)


def test_export_that_failed_is_made_when_the_store_takes_it_again(
    records: Records, store: FolderStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(orchestrator, "EXPORT_PAUSE", timedelta(0))
    batch, watch = answered(records), Failing()
    path = obstacle(store, batch)
    run_until(records, store, watch, lambda: watch.batches == 1)
    path.unlink()
    run_until(records, store, watch, lambda: is_exported(store, batch) and watch.batches == 0)


class Failing(OrchestratorObserver):
    """Remembers how many batches were last reported as failing."""

    batches = -1

    def set_failing_exports(self, batches: int) -> None:
        self.batches = batches


def answered(records: Records, name: str = "scan.pdf", *, team: str = "office", at: datetime | None = None) -> Batch:
    """A batch with an answer and nothing to read, so that only its exports are due."""
    batch = hand_in(records, name, team=team, at=at or datetime.now(UTC))
    with records.database.transaction() as connection:
        # As after a failed attempt: what waits longer than any pause would count as written by a wrong clock.
        tried = {"attempt": 1, "not_before": datetime.now(UTC) + timedelta(minutes=15)}
        connection.execute(documents.update().values(**tried))
    records.answers.add(Answer(batch.documents[0].id, "invoice", "ann", datetime.now(UTC)))
    return replace(batch)


def obstacle(store: FolderStore, batch: Batch) -> Path:
    """A file where the folder of the batch would be."""
    path = store.root / batch.uuid
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"")
    return path


def is_exported(store: FolderStore, batch: Batch) -> bool:
    return store.exists(f"{batch.uuid}/prediction/feedback.csv")


def run_until(records: Records, store: FolderStore, observer: OrchestratorObserver, done: Callable[[], bool]) -> None:
    """Let an orchestrator work until then; it must not end by itself."""

    async def read(document: Document) -> AsyncIterator[ReadingEvent]:
        raise AssertionError(document)
        yield

    async def classify(text: DocumentText, split: SplitMode) -> Prediction:
        raise AssertionError(text)

    async def run() -> None:
        worker = Orchestrator(records, store, read=read, classify=classify, max_in_work=1, observer=observer)
        running = asyncio.create_task(worker.run())
        async with asyncio.timeout(120):
            while not done():
                assert not running.done(), running.exception()
                await asyncio.sleep(0.02)
        running.cancel()

    asyncio.run(run())
