"""Clocks that are an hour wrong, or set by an hour: nothing is read twice, lost or left waiting."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from sake_ray.domain.documents import SETTLED, Status
from sake_ray.domain.verdicts import Policy
from sake_ray.storage.records import Records
from tests.concurrency import TOP
from tests.storage.conftest import *  # noqa: F403 - the databases
from tests.storage.example_records import SECOND, hand_in
from tests.waiting import wait_until

HOUR = timedelta(hours=1)
LEASE, READING = 20.0, 22.0
"""Seconds. A reading outlasts its lease, which is renewed every two: a machine may stand still for a quarter of a minute."""
SHORT_READING = 10.0


class WrongClock:
    """The clock of some processes: by so much it is wrong, and it can be set while they run."""

    def __init__(self, folder: Path, wrong: str) -> None:
        self.path = folder / f"clock-{time.monotonic_ns()}"
        self.set(wrong)

    def set(self, wrong: str) -> None:
        new = self.path.with_suffix(".new")
        new.write_text(f"{wrong}\n")
        new.replace(self.path)

    @property
    def environment(self) -> dict[str, str]:
        (library,) = Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1")
        # What cannot be set stays as it is: the time since the start of the machine.
        kept = {"FAKETIME_DONT_FAKE_MONOTONIC": "1", "FAKETIME_NO_CACHE": "1"}
        return kept | {"LD_PRELOAD": str(library), "FAKETIME_TIMESTAMP_FILE": str(self.path)}


@contextmanager
def working(
    url: str, folder: Path, clock: WrongClock, reading: float = READING
) -> Iterator[tuple[subprocess.Popen[str], Callable[[], str]]]:
    """An orchestrator by that clock; what it prints."""
    printed = folder / f"printed-{time.monotonic_ns()}"
    command = [sys.executable, "-m", "tests.faults.programs.work_queue", url, str(folder), str(LEASE), str(reading)]
    with printed.open("w") as log:
        process = subprocess.Popen(
            command, cwd=TOP, stdout=log, stderr=log, text=True, env=os.environ | clock.environment
        )
    try:
        wait_until(lambda: "clocks " in printed.read_text(), process=process, log=printed.read_text)
        yield process, printed.read_text
    finally:
        process.kill()
        process.wait()


def wait_until_settled(records: Records, ids: list[str], log: Callable[[], object]) -> None:
    wait_until(
        lambda: all(records.documents.get(id, team=None).status in SETTLED for id in ids),
        interval=0.3,
        log=log,
    )


def read_clocks(printed: str) -> tuple[datetime, datetime]:
    """The clock of the process itself, and that of its records."""
    _, own, of_records = next(line for line in printed.splitlines() if line.startswith("clocks ")).split()
    return datetime.fromisoformat(own), datetime.fromisoformat(of_records)


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
def test_orchestrators_whose_clocks_are_an_hour_wrong_neither_steal_nor_lose_a_lease(
    records: Records, url: str, tmp_path: Path
) -> None:
    records.policies.apply_settings(Policy(), now=datetime.now(UTC))
    wrong = [WrongClock(tmp_path, offset) for offset in ("+0", "+1h", "-1h")]
    with (
        working(url, tmp_path, wrong[0]) as (_, right),
        working(url, tmp_path, wrong[1]) as (_, ahead),
        working(url, tmp_path, wrong[2]) as (_, behind),
    ):
        ids = [one.id for one in hand_in(records, *"abcdef", at=records.clock.now()).documents]
        wait_until_settled(records, ids, lambda: [right(), ahead(), behind()])
        own, of_records = read_clocks(ahead())
        assert own - of_records > HOUR - 60 * SECOND
        assert all("reads " in printed() for printed in (right, ahead, behind))
    assert {records.queue.list_attempts(id) for id in ids} == {((1, "completed"),)}


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_a_clock_set_forward_by_an_hour_has_nothing_read_twice(records: Records, url: str, tmp_path: Path) -> None:
    records.policies.apply_settings(Policy(), now=datetime.now(UTC))
    clock = WrongClock(tmp_path, "+0")
    with working(url, tmp_path, clock) as (_, first), working(url, tmp_path, clock) as (_, second):
        # One fewer than both can do: who has nothing to do would steal.
        ids = [one.id for one in hand_in(records, *"abc", at=datetime.now(UTC)).documents]
        wait_until(lambda: (first() + second()).count("reads ") == 3, log=lambda: (first(), second()))
        clock.set("+1h")
        wait_until_settled(records, ids, lambda: (first(), second()))
    assert {records.queue.list_attempts(id) for id in ids} == {((1, "completed"),)}


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_after_a_clock_was_set_back_by_an_hour_neither_new_documents_nor_those_of_the_dead_wait_for_it(
    records: Records, url: str, tmp_path: Path
) -> None:
    records.policies.apply_settings(Policy(), now=datetime.now(UTC))
    clock = WrongClock(tmp_path, "+1h")
    with (
        working(url, tmp_path, clock, SHORT_READING) as (_, survivor),
        working(url, tmp_path, clock, SHORT_READING) as (dies, dead),
    ):
        ids = [one.id for one in hand_in(records, *"abcd", at=datetime.now(UTC) + HOUR).documents]
        wait_until(lambda: (survivor() + dead()).count("reads ") == 4, log=lambda: (survivor(), dead()))
        late = hand_in(records, "late", at=datetime.now(UTC) + HOUR).documents[0].id
        dies.kill()
        clock.set("+0")
        wait_until_settled(records, [*ids, late], survivor)
    ended = [records.queue.list_attempts(id) for id in ids]
    assert sorted(ended) == [((1, "completed"),)] * 2 + [((1, "lost"), (2, "completed"))] * 2
    assert records.queue.list_attempts(late) == ((1, "completed"),)
    assert {records.documents.get(id, team=None).status for id in ids} == {Status.COMPLETED}
