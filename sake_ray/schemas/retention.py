"""How long documents are kept."""

from datetime import datetime

from pydantic import Field, field_validator

from sake_ray.domain.retention import MAX_MONTHS
from sake_ray.schemas.base import RequestModel, ResponseModel


class RetentionRuleOut(ResponseModel):
    """How long documents of a team and label are kept."""

    team: str = Field(description="Empty: teams without a rule of their own.")
    label: str = Field(description="Empty: labels without a rule of their own.")
    months: int | None = Field(description="null: for ever.")
    with_waiting: bool = Field(description="Also what still waits for people.")
    by: str
    at: datetime


class RetentionOut(ResponseModel):
    """The rules; of several that fit, the narrowest counts: team and label, team, label, all."""

    default_months: int | None = Field(description="Where no rule fits (`SAKE_RETENTION_MONTHS`); null: for ever.")
    oldest: datetime | None = Field(description="When the oldest document was handed in.")
    rules: list[RetentionRuleOut]


class RetentionIn(RequestModel):
    """Set the rule of a team and label."""

    team: str = Field("", max_length=100)
    label: str = Field("", max_length=200)
    months: int | None = Field(None, ge=1, le=MAX_MONTHS, description="null: for ever.")
    with_waiting: bool = Field(False, description="Also what still waits for people.")
    withdraw: bool = Field(False, description="Remove the rule instead, so that the next wider one counts.")

    @field_validator("team", "label")
    @classmethod
    def _check_text(cls, text: str) -> str:
        """Nothing that no database takes: NUL, half characters."""
        if not text.isprintable():
            raise ValueError("only printable characters")
        return text
