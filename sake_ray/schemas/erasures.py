"""Erasures: what would go, what went, and how far they are."""

from datetime import datetime

from pydantic import Field

from sake_ray.domain.erasures import ErasureCause, ErasureStep
from sake_ray.schemas.base import ResponseModel
from sake_ray.schemas.listing import ListOut


class ErasureOut(ResponseModel):
    """An erasure. Whom it was about is not stored."""

    number: int
    cause: ErasureCause
    subject: str = Field(description="A keyed hash of the reference; empty where none was named.")
    team: str = Field(description="Empty: all teams.")
    by: str
    asked_at: datetime
    step: ErasureStep = Field(
        description="What is done next; `sweep`: all is erased, and looked at once more a day later."
    )
    error: str = Field(description="What it waits for; empty while nothing keeps it from going on.")
    error_code: str | None = None
    counts: dict[str, int] = Field(description="What was removed, by place.")
    models: list[int] = Field(description="Model versions that learned from it; they may know single words of it.")
    erased_at: datetime | None = Field(description="null until all of it is gone.")
    swept_at: datetime | None


class ErasureList(ListOut[ErasureOut]):
    """Erasures, newest first."""


class ErasurePlanOut(ResponseModel):
    """What erasing a reference would remove, or the erasure that was begun."""

    counts: dict[str, int] = Field(description="What would go, by place; of an erasure what its rows were.")
    teams: list[str]
    token: str = Field(description="To be sent as `confirm`; another one when there is something else to erase.")
    erasure: ErasureOut | None = Field(None, description="null: nothing was erased, since `confirm` was not sent.")
