"""A job that is asked to stop, or makes no progress, is aborted with all its processes."""

import signal
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from sake_ray.domain.jobs import JobState
from sake_ray.jobs.job_context import kill_noted_process
from sake_ray.jobs.runner import JobContext
from sake_ray.storage.records import Records
from tests.jobs.running import PATIENCE, contains, family_of, now, run_to_end, running, submitted
from tests.jobs.works import count_slowly, hang, mistake, run_stage, wait, wait_a_moment
from tests.waiting import has_ended, wait_until


def test_asked_to_stop_the_stage_process_is_ended_with_its_children(records: Records, log: Path) -> None:
    job = submitted(records)
    with running(records, job, run_stage, log) as runner:
        family = family_of(runner, log)
        records.jobs.request_abort(job.number, now=now())
        out, _ = runner.communicate(timeout=PATIENCE)
        assert out == "before\nreturned stopped\n"
        assert all(map(has_ended, family))
    found = records.jobs.get(job.number)
    assert (found.state, found.why) == (JobState.STOPPED, "")
    assert list(log.parent.iterdir()) == [log]


def test_given_to_another_attempt_the_work_does_not_take_its_killed_stage_for_a_failure(
    records: Records, log: Path
) -> None:
    job = submitted(records)
    with running(records, job, mistake, log) as runner:
        family = family_of(runner, log)
        records.jobs.requeue_stalled(older_than=timedelta(), now=now() + timedelta(seconds=1))
        runner.communicate(timeout=PATIENCE)
        assert all(map(has_ended, family))
    assert (runner.returncode, contains(log, "recorded as failed")()) == (1, False)


def test_what_another_attempt_removes_meanwhile_holds_nobody_up(tmp_path: Path) -> None:
    kill_noted_process(tmp_path / "1.1.stage")
    assert list(tmp_path.iterdir()) == []


def test_asked_to_stop_waiting_work_stops(records: Records, log: Path) -> None:
    job = submitted(records)
    with running(records, job, wait, log) as runner:
        wait_until(lambda: records.jobs.get(job.number).why != "")
        waiting = records.jobs.get(job.number)
        assert (waiting.state, waiting.why) == (JobState.RUNNING, "another job holds the folder")
        records.jobs.request_abort(job.number, now=now())
        runner.communicate(timeout=PATIENCE)
    assert records.jobs.get(job.number).state is JobState.STOPPED


def test_interrupted_at_the_keyboard_the_job_is_stopped(records: Records, log: Path) -> None:
    job = submitted(records)
    with running(records, job, run_stage, log) as runner:
        family = family_of(runner, log)
        runner.send_signal(signal.SIGINT)
        runner.communicate(timeout=PATIENCE)
        assert all(map(has_ended, family))
    assert records.jobs.get(job.number).state is JobState.STOPPED


def test_stage_without_progress_is_ended(records: Records, log: Path) -> None:
    job = submitted(records)
    with running(records, job, run_stage, log, stuck_seconds=5) as runner:
        family = family_of(runner, log)
        out, _ = runner.communicate(timeout=PATIENCE)
        assert all(map(has_ended, family))
    found = records.jobs.get(job.number)
    assert (found.state, found.why) == (JobState.FAILED, "The stage 'clean' made no progress for 5 seconds.")
    assert (runner.returncode, out) == (10, f"before\nraised JobFailed {found.why}\n")


def test_work_that_hangs_itself_is_ended_with_its_process(records: Records, log: Path) -> None:
    job = submitted(records)
    code, out, err = run_to_end(records, job, hang, log, stuck_seconds=1)
    found = records.jobs.get(job.number)
    assert (found.state, found.why) == (JobState.FAILED, "The stage 'hang' made no progress for 1 seconds.")
    assert (code, out) == (10, "before\n")
    assert found.why in err


@pytest.mark.parametrize("work", [wait_a_moment, count_slowly])
def test_waiting_or_advancing_work_is_not_stuck(
    records: Records, log: Path, work: Callable[[JobContext], object]
) -> None:
    job = submitted(records)
    run_to_end(records, job, work, log, stuck_seconds=1.5)
    assert records.jobs.get(job.number).state is JobState.SUCCEEDED
