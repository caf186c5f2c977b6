"""Answers, and the training images that an import would make of them."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AliasPath, Field

from sake_ray.schemas.base import RequestModel, ResponseModel
from sake_ray.schemas.listing import ListOut


class SaidOut(ResponseModel):
    """What a person said of a document."""

    document: str
    answer: str
    by: str
    at: datetime


class FeedbackChange(ResponseModel):
    """What an import would do with one original."""

    kind: Literal["add", "move", "remove"]
    document: str
    name: str
    sha256: str
    before: str | None = Field(description="The label it has in the training images; null when it is not there.")
    after: str | None = Field(description="The label it gets; null when it goes away.")
    said: list[SaidOut]


class LikeOut(ResponseModel):
    """A training image that a document is nearly the same as."""

    sha256: str
    label: str


class FeedbackWaiting(ResponseModel):
    """What an admin has to decide before it is imported."""

    kind: Literal["waiting"] = "waiting"
    document: str
    documents: list[str] = Field(description="All documents with the same bytes that were answered.")
    name: str
    sha256: str
    why: str = Field(
        description="people_differ, unknown_label, near_duplicate, or placed_by_hand: an admin put it elsewhere.",
        examples=["people_differ"],
    )
    label: str | None = Field(description="The label people ask for; null when they differ.")
    lies_under: str | None = Field(description="The label it has in the training images; null when it is not there.")
    like: list[LikeOut]
    said: list[SaidOut]


class FeedbackCounts(ResponseModel):
    """How many originals an import would add, move and remove, how many wait, how many lie where people want them."""

    add: int
    move: int
    remove: int
    waiting: int
    in_place: int


FeedbackItem = Annotated[FeedbackWaiting | FeedbackChange, Field(discriminator="kind")]


class FeedbackList(ListOut[FeedbackItem]):
    """First what waits for a decision, then what an import would do, of each the oldest answers first."""

    counts: FeedbackCounts
    choices: list[str] = Field(
        description="What can be decided, besides what people said.",
        examples=[["facture", "id_pieces", "resume", "none_of_these", "unreadable", "skip"]],
    )
    not_compared: int = Field(
        description="Images that were not compared with the others: never read, or not looked at in the time there was."
    )
    held_by: str | None = Field(description="Who is changing the images or training just now; an import has to wait.")


class FeedbackFailure(ResponseModel):
    """What could not be imported; the next import tries it again."""

    document: str
    name: str
    why: str
    why_code: str = Field("", validation_alias=AliasPath("why", "code"), description="What the reason is known by.")
    why_params: dict[str, Any] = Field(
        {}, validation_alias=AliasPath("why", "json_params"), description="What the reason speaks of."
    )


class ImportedOut(ResponseModel):
    """What an import came to."""

    added: int
    moved: int
    removed: int
    waiting: int
    failed: list[FeedbackFailure]
    not_compared: int


class DecisionIn(RequestModel):
    """What a document is to train."""

    decision: str = Field(
        min_length=1,
        max_length=200,
        description="One of the choices, or what somebody said; unreadable trains nothing, skip leaves everything as it is.",
        examples=["facture"],
    )


class DecisionOut(ResponseModel):
    """The decision as it was kept: it counts until people say something else, and the next import carries it out."""

    document: str
    decision: str
    by: str
    at: datetime
