"""Queued jobs start while there is room, each once, and again when they were killed; with real processes."""

import subprocess
import sys
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from sake_ray.domain.jobs import Job, JobState
from sake_ray.errors import NOTHING, SetupError
from sake_ray.jobs.admission import Admission, watch_clock
from sake_ray.storage.records import Records
from sake_ray.storage.records.clock_watch import Look
from tests.concurrency import in_processes
from tests.jobs.running import TOP, now, url_of
from tests.jobs.starter import NOW, Starter, add
from tests.ports import free_port, free_ports
from tests.storage.example_clock import ExampleClock
from tests.waiting import wait_until

SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)


@pytest.fixture
def starter(records: Records, tmp_path: Path) -> Iterator[Starter]:
    """Starts runners; those that still run at the end of the test are ended."""
    starter = Starter(records, tmp_path)
    yield starter
    for process in starter.started.values():
        process.kill()
        process.wait()


def states(records: Records) -> list[JobState]:
    return [job.state for job in reversed(records.jobs.list().items)]


def begun(records: Records, *, at: datetime = NOW) -> Job:
    """A job that runs somewhere."""
    add(records)
    (job,) = records.jobs.admit(max_running=100, now=at)
    return records.jobs.start(job.number, attempt=job.attempt, now=at)


def knows_nothing(submission: str) -> None:
    return None


def test_jobs_start_in_their_order_while_there_is_room(records: Records, starter: Starter) -> None:
    first, second, third = add(records, 3)
    admission = Admission(records, starter.submit, starter.is_alive, max_running=2)
    for _ in range(3):
        admission.step(Look(now()))
    wait_until(lambda: len(starter.begun) == 2)
    assert sorted(starter.begun) == [f"{first} 1", f"{second} 1"]
    assert records.jobs.get(third).why == f"waits for job {first}"
    starter.let_them_end()
    admission.step(Look(now()))
    starter.let_them_end()
    assert states(records) == [JobState.SUCCEEDED] * 3


def test_killed_job_starts_again(records: Records, starter: Starter) -> None:
    (number,) = add(records)
    Admission(records, starter.submit, starter.is_alive, max_running=1).step(Look(now()))
    wait_until(lambda: starter.begun == [f"{number} 1"])
    for process in starter.started.values():
        process.kill()
    Admission(records, starter.submit, starter.is_alive, max_running=1).step(Look(now() + 31 * SECOND))
    wait_until(lambda: starter.begun == [f"{number} 1", f"{number} 2"])
    starter.let_them_end()
    assert states(records) == [JobState.SUCCEEDED]


def test_runner_that_dies_before_it_begins_is_started_again_and_then_no_more(records: Records) -> None:
    (number,) = add(records)
    submitted: list[str] = []
    admission = Admission(records, lambda job: submitted.append(job.submission), lambda _: False, max_running=1)
    for seconds in range(6):
        admission.step(Look(NOW + seconds * SECOND))
    assert (len(submitted), records.jobs.get(number).state) == (3, JobState.FAILED)


def test_job_that_cannot_be_submitted_stays_queued_and_says_why(records: Records) -> None:
    first, second = add(records, 2)
    submitted: list[int] = []

    def submit(job: Job) -> None:
        if job.number == first and not submitted:
            raise SetupError("ray-jobs-unreachable", address="here")
        submitted.append(job.number)

    admission = Admission(records, submit, knows_nothing, max_running=2)
    admission.step(Look(NOW))
    job = records.jobs.get(first)
    assert (job.state, job.submission, job.why) == (
        JobState.QUEUED,
        "",
        "Ray's job server at here does not answer, or refuses.",
    )
    admission.step(Look(NOW + SECOND))
    assert submitted == [second, first]


def test_unforeseen_error_of_a_submission_is_told_by_its_kind(records: Records) -> None:
    (number,) = add(records)

    def submit(job: Job) -> None:
        raise ValueError("a detail for the log")

    Admission(records, submit, knows_nothing, max_running=1).step(Look(NOW))
    assert records.jobs.get(number).why == "It could not be submitted: ValueError."


def step_at(admission: Admission, moments: Iterable[tuple[float, timedelta]]) -> None:
    """Step at these seconds, when the clock is wrong by so much."""
    clock = ExampleClock()
    watch = watch_clock(clock.read, elapsed=clock.elapsed)
    for clock.passed, clock.wrong in moments:
        admission.step(watch.look())


SLEEPS = pytest.mark.parametrize(("passed", "wrong"), [(3600.0, 0 * HOUR), (0.0, HOUR)], ids=["away", "set"])


@SLEEPS
def test_job_that_could_give_no_sign_while_the_machine_slept_is_not_lost(
    records: Records, passed: float, wrong: timedelta
) -> None:
    admission = Admission(records, lambda job: None, knows_nothing, max_running=9)
    job = begun(records)

    def moments() -> Iterator[tuple[float, timedelta]]:
        yield 0.0, 0 * HOUR
        yield passed, wrong
        now = NOW + HOUR + 2 * SECOND
        records.jobs.heartbeat(job.number, job.attempt, stage="", done=0, total=0, why=NOTHING, now=now)
        yield from ((passed + seconds, wrong) for seconds in range(3, 32))

    step_at(admission, moments())
    assert records.jobs.get(job.number).state is JobState.RUNNING


@SLEEPS
def test_job_that_gives_no_sign_after_the_machine_slept_is_lost(
    records: Records, passed: float, wrong: timedelta
) -> None:
    job = begun(records)
    admission = Admission(records, lambda job: None, knows_nothing, max_running=0)
    step_at(admission, [(0.0, 0 * HOUR), *((passed + seconds, wrong) for seconds in range(32))])
    assert records.jobs.get(job.number).state is JobState.QUEUED


def test_job_that_gives_no_sign_is_lost_soon_although_the_clock_went_ahead_and_back(records: Records) -> None:
    job = begun(records)
    admission = Admission(records, lambda job: None, knows_nothing, max_running=0)
    step_at(admission, [(float(second), HOUR if 10 <= second < 20 else 0 * HOUR) for second in range(60)])
    assert records.jobs.get(job.number).state is JobState.QUEUED


def test_two_admissions_at_once_start_every_job_once(records: Records, tmp_path: Path) -> None:
    expected = add(records, 8)
    (tmp_path / "go").touch()
    in_processes(2, "tests.jobs.admit_jobs", url_of(records), str(tmp_path))
    lines = (tmp_path / "begun").read_text().splitlines()
    assert sorted(lines) == sorted(f"{number} 1" for number in expected)


def test_ray_runs_submitted_jobs_beside_other_rays_and_shows_no_secret_of_theirs(
    records: Records, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "run").mkdir()
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "hidden-word")
    monkeypatch.setenv("SAKE_S3_SECRET", "hidden-word")
    words = [url_of(records), str(tmp_path), str(free_port()), str(free_ports(3)[0])]
    done = subprocess.run(
        [sys.executable, "-m", "tests.jobs.submit_to_ray", *words],
        cwd=TOP,
        capture_output=True,
        text=True,
        timeout=800,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "sake-2-1-" in done.stdout
    assert "hidden-word" not in done.stdout
