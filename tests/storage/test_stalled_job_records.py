"""Stalled jobs are queued again, a few times."""

from sake_ray.domain.jobs import JobState
from sake_ray.errors import Message
from sake_ray.storage.records import Records
from tests.concurrency import all_at_once
from tests.storage.example_jobs import (
    LOST,
    NOT_STARTED,
    NOW,
    SECOND,
    add,
    admit,
    heartbeat,
    requeue_stalled,
    running,
    start_in_foreground,
)


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
        records.jobs.requeue(job.number, job.attempt, why=Message.restore("Ray does not answer."))
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
