"""Run one job: send heartbeats, capture its output, abort it when it is asked to stop or makes no progress."""

import glob
import json
import logging
import os
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from sake_ray.domain.jobs import Job, JobState
from sake_ray.domain.traces import continuing
from sake_ray.errors import NOTHING, JobFailed, JobStopped, LeaseLost, Message, SakeError, StorageUnavailable
from sake_ray.jobs.job_context import JobContext, kill_noted_process
from sake_ray.jobs.log_capture import COPY_SECONDS, capture_output, write_error
from sake_ray.logs import describe_error
from sake_ray.storage.records import Records
from sake_ray.tracing.spans import SpanKind, span

__all__ = ["JobContext", "Work", "run_job"]

T = TypeVar("T")
Work = Callable[[JobContext], Mapping[str, object]]
"""What a job does; it returns the result, which is JSON."""
HEARTBEAT_SECONDS = 2.0
GRACE_SECONDS = 30.0
"""How long work that made no progress may take to return, before its whole process is ended."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Outcome:
    """How the work ended, and the error to raise to the caller."""

    state: JobState
    why: Message = NOTHING
    result: Mapping[str, object] = field(default_factory=dict)
    error: BaseException | None = None


def run_job(records: Records, number: int, work: Work, *, attempt: int | None, log: Path, stuck_seconds: float) -> Job:
    """Begin the job, do the work, settle the job by what came of it and return it.

    Meanwhile all output of this process and its children goes to the log and to standard error. While the records do not
    answer, the job waits. A job that was given to another attempt ends this process. Raises LeaseLost when the job cannot be
    begun, the SakeError by which the work failed, and JobFailed when it made no progress for `stuck_seconds`.
    """
    job = records.jobs.start(number, attempt=attempt, now=_now())
    with (
        continuing(job.traceparent, job=number, attempt=job.attempt),
        span("job", kind=SpanKind.CONSUMER, job=number, attempt=job.attempt, job_kind=job.kind) as opened,
    ):
        _tell("job started", job_kind=job.kind)
        settled, error = _run_started(records, job, work, log, stuck_seconds)
        _tell("job ended", state=settled.state.value, cause=settled.why.code)
        opened.failed = settled.state is JobState.FAILED
        opened.say(outcome=settled.state.value, error=settled.why.code or None)
        if error:
            raise error
        return settled


def _tell(event: str, **facts: object) -> None:
    log.info(event, extra=facts)


def _run_started(
    records: Records, job: Job, work: Work, log: Path, stuck_seconds: float
) -> tuple[Job, BaseException | None]:
    context = JobContext(log.with_name(f"{log.stem}.{job.attempt}.stage"))
    try:
        for note in log.parent.glob(f"{glob.escape(log.stem)}.*.stage"):
            kill_noted_process(note)
        with _supervise(records, job, context, stuck_seconds), capture_output(log):
            outcome = _run_work(work, context)
            context.end_stage()
    except OSError as error:
        outcome = _Outcome(JobState.FAILED, Message("job-log-unwritable", log=log, error=error.strerror))
    return _settle(records, job, outcome), outcome.error


def _run_work(work: Work, context: JobContext) -> _Outcome:
    try:
        # What is no JSON should fail here, with the traceback in the log, not in the database.
        outcome = _Outcome(JobState.SUCCEEDED, result=json.loads(json.dumps(dict(work(context)), allow_nan=False)))
    except JobStopped:
        outcome = _Outcome(JobState.STOPPED)
    except SakeError as error:
        outcome = _Outcome(JobState.FAILED, error.message, error=error)
    except (KeyboardInterrupt, SystemExit) as error:
        return _Outcome(JobState.STOPPED, error=error)
    except Exception as error:
        write_error(describe_error(error) + "\n")
        outcome = _Outcome(JobState.FAILED, Message("job-crashed", error=type(error).__name__))
    finally:
        context.kill_process()
        context.forget_process()
    if isinstance(context.abort_error, JobStopped):
        return _Outcome(JobState.STOPPED)
    if context.abort_error:
        return _Outcome(JobState.FAILED, context.abort_error.message, error=context.abort_error)
    return outcome


def _settle(records: Records, job: Job, outcome: _Outcome) -> Job:
    _retry(
        lambda: records.jobs.finish(
            job.number, job.attempt, outcome.state, why=outcome.why, result=outcome.result, now=_now()
        )
    )
    return _retry(lambda: records.jobs.get(job.number))


def _retry(call: Callable[[], T]) -> T:
    """Call until the records answer."""
    while True:
        try:
            return call()
        except StorageUnavailable:
            log.warning("the end of a job cannot be recorded; trying again")
            time.sleep(HEARTBEAT_SECONDS)


@contextmanager
def _supervise(records: Records, job: Job, context: JobContext, stuck_seconds: float) -> Iterator[None]:
    """Send heartbeats and abort work that is stuck, for the duration of the block."""
    over = threading.Event()

    def run() -> None:
        ended = False
        while not ended:
            ended = over.wait(HEARTBEAT_SECONDS)
            try:
                if not ended:
                    _abort_stuck(records, job, context, stuck_seconds)
                _heartbeat(records, job, context)
            except StorageUnavailable:
                log.warning("no heartbeat can be sent; trying again", extra={"job": job.number})
            except Exception:  # without this thread the job would count as killed while it runs
                log.exception("job could not be supervised", extra={"job": job.number})

    thread = threading.Thread(target=run, name="job runner", daemon=True)
    thread.start()
    try:
        yield
    finally:
        # A heartbeat after the job is settled would look like a lost lease.
        over.set()
        thread.join()


def _abort_stuck(records: Records, job: Job, context: JobContext, stuck_seconds: float) -> None:
    """Abort work that makes no progress; end this process if the work does not return for all that."""
    silent = context.seconds_without_progress()
    if silent <= stuck_seconds:
        return
    error = _make_stuck_error(context.progress.stage, stuck_seconds)
    context.abort(error)
    if silent > stuck_seconds + GRACE_SECONDS:
        _settle(records, job, _Outcome(JobState.FAILED, error.message))
        _exit_process(str(error), error.exit_code)


def _heartbeat(records: Records, job: Job, context: JobContext) -> None:
    """Report that the job lives and how far it is; learn whether it should stop, or belongs to another attempt."""
    progress = context.progress
    try:
        stop = records.jobs.heartbeat(
            job.number,
            job.attempt,
            stage=progress.stage,
            done=progress.done,
            total=progress.total,
            why=progress.waiting_for,
            now=_now(),
        )
    except LeaseLost as error:
        context.kill_process()
        _exit_process(f"{error} This process ends.", 1)
    if stop:
        context.abort(JobStopped("job-stopped", job=job.number))
    elif context.abort_error:  # it may have started another stage process meanwhile
        context.kill_process()


def _exit_process(sentence: str, code: int) -> None:
    """End this process, from whichever thread, once its output is copied."""
    write_error(f"{sentence}\n")
    time.sleep(2 * COPY_SECONDS)
    os._exit(code)


def _make_stuck_error(stage: str, seconds: float) -> JobFailed:
    if minutes := round(seconds / 60):
        return JobFailed("stage-stuck-for-minutes", stage=stage, minutes=minutes)
    return JobFailed("stage-stuck", stage=stage, seconds=seconds)


def _now() -> datetime:
    return datetime.now(UTC)
