"""Whose clock counts is that of the records, also where ours is wrong; and while it is distrusted nothing is removed."""

import asyncio
import shutil
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from sake_ray.domain.documents import SETTLED, Status
from sake_ray.domain.verdicts import Policy
from sake_ray.erasure import Eraser
from sake_ray.registry import Registry
from sake_ray.serve.attempts import OrchestratorObserver
from sake_ray.serve.orchestrator import LEASE, Orchestrator
from sake_ray.serve.policy_rounds import IDLE_SECONDS, PolicyRounds
from sake_ray.storage.objects import FolderStore
from sake_ray.storage.records import PendingUpload, Records
from sake_ray.storage.records.clock_watch import ClockWatch
from sake_ray.workspace import Workspace
from tests.serve.test_orchestrator import classify, read_well
from tests.storage.example_clock import ExampleClock
from tests.storage.example_records import completed, hand_in

HOUR = timedelta(hours=1)


class SetClock:
    """The clock of the records; by so much it is ahead of ours."""

    def __init__(self) -> None:
        self.ahead, self.reads = timedelta(0), 0

    def now(self) -> datetime:
        self.reads += 1
        return datetime.now(UTC) + self.ahead


@pytest.fixture
def records(tmp_path: Path, tables: Path) -> Records:
    records = Records(f"sqlite:///{shutil.copyfile(tables, tmp_path / 'records.db')}")
    records.policies.apply_settings(Policy(), now=datetime.now(UTC))
    return records


@pytest.fixture
def clock(records: Records, monkeypatch: pytest.MonkeyPatch) -> SetClock:
    clock = SetClock()
    monkeypatch.setattr(records.clock, "now", clock.now)
    return clock


class Observer(OrchestratorObserver):
    def __init__(self) -> None:
        self.orphans, self.waited, self.seconds = list[int](), list[float](), list[float]()

    def count_orphans(self, removed: int) -> None:
        self.orphans.append(removed)

    def observe_stage(self, stage: str, seconds: float) -> None:
        if stage == "wait":
            self.waited.append(seconds)

    def count_completed(self, *what: object) -> None:
        self.seconds.append(what[-1])  # type: ignore[arg-type]


@pytest.fixture
def start(records: Records, clock: SetClock, tmp_path: Path) -> Callable[[], Orchestrator]:
    """Make an orchestrator, which has seen nothing of the clock yet."""
    store = FolderStore(tmp_path / "objects")
    registry = Registry(f"sqlite:///{tmp_path}/m.db", str(tmp_path))

    def make() -> Orchestrator:
        eraser = Eraser(records, store, Workspace(tmp_path / "workspace"), registry)
        parts: Mapping[str, object] = {"read": read_well, "classify": classify, "max_in_work": 1, "eraser": eraser}
        return Orchestrator(records, store, observer=Observer(), bin_days=30, **parts)  # type: ignore[arg-type]

    return make


def work_once(worker: Orchestrator) -> None:
    async def work() -> None:
        (claim,) = worker._claim()
        await worker.runner.run(claim)

    asyncio.run(work())


def test_a_clock_set_forward_condemns_no_upload_that_lives(
    records: Records, clock: SetClock, start: Callable[[], Orchestrator]
) -> None:
    records.uploads.begin(PendingUpload("u", "b", ("one",)), now=clock.now())
    worker = start()
    worker.store.put("b/original_raw/one.png", b"page")
    worker.collect_orphans()
    clock.ahead = 2 * HOUR
    worker.collect_orphans()
    assert list(worker.store.list()) == ["b/original_raw/one.png"]
    assert worker.observer.orphans == [0]  # type: ignore[attr-defined]
    start().collect_orphans()  # which takes the new time for the right one
    assert list(worker.store.list()) == []


def test_a_clock_set_forward_does_not_empty_the_bin(
    records: Records, clock: SetClock, start: Callable[[], Orchestrator]
) -> None:
    (document,) = completed(records, "binned").documents
    records.bin.put(document, by="ann", now=clock.now())
    worker = start()
    worker.erase()
    clock.ahead = timedelta(days=31)
    worker.erase()
    assert records.documents.get(document.id, team=None).status is Status.BINNED
    start().erase()
    assert [erasure.is_erased for erasure in records.erasures.list().items] == [True]


def test_what_was_mended_at_a_start_for_long_is_no_step_of_the_clock(
    records: Records, start: Callable[[], Orchestrator], monkeypatch: pytest.MonkeyPatch
) -> None:
    ours, worker = ExampleClock(), start()

    def mend_slowly(*_: object, **__: object) -> None:
        ours.passed += 60

    monkeypatch.setattr(records.clock, "bring_back", mend_slowly)
    worker._clock = ClockWatch(ours.read, settling=LEASE, elapsed=ours.elapsed)
    worker._claim()
    assert ours.passed == 60
    assert worker._clock.look().is_settled


@pytest.mark.parametrize("ahead", [HOUR, -HOUR])
def test_a_document_back_from_the_bin_has_the_verdict_of_the_newest_policy(
    records: Records, clock: SetClock, ahead: timedelta, start: Callable[[], Orchestrator]
) -> None:
    clock.ahead = ahead
    (document,) = hand_in(records, at=clock.now()).documents
    work_once(start())
    newest = records.policies.add(Policy(threshold=0.99), by="ann", now=clock.now())
    rounds = PolicyRounds(records)
    while rounds.run_next() < IDLE_SECONDS:
        pass
    records.bin.put(document, by="ann", now=clock.now())
    records.bin.restore(document, by="ann", now=clock.now())
    assert records.policies.count_outdated(newest) == 0
    restored = records.documents.get(document.id, team=None)
    assert (restored.needs_review, restored.status) == (True, Status.COMPLETED)


@pytest.mark.parametrize("ahead", [HOUR, -HOUR])
def test_seconds_of_a_document_are_by_the_clock_that_its_upload_was_by(
    records: Records, clock: SetClock, ahead: timedelta, start: Callable[[], Orchestrator]
) -> None:
    clock.ahead = ahead
    (document,) = hand_in(records, at=clock.now()).documents
    worker = start()
    work_once(worker)
    assert records.documents.get(document.id, team=None).status in SETTLED
    (waited,), (seconds,) = worker.observer.waited, worker.observer.seconds  # type: ignore[attr-defined]
    assert 0 < waited <= seconds < HOUR.total_seconds() / 2


def test_a_measurement_asks_the_clock_once(clock: SetClock, start: Callable[[], Orchestrator]) -> None:
    worker = start()
    clock.reads = 0
    worker.measure()
    assert clock.reads == 1
