"""An orchestrator that is killed at a certain moment: another goes on, and what was written counts."""

import shutil
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sake_ray.domain.documents import Status
from sake_ray.domain.verdicts import Policy
from sake_ray.storage.objects import FolderStore
from sake_ray.storage.records import Records
from tests.concurrency import TOP
from tests.storage.example_records import count_predictions, hand_in
from tests.waiting import PATIENCE, wait_until

RECORDS = "sake_ray.storage.records"
LEASE = 10
"""Seconds; a machine that stands still for less has nothing read a third time."""
WRITTEN, AGAIN = ((1, "completed"),), ((1, "lost"), (2, "completed"))
MOMENTS = {
    f"{RECORDS}.queue:Queue.claim:after:1": AGAIN,
    f"{RECORDS}.queue:Queue.complete:before:1": AGAIN,
    # The result is written, and the worker dies before it says so.
    f"{RECORDS}.queue:Queue.complete:after:1": WRITTEN,
    f"{RECORDS}.exports:Exports.complete:before:1": WRITTEN,
}


def start(url: str, folder: Path, *moment: str) -> subprocess.Popen[bytes]:
    with (folder / "log").open("ab") as log:
        words = ["tests.faults.programs.work_queue", url, str(folder / "objects"), str(LEASE), "0.1", *moment]
        return subprocess.Popen([sys.executable, "-m", *words], cwd=TOP, stdout=log, stderr=log)


@pytest.mark.parametrize(("moment", "attempts"), MOMENTS.items(), ids=[moment.split(":", 1)[1] for moment in MOMENTS])
def test_an_orchestrator_killed_at_this_moment_loses_and_doubles_nothing(
    moment: str, attempts: tuple[tuple[int, str]], tmp_path: Path, tables: Path
) -> None:
    url, store = f"sqlite:///{shutil.copyfile(tables, tmp_path / 'records.db')}", FolderStore(tmp_path / "objects")
    records = Records(url)
    records.policies.apply_settings(Policy(), now=datetime.now(UTC))
    batch = hand_in(records, at=datetime.now(UTC))
    id = batch.documents[0].id
    assert start(url, tmp_path, moment).wait(PATIENCE) == -signal.SIGKILL
    other = start(url, tmp_path)
    try:
        wait_until(
            lambda: (
                not records.exports.has_due(datetime.now(UTC))
                and store.exists(f"{batch.uuid}/prediction/prediction.json")
                and records.documents.get(id, team=None).status is Status.COMPLETED
            ),
            process=other,
            log=(tmp_path / "log").read_text,
        )
    finally:
        other.kill()
        other.wait()
    assert (records.queue.list_attempts(id), count_predictions(records)) == (attempts, 1)
