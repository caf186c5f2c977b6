"""Examples of jobs to put into the records."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sake_ray.domain.jobs import Job, JobState
from sake_ray.errors import Message
from sake_ray.storage.records import Records

NOW = datetime(2026, 5, 6, 7, 8, 9, 123456, tzinfo=UTC)
SECOND = timedelta(seconds=1)
LOST = timedelta(seconds=30)
NOT_STARTED = timedelta(seconds=120)


def add(records: Records, *, kind: str = "train", options: dict[str, object] | None = None) -> Job:
    return records.jobs.add(kind, options or {}, by="ann", now=NOW)


def admit(records: Records, *, max_running: int = 1, now: datetime = NOW) -> tuple[Job, ...]:
    return records.jobs.admit(max_running=max_running, now=now)


def running(records: Records, *, now: datetime = NOW) -> Job:
    """Add a job, admit and start it."""
    added = add(records)
    (admitted,) = (job for job in admit(records, max_running=1000, now=now) if job.number == added.number)
    return records.jobs.start(admitted.number, attempt=admitted.attempt, now=now)


def start_in_foreground(records: Records) -> Job:
    return records.jobs.start(add(records).number, attempt=None, now=NOW)


def heartbeat(records: Records, job: Job, *, now: datetime = NOW, **changes: Any) -> bool:
    progress = {"stage": "clean", "done": 1, "total": 3, "why": Message.restore("")} | changes
    return records.jobs.heartbeat(job.number, job.attempt, now=now, **progress)


def finish(records: Records, job: Job, state: JobState = JobState.SUCCEEDED, **changes: Any) -> None:
    records.jobs.finish(job.number, job.attempt, state, now=NOW + SECOND, **changes)


def requeue_stalled(records: Records, *, now: datetime = NOW, **changes: Any) -> tuple[Job, ...]:
    return records.jobs.requeue_stalled(older_than=LOST, now=now, **changes)


def numbers(jobs: tuple[Job, ...]) -> list[int]:
    return [job.number for job in jobs]
