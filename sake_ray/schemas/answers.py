"""Answers of people to what a document is."""

from datetime import datetime

from pydantic import Field

from sake_ray.schemas.base import RequestModel, ResponseModel


class AnswerIn(RequestModel):
    """What a person says of a document."""

    answer: str = Field(
        min_length=1,
        max_length=200,
        description="A label of GET /labels, none_of_these, unreadable, or withdrawn to undo.",
        examples=["facture"],
    )


class AnswerOut(ResponseModel):
    """The answer as it was kept."""

    document: str
    answer: str
    by: str
    at: datetime


class LabelsOut(ResponseModel):
    """What a document can be, and what can be answered."""

    labels: list[str] = Field(examples=[["facture", "id_pieces", "other", "resume"]])
    answers: list[str] = Field(
        examples=[["facture", "id_pieces", "resume", "none_of_these", "unreadable", "withdrawn"]]
    )
