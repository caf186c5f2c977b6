"""Documents that wait for an answer."""

from pydantic import Field

from sake_ray.schemas.base import ResponseModel
from sake_ray.schemas.documents import DocumentRow


class ReviewRow(DocumentRow):
    """A document that waits for an answer."""

    margin: float | None = Field(description="How much likelier the best label is than the second, 0-1.")
    random: bool = Field(description="Drawn at random, not because the model is unsure.")


class ReviewOut(ResponseModel):
    """Unanswered documents of all teams, those that teach most first."""

    documents: list[ReviewRow]
    left: int = Field(description="How many documents nobody has answered.")
