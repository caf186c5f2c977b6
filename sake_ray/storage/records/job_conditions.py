"""Tell which jobs are busy, waiting or stalled, and what becomes of them."""

import secrets
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from sake_ray.domain.jobs import JobState
from sake_ray.errors import NOTHING, Message
from sake_ray.storage.records.message_columns import to_columns
from sake_ray.storage.records.tables import jobs

START_SECONDS = 120
"""How long a submitted job may take to start, before it is submitted again."""
WAITS = "job-waits-for-job"
QUEUED, RUNNING = JobState.QUEUED.value, JobState.RUNNING.value
NOT_STARTED: dict[str, Any] = {
    **to_columns(NOTHING, "why"),
    "stage": "",
    "done": 0,
    "total": 0,
    "stop_asked": False,
    "result": {},
}


def is_attempt(number: int, attempt: int, state: str) -> sa.ColumnElement[bool]:
    """Whether it is that job, still that attempt's and in that state."""
    return (jobs.c.number == number) & (jobs.c.attempt == attempt) & (jobs.c.state == state)


def is_busy(now: datetime) -> sa.ColumnElement[bool]:
    """Whether a job runs, or was submitted and is about to."""
    return (jobs.c.state == RUNNING) | ((jobs.c.state == QUEUED) & _submitted_lately(now))


def is_waiting(now: datetime) -> sa.ColumnElement[bool]:
    """Whether a job may be submitted, for the first time or again."""
    return (jobs.c.state == QUEUED) & sa.or_(
        jobs.c.submission == "", jobs.c.submitted_at <= now - timedelta(seconds=START_SECONDS)
    )


def is_stalled(now: datetime, *, older_than: timedelta, dead: Collection[str]) -> sa.ColumnElement[bool]:
    """Whether nobody works on a job any more, for what `Jobs.requeue_stalled` counts as such."""
    killed = (jobs.c.state == RUNNING) & (jobs.c.seen_at < now - older_than)
    submitted = (jobs.c.state == QUEUED) & (jobs.c.submission != "")
    return sa.or_(killed, submitted & jobs.c.submission.in_(list(dead)), submitted & ~_submitted_lately(now))


def admission_of(row: sa.Row[Any], now: datetime) -> sa.Update:
    """The update that admits a job; it finds nothing when the job was aborted or started meanwhile."""
    attempt = row.attempt + 1
    return (
        jobs.update()
        .where(is_attempt(row.number, row.attempt, QUEUED))
        .values(
            attempt=attempt,
            submission=f"sake-{row.number}-{attempt}-{secrets.token_hex(4)}",
            submitted_at=now,
            # Why it starts again is still worth reading; what it waited for is not.
            **(to_columns(NOTHING, "why") if row.why_code == WAITS else {}),
        )
    )


def stalled_change(row: sa.Row[Any], now: datetime, *, max_attempts: int, dead: Collection[str]) -> dict[str, Any]:
    """The columns that change when a stalled job is queued again or ended."""
    if row.stop_asked:
        return {"state": JobState.STOPPED.value, "ended_at": now, **to_columns(NOTHING, "why")}
    if not row.submission:
        return {"state": JobState.FAILED.value, "ended_at": now, **to_columns(Message("job-process-ended"), "why")}
    if row.state == QUEUED and row.submission not in dead:
        return {"submission": "", **to_columns(Message("job-resubmitted"), "why")}
    lost = row.lost + 1
    if lost >= max_attempts:
        why = to_columns(Message("job-process-killed", times=lost), "why")
        return {"state": JobState.FAILED.value, "ended_at": now, "lost": lost, **why}
    return {"state": QUEUED, "submission": "", "lost": lost, **to_columns(Message("job-restarts"), "why")}


def _submitted_lately(now: datetime) -> sa.ColumnElement[bool]:
    return (jobs.c.submission != "") & (jobs.c.submitted_at > now - timedelta(seconds=START_SECONDS))
