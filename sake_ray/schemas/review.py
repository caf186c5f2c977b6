"""Documents that wait for an answer."""

from pydantic import Field

from sake_ray.schemas.documents import DocumentRow
from sake_ray.schemas.listing import ListOut


class ReviewRow(DocumentRow):
    """A document that waits for an answer."""

    margin: float | None = Field(description="How much likelier the best label is than the second, 0-1.")
    random: bool = Field(description="Drawn at random, not because the model is unsure.")


class ReviewList(ListOut[ReviewRow]):
    """The unanswered documents of all teams that teach most, these first; `total` counts all that nobody has answered.

    They are drawn, so that there is no cursor: ask again once they are answered.
    """
