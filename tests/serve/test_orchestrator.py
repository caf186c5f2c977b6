"""The orchestrator on real records: what it does when readings end in every possible way."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from sake_ray.data.text_cache import store_pages
from sake_ray.domain import retries
from sake_ray.domain.documents import SETTLED, Batch, Document, ReadingSummary, Status
from sake_ray.domain.page_ranges import PageRange
from sake_ray.domain.parts import ProposedPart, SplitMode
from sake_ray.domain.texts import Box, DocumentText, Page, Recipe, Word, WordSource
from sake_ray.domain.verdicts import Policy, Prediction, Verdict
from sake_ray.erasure import Eraser
from sake_ray.errors import Message, ModelRefused, NotFound, StorageUnavailable
from sake_ray.registry import Registry
from sake_ray.serve import orchestrator
from sake_ray.serve.attempts import (
    AttemptRunner,
    OrchestratorObserver,
    PageProgress,
    ReadingEvent,
    ReadingFailure,
    ReadingResult,
)
from sake_ray.serve.orchestrator import Orchestrator
from sake_ray.storage.objects import FolderStore
from sake_ray.storage.observation import WRITE
from sake_ray.storage.records import DocumentFilter, Records
from sake_ray.storage.records.tables import documents, predictions
from sake_ray.workspace import Workspace
from tests.small_service import HeldStore
from tests.storage.example_records import completed
from tests.waiting import PATIENCE

RECIPE = Recipe("tesseract", "5", "fra+eng", 1, 1)
TEXT = DocumentText("0" * 64, "image/png", (Page(1, 10, 10, (), WordSource.OCR),), (), "fr", RECIPE)
VERDICT = Verdict("facture", 0.9, {"facture": 0.9, "other": 0.1}, False)
Read = Callable[[Document], AsyncIterator[ReadingEvent]]


@pytest.fixture
def records(tmp_path: Path, tables: Path) -> Records:
    records = Records(f"sqlite:///{shutil.copyfile(tables, tmp_path / 'records.db')}")
    records.policies.apply_settings(Policy(), now=datetime.now(UTC))
    return records


def accept(records: Records, name: str = "a", split: SplitMode = SplitMode.PROPOSE) -> str:
    now = datetime.now(UTC)
    batch = Batch(f"batch-{name}", "R", "paris", "marie", now)
    document = Document(name, batch.uuid, "R", "paris", f"{name}.png", "image/png", 1, "0" * 64, f"{name}.png", now)
    records.documents.accept(batch, [replace(document, split=split)])
    return name


async def classify(text: DocumentText, split: SplitMode) -> Prediction:
    return Prediction(VERDICT, "1", "hash", 1)


async def work_until(
    records: Records, tmp_path: Path, read: Read, done: Callable[[], bool], classify=classify, store=None
) -> None:  # type: ignore[no-untyped-def]
    worker = Orchestrator(
        records,
        store or FolderStore(tmp_path / "objects"),
        read=read,
        classify=classify,
        max_in_work=2,
        observer=OrchestratorObserver(),
    )
    running = asyncio.create_task(worker.run())
    async with asyncio.timeout(120):
        while not done():
            assert not running.done(), running.exception()
            await asyncio.sleep(0.02)
    running.cancel()


def status_of(records: Records, name: str) -> tuple[Status, str]:
    document = records.documents.get(name, team=None)
    return document.status, document.error


def has_ended(records: Records, name: str) -> Callable[[], bool]:
    return lambda: status_of(records, name)[0] in SETTLED


async def read_well(document: Document) -> AsyncIterator[ReadingEvent]:
    yield PageProgress(1, 1)
    yield ReadingResult(TEXT)


async def read_badly(document: Document) -> AsyncIterator[ReadingEvent]:
    raise ZeroDivisionError
    yield


def test_read_and_classified_document_is_completed_and_its_batch_exported(records: Records, tmp_path: Path) -> None:
    accept(records)
    store = FolderStore(tmp_path / "objects")
    asyncio.run(work_until(records, tmp_path, read_well, lambda: store.exists("batch-a/prediction/prediction.json")))
    document = records.documents.get("a", team=None)
    assert (document.status, document.pages_done) == (Status.COMPLETED, 1)
    assert document.prediction
    assert document.prediction.verdict == VERDICT


@pytest.mark.parametrize(("mode", "status"), [(SplitMode.AUTO, Status.SPLIT), (SplitMode.PROPOSE, Status.COMPLETED)])
def test_a_file_that_surely_holds_several_documents_is_split_where_that_is_wanted(
    records: Records, tmp_path: Path, mode: SplitMode, status: Status
) -> None:
    pages = tuple(Page(number, 10, 10, (), WordSource.OCR) for number in (1, 2))
    parts = tuple(ProposedPart(PageRange(n, n), "facture", 0.9, 1.0, "head") for n in (1, 2))
    asked: list[SplitMode] = []

    async def read(document: Document) -> AsyncIterator[ReadingEvent]:
        yield ReadingResult(replace(TEXT, pages=pages))

    async def classify_several(text: DocumentText, split: SplitMode) -> Prediction:
        asked.append(split)
        return Prediction(replace(VERDICT, parts=parts, several=True, needs_review=True), "1", "hash", 1)

    accept(records, split=mode)
    asyncio.run(work_until(records, tmp_path, read, lambda: status_of(records, "a")[0] is status, classify_several))
    assert asked[0] is mode


def test_document_at_fault_fails_with_its_sentence(records: Records, tmp_path: Path) -> None:
    async def read(document: Document) -> AsyncIterator[ReadingEvent]:
        yield ReadingFailure(Message.restore("The file is cut short."))

    accept(records)
    asyncio.run(work_until(records, tmp_path, read, has_ended(records, "a")))
    assert status_of(records, "a") == (Status.FAILED, "The file is cut short.")


@pytest.mark.parametrize(
    "error",
    [
        ConnectionError("Etl was lost"),
        StorageUnavailable("store-not-a-folder", folder="/x"),
        ModelRefused("model-not-registered", version=1),
    ],
)
def test_fault_of_the_system_never_counts_against_the_document(
    records: Records, tmp_path: Path, error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retries, "PAUSE", timedelta(0))
    tries = 0

    async def read(document: Document) -> AsyncIterator[ReadingEvent]:
        nonlocal tries
        tries += 1
        if tries <= 6:
            raise error
        yield ReadingResult(TEXT)

    accept(records)
    asyncio.run(work_until(records, tmp_path, read, has_ended(records, "a")))
    assert status_of(records, "a") == (Status.COMPLETED, "")
    outcomes = [outcome for _, outcome in records.queue.list_attempts("a")]
    assert (len(outcomes), outcomes[-1]) == (7, "completed")


def test_unforeseen_failure_is_left_to_ops_after_three_times(
    records: Records, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retries, "PAUSE", timedelta(0))
    accept(records)
    asyncio.run(work_until(records, tmp_path, read_badly, has_ended(records, "a")))
    assert status_of(records, "a") == (Status.NEEDS_OPS, Message("attempt-unexpected"))
    assert len(records.queue.list_attempts("a")) == 3


def test_unforeseen_failures_are_counted_whoever_met_them(records: Records) -> None:
    accept(records)
    for number in range(3):
        now = datetime.now(UTC) + timedelta(minutes=number)
        (held,) = records.queue.claim("w", limit=1, lease=timedelta(minutes=1), now=now)
        runner = AttemptRunner(records, read=read_badly, classify=classify, observer=OrchestratorObserver())
        asyncio.run(runner.run(held))
    assert status_of(records, "a")[0] is Status.NEEDS_OPS


def test_reason_of_the_last_failure_is_shown_while_the_document_is_tried_again(
    records: Records, tmp_path: Path
) -> None:
    async def read(document: Document) -> AsyncIterator[ReadingEvent]:
        raise StorageUnavailable("store-not-a-folder", folder="/secret/place")
        yield

    accept(records)
    asyncio.run(work_until(records, tmp_path, read, lambda: bool(status_of(records, "a")[1])))
    assert status_of(records, "a") == (Status.PENDING, Message("storage-failed"))


def test_document_in_trouble_does_not_hold_up_the_others(records: Records, tmp_path: Path) -> None:
    async def read(document: Document) -> AsyncIterator[ReadingEvent]:
        if document.id == "bad":
            raise ConnectionError("lost")
        yield ReadingResult(TEXT)

    accept(records, "bad")
    names = [accept(records, f"good-{number}") for number in range(10)]
    asyncio.run(work_until(records, tmp_path, read, lambda: all(has_ended(records, name)() for name in names)))
    assert status_of(records, "bad")[0] in {Status.PENDING, Status.IN_PROGRESS}


def test_document_of_one_page_is_finished_by_one_transaction_and_one_of_three_by_three(records: Records) -> None:
    writes: list[str] = []
    for pages, name in ((1, "a"), (3, "b")):

        async def read(document: Document, pages: int = pages) -> AsyncIterator[ReadingEvent]:
            for done in range(1, pages + 1):
                yield PageProgress(done, pages)
            yield ReadingResult(TEXT)

        accept(records, name)
        (claim,) = records.queue.claim("w", limit=1, lease=timedelta(minutes=1), now=datetime.now(UTC))
        records.database.observer = lambda kind, seconds, failed: writes.append(kind) if kind == WRITE else None
        runner = AttemptRunner(records, read=read, classify=classify, observer=OrchestratorObserver())
        asyncio.run(runner.run(claim))
        assert status_of(records, name)[0] is Status.COMPLETED
        assert len(writes) == pages
        records.database.observer = None
        writes.clear()


def test_late_end_of_a_lost_attempt_changes_nothing(
    records: Records, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first reader is slower than its lease, because nobody renews it; another has completed the document meanwhile."""
    monkeypatch.setattr(orchestrator, "LEASE", timedelta(0))
    late = asyncio.Event()
    readers = 0

    async def read(document: Document) -> AsyncIterator[ReadingEvent]:
        nonlocal readers
        readers += 1
        if readers == 1:
            await late.wait()
            yield PageProgress(1, 1)
        yield ReadingResult(TEXT)

    async def classify_twice(text: DocumentText, split: SplitMode) -> Prediction:
        return Prediction(VERDICT, str(readers), f"hash {readers}", 1)

    async def both() -> None:
        await work_until(records, tmp_path, read, has_ended(records, "a"), classify_twice)
        late.set()
        await asyncio.sleep(0.5)

    accept(records)
    asyncio.run(both())
    assert [outcome for _, outcome in records.queue.list_attempts("a")] == ["lost", "completed"]
    with records.database.transaction() as connection:
        rows = connection.execute(sa.select(predictions.c.attempt)).all()
    assert [row.attempt for row in rows] == [2]


def test_lease_is_renewed_while_the_reading_goes_on(
    records: Records, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(orchestrator, "LEASE", timedelta(seconds=0.6))
    monkeypatch.setattr(orchestrator, "RENEW_SECONDS", 0.1)

    async def read(document: Document) -> AsyncIterator[ReadingEvent]:
        await asyncio.sleep(2)
        yield ReadingResult(TEXT)

    accept(records)
    asyncio.run(work_until(records, tmp_path, read, has_ended(records, "a")))
    assert [outcome for _, outcome in records.queue.list_attempts("a")] == ["completed"]


def test_leases_are_renewed_while_an_export_hangs_and_the_default_threads_are_taken(
    records: Records, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(orchestrator, "RENEW_SECONDS", 0.05)
    store = HeldStore(tmp_path / "objects")
    accept(records, "exported")
    seen = set()

    async def read(document: Document) -> AsyncIterator[ReadingEvent]:
        if document.id == "long":
            while len(seen) < 3:  # the lease as it was given, and renewed twice
                with records.database.transaction(reads_only=True) as connection:
                    seen.add(
                        connection.execute(sa.select(documents.c.lease_until).where(documents.c.id == "long")).scalar()
                    )
                await asyncio.sleep(0.01)
        yield ReadingResult(TEXT)

    def is_done() -> bool:
        """The document whose lease is to be renewed comes when the export of the first one hangs."""
        if not store.waiting:
            return False
        if not records.documents.list(DocumentFilter(None, reference="R"), limit=1).total > 1:
            accept(records, "long")
        return has_ended(records, "long")()

    async def go() -> None:
        asyncio.get_running_loop().set_default_executor(executor := ThreadPoolExecutor(1))
        executor.submit(store.release.wait, PATIENCE)
        try:
            await work_until(records, tmp_path, read, is_done, store=store)
        finally:
            store.release.set()

    asyncio.run(go())
    assert [outcome for _, outcome in records.queue.list_attempts("long")] == ["completed"]


def test_what_is_recorded_can_be_found_and_what_was_recorded_before_is_caught_up_with(
    records: Records, tmp_path: Path
) -> None:
    page = Page(1, 10, 10, (Word("Cotisations", Box(0, 0, 1, 1), 12.0, 0),), WordSource.OCR)
    store_pages(FolderStore(tmp_path / "objects"), "0" * 64, RECIPE, media_type="image/png", pages=(page,))
    now, found = datetime.now(UTC), [{"xcotisations"}]
    for name in ("old", "gone"):
        accept(records, name)
        (held,) = records.queue.claim("w", limit=1, lease=timedelta(minutes=1), now=now + timedelta(minutes=1))
        recipe = replace(RECIPE, engine_version="6") if name == "gone" else RECIPE
        records.queue.complete(held, ReadingSummary(1, "fr", None, recipe), Prediction(VERDICT, "1", "h", 1), now=now)

    async def read(document: Document) -> AsyncIterator[ReadingEvent]:
        yield ReadingResult(replace(TEXT, pages=(page,)))

    accept(records, "new")
    done = has_ended(records, "new")
    asyncio.run(work_until(records, tmp_path, read, lambda: done() and not records.search.list_missing()))
    assert {document.id for document in records.search.find(found, DocumentFilter(), limit=9).items} == {"old", "new"}


def test_ledger_is_checked_beside_the_work_and_reported(records: Records, tmp_path: Path) -> None:
    found: list[tuple[int, dict[str, int]]] = []

    class Observer(OrchestratorObserver):
        def set_ledger(self, checked_at: datetime | None, checked: int, faults: Mapping[str, int]) -> None:
            assert checked_at
            found.append((checked, dict(faults)))

    accept(records)
    worker = Orchestrator(
        records, FolderStore(tmp_path), read=read_well, classify=classify, max_in_work=1, observer=Observer()
    )
    worker.check_ledger()
    worker.measure()
    # Nobody has stored an original in this test.
    assert found == [(1, {"fault-original-missing": 1})]


def test_documents_that_a_new_policy_has_not_reached_are_reported(records: Records, tmp_path: Path) -> None:
    found: list[int] = []

    class Observer(OrchestratorObserver):
        def set_outdated(self, documents: int) -> None:
            found.append(documents)

    completed(records, "a", "b")
    records.policies.add(Policy(threshold=0.99), by="ann", now=datetime.now(UTC))
    worker = Orchestrator(
        records, FolderStore(tmp_path), read=read_well, classify=classify, max_in_work=1, observer=Observer()
    )
    worker.policy_rounds.chunk = 1
    for _ in range(3):
        worker.apply_policy()
        worker.measure()
    assert found == [1, 0, 0]


def test_check_that_fails_leaves_the_work_alone(
    records: Records, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(orchestrator, "check_next", fail)
    accept(records)
    asyncio.run(work_until(records, tmp_path, read_well, has_ended(records, "a")))
    assert status_of(records, "a")[0] is Status.COMPLETED


def test_text_that_is_gone_is_made_again_before_a_document_is_indexed(records: Records, tmp_path: Path) -> None:
    page = Page(1, 10, 10, (Word("Cotisations", Box(0, 0, 1, 1), 12.0, 0),), WordSource.OCR)
    now, store = datetime.now(UTC), FolderStore(tmp_path)
    for name in ("remade", "unreadable"):
        accept(records, name)
        (held,) = records.queue.claim("w", limit=1, lease=timedelta(minutes=1), now=now + timedelta(minutes=1))
        records.queue.complete(held, ReadingSummary(1, "fr", None, RECIPE), Prediction(VERDICT, "1", "h", 1), now=now)

    async def remake(document: Document) -> None:
        if document.id == "unreadable":
            raise NotFound("text-not-remade", error=Message("image-damaged"))
        store_pages(store, document.sha256, RECIPE, media_type="image/png", pages=(page,))

    worker = Orchestrator(
        records, store, read=read_well, classify=classify, max_in_work=1, observer=OrchestratorObserver(), remake=remake
    )

    async def index() -> None:
        task = asyncio.create_task(worker.run())
        async with asyncio.timeout(120):
            while await asyncio.to_thread(records.search.list_missing):
                await asyncio.sleep(0.02)
        task.cancel()

    asyncio.run(index())
    found = records.search.find([{"xcotisations"}], DocumentFilter(), limit=9).items
    assert "remade" in {document.id for document in found}


def test_bin_and_old_documents_are_erased_and_counted(records: Records, tmp_path: Path) -> None:
    found: dict[str, int] = {}

    class Observer(OrchestratorObserver):
        def count_erased(self, cause: str, documents: int) -> None:
            found[cause] = documents

        def set_oldest_document(self, seconds: float) -> None:
            found["oldest"] = round(seconds / 86_400)

    now, store = datetime.now(UTC), FolderStore(tmp_path / "objects")
    completed(records, "old", at=now - timedelta(days=800))
    (binned,) = completed(records, "binned", at=now - timedelta(days=100)).documents
    completed(records, "new", at=now - timedelta(days=50))
    records.bin.put(binned, by="ann", now=now - timedelta(days=31))
    eraser = Eraser(
        records, store, Workspace(tmp_path / "workspace"), Registry(f"sqlite:///{tmp_path}/m.db", str(tmp_path))
    )
    worker = Orchestrator(
        records, store, read=read_well, classify=classify, max_in_work=1, observer=Observer(), eraser=eraser,
        bin_days=30, retention_months=24,
    )  # fmt: skip
    worker.erase()
    assert found == {"bin": 1, "retention": 1, "oldest": 50}
    assert all(erasure.is_erased for erasure in records.erasures.list().items)
