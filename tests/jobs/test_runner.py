"""A job runs to its end; what came of the work is in the records, what was printed in the log."""

import os
from pathlib import Path

import psutil
import pytest

from sake_ray.domain.jobs import JobState
from sake_ray.jobs.runner import run_job
from sake_ray.storage.records import Records
from tests.jobs.running import PATIENCE, now, run_to_end, running, submitted
from tests.jobs.works import fail_unforeseen, outlive, refuse, return_no_json, talk, write


def test_succeeded_job_keeps_its_result_and_how_far_it_was(records: Records, log: Path) -> None:
    job = submitted(records)
    code, out, _ = run_to_end(records, job, talk, log)
    found = records.jobs.get(job.number)
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
    _, _, err = run_to_end(records, submitted(records), talk, log)
    for words in ("printed by the work", "unfinished line", "said by a child", "complained by a child"):
        assert words in err
    assert log.read_text() == "of an earlier attempt\n" + err


def test_process_that_outlives_the_job_does_not_hold_it_up(records: Records, log: Path) -> None:
    job = submitted(records)
    with running(records, job, outlive, log) as runner:
        try:
            runner.wait(PATIENCE)
            found = records.jobs.get(job.number)
            assert (runner.returncode, found.state) == (0, JobState.SUCCEEDED)
            assert log.read_text() == f"{found.result['pid']}\n"
        finally:
            psutil.Process(int(log.read_text())).kill()


def test_what_nobody_foresaw_is_in_the_log_with_its_traceback(records: Records, log: Path) -> None:
    job = submitted(records)
    code, out, _ = run_to_end(records, job, fail_unforeseen, log)
    found = records.jobs.get(job.number)
    assert (code, out) == (0, "before\nreturned failed\n")
    assert (found.state, found.why) == (
        JobState.FAILED,
        "Something unforeseen happened: ValueError; see the log.",
    )
    assert "Traceback" in log.read_text()
    assert "a detail for the log" in log.read_text()


def test_failure_of_ours_is_told_in_its_own_words_and_raised(records: Records, log: Path) -> None:
    job = submitted(records)
    code, out, _ = run_to_end(records, job, refuse, log)
    found = records.jobs.get(job.number)
    assert (code, out) == (2, "before\nraised NotFound There is no folder of that name.\n")
    assert (found.state, found.why) == (JobState.FAILED, "There is no folder of that name.")


def test_result_that_is_no_json_fails_the_job(records: Records, log: Path) -> None:
    job = submitted(records)
    run_to_end(records, job, return_no_json, log)
    assert records.jobs.get(job.number).why == "Something unforeseen happened: TypeError; see the log."


def test_log_that_cannot_be_written_fails_the_job(records: Records, log: Path) -> None:
    job = submitted(records)
    log.mkdir(parents=True)
    run_to_end(records, job, talk, log)
    found = records.jobs.get(job.number)
    assert (found.state, found.why) == (JobState.FAILED, f"The log {log} cannot be written: Is a directory.")


def test_job_that_is_not_ours_to_begin_is_not_worked_on(records: Records, log: Path) -> None:
    job = submitted(records)
    records.jobs.request_abort(job.number, now=now())
    code, out, _ = run_to_end(records, job, talk, log)
    assert (code, "raised LeaseLost" in out) == (1, True)
    assert not log.exists()


def test_this_process_keeps_its_own_output(records: Records, log: Path, capfd: pytest.CaptureFixture[str]) -> None:
    number = records.jobs.add("test", {}, by="ann", now=now()).number
    os.write(1, b"before\n")
    run_job(records, number, write, attempt=None, log=log, stuck_seconds=60)
    os.write(1, b"after\n")
    os.write(2, b"after too\n")
    out, err = capfd.readouterr()
    assert (out, err) == ("before\nafter\n", "to the log\nafter too\n")
    assert log.read_text() == "to the log\n"
