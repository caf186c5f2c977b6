"""Training runs, the model versions made of them, and their promotions."""

from datetime import datetime

from pydantic import Field

from sake_ray.domain.promotions import ComparisonOutcome
from sake_ray.schemas.base import RequestModel, ResponseModel
from sake_ray.schemas.listing import ListOut


class RunOut(ResponseModel):
    """A training as it was logged."""

    id: str
    name: str
    started: datetime
    status: str
    parameters: dict[str, str]
    metrics: dict[str, float]
    tags: dict[str, str]
    version: int | None = Field(description="The model version made of it.")


class ModelOut(ResponseModel):
    """A model version."""

    number: int
    created: datetime
    sha256: str
    run_id: str
    role: str = Field(description="champion, previous, or empty.")
    learned_from_erased: bool = Field(False, description="From documents that were erased after its training.")


class RunList(ListOut[RunOut]):
    """Trainings, newest first."""


class ModelList(ListOut[ModelOut]):
    """All model versions, newest first."""


class RollbackIn(RequestModel):
    """Let the version before serve again."""

    champion: int | None = Field(
        None,
        ge=1,
        le=2_000_000_000,
        description="The version that served when the sender decided. It is refused when another serves by now.",
    )
    why: str = Field("", max_length=1000, description="A word on the reason, for the log.")


class PromoteIn(RollbackIn):
    """Let a model version serve."""

    force: bool = Field(False, description="Also when it is worse than the champion, or nobody knows; needs a reason.")


class PromotionOut(ResponseModel):
    """Who let which model version serve."""

    version: int
    before: int | None
    by: str
    why: str
    at: datetime
    outcome: str | None = Field(description="done, what came between, or null while it is being done.")
    standing: ComparisonOutcome | None = Field(
        description="How it stood against the one before; null where nobody asked."
    )
    forced: bool = Field(description="The verdict spoke against it, or there was none.")


class PromotionList(ListOut[PromotionOut]):
    """Promotions, newest first."""
