"""Jobs, their progress and their log."""

from datetime import datetime
from typing import Any

from pydantic import AliasPath, Field

from sake_ray.domain.jobs import JobState
from sake_ray.schemas.base import RequestModel, ResponseModel
from sake_ray.schemas.listing import ListOut


class JobIn(RequestModel):
    """Something slow to do."""

    kind: str = Field(
        max_length=50,
        examples=["train"],
        description="What to do: train; see docs/operations.md for all kinds and their options.",
    )
    options: dict[str, int | float | str | bool] = Field({}, max_length=20, examples=[{"tune": 0}])


class JobOut(ResponseModel):
    """Something slow: how far it is, how it ended."""

    number: int
    kind: str
    options: dict[str, Any]
    by: str
    state: JobState
    why: str = Field(description="What it waits for, or why it failed.")
    why_code: str = Field(
        "",
        validation_alias=AliasPath("why", "code"),
        description="What that is known by.",
        examples=["job-waits-for-job"],
    )
    why_params: dict[str, Any] = Field(
        {}, validation_alias=AliasPath("why", "json_params"), description="What that speaks of.", examples=[{"job": 3}]
    )
    stage: str
    done: int
    total: int
    attempt: int
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    stop_asked: bool
    result: dict[str, Any]


class JobList(ListOut[JobOut]):
    """Jobs, newest first."""


class LogOut(ResponseModel):
    """A piece of a job's log."""

    text: str
    offset: int = Field(description="Ask for the next piece with this.")
    ended: bool = Field(description="The job has ended, and this is all of its log.")
