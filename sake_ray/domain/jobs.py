"""Jobs: slow work, and its progress."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sake_ray.errors import Message


class JobState(StrEnum):
    """Where a job stands; the last three are its ends."""

    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    STOPPED = "stopped"


ACTIVE_STATES = frozenset({JobState.QUEUED, JobState.RUNNING})
"""The states of a job that has not ended."""


@dataclass(frozen=True, slots=True)
class Job:
    """Slow work: what it does, for whom, and its progress.

    `why` is the reason why it waits or failed. `submission` is the Ray submission id of the newest attempt, empty when it runs
    without Ray Jobs; `seen_at` is the time of its last heartbeat.
    """

    number: int
    kind: str
    options: Mapping[str, object]
    by: str
    state: JobState
    why: Message
    stage: str
    done: int
    total: int
    attempt: int
    submission: str
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    seen_at: datetime | None
    stop_asked: bool
    result: Mapping[str, object]
    traceparent: str = ""
