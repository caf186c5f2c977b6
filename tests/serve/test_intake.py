"""An upload that takes long, is sent again, or dies: accepted once, or not at all and without a trace."""

import asyncio
import shutil
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from sake_ray.domain.accounts import Account, Role
from sake_ray.domain.documents import Batch
from sake_ray.errors import StillRunning, StorageUnavailable
from sake_ray.serve.attempts import OrchestratorObserver
from sake_ray.serve.idempotency import RequestKeys, StoredResponse
from sake_ray.serve.intake import Intake, Receipt, Refusal, Upload
from sake_ray.serve.lease_renewal import LeaseRenewal
from sake_ray.serve.orchestrator import Orchestrator
from sake_ray.serve.originals import collect_orphans
from sake_ray.storage.objects import FolderStore
from sake_ray.storage.records import DocumentFilter, HeldKey, PendingUpload, Records
from sake_ray.storage.records.tables import requests, uploads
from tests.pages import letter, png
from tests.slow_store import SlowStore
from tests.waiting import wait_until

SCAN = png(letter().render(50))
MARIE = Account("marie", Role.USER, "paris")
SECRET = "0" * 64
HOUR = timedelta(hours=1)


@pytest.fixture
def records(tmp_path: Path, tables: Path) -> Records:
    return Records(f"sqlite:///{shutil.copyfile(tables, tmp_path / 'records.db')}")


@pytest.fixture
def slow(tmp_path: Path) -> SlowStore:
    return SlowStore(tmp_path / "objects")


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    return FolderStore(tmp_path / "objects")


def submit(records: Records, store: FolderStore, *, key: str | None = "k", seconds: float = 1000) -> Receipt:
    """Hand in one scan, as one process of several would."""
    renewal = LeaseRenewal(records, seconds=seconds)

    def present(batch: Batch, nb: int, refusals: list[Refusal]) -> StoredResponse:
        return StoredResponse(202, f'"{batch.uuid} has {nb}"')

    return Intake(records, store, renewal, max_bytes=10**6).accept(
        MARIE,
        "Durand",
        [Upload("a.png", len(SCAN), lambda: SCAN)],
        keyed=RequestKeys(records, renewal, SECRET).open("marie", key) if key else None,
        present=present,  # type: ignore[arg-type]
        now=datetime.now(UTC),
    )


def body(receipt: Receipt) -> str:
    assert receipt.response
    return receipt.response.body


def originals(records: Records) -> set[str]:
    documents = records.documents.list(DocumentFilter(), limit=100).items
    return {document.original for document in documents}


def let_leases_end(records: Records) -> None:
    """What half a minute without a renewal does."""
    with records.database.transaction() as connection:
        connection.execute(requests.update().values(lease_until=datetime.now(UTC) - HOUR))


def end_of_lease(records: Records) -> datetime:
    with records.database.transaction(reads_only=True) as connection:
        return connection.execute(sa.select(requests.c.lease_until)).scalar_one()  # type: ignore[no-any-return]


def last_seen(records: Records) -> datetime:
    with records.database.transaction(reads_only=True) as connection:
        return connection.execute(sa.select(uploads.c.seen_at)).scalar_one()  # type: ignore[no-any-return]


def test_key_and_upload_are_renewed_while_the_store_is_slow(records: Records, slow: SlowStore) -> None:
    with ThreadPoolExecutor(1) as thread:
        first = thread.submit(submit, records, slow, seconds=0.02)
        wait_until(slow.begun.is_set)
        lease, seen = end_of_lease(records), last_seen(records)
        wait_until(lambda: end_of_lease(records) > lease and last_seen(records) > seen)
        with pytest.raises(StillRunning):
            submit(records, slow)
        slow.go.set()
        answer = body(first.result())
    assert body(submit(records, slow)) == answer
    assert set(slow.list()) == originals(records)
    assert records.uploads.list() == ()


def test_renewing_goes_on_after_an_unforeseen_failure(records: Records) -> None:
    stumbled = threading.Event()

    class StumblingRenewal(LeaseRenewal):
        def _renew(self, keys: tuple[HeldKey, ...], uploads: tuple[str, ...]) -> None:
            if not stumbled.is_set():
                stumbled.set()
                raise RuntimeError
            super()._renew(keys, uploads)

    before = datetime.now(UTC) - HOUR
    records.uploads.begin(PendingUpload("u", "b", ("d",)), now=before)
    renewal = StumblingRenewal(records, seconds=0.02)
    renewal.keep("u")
    wait_until(lambda: stumbled.is_set() and last_seen(records) > before)
    renewal.drop("u")


def test_nothing_is_renewed_when_the_work_is_done(records: Records, store: FolderStore) -> None:
    submit(records, store, seconds=0.02)
    wait_until(lambda: not any(thread.name == "lease-renewal" for thread in threading.enumerate()))


def test_first_of_two_workers_to_finish_is_answered_and_the_other_leaves_nothing(
    records: Records, slow: SlowStore, store: FolderStore
) -> None:
    with ThreadPoolExecutor(1) as thread:
        overtaken = thread.submit(submit, records, slow)
        wait_until(slow.begun.is_set)
        let_leases_end(records)
        first = submit(records, store)
        slow.go.set()
        assert body(overtaken.result()) == body(first)
        assert (overtaken.result().replayed, first.replayed) == (True, False)
    assert set(store.list()) == originals(records)
    assert len(originals(records)) == 1
    assert records.uploads.list() == ()


def test_worker_that_was_taken_over_is_answered_when_it_is_first(
    records: Records, tmp_path: Path, store: FolderStore
) -> None:
    early, late = SlowStore(store.root), SlowStore(store.root)
    with ThreadPoolExecutor(2) as threads:
        first = threads.submit(submit, records, early)
        wait_until(early.begun.is_set)
        let_leases_end(records)
        second = threads.submit(submit, records, late)
        wait_until(late.begun.is_set)
        early.go.set()
        answer = body(first.result())
        late.go.set()
        assert body(second.result()) == answer
    assert set(store.list()) == originals(records)
    assert len(originals(records)) == 1


@pytest.mark.parametrize("key", ["k", None])
def test_upload_that_fails_leaves_nothing(records: Records, store: FolderStore, key: str | None) -> None:
    accept = records.documents.accept

    def fail(*_: object, **__: object) -> None:
        raise StorageUnavailable("records-unreachable", error="gone")

    records.documents.accept = fail  # type: ignore[method-assign]
    with pytest.raises(StorageUnavailable):
        submit(records, store, key=key)
    assert (list(store.list()), records.uploads.list()) == ([], ())
    records.documents.accept = accept  # type: ignore[method-assign]
    submit(records, store, key=key)


@pytest.mark.parametrize("key", ["k", None])
def test_upload_whose_commit_is_not_heard_of_keeps_its_originals(
    records: Records, store: FolderStore, key: str | None
) -> None:
    accept = records.documents.accept

    def break_off(*given: object, **named: object) -> None:
        accept(*given, **named)  # type: ignore[arg-type]
        raise StorageUnavailable("records-unreachable", error="the connection broke")

    records.documents.accept = break_off  # type: ignore[method-assign]
    if key:  # the records have the answer
        assert submit(records, store, key=key).replayed
    else:
        with pytest.raises(StorageUnavailable):
            submit(records, store, key=key)
    assert set(store.list()) == originals(records)
    assert len(originals(records)) == 1


def die_storing(records: Records, store: FolderStore, *, batch: str = "b", seen: timedelta = HOUR) -> None:
    """What an upload leaves that is killed between its originals and its rows."""
    seen_at = datetime.now(UTC) - seen
    records.uploads.begin(PendingUpload(f"upload of {batch}", batch, ("one", "two")), now=seen_at)
    store.put(f"{batch}/original_raw/one.png", SCAN)
    store.put(f"{batch}/original_raw/two", SCAN)


def test_originals_of_a_dead_upload_are_removed_and_no_others(records: Records, store: FolderStore) -> None:
    submit(records, store)
    (document,) = records.documents.list(DocumentFilter(), limit=1).items
    die_storing(records, store, batch=document.batch, seen=2 * HOUR)
    die_storing(records, store, batch="lives", seen=timedelta())
    store.put("b/original_raw/three.png", SCAN)
    assert collect_orphans(records, store, now=datetime.now(UTC)) == 2
    living = {"b/original_raw/three.png", "lives/original_raw/one.png", "lives/original_raw/two"}
    assert set(store.list()) == {document.original, *living}


def test_put_that_arrives_after_its_upload_was_given_up_is_removed_later(records: Records, store: FolderStore) -> None:
    die_storing(records, store, seen=2 * HOUR)
    now = datetime.now(UTC)
    assert collect_orphans(records, store, now=now) == 2
    store.put("b/original_raw/two", SCAN)
    assert collect_orphans(records, store, now=now + 2 * HOUR) == 1
    assert records.uploads.list() == ()


def test_upload_that_was_given_up_accepts_nothing_and_cleans_up(records: Records, slow: SlowStore) -> None:
    with ThreadPoolExecutor(1) as thread:
        stalled = thread.submit(submit, records, slow)
        wait_until(slow.begun.is_set)
        now = datetime.now(UTC) + 2 * HOUR
        assert collect_orphans(records, slow, now=now) == 0
        collect_orphans(records, slow, now=now + 2 * HOUR)
        slow.go.set()
        with pytest.raises(StillRunning):
            stalled.result()
    assert (list(slow.list()), originals(records)) == ([], set())


def test_orchestrator_collects_orphans_at_its_start_and_counts_them(records: Records, store: FolderStore) -> None:
    die_storing(records, store, seen=2 * HOUR)
    counted: list[int] = []

    class Observer(OrchestratorObserver):
        def count_orphans(self, removed: int) -> None:
            counted.append(removed)

    worker = Orchestrator(records, store, read=None, classify=None, max_in_work=1, observer=Observer())  # type: ignore[arg-type]

    async def run() -> None:
        running = asyncio.create_task(worker.run())
        async with asyncio.timeout(300):
            while not counted:
                await asyncio.sleep(0.01)
        running.cancel()

    asyncio.run(run())
    assert (counted[0], list(store.list())) == (2, [])
