"""The words of a document, and their weights in its prediction."""

from typing import Annotated

from pydantic import BeforeValidator, Field

from sake_ray.domain.texts import Box
from sake_ray.schemas.base import ResponseModel


def list_sides(box: object) -> object:
    """List the sides of a box; what is none passes unchanged, as the list that a client reads."""
    return (box.left, box.top, box.right, box.bottom) if isinstance(box, Box) else box


Sides = Annotated[tuple[float, float, float, float], BeforeValidator(list_sides)]


class WordOut(ResponseModel):
    """A word; the box is 0-1 on the upright page image: left, top, right, bottom."""

    text: str
    box: Sides
    confidence: float = Field(description="0-100")


class PageOut(ResponseModel):
    """A page of words."""

    number: int
    width: int
    height: int
    source: str = Field(description="text_layer or ocr")
    words: list[WordOut]


class WordsOut(ResponseModel):
    """The words of a document."""

    pages: list[PageOut]
    recipe_differs: bool = Field(
        False, description="The text was made again, in another way than the one the prediction was made from."
    )


class WeightOut(ResponseModel):
    """What one word adds to the score of the label; `word` counts the words of all pages from 0."""

    word: int
    text: str
    weight: float


class ExplanationOut(ResponseModel):
    """The words that decided, strongest first."""

    label: str | None
    model_version: str
    score: float = Field(description="The sum of all weights, before it becomes a probability.")
    words: list[WeightOut]
    other_words: float = Field(description="What all other words add.")
    cues: dict[str, float] = Field(description="What the look of the page adds.")
    bias: float
    recipe_differs: bool = Field(
        False, description="The text was made again, in another way than the one the prediction was made from."
    )
