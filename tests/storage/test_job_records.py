"""Jobs keep the same promises in both databases: one attempt at a time, and what was killed starts again."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sake_ray.domain.jobs import Job, JobState
from sake_ray.errors import InputError, LeaseLost, NotFound
from sake_ray.storage.records import Records
from tests.concurrency import all_at_once, in_processes

NOW = datetime(2026, 5, 6, 7, 8, 9, 123456, tzinfo=UTC)
SECOND = timedelta(seconds=1)
LOST = timedelta(seconds=30)
NOT_STARTED = timedelta(seconds=120)


def add(records: Records, *, kind: str = "train", options: dict[str, object] | None = None) -> Job:
    return records.jobs.add(kind, options or {}, by="ann", now=NOW)


def admit(records: Records, *, max_running: int = 1, now: datetime = NOW) -> tuple[Job, ...]:
    return records.jobs.admit(max_running=max_running, now=now)


def running(records: Records, *, now: datetime = NOW) -> Job:
    """Add a job, admit and start it."""
    added = add(records)
    (admitted,) = (job for job in admit(records, max_running=1000, now=now) if job.number == added.number)
    return records.jobs.start(admitted.number, attempt=admitted.attempt, now=now)


def start_in_foreground(records: Records) -> Job:
    return records.jobs.start(add(records).number, attempt=None, now=NOW)


def heartbeat(records: Records, job: Job, *, now: datetime = NOW, **changes: Any) -> bool:
    progress = {"stage": "clean", "done": 1, "total": 3, "why": ""} | changes
    return records.jobs.heartbeat(job.number, job.attempt, now=now, **progress)


def finish(records: Records, job: Job, state: JobState = JobState.SUCCEEDED, **changes: Any) -> None:
    records.jobs.finish(job.number, job.attempt, state, now=NOW + SECOND, **changes)


def requeue_stalled(records: Records, *, now: datetime = NOW, **changes: Any) -> tuple[Job, ...]:
    return records.jobs.requeue_stalled(older_than=LOST, now=now, **changes)


def numbers(jobs: tuple[Job, ...]) -> list[int]:
    return [job.number for job in jobs]


# What is listed


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
    assert numbers(records.jobs.list(limit=2)) == [third, second]
    assert numbers(records.jobs.list(limit=2, offset=2)) == [first]


def test_jobs_are_listed_and_counted_by_state(records: Records) -> None:
    ended, runs, waits = running(records), running(records), add(records)
    finish(records, ended)
    assert numbers(records.jobs.list(limit=9, states=(JobState.RUNNING, JobState.QUEUED))) == [
        waits.number,
        runs.number,
    ]
    assert records.jobs.count((JobState.SUCCEEDED,)) == 1
    assert records.jobs.count() == 3


# Admission


def test_oldest_jobs_are_admitted_while_there_is_room(records: Records) -> None:
    first, second, third = (add(records).number for _ in range(3))
    assert numbers(admit(records, max_running=2)) == [first, second]
    assert records.jobs.list_submissions() == tuple(records.jobs.get(number).submission for number in (first, second))
    assert records.jobs.get(third).submission == ""


def test_admitted_job_has_a_new_attempt_and_submission(records: Records) -> None:
    add(records)
    (job,) = admit(records)
    assert (job.state, job.attempt) == (JobState.QUEUED, 1)
    assert job.submission.startswith(f"sake-{job.number}-1-")
    assert records.jobs.get(job.number) == job


def test_job_that_is_not_admitted_is_told_what_it_waits_for(records: Records) -> None:
    runs, waits = running(records), add(records)
    assert admit(records) == ()
    assert records.jobs.get(waits.number).why == f"waits for job {runs.number}"
    finish(records, runs)
    (admitted,) = admit(records)
    assert (admitted.number, admitted.why) == (waits.number, "")


def test_submitted_job_holds_its_place_until_it_should_have_begun(records: Records) -> None:
    add(records)
    (first,) = admit(records)
    assert admit(records, now=NOW + NOT_STARTED - SECOND) == ()
    (again,) = admit(records, now=NOW + NOT_STARTED)
    assert (again.number, again.attempt) == (first.number, 2)
    assert again.submission != first.submission


def test_submission_that_came_to_nothing_is_made_again(records: Records) -> None:
    add(records)
    (first,) = admit(records)
    records.jobs.requeue(first.number, first.attempt, why="Ray does not answer.")
    assert records.jobs.get(first.number).why == "Ray does not answer."
    (again,) = admit(records, now=NOW + SECOND)
    assert (again.number, again.attempt) == (first.number, 2)


def test_job_that_has_started_is_not_requeued(records: Records) -> None:
    job = running(records)
    records.jobs.requeue(job.number, job.attempt, why="Ray does not answer.")
    assert records.jobs.get(job.number) == job


def test_nothing_is_admitted_without_room(records: Records) -> None:
    add(records)
    assert admit(records, max_running=0) == ()


def test_four_processes_admit_every_job_exactly_once(records: Records, url: str) -> None:
    expected = [add(records).number for _ in range(40)]
    printed = in_processes(4, "tests.storage.programs.admit_jobs", url)
    assert sorted(int(number) for one in printed for number in one.split()) == expected
    assert {job.attempt for job in records.jobs.list(limit=100)} == {1}


def test_admissions_at_once_never_admit_more_than_the_most(records: Records, url: str) -> None:
    for _ in range(60):
        add(records)
    together = threading.Barrier(4)

    def run(mine: Records) -> list[int]:
        counted = []
        for most in range(2, 62, 2):
            together.wait(30)
            admit(mine, max_running=most)
            together.wait(30)
            counted.append(len(mine.jobs.list_submissions()))
        return counted

    assert all_at_once(url, [run] * 4) == [list(range(2, 62, 2))] * 4


# Beginning


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


# Telling how far it is, and the end


def test_progress_is_shown(records: Records) -> None:
    job = running(records)
    assert (
        heartbeat(records, job, stage="train", done=2**40, total=2**41, why="waits for the folder", now=NOW + SECOND)
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
    finish(records, job, JobState.FAILED, why="scan\0\udcff.pdf is no PDF.")
    assert records.jobs.get(job.number).why == "scan?.pdf is no PDF."


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
    finish(records, job, JobState.FAILED, why="No.")
    ended = records.jobs.get(job.number)
    with pytest.raises(LeaseLost):
        write(records, job)
    assert records.jobs.get(job.number) == ended


# Stopping


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


# What was killed


def test_job_without_a_sign_of_life_is_queued_again(records: Records) -> None:
    job = running(records)
    (taken,) = requeue_stalled(records, now=NOW + LOST + SECOND)
    assert (taken.number, taken.state, taken.why) == (
        job.number,
        JobState.QUEUED,
        "its process was killed; it starts again",
    )
    (again,) = admit(records, now=NOW + LOST + SECOND)
    assert (again.number, again.attempt, again.why) == (job.number, 2, taken.why)
    begun = records.jobs.start(job.number, attempt=2, now=NOW + LOST + SECOND)
    assert (begun.why, begun.stage, begun.done) == ("", "", 0)


def test_job_that_gives_signs_of_life_is_left_alone(records: Records) -> None:
    job = running(records)
    heartbeat(records, job, now=NOW + LOST)
    assert requeue_stalled(records, now=NOW + 2 * LOST) == ()


def test_job_that_is_killed_every_time_fails_in_the_end(records: Records) -> None:
    job, now = running(records), NOW
    for _ in range(2):
        now += LOST + SECOND
        assert [job.state for job in requeue_stalled(records, now=now)] == [JobState.QUEUED]
        (again,) = admit(records, now=now)
        records.jobs.start(again.number, attempt=again.attempt, now=now)
    (failed,) = requeue_stalled(records, now=now + LOST + SECOND)
    assert (failed.number, failed.state) == (job.number, JobState.FAILED)
    assert failed.why == "Its process was killed 3 times; see the log."
    assert failed.ended_at == now + LOST + SECOND


def test_submissions_that_came_to_nothing_do_not_count_as_killed(records: Records) -> None:
    add(records)
    for _ in range(5):
        (job,) = admit(records)
        records.jobs.requeue(job.number, job.attempt, why="Ray does not answer.")
    (job,) = admit(records)
    records.jobs.start(job.number, attempt=job.attempt, now=NOW)
    assert [job.state for job in requeue_stalled(records, now=NOW + LOST + SECOND)] == [JobState.QUEUED]


def test_killed_job_that_was_asked_to_stop_is_stopped(records: Records) -> None:
    job = running(records)
    records.jobs.request_abort(job.number, now=NOW)
    (taken,) = requeue_stalled(records, now=NOW + LOST + SECOND)
    assert (taken.state, taken.ended_at) == (JobState.STOPPED, NOW + LOST + SECOND)


def test_killed_job_of_the_foreground_fails(records: Records) -> None:
    start_in_foreground(records)
    (taken,) = requeue_stalled(records, now=NOW + LOST + SECOND)
    assert (taken.state, taken.why) == (JobState.FAILED, "Its process was ended.")


def test_submitted_job_that_does_not_begin_may_be_submitted_again(records: Records) -> None:
    add(records)
    admit(records)
    assert requeue_stalled(records, now=NOW + NOT_STARTED - SECOND) == ()
    (taken,) = requeue_stalled(records, now=NOW + NOT_STARTED)
    assert (taken.state, taken.submission) == (JobState.QUEUED, "")
    assert [job.attempt for job in admit(records, now=NOW + NOT_STARTED)] == [2]


def test_submission_known_to_be_dead_counts_as_killed(records: Records) -> None:
    add(records)
    for expected in (JobState.QUEUED, JobState.QUEUED, JobState.FAILED):
        (job,) = admit(records)
        assert [taken.state for taken in requeue_stalled(records, dead=[job.submission])] == [expected]
    assert records.jobs.list_submissions() == ()


def test_taking_back_eight_times_at_once_takes_back_once(records: Records, url: str) -> None:
    for _ in range(5):
        running(records)
    taken = all_at_once(url, [lambda mine: requeue_stalled(mine, now=NOW + LOST + SECOND)] * 8)
    assert sum(map(len, taken)) == 5
