"""Run one job: tell how far it is, keep its log, end it when it is asked to stop or makes no progress."""

import glob
import json
import logging
import os
import threading
import time
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from sake_ray.domain.jobs import Job, JobState
from sake_ray.errors import JobFailed, JobStopped, LeaseLost, SakeError, StorageUnavailable
from sake_ray.jobs.job_context import JobContext, end_noted
from sake_ray.jobs.log_capture import COPY_SECONDS, copied_to, say
from sake_ray.storage.records import Records

__all__ = ["JobContext", "Work", "run_job"]

T = TypeVar("T")
Work = Callable[[JobContext], Mapping[str, object]]
"""What a job does; it returns the result, which is JSON."""
HEARTBEAT_SECONDS = 2.0
GRACE_SECONDS = 30.0
"""How long work that made no progress may take to return, before its whole process is ended."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _JobEnd:
    """How the work ended, and what its caller is to be raised."""

    state: JobState
    why: str = ""
    result: Mapping[str, object] = field(default_factory=dict)
    error: BaseException | None = None


def run_job(records: Records, number: int, work: Work, *, attempt: int | None, log: Path, stuck_seconds: float) -> Job:
    """Begin the job, do the work, settle the job by what came of it and return it.

    Meanwhile all output of this process and its children goes to the log and to standard error. Records that do not answer
    are waited for. A job that was given to another attempt ends this process. Raises LeaseLost when it cannot be begun, the
    SakeError by which the work failed, and JobFailed when it made no progress for `stuck_seconds`.
    """
    job = records.jobs.begin(number, attempt=attempt, now=_now())
    report = JobContext(log.with_name(f"{log.stem}.{job.attempt}.stage"))
    try:
        for note in log.parent.glob(f"{glob.escape(log.stem)}.*.stage"):
            end_noted(note)
        with _looked_after(records, job, report, stuck_seconds), copied_to(log):
            end = _do(work, report)
    except OSError as error:
        end = _JobEnd(JobState.FAILED, f"The log {log} cannot be written: {error.strerror}.")
    settled = _settle(records, job, end)
    if end.error:
        raise end.error
    return settled


def _do(work: Work, report: JobContext) -> _JobEnd:
    try:
        # What is no JSON should fail here, with the traceback in the log, not in the database.
        end = _JobEnd(JobState.SUCCEEDED, result=json.loads(json.dumps(dict(work(report)), allow_nan=False)))
    except JobStopped:
        end = _JobEnd(JobState.STOPPED)
    except SakeError as error:
        end = _JobEnd(JobState.FAILED, str(error), error=error)
    except (KeyboardInterrupt, SystemExit) as error:
        return _JobEnd(JobState.STOPPED, error=error)
    except Exception as error:
        say(traceback.format_exc())
        end = _JobEnd(JobState.FAILED, f"Something unforeseen happened: {type(error).__name__}; see the log.")
    finally:
        report.end_process()
        report.ended()
    if isinstance(report.verdict, JobStopped):
        return _JobEnd(JobState.STOPPED)
    if report.verdict:
        return _JobEnd(JobState.FAILED, str(report.verdict), error=report.verdict)
    return end


def _settle(records: Records, job: Job, end: _JobEnd) -> Job:
    _patiently(
        lambda: records.jobs.settle(job.number, job.attempt, end.state, why=end.why, result=end.result, now=_now())
    )
    return _patiently(lambda: records.jobs.find(job.number))


def _patiently(call: Callable[[], T]) -> T:
    while True:
        try:
            return call()
        except StorageUnavailable:
            log.warning("the end of a job cannot be recorded; trying again")
            time.sleep(HEARTBEAT_SECONDS)


@contextmanager
def _looked_after(records: Records, job: Job, report: JobContext, stuck_seconds: float) -> Iterator[None]:
    """Give signs of life and look after the work, for the duration of the block."""
    over = threading.Event()

    def run() -> None:
        ended = False
        while not ended:
            ended = over.wait(HEARTBEAT_SECONDS)
            try:
                if not ended:
                    _end_stuck(records, job, report, stuck_seconds)
                _heartbeat(records, job, report)
            except StorageUnavailable:
                log.warning("no sign of life can be given; trying again", extra={"job": job.number})
            except Exception:  # without this thread the job would count as killed while it runs
                log.exception("a job could not be looked after", extra={"job": job.number})

    thread = threading.Thread(target=run, name="keeper", daemon=True)
    thread.start()
    try:
        yield
    finally:
        # A sign of life after the job is settled would look like a lost lease.
        over.set()
        thread.join()


def _end_stuck(records: Records, job: Job, report: JobContext, stuck_seconds: float) -> None:
    """End work that makes no progress; its whole process if it does not return for all that."""
    silent = report.silent_seconds()
    if silent <= stuck_seconds:
        return
    sentence = f"The stage {report.told.stage!r} made no progress for {_minutes(stuck_seconds)}."
    report.end(JobFailed(sentence))
    if silent > stuck_seconds + GRACE_SECONDS:
        _settle(records, job, _JobEnd(JobState.FAILED, sentence))
        _leave(sentence, JobFailed.exit_code)


def _heartbeat(records: Records, job: Job, report: JobContext) -> None:
    """Tell that the job lives and how far it is; hear whether it should stop, or is somebody else's."""
    told = report.told
    try:
        stop = records.jobs.renew(
            job.number, job.attempt, stage=told.stage, done=told.done, total=told.total, why=told.why, now=_now()
        )
    except LeaseLost as error:
        report.end_process()
        _leave(f"{error} This process ends.", 1)
    if stop:
        report.end(JobStopped(f"Job {job.number} was stopped."))
    elif report.verdict:  # it may have started another stage process meanwhile
        report.end_process()


def _leave(sentence: str, code: int) -> None:
    """End this process, from whichever thread, once its output is copied."""
    say(f"{sentence}\n")
    time.sleep(2 * COPY_SECONDS)
    os._exit(code)


def _minutes(seconds: float) -> str:
    count = round(seconds / 60)
    return f"{count} minutes" if count > 1 else "a minute" if count else f"{seconds:g} seconds"


def _now() -> datetime:
    return datetime.now(UTC)
