"""Keep the jobs: who asked for what, how far it is, and which attempt may write."""

import secrets
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from sake_ray.domain.jobs import Job, JobState
from sake_ray.errors import InputError, LeaseLost, NotFound
from sake_ray.storage.records.database import Database
from sake_ray.storage.records.tables import jobs

BEGIN_SECONDS = 120
"""How long a submitted job may take to begin, before it is submitted again."""
ADMISSION_LOCK = 7_253_002
"""PostgreSQL's advisory locks are known by number; this one makes admissions wait for each other."""
WAITS = "waits for job "
QUEUED, RUNNING = JobState.QUEUED.value, JobState.RUNNING.value
UNBEGUN: dict[str, Any] = {"why": "", "stage": "", "done": 0, "total": 0, "stop_asked": False, "result": {}}


class Jobs:
    """Jobs, each under the number of its newest attempt: whoever holds an older one writes nothing any more."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def add(self, kind: str, options: Mapping[str, object], *, by: str, now: datetime) -> Job:
        """Queue a job; the options are JSON."""
        row: dict[str, Any] = {"kind": kind, "options": dict(options), "by": by, "state": QUEUED, "created_at": now}
        with self.database.transaction() as connection:
            added = jobs.insert().values(**row, **UNBEGUN, attempt=0, lost=0, submission="").returning(*jobs.c)
            return _job(connection.execute(added).one())

    def find(self, number: int) -> Job:
        """The job of that number; raises NotFound."""
        with self.database.transaction(reads_only=True) as connection:
            return _find(connection, number)

    def all(self, *, limit: int, offset: int = 0, states: Collection[JobState] = ()) -> tuple[Job, ...]:
        """The jobs in one of the states (without any named: all), newest first."""
        query = sa.select(jobs).where(*_among(states)).order_by(jobs.c.number.desc()).limit(limit).offset(offset)
        with self.database.transaction(reads_only=True) as connection:
            return tuple(map(_job, connection.execute(query)))

    def count(self, states: Collection[JobState] = ()) -> int:
        """How many jobs `all` would list."""
        query = sa.select(sa.func.count()).select_from(jobs).where(*_among(states))
        with self.database.transaction(reads_only=True) as connection:
            return int(connection.execute(query).scalar_one())

    def submissions(self) -> tuple[str, ...]:
        """The Ray submission ids of jobs that were submitted and have not begun."""
        query = sa.select(jobs.c.submission).where(jobs.c.state == QUEUED, jobs.c.submission != "")
        with self.database.transaction(reads_only=True) as connection:
            return tuple(connection.execute(query.order_by(jobs.c.number)).scalars())

    def admit(self, *, most: int, now: datetime) -> tuple[Job, ...]:
        """Give the oldest queued jobs a new attempt and submission while fewer than `most` run or are about to.

        The caller submits exactly those returned; the others are told what they wait for.
        """
        with self.database.transaction() as connection:
            if not self.database.is_sqlite:
                connection.execute(sa.select(sa.func.pg_advisory_xact_lock(ADMISSION_LOCK)))
            busy = list(
                connection.execute(sa.select(jobs.c.number).where(_busy(now)).order_by(jobs.c.number)).scalars()
            )
            waiting = connection.execute(sa.select(jobs).where(_waiting(now)).order_by(jobs.c.number)).all()
            room = max(0, most - len(busy))
            found = [
                connection.execute(_admission(row, now).returning(*jobs.c)).one_or_none() for row in waiting[:room]
            ]
            admitted = tuple(_job(row) for row in found if row)
            running = sorted([*busy, *(job.number for job in admitted)])
            if running:
                _tell_to_wait(connection, waiting[room:], f"{WAITS}{running[0]}")
        return admitted

    def put_back(self, number: int, attempt: int, *, why: str) -> None:
        """Let a job be submitted again whose submission came to nothing; does nothing if it has begun all the same."""
        change = jobs.update().where(_is(number, attempt, QUEUED)).values(submission="", why=_plain(why))
        with self.database.transaction() as connection:
            connection.execute(change)

    def begin(self, number: int, *, attempt: int | None, now: datetime) -> Job:
        """Start working on a queued job under the attempt it was submitted as; None makes an attempt, for the foreground.

        Raises LeaseLost when it is not that attempt's any more, has ended, or was asked to stop.
        """
        if attempt is None:
            change = jobs.update().where(jobs.c.number == number, jobs.c.state == QUEUED)
            change = change.values(attempt=jobs.c.attempt + 1, submission="", submitted_at=None)
        else:
            # One whose submission was taken back is about to be submitted under another attempt.
            change = jobs.update().where(_is(number, attempt, QUEUED), jobs.c.submission != "")
        change = change.values(UNBEGUN | {"state": RUNNING, "started_at": now, "seen_at": now})
        with self.database.transaction() as connection:
            row = connection.execute(change.returning(*jobs.c)).one_or_none()
            if row:
                return _job(row)
            state = _find(connection, number).state
        raise LeaseLost(
            f"Job {number} is {state.value} and cannot be begun as attempt {attempt or 'in the foreground'}."
        )

    def renew(self, number: int, attempt: int, *, stage: str, done: int, total: int, why: str, now: datetime) -> bool:
        """Give a sign of life and tell how far the job is; return whether it was asked to stop. Raises LeaseLost."""
        change: dict[str, Any] = {"stage": _plain(stage), "done": done, "total": total, "why": _plain(why)}
        return self._write(number, attempt, change | {"seen_at": now}).stop_asked

    def settle(
        self,
        number: int,
        attempt: int,
        state: JobState,
        *,
        why: str = "",
        result: Mapping[str, object] | None = None,
        now: datetime,
    ) -> None:
        """End the job; the result is JSON. Raises LeaseLost, and records nothing then."""
        change = {"state": state.value, "why": _plain(why), "result": dict(result or {})}
        self._write(number, attempt, change | {"seen_at": now, "ended_at": now})

    def ask_stop(self, number: int, *, now: datetime) -> Job:
        """Ask a running job to stop; one that has not begun is stopped at once. Raises InputError when it has ended."""
        unbegun = jobs.c.state == QUEUED
        change = (
            jobs.update()
            .where(jobs.c.number == number, jobs.c.state.in_([QUEUED, RUNNING]))
            .values(
                stop_asked=True,
                state=sa.case((unbegun, JobState.STOPPED.value), else_=jobs.c.state),
                why=sa.case((unbegun, ""), else_=jobs.c.why),
                ended_at=sa.case((unbegun, now), else_=jobs.c.ended_at),
            )
        )
        with self.database.transaction() as connection:
            row = connection.execute(change.returning(*jobs.c)).one_or_none()
            if row:
                return _job(row)
            state = _find(connection, number).state
        raise InputError(f"Job {number} has ended already ({state.value}); there is nothing to stop.")

    def take_back_lost(
        self, *, older_than: timedelta, now: datetime, most_attempts: int = 3, dead: Collection[str] = ()
    ) -> tuple[Job, ...]:
        """Queue again, or end, what nobody works on any more; return what was changed.

        Running jobs that gave no sign of life for that long were killed, or their machine was; so were the submitted ones in
        `dead`, of which the caller knows. After `most_attempts` such ends, or without Ray Jobs, a job has failed. One that was
        submitted and merely does not begin may be submitted again.
        """
        killed = (jobs.c.state == RUNNING) & (jobs.c.seen_at < now - older_than)
        unbegun = (jobs.c.state == QUEUED) & (jobs.c.submission != "")
        lost = sa.or_(killed, unbegun & jobs.c.submission.in_(list(dead)), unbegun & ~_submitted_lately(now))
        query = sa.select(jobs).where(lost).order_by(jobs.c.number).with_for_update(skip_locked=True)
        with self.database.transaction() as connection:
            changed: list[sa.Row[Any]] = []
            for row in connection.execute(query).all():
                change = _taken_back(row, now, most_attempts=most_attempts, dead=dead)
                update = jobs.update().where(_is(row.number, row.attempt, row.state)).values(**change)
                changed += connection.execute(update.returning(*jobs.c)).all()
        return tuple(map(_job, changed))

    def _write(self, number: int, attempt: int, change: Mapping[str, Any]) -> Job:
        update = jobs.update().where(_is(number, attempt, RUNNING)).values(**change).returning(*jobs.c)
        with self.database.transaction() as connection:
            row = connection.execute(update).one_or_none()
        if row is None:
            raise LeaseLost(f"Job {number} is no longer attempt {attempt}'s; nothing was written.")
        return _job(row)


def _find(connection: sa.Connection, number: int) -> Job:
    row = connection.execute(sa.select(jobs).where(jobs.c.number == number)).one_or_none()
    if row is None:
        raise NotFound(f"There is no job {number}.")
    return _job(row)


def _is(number: int, attempt: int, state: str) -> sa.ColumnElement[bool]:
    """The job, as long as it is that attempt's and in that state."""
    return (jobs.c.number == number) & (jobs.c.attempt == attempt) & (jobs.c.state == state)


def _among(states: Collection[JobState]) -> tuple[sa.ColumnElement[bool], ...]:
    return (jobs.c.state.in_([state.value for state in states]),) if states else ()


def _submitted_lately(now: datetime) -> sa.ColumnElement[bool]:
    return (jobs.c.submission != "") & (jobs.c.submitted_at > now - timedelta(seconds=BEGIN_SECONDS))


def _busy(now: datetime) -> sa.ColumnElement[bool]:
    return (jobs.c.state == RUNNING) | ((jobs.c.state == QUEUED) & _submitted_lately(now))


def _waiting(now: datetime) -> sa.ColumnElement[bool]:
    return (jobs.c.state == QUEUED) & sa.or_(
        jobs.c.submission == "", jobs.c.submitted_at <= now - timedelta(seconds=BEGIN_SECONDS)
    )


def _admission(row: sa.Row[Any], now: datetime) -> sa.Update:
    """The update that finds nothing when the job was stopped or begun meanwhile."""
    attempt = row.attempt + 1
    return (
        jobs.update()
        .where(_is(row.number, row.attempt, QUEUED))
        .values(
            attempt=attempt,
            submission=f"sake-{row.number}-{attempt}-{secrets.token_hex(4)}",
            submitted_at=now,
            # Why it starts again is still worth reading; what it waited for is not.
            why="" if row.why.startswith(WAITS) else row.why,
        )
    )


def _tell_to_wait(connection: sa.Connection, rows: Sequence[sa.Row[Any]], why: str) -> None:
    for row in rows:
        if row.why != why:
            connection.execute(jobs.update().where(_is(row.number, row.attempt, QUEUED)).values(why=why))


def _taken_back(row: sa.Row[Any], now: datetime, *, most_attempts: int, dead: Collection[str]) -> dict[str, Any]:
    """What becomes of a job that nobody works on any more."""
    if row.stop_asked:
        return {"state": JobState.STOPPED.value, "why": "", "ended_at": now}
    if not row.submission:
        return {"state": JobState.FAILED.value, "why": "Its process was ended.", "ended_at": now}
    if row.state == QUEUED and row.submission not in dead:
        return {"submission": "", "why": "it was submitted and did not begin; it is submitted again"}
    lost = row.lost + 1
    if lost >= most_attempts:
        why = f"Its process was killed {lost} times; see the log."
        return {"state": JobState.FAILED.value, "why": why, "ended_at": now, "lost": lost}
    return {"state": QUEUED, "why": "its process was killed; it starts again", "submission": "", "lost": lost}


def _plain(text: str) -> str:
    """The text as PostgreSQL takes it: no NUL, nothing that is no UTF-8 (file names may hold both)."""
    return text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")


def _job(row: sa.Row[Any]) -> Job:
    return Job(
        **{name: row._mapping[name] for name in Job.__dataclass_fields__ if name != "state"},
        state=JobState(row.state),
    )
