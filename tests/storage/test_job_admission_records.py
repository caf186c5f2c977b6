"""Queued jobs are admitted while there is room."""

import threading

from sake_ray.domain.jobs import JobState
from sake_ray.errors import Message
from sake_ray.storage.records import Records
from tests.concurrency import all_at_once, in_processes
from tests.storage.example_jobs import NOT_STARTED, NOW, SECOND, add, admit, finish, numbers, running


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
    records.jobs.requeue(first.number, first.attempt, why=Message.restore("Ray does not answer."))
    assert records.jobs.get(first.number).why == "Ray does not answer."
    (again,) = admit(records, now=NOW + SECOND)
    assert (again.number, again.attempt) == (first.number, 2)


def test_job_that_has_started_is_not_requeued(records: Records) -> None:
    job = running(records)
    records.jobs.requeue(job.number, job.attempt, why=Message.restore("Ray does not answer."))
    assert records.jobs.get(job.number) == job


def test_nothing_is_admitted_without_room(records: Records) -> None:
    add(records)
    assert admit(records, max_running=0) == ()


def test_four_processes_admit_every_job_exactly_once(records: Records, url: str) -> None:
    expected = [add(records).number for _ in range(40)]
    printed = in_processes(4, "tests.storage.programs.admit_jobs", url)
    assert sorted(int(number) for one in printed for number in one.split()) == expected
    assert {job.attempt for job in records.jobs.list().items} == {1}


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
