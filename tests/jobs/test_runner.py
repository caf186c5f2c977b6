"""One job is run to its end, whatever happens to the work, to the keeper or to the records; with real processes."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psutil
import pytest

from sake_ray.domain.jobs import Job, JobState
from sake_ray.errors import JobFailed, NotFound
from sake_ray.jobs.runner import JobContext, run_job
from sake_ray.storage.records import Records
from tests.storage.postgres import Postgres
from tests.storage.postgres import postgres as postgres

TOP = Path(__file__).parents[2]
PATIENCE = 120.0
STAGE = [sys.executable, "-c", "import subprocess; subprocess.run(['sleep', '600'])"]
"""A stage process with a child of its own."""
KEEP = """
import signal, sys
from pathlib import Path
signal.signal(signal.SIGINT, signal.default_int_handler)  # whoever runs the tests in the background has it ignored
from sake_ray.jobs import runner
from sake_ray.errors import SakeError
from sake_ray.storage.records import Records
from tests.jobs.test_runner import WORKS
runner.HEARTBEAT_SECONDS, runner.GRACE_SECONDS = 0.1, 0.5
url, number, attempt, work, log, stuck_seconds = sys.argv[1:]
try:
    print("before", flush=True)
    job = runner.run_job(
        Records(url), int(number), WORKS[work], attempt=int(attempt) or None, log=Path(log), stuck_seconds=float(stuck_seconds)
    )
    print("returned", job.state)
except SakeError as error:
    print("raised", type(error).__name__, error)
    sys.exit(error.exit_code)
"""


# What the jobs of these tests do; the keeper's process finds them by name.


def talk(report: JobContext) -> Mapping[str, object]:
    report.stage("talk")
    report.progress(2, 5)
    print("printed by the work")
    print("unfinished line", end="")
    subprocess.run(["sh", "-c", "echo said by a child; echo complained by a child >&2; sleep 1"], check=True)
    return {"version": 7, "measures": [0.5, None]}


def run_stage(report: JobContext) -> Mapping[str, object]:
    report.stage("clean")
    with subprocess.Popen(STAGE) as process:
        report.runs(process.pid, psutil.Process(process.pid).create_time())
        print("stage runs", flush=True)
        process.wait()
    report.ended()
    raise JobFailed(f"The stage ended with {process.returncode}.")


def outlive(report: JobContext) -> Mapping[str, object]:
    """Leave a process behind that holds the output open."""
    process = subprocess.Popen(["sleep", "600"], start_new_session=True)
    print(process.pid)
    return {"pid": process.pid}


def wait(report: JobContext) -> Mapping[str, object]:
    report.stage("wait")
    while True:
        report.waits("another job holds the folder")
        time.sleep(0.05)


def wait_a_moment(report: JobContext) -> Mapping[str, object]:
    report.waits("another job holds the folder")
    time.sleep(2)
    report.waits("")
    return {}


def fail_unforeseen(report: JobContext) -> Mapping[str, object]:
    raise ValueError("a detail for the log")


def refuse(report: JobContext) -> Mapping[str, object]:
    raise NotFound("There is no folder of that name.")


def return_no_json(report: JobContext) -> Mapping[str, object]:
    return {"model": object()}


def hang(report: JobContext) -> Mapping[str, object]:
    report.stage("hang")
    print("hangs", flush=True)
    time.sleep(600)
    return {}


def count_slowly(report: JobContext) -> Mapping[str, object]:
    report.stage("count")
    for number in range(30):
        report.progress(number, 30)
        print("counted", number)
        time.sleep(0.1)
    return {}


def write(report: JobContext) -> Mapping[str, object]:
    os.write(1, b"to the log\n")
    return {}


WORKS = {
    work.__name__: work
    for work in (
        *(talk, run_stage, outlive, wait, wait_a_moment, fail_unforeseen, refuse, return_no_json, hang, count_slowly),
    )
}


@pytest.fixture
def records(tmp_path: Path) -> Iterator[Records]:
    """Records with nothing in them."""
    records = Records(f"sqlite:///{tmp_path / 'records.db'}")
    records.database.migrate()
    yield records
    records.database.close()


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """Where the log of the job will be."""
    return tmp_path / "jobs" / "1.log"


def now() -> datetime:
    return datetime.now(UTC)


def url_of(records: Records) -> str:
    return records.database._url.render_as_string(hide_password=False)


def submitted(records: Records) -> Job:
    """A job that may be begun."""
    records.jobs.add("test", {}, by="ann", now=now())
    (job,) = records.jobs.admit(most=1, now=now())
    return job


@contextmanager
def keeping(
    records: Records, job: Job, work: Callable[[JobContext], object], log: Path, *, stuck_seconds: float = 60
) -> Iterator[subprocess.Popen[str]]:
    """Run the keeper of a job in a process of its own; what it leaves is ended."""
    words = [url_of(records), str(job.number), str(job.attempt), work.__name__, str(log), str(stuck_seconds)]
    keeper = subprocess.Popen(
        [sys.executable, "-c", KEEP, *words], cwd=TOP, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    try:
        yield keeper
    finally:
        family = psutil.Process(keeper.pid).children(recursive=True) if keeper.poll() is None else []
        for process in (*family, keeper):
            process.kill()
        keeper.communicate()


def kept(
    records: Records, job: Job, work: Callable[[JobContext], object], log: Path, *, stuck_seconds: float = 60
) -> tuple[int, str, str]:
    """Run the keeper of a job to its end; return its exit code, standard output and standard error."""
    with keeping(records, job, work, log, stuck_seconds=stuck_seconds) as keeper:
        out, err = keeper.communicate(timeout=PATIENCE)
        return keeper.returncode, out, err


def until(true: Callable[[], bool], what: str) -> None:
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end, what
        time.sleep(0.05)


def says(log: Path, words: str) -> Callable[[], bool]:
    return lambda: log.exists() and words in log.read_text()


def family_of(keeper: subprocess.Popen[str], log: Path) -> list[psutil.Process]:
    """The stage process and its child, once they run."""
    until(says(log, "stage runs"), "the stage did not run")
    until(lambda: len(psutil.Process(keeper.pid).children(recursive=True)) == 2, "the stage has no child")
    return list(psutil.Process(keeper.pid).children(recursive=True))


def gone(process: psutil.Process) -> bool:
    return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE


# The end of the work


def test_succeeded_job_keeps_its_result_and_how_far_it_was(records: Records, log: Path) -> None:
    job = submitted(records)
    code, out, _ = kept(records, job, talk, log)
    found = records.jobs.find(job.number)
    assert (code, out) == (0, "before\nreturned succeeded\n")
    assert (found.state, found.result, found.why) == (
        JobState.SUCCEEDED,
        {"version": 7, "measures": [0.5, None]},
        "",
    )
    assert (found.stage, found.done, found.total) == ("talk", 2, 5)


def test_all_output_is_in_the_log_and_on_standard_error(records: Records, log: Path) -> None:
    log.parent.mkdir()
    log.write_text("of an earlier attempt\n")
    _, _, err = kept(records, submitted(records), talk, log)
    for words in ("printed by the work", "unfinished line", "said by a child", "complained by a child"):
        assert words in err
    assert log.read_text() == "of an earlier attempt\n" + err


def test_process_that_outlives_the_job_does_not_hold_it_up(records: Records, log: Path) -> None:
    job = submitted(records)
    with keeping(records, job, outlive, log) as keeper:
        try:
            keeper.wait(PATIENCE)
            found = records.jobs.find(job.number)
            assert (keeper.returncode, found.state) == (0, JobState.SUCCEEDED)
            assert log.read_text() == f"{found.result['pid']}\n"
        finally:
            psutil.Process(int(log.read_text())).kill()


def test_what_nobody_foresaw_is_in_the_log_with_its_traceback(records: Records, log: Path) -> None:
    job = submitted(records)
    code, out, _ = kept(records, job, fail_unforeseen, log)
    found = records.jobs.find(job.number)
    assert (code, out) == (0, "before\nreturned failed\n")
    assert (found.state, found.why) == (
        JobState.FAILED,
        "Something unforeseen happened: ValueError; see the log.",
    )
    assert "Traceback" in log.read_text()
    assert "a detail for the log" in log.read_text()


def test_failure_of_ours_is_told_in_its_own_words_and_raised(records: Records, log: Path) -> None:
    job = submitted(records)
    code, out, _ = kept(records, job, refuse, log)
    found = records.jobs.find(job.number)
    assert (code, out) == (2, "before\nraised NotFound There is no folder of that name.\n")
    assert (found.state, found.why) == (JobState.FAILED, "There is no folder of that name.")


def test_result_that_is_no_json_fails_the_job(records: Records, log: Path) -> None:
    job = submitted(records)
    kept(records, job, return_no_json, log)
    assert records.jobs.find(job.number).why == "Something unforeseen happened: TypeError; see the log."


def test_log_that_cannot_be_written_fails_the_job(records: Records, log: Path) -> None:
    job = submitted(records)
    log.mkdir(parents=True)
    kept(records, job, talk, log)
    found = records.jobs.find(job.number)
    assert (found.state, found.why) == (JobState.FAILED, f"The log {log} cannot be written: Is a directory.")


def test_job_that_is_not_ours_to_begin_is_not_worked_on(records: Records, log: Path) -> None:
    job = submitted(records)
    records.jobs.ask_stop(job.number, now=now())
    code, out, _ = kept(records, job, talk, log)
    assert (code, "raised LeaseLost" in out) == (1, True)
    assert not log.exists()


# Stopping


def test_asked_to_stop_the_stage_process_is_ended_with_its_children(records: Records, log: Path) -> None:
    job = submitted(records)
    with keeping(records, job, run_stage, log) as keeper:
        family = family_of(keeper, log)
        records.jobs.ask_stop(job.number, now=now())
        out, _ = keeper.communicate(timeout=PATIENCE)
        assert out == "before\nreturned stopped\n"
        assert all(map(gone, family))
    found = records.jobs.find(job.number)
    assert (found.state, found.why) == (JobState.STOPPED, "")
    assert list(log.parent.iterdir()) == [log]


def test_asked_to_stop_waiting_work_stops(records: Records, log: Path) -> None:
    job = submitted(records)
    with keeping(records, job, wait, log) as keeper:
        until(lambda: records.jobs.find(job.number).why != "", "it does not wait")
        waiting = records.jobs.find(job.number)
        assert (waiting.state, waiting.why) == (JobState.RUNNING, "another job holds the folder")
        records.jobs.ask_stop(job.number, now=now())
        keeper.communicate(timeout=PATIENCE)
    assert records.jobs.find(job.number).state is JobState.STOPPED


def test_interrupted_at_the_keyboard_the_job_is_stopped(records: Records, log: Path) -> None:
    job = submitted(records)
    with keeping(records, job, run_stage, log) as keeper:
        family = family_of(keeper, log)
        keeper.send_signal(signal.SIGINT)
        keeper.communicate(timeout=PATIENCE)
        assert all(map(gone, family))
    assert records.jobs.find(job.number).state is JobState.STOPPED


# Without progress


def test_stage_without_progress_is_ended(records: Records, log: Path) -> None:
    job = submitted(records)
    with keeping(records, job, run_stage, log, stuck_seconds=5) as keeper:
        family = family_of(keeper, log)
        out, _ = keeper.communicate(timeout=PATIENCE)
        assert all(map(gone, family))
    found = records.jobs.find(job.number)
    assert (found.state, found.why) == (JobState.FAILED, "The stage 'clean' made no progress for 5 seconds.")
    assert (keeper.returncode, out) == (10, f"before\nraised JobFailed {found.why}\n")


def test_work_that_hangs_itself_is_ended_with_its_process(records: Records, log: Path) -> None:
    job = submitted(records)
    code, out, err = kept(records, job, hang, log, stuck_seconds=1)
    found = records.jobs.find(job.number)
    assert (found.state, found.why) == (JobState.FAILED, "The stage 'hang' made no progress for 1 seconds.")
    assert (code, out) == (10, "before\n")
    assert found.why in err


@pytest.mark.parametrize("work", [wait_a_moment, count_slowly])
def test_waiting_or_advancing_work_is_not_stuck(
    records: Records, log: Path, work: Callable[[JobContext], object]
) -> None:
    job = submitted(records)
    kept(records, job, work, log, stuck_seconds=1.5)
    assert records.jobs.find(job.number).state is JobState.SUCCEEDED


# The keeper is killed, or the records are away


def test_killed_job_is_queued_again_and_its_log_is_kept(records: Records, log: Path) -> None:
    job = submitted(records)
    with keeping(records, job, count_slowly, log) as keeper:
        until(says(log, "counted 3"), "it does not count")
        keeper.kill()
        _, err = keeper.communicate()
    assert "counted 3" in err
    (taken,) = records.jobs.take_back_lost(older_than=timedelta(seconds=30), now=now() + timedelta(seconds=31))
    assert (taken.state, taken.stage, taken.total) == (JobState.QUEUED, "count", 30)
    (again,) = records.jobs.admit(most=1, now=now())
    kept(records, again, talk, log)
    assert records.jobs.find(job.number).state is JobState.SUCCEEDED
    assert says(log, "counted 3")()
    assert says(log, "printed by the work")()


def test_stage_that_outlived_its_killed_keeper_is_ended_by_the_next(records: Records, log: Path) -> None:
    job = submitted(records)
    with keeping(records, job, run_stage, log) as keeper:
        family = family_of(keeper, log)
        keeper.kill()
        keeper.wait()
        assert not any(map(gone, family))
        records.jobs.take_back_lost(older_than=timedelta(), now=now() + timedelta(seconds=1))
        (again,) = records.jobs.admit(most=1, now=now())
        kept(records, again, talk, log)
        assert all(map(gone, family))
    assert list(log.parent.iterdir()) == [log]


def test_keeper_whose_job_is_given_to_another_ends_itself_and_its_stage(records: Records, log: Path) -> None:
    job = submitted(records)
    with keeping(records, job, run_stage, log) as keeper:
        family = family_of(keeper, log)
        (taken,) = records.jobs.take_back_lost(older_than=timedelta(), now=now() + timedelta(seconds=1))
        _, err = keeper.communicate(timeout=PATIENCE)
        assert (keeper.returncode, "This process ends." in err) == (1, True)
        assert all(map(gone, family))
    assert records.jobs.find(job.number) == taken


def test_records_that_are_away_for_a_while_do_not_end_the_job(postgres: Postgres, log: Path) -> None:
    with postgres.empty_database() as address:
        records = Records(address)
        records.database.migrate()
        job = submitted(records)
        name = address.rsplit("/", 1)[1]
        with keeping(records, job, count_slowly, log) as keeper:
            until(lambda: records.jobs.find(job.number).stage == "count", "it does not run")
            records.database.close()
            postgres.command(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
            postgres.command("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname LIKE 'test_%'")
            until(says(log, "counted 29"), "it does not count")
            time.sleep(1)
            assert keeper.poll() is None
            postgres.command(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
            out, _ = keeper.communicate(timeout=PATIENCE)
        assert out == "before\nreturned succeeded\n"
        assert records.jobs.find(job.number).state is JobState.SUCCEEDED
        records.database.close()


def test_this_process_keeps_its_own_output(records: Records, log: Path, capfd: pytest.CaptureFixture[str]) -> None:
    number = records.jobs.add("test", {}, by="ann", now=now()).number
    os.write(1, b"before\n")
    run_job(records, number, write, attempt=None, log=log, stuck_seconds=60)
    os.write(1, b"after\n")
    os.write(2, b"after too\n")
    out, err = capfd.readouterr()
    assert (out, err) == ("before\nafter\n", "to the log\nafter too\n")
    assert log.read_text() == "to the log\n"
