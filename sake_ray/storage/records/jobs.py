"""Store the jobs: who asked for what, how far each is, and which attempt may write."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from sake_ray.domain.audit import AuditAction
from sake_ray.domain.jobs import Job, JobState
from sake_ray.domain.listing import Listing
from sake_ray.domain.traces import format_traceparent
from sake_ray.errors import NOTHING, InputError, LeaseLost, Message, NotFound
from sake_ray.storage.records.audit import append_entry
from sake_ray.storage.records.conflicts import repeatable
from sake_ray.storage.records.database import Database
from sake_ray.storage.records.idempotency import PendingReply, save_reply
from sake_ray.storage.records.job_conditions import (
    NOT_STARTED,
    QUEUED,
    RUNNING,
    WAITS,
    admission_of,
    is_attempt,
    is_busy,
    is_stalled,
    is_waiting,
    stalled_change,
)
from sake_ray.storage.records.list_order import ListOrder
from sake_ray.storage.records.message_columns import to_columns, to_storable
from sake_ray.storage.records.tables import jobs

NEWEST_FIRST = ListOrder("jobs", (jobs.c.number,))
ADMISSION_LOCK = 7_253_002
"""PostgreSQL's advisory locks are known by number; this one makes admissions wait for each other."""


class Jobs:
    """Jobs, each under the number of its newest attempt: whoever holds an older one can no longer write."""

    def __init__(self, database: Database) -> None:
        self.database = database

    @repeatable
    def add(
        self,
        kind: str,
        options: Mapping[str, object],
        *,
        by: str,
        now: datetime,
        reply: PendingReply[Job] | None = None,
    ) -> Job:
        """Queue a job, and store the reply to the request for it; the options are JSON. Raises AlreadyAnswered."""
        row: dict[str, Any] = {"kind": kind, "options": dict(options), "by": by, "state": QUEUED, "created_at": now}
        row["traceparent"] = format_traceparent()
        with self.database.transaction() as connection:
            added = jobs.insert().values(**row, **NOT_STARTED, attempt=0, lost=0, submission="").returning(*jobs.c)
            job = _job(connection.execute(added).one())  # which nobody else knows yet: no lock before that of the reply
            save_reply(connection, reply, job)
            append_entry(connection, AuditAction.JOB_STARTED, by=by, at=now, subject=f"job:{job.number}", kind=kind)
        return job

    def get(self, number: int) -> Job:
        """Return the job of that number; raises NotFound."""
        with self.database.transaction(reads_only=True) as connection:
            return _get(connection, number)

    def list(self, *, after: str | None = None, limit: int = 100, states: Collection[JobState] = ()) -> Listing[Job]:
        """List the jobs in one of the states (all without any), newest first; raises InputError for a cursor of another list."""
        query = sa.select(jobs).where(*_among(states))
        with self.database.transaction(reads_only=True) as connection:
            return NEWEST_FIRST.list_rows(connection, query, after=after, limit=limit).map(_job)

    def list_submissions(self) -> tuple[str, ...]:
        """List the Ray submission ids of jobs that were submitted and have not started."""
        query = sa.select(jobs.c.submission).where(jobs.c.state == QUEUED, jobs.c.submission != "")
        with self.database.transaction(reads_only=True) as connection:
            return tuple(connection.execute(query.order_by(jobs.c.number)).scalars())

    @repeatable
    def admit(self, *, max_running: int, now: datetime) -> tuple[Job, ...]:
        """Give the oldest queued jobs a new attempt and submission, as long as fewer than `max_running` run or will soon.

        The caller submits exactly the jobs returned. The others get a note of the job that they wait for.
        """
        with self.database.transaction() as connection:
            if not self.database.is_sqlite:
                connection.execute(sa.select(sa.func.pg_advisory_xact_lock(ADMISSION_LOCK)))
            busy = (
                connection.execute(sa.select(jobs.c.number).where(is_busy(now)).order_by(jobs.c.number)).scalars().all()
            )
            waiting = connection.execute(sa.select(jobs).where(is_waiting(now)).order_by(jobs.c.number)).all()
            room = max(0, max_running - len(busy))
            found = [
                connection.execute(admission_of(row, now).returning(*jobs.c)).one_or_none() for row in waiting[:room]
            ]
            admitted = tuple(_job(row) for row in found if row)
            running = sorted([*busy, *(job.number for job in admitted)])
            if running:
                why = Message(WAITS, job=running[0])
                for row in waiting[room:]:
                    if row.why != why:
                        connection.execute(
                            jobs.update()
                            .where(is_attempt(row.number, row.attempt, QUEUED))
                            .values(**to_columns(why, "why"))
                        )
        return admitted

    @repeatable
    def requeue(self, number: int, attempt: int, *, why: Message) -> None:
        """Let a job be submitted again whose submission failed; does nothing if it has started all the same."""
        change = (
            jobs.update().where(is_attempt(number, attempt, QUEUED)).values(submission="", **to_columns(why, "why"))
        )
        with self.database.transaction() as connection:
            connection.execute(change)

    @repeatable
    def start(self, number: int, *, attempt: int | None, now: datetime) -> Job:
        """Start a queued job under the attempt it was submitted as; None makes an attempt, for the foreground.

        Raises LeaseLost when the job is no longer that attempt's, has ended, or is to be aborted.
        """
        if attempt is None:
            change = jobs.update().where(jobs.c.number == number, jobs.c.state == QUEUED)
            change = change.values(attempt=jobs.c.attempt + 1, submission="", submitted_at=None)
        else:
            # A job without its submission is about to be submitted under another attempt.
            change = jobs.update().where(is_attempt(number, attempt, QUEUED), jobs.c.submission != "")
        change = change.values(NOT_STARTED | {"state": RUNNING, "started_at": now, "seen_at": now})
        with self.database.transaction() as connection:
            row = connection.execute(change.returning(*jobs.c)).one_or_none()
            if row:
                return _job(row)
            state = _get(connection, number).state
        raise LeaseLost("job-cannot-begin", job=number, state=state.value, attempt=attempt or "in the foreground")

    def heartbeat(
        self, number: int, attempt: int, *, stage: str, done: int, total: int, why: Message, now: datetime
    ) -> bool:
        """Record that the job is alive and its progress; return whether to abort it. Raises LeaseLost."""
        change: dict[str, Any] = {"stage": to_storable(stage), "done": done, "total": total, **to_columns(why, "why")}
        return self._write(number, attempt, change | {"seen_at": now}).stop_asked

    def finish(
        self,
        number: int,
        attempt: int,
        state: JobState,
        *,
        why: Message = NOTHING,
        result: Mapping[str, object] | None = None,
        now: datetime,
    ) -> None:
        """End the job; the result is JSON. Raises LeaseLost, and records nothing then."""
        change = {"state": state.value, "result": dict(result or {}), **to_columns(why, "why")}
        self._write(number, attempt, change | {"seen_at": now, "ended_at": now})

    @repeatable
    def request_abort(self, number: int, *, by: str = "", now: datetime) -> Job:
        """Ask a running job to abort; one that has not started ends at once. Raises InputError when it has ended."""
        not_started = jobs.c.state == QUEUED
        change = (
            jobs.update()
            .where(jobs.c.number == number, jobs.c.state.in_([QUEUED, RUNNING]))
            .values(
                stop_asked=True,
                state=sa.case((not_started, JobState.STOPPED.value), else_=jobs.c.state),
                why=sa.case((not_started, ""), else_=jobs.c.why),
                why_code=sa.case((not_started, sa.null()), else_=jobs.c.why_code),
                why_params=sa.case((not_started, sa.null()), else_=jobs.c.why_params),
                ended_at=sa.case((not_started, now), else_=jobs.c.ended_at),
            )
        )
        with self.database.transaction() as connection:
            row = connection.execute(change.returning(*jobs.c)).one_or_none()
            if row:
                append_entry(connection, AuditAction.JOB_STOPPED, by=by, at=now, subject=f"job:{number}")
                return _job(row)
            state = _get(connection, number).state
        raise InputError("job-already-ended", job=number, state=state.value)

    @repeatable
    def requeue_stalled(
        self, *, older_than: timedelta, now: datetime, max_attempts: int = 3, dead: Collection[str] = ()
    ) -> tuple[Job, ...]:
        """Queue stalled jobs again, or end them; return those that were changed.

        A running job without a heartbeat for `older_than` was killed, or its machine was. So was a submitted one in `dead`,
        of which the caller knows. After `max_attempts` kills, or without Ray Jobs, a job has failed. A job that was submitted
        and did not start in time may be submitted again.
        """
        stalled = is_stalled(now, older_than=older_than, dead=dead)
        query = sa.select(jobs).where(stalled).order_by(jobs.c.number).with_for_update(skip_locked=True)
        changed: tuple[Job, ...] = ()
        with self.database.transaction() as connection:
            for row in connection.execute(query).all():
                change = stalled_change(row, now, max_attempts=max_attempts, dead=dead)
                update = jobs.update().where(is_attempt(row.number, row.attempt, row.state)).values(**change)
                changed += tuple(map(_job, connection.execute(update.returning(*jobs.c))))
        return changed

    @repeatable
    def _write(self, number: int, attempt: int, change: Mapping[str, Any]) -> Job:
        update = jobs.update().where(is_attempt(number, attempt, RUNNING)).values(**change).returning(*jobs.c)
        with self.database.transaction() as connection:
            row = connection.execute(update).one_or_none()
        if row is None:
            raise LeaseLost("job-lease-lost", job=number, attempt=attempt)
        return _job(row)


def _get(connection: sa.Connection, number: int) -> Job:
    row = connection.execute(sa.select(jobs).where(jobs.c.number == number)).one_or_none()
    if row is None:
        raise NotFound("job-not-found", job=number)
    return _job(row)


def _among(states: Collection[JobState]) -> tuple[sa.ColumnElement[bool], ...]:
    return (jobs.c.state.in_([state.value for state in states]),) if states else ()


def _job(row: sa.Row[Any]) -> Job:
    return Job(
        **{name: row._mapping[name] for name in Job.__dataclass_fields__ if name not in {"state", "why"}},
        state=JobState(row.state),
        why=Message.restore(row.why, row.why_code, row.why_params),
    )
