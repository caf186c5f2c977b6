"""Jobs come back as they are; each belongs to one attempt at a time."""

from collections.abc import Callable

import pytest

from sake_ray.domain.jobs import Job, JobState
from sake_ray.errors import InputError, LeaseLost, Message, NotFound, TrainingFailed
from sake_ray.storage.records import Records
from tests.concurrency import all_at_once
from tests.storage.example_jobs import (
    LOST,
    NOT_STARTED,
    NOW,
    SECOND,
    add,
    admit,
    finish,
    heartbeat,
    numbers,
    requeue_stalled,
    running,
    start_in_foreground,
)


def test_added_job_comes_back_as_it_was(records: Records) -> None:
    job = records.jobs.add("train", {"rounds": 3, "é": [None, {"x": 0.5}]}, by="ann", now=NOW)
    assert records.jobs.get(job.number) == job
    assert (job.kind, job.options, job.by) == ("train", {"rounds": 3, "é": [None, {"x": 0.5}]}, "ann")
    assert (job.state, job.attempt, job.submission, job.created_at) == (JobState.QUEUED, 0, "", NOW)
    assert (job.started_at, job.ended_at, job.seen_at, job.stop_asked, job.result) == (None, None, None, False, {})


def test_unknown_job_is_not_found(records: Records) -> None:
    with pytest.raises(NotFound, match="4711"):
        records.jobs.get(4711)


def test_jobs_are_listed_newest_first_in_pages(records: Records) -> None:
    first, second, third = (add(records).number for _ in range(3))
    assert numbers((page := records.jobs.list(limit=2)).items) == [third, second]
    assert numbers(records.jobs.list(limit=2, after=page.next_cursor).items) == [first]


def test_jobs_are_listed_and_counted_by_state(records: Records) -> None:
    ended, runs, waits = running(records), running(records), add(records)
    finish(records, ended)
    assert numbers(records.jobs.list(limit=9, states=(JobState.RUNNING, JobState.QUEUED)).items) == [
        waits.number,
        runs.number,
    ]
    assert records.jobs.list(states=(JobState.SUCCEEDED,)).total == 1
    assert records.jobs.list().total == 3


def test_begun_job_runs(records: Records) -> None:
    job = running(records)
    assert (job.state, job.started_at, job.seen_at, job.attempt) == (JobState.RUNNING, NOW, NOW, 1)
    assert records.jobs.get(job.number) == job


def test_job_of_the_foreground_makes_its_own_attempt(records: Records) -> None:
    job = start_in_foreground(records)
    assert (job.state, job.attempt, job.submission) == (JobState.RUNNING, 1, "")


def test_job_begins_once_under_an_attempt(records: Records) -> None:
    job = running(records)
    with pytest.raises(LeaseLost, match=str(job.number)):
        records.jobs.start(job.number, attempt=job.attempt, now=NOW)


def test_job_begins_once_in_the_foreground(records: Records) -> None:
    job = start_in_foreground(records)
    with pytest.raises(LeaseLost):
        records.jobs.start(job.number, attempt=None, now=NOW)


def test_submitted_job_begun_in_the_foreground_is_not_begun_again(records: Records) -> None:
    number = add(records).number
    (submitted,) = admit(records)
    records.jobs.start(number, attempt=None, now=NOW)
    with pytest.raises(LeaseLost):
        records.jobs.start(number, attempt=submitted.attempt, now=NOW)


def test_earlier_attempt_does_not_start(records: Records) -> None:
    add(records)
    (first,) = admit(records)
    (second,) = admit(records, now=NOW + NOT_STARTED)
    with pytest.raises(LeaseLost):
        records.jobs.start(first.number, attempt=first.attempt, now=NOW)
    assert records.jobs.start(second.number, attempt=second.attempt, now=NOW).attempt == 2


def test_requeued_submission_does_not_start(records: Records) -> None:
    add(records)
    (job,) = admit(records)
    requeue_stalled(records, now=NOW + NOT_STARTED)
    with pytest.raises(LeaseLost):
        records.jobs.start(job.number, attempt=job.attempt, now=NOW + NOT_STARTED)


def test_aborted_job_does_not_start(records: Records) -> None:
    add(records)
    (job,) = admit(records)
    records.jobs.request_abort(job.number, now=NOW)
    for attempt in (job.attempt, None):
        with pytest.raises(LeaseLost):
            records.jobs.start(job.number, attempt=attempt, now=NOW)


def test_unknown_job_does_not_start(records: Records) -> None:
    with pytest.raises(NotFound):
        records.jobs.start(4711, attempt=1, now=NOW)


def test_beginning_eight_times_at_once_begins_once(records: Records, url: str) -> None:
    add(records)
    (job,) = admit(records)

    def start(mine: Records) -> bool:
        try:
            mine.jobs.start(job.number, attempt=job.attempt, now=NOW)
        except LeaseLost:
            return False
        return True

    assert sum(all_at_once(url, [start] * 8)) == 1


def test_progress_is_shown(records: Records) -> None:
    job = running(records)
    assert (
        heartbeat(
            records,
            job,
            stage="train",
            done=2**40,
            total=2**41,
            why=Message.restore("waits for the folder"),
            now=NOW + SECOND,
        )
        is False
    )
    found = records.jobs.get(job.number)
    assert (found.stage, found.done, found.total, found.why) == ("train", 2**40, 2**41, "waits for the folder")
    assert found.seen_at == NOW + SECOND


def test_succeeded_job_shows_its_result(records: Records) -> None:
    job = running(records)
    finish(records, job, result={"version": 7, "macro_f1": 0.93})
    found = records.jobs.get(job.number)
    assert (found.state, found.result, found.ended_at) == (
        JobState.SUCCEEDED,
        {"version": 7, "macro_f1": 0.93},
        NOW + SECOND,
    )


def test_failed_job_tells_why_whatever_the_sentence_holds(records: Records) -> None:
    job = running(records)
    finish(records, job, JobState.FAILED, why=Message.restore("scan\0\udcff.pdf is no PDF."))
    assert records.jobs.get(job.number).why == "scan?.pdf is no PDF."


def test_failed_job_keeps_the_code_and_the_values_of_its_error(records: Records) -> None:
    job = running(records)
    error = TrainingFailed("stage-failed", stage="fit", error=InputError("too-few-labels"))
    finish(records, job, JobState.FAILED, why=error.message)
    why = records.jobs.get(job.number).why
    assert (why, why.code) == (str(error), "stage-failed")
    assert why.params["error"].code == "too-few-labels"


Write = Callable[[Records, Job], object]
WRITES: dict[str, Write] = {"heartbeat": heartbeat, "finish": finish}


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
def test_write_of_an_earlier_attempt_is_refused_and_changes_nothing(records: Records, write: Write) -> None:
    first = running(records)
    requeue_stalled(records, now=NOW + 2 * LOST)
    (second,) = admit(records, now=NOW + 2 * LOST)
    second = records.jobs.start(second.number, attempt=second.attempt, now=NOW + 2 * LOST)
    with pytest.raises(LeaseLost, match=str(first.number)):
        write(records, first)
    assert records.jobs.get(first.number) == second


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
def test_write_after_the_end_is_refused(records: Records, write: Write) -> None:
    job = running(records)
    finish(records, job, JobState.FAILED, why=Message.restore("No."))
    ended = records.jobs.get(job.number)
    with pytest.raises(LeaseLost):
        write(records, job)
    assert records.jobs.get(job.number) == ended


def test_queued_job_is_stopped_at_once(records: Records) -> None:
    runs, waits = running(records), add(records)
    admit(records)
    stopped = records.jobs.request_abort(waits.number, now=NOW + SECOND)
    assert (stopped.state, stopped.ended_at, stopped.why) == (JobState.STOPPED, NOW + SECOND, "")
    finish(records, runs)
    assert admit(records) == ()


def test_running_job_is_told_to_stop(records: Records) -> None:
    job = running(records)
    asked = records.jobs.request_abort(job.number, now=NOW)
    assert (asked.state, asked.stop_asked, asked.ended_at) == (JobState.RUNNING, True, None)
    assert heartbeat(records, job) is True


@pytest.mark.parametrize("state", [JobState.SUCCEEDED, JobState.FAILED, JobState.STOPPED])
def test_ended_job_cannot_be_stopped(records: Records, state: JobState) -> None:
    job = running(records)
    finish(records, job, state)
    with pytest.raises(InputError, match=f"Job {job.number} has ended"):
        records.jobs.request_abort(job.number, now=NOW)


def test_unknown_job_cannot_be_stopped(records: Records) -> None:
    with pytest.raises(NotFound):
        records.jobs.request_abort(4711, now=NOW)
