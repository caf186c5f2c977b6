"""What Prometheus has measured, over HTTP."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from sake_ray.domain.measurements import Unit
from sake_ray.schemas.base import ResponseModel


class AlertOut(ResponseModel):
    """An alert that is due, or soon will be if what is wrong lasts."""

    name: str
    severity: str = Field(examples=["critical"])
    summary: str = Field(description="A sentence for people, in English.")
    runbook: str = Field(description="Where it says what to do.")
    is_firing: bool = Field(description="false: what is wrong does not last long enough yet.")
    since: datetime


class AskedPartOut(ResponseModel):
    """A part of the installation: how many of its addresses answer."""

    name: str = Field(description="The job of Prometheus.", examples=["ray"])
    answering: int
    addresses: int


class MeasuredPointOut(ResponseModel):
    """What was measured at a moment."""

    at: datetime
    value: float


class CourseOut(ResponseModel):
    """How a figure went in the last 24 hours."""

    name: str = Field(examples=["waiting"])
    unit: Unit
    points: list[MeasuredPointOut] = Field(
        description="Every 15 minutes, oldest first; none where nothing was measured."
    )


class MeasurementsOut(ResponseModel):
    """What Prometheus has measured. Every field is empty without one, or as long as it does not answer."""

    state: Literal["none", "reached", "unreachable"] = Field(
        description="none: SAKE_PROMETHEUS_URL is empty; unreachable: it does not answer, or not in time."
    )
    at: datetime | None = Field(None, description="When it was asked, at most half a minute ago.")
    alerts: list[AlertOut] = Field([], description="Those that fire first, then the oldest.")
    parts: list[AskedPartOut] = Field([])
    courses: list[CourseOut] = Field([])
