"""Run one job: send heartbeats, capture its output, abort it when it is asked to stop or makes no progress."""

import glob
import json
import logging
import os
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import copy_context
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from sake_ray.domain.jobs import Job, JobState
from sake_ray.domain.traces import continuing
from sake_ray.errors import NOTHING, JobFailed, JobStopped, LeaseLost, Message, SakeError, StorageUnavailable
from sake_ray.jobs.job_context import JobContext, kill_noted_process
from sake_ray.jobs.log_capture import COPY_SECONDS, capture_output, write_error
from sake_ray.logs import describe_error
from sake_ray.storage.records import Records
from sake_ray.tracing.spans import SpanKind, TraceSpan, close_tracing, end_span, span

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


@dataclass(frozen=True, slots=True)
class _Run:
    """A job in work, as its own thread and the one that supervises it know it."""

    records: Records
    job: Job
    context: JobContext
    span: TraceSpan
    stuck_seconds: float

    def tell_start(self) -> None:
        """Log that it has begun."""
        log.info("job started", extra={"job_kind": self.job.kind})

    def tell_end(self, outcome: str, cause: str, *, failed: bool) -> None:
        """Log how it ended, and have its span say so."""
        log.info("job ended", extra={"state": outcome, "cause": cause})
        self.span.failed = failed
        self.span.say(outcome=outcome, error=cause or None)


def run_job(records: Records, number: int, work: Work, *, attempt: int | None, log: Path, stuck_seconds: float) -> Job:
    """Begin the job, do the work, settle the job by what came of it and return it.

    Meanwhile all output of this process and its children goes to the log and to standard error. While the records do not
    answer, the job waits. A job that was given to another attempt ends this process. Raises LeaseLost when the job cannot be
    begun, the SakeError by which the work failed, and JobFailed when it made no progress for `stuck_seconds`.
    """
    job = records.jobs.start(number, attempt=attempt, now=records.clock.now())
    with (
        continuing(job.traceparent, job=number, attempt=job.attempt),
        span("job", kind=SpanKind.CONSUMER, job=number, attempt=job.attempt, job_kind=job.kind) as opened,
    ):
        context = JobContext(log.with_name(f"{log.stem}.{job.attempt}.stage"))
        run = _Run(records, job, context, opened, stuck_seconds)
        run.tell_start()
        outcome = _run_started(run, work, log)
        settled = _settle(run, outcome)
        run.tell_end(settled.state.value, settled.why.code, failed=settled.state is JobState.FAILED)
    # Outside of the span, which would take it for a failure: who interrupts a job stops it.
    if outcome.error:
        raise outcome.error
    return settled


def _run_started(run: _Run, work: Work, log: Path) -> _Outcome:
    try:
        for note in log.parent.glob(f"{glob.escape(log.stem)}.*.stage"):
            kill_noted_process(note)
        with _supervise(run), capture_output(log):
            outcome = _run_work(work, run.context)
            run.context.end_stage()
            return outcome
    except OSError as error:
        return _Outcome(JobState.FAILED, Message("job-log-unwritable", log=log, error=error.strerror))


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


def _settle(run: _Run, outcome: _Outcome) -> Job:
    jobs, job = run.records.jobs, run.job

    def finish() -> None:
        now = run.records.clock.now()
        jobs.finish(job.number, job.attempt, outcome.state, why=outcome.why, result=outcome.result, now=now)

    _retry(finish)
    return _retry(lambda: jobs.get(job.number))


def _retry(call: Callable[[], T]) -> T:
    """Call until the records answer."""
    while True:
        try:
            return call()
        except StorageUnavailable:
            log.warning("the end of a job cannot be recorded; trying again")
            time.sleep(HEARTBEAT_SECONDS)


@contextmanager
def _supervise(run: _Run) -> Iterator[None]:
    """Send heartbeats and abort work that is stuck, for the duration of the block."""
    over = threading.Event()

    def supervise() -> None:
        ended = False
        while not ended:
            ended = over.wait(HEARTBEAT_SECONDS)
            try:
                if not ended:
                    _abort_stuck(run)
                _heartbeat(run)
            except StorageUnavailable:
                log.warning("no heartbeat can be sent; trying again")
            except Exception:  # without this thread the job would count as killed while it runs
                log.exception("job could not be supervised")

    # In the context of the job, so that its lines have the same ids.
    thread = threading.Thread(target=copy_context().run, args=(supervise,), name="job runner", daemon=True)
    thread.start()
    try:
        yield
    finally:
        # A heartbeat after the job is settled would look like a lost lease.
        over.set()
        thread.join()


def _abort_stuck(run: _Run) -> None:
    """Abort work that makes no progress; end this process if the work does not return for all that."""
    silent = run.context.seconds_without_progress()
    if silent <= run.stuck_seconds:
        return
    error = _make_stuck_error(run.context.progress.stage, run.stuck_seconds)
    run.context.abort(error)
    if silent > run.stuck_seconds + GRACE_SECONDS:
        settled = _settle(run, _Outcome(JobState.FAILED, error.message))
        run.tell_end(settled.state.value, error.code, failed=True)
        _exit_process(run, str(error), error.exit_code)


def _heartbeat(run: _Run) -> None:
    """Report that the job lives and how far it is; learn whether it should stop, or belongs to another attempt."""
    job, context, progress = run.job, run.context, run.context.progress
    try:
        stop = run.records.jobs.heartbeat(
            job.number,
            job.attempt,
            stage=progress.stage,
            done=progress.done,
            total=progress.total,
            why=progress.waiting_for,
            now=run.records.clock.now(),
        )
    except LeaseLost as error:
        context.abort(error)
        run.tell_end("lost", error.code, failed=True)
        _exit_process(run, f"{error} This process ends.", 1)
    if stop:
        context.abort(JobStopped("job-stopped", job=job.number))
    elif context.abort_error:  # it may have started another stage process meanwhile
        context.kill_process()


def _exit_process(run: _Run, sentence: str, code: int) -> None:
    """End this process, from whichever thread, once its output is copied and its trace sent."""
    write_error(f"{sentence}\n")
    run.context.end_stage()
    end_span(run.span)
    close_tracing()
    time.sleep(2 * COPY_SECONDS)
    run.context.kill_process()  # the work may have started another meanwhile
    os._exit(code)


def _make_stuck_error(stage: str, seconds: float) -> JobFailed:
    if minutes := round(seconds / 60):
        return JobFailed("stage-stuck-for-minutes", stage=stage, minutes=minutes)
    return JobFailed("stage-stuck", stage=stage, seconds=seconds)
