"""Candidates' files: which documents are there, and which are required."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints

from sake_ray.schemas.base import RequestModel, ResponseModel
from sake_ray.schemas.documents import DocumentRow
from sake_ray.schemas.listing import ListOut


class GroupState(StrEnum):
    """How sure it is that a candidate's file has a document; the last three are of documents without a label."""

    THERE = "there"
    DOUBTFUL = "doubtful"
    MISSING = "missing"
    WAITING = "waiting"
    NEEDS_OPS = "needs_ops"
    UNREADABLE = "unreadable"


class GroupOut(ResponseModel):
    """The documents of a reference that count as one label."""

    label: str | None = Field(
        description="null: documents that wait, need ops, failed, or that nothing could be read of."
    )
    state: GroupState = Field(description="doubtful: all of them are still to be checked by a person.")
    required: bool
    n_documents: int


class ReferenceOut(ListOut[DocumentRow]):
    """A candidate's file over all its batches: what a person said counts over what was found. The items are its documents,
    newest first; the other facts are of all of them, also of those on other pages."""

    reference: str
    teams: list[str] = Field(description="Whose documents these are; more than one only for admin and ops.")
    complete: bool = Field(description="Every required label is there.")
    there: list[str] = Field(description="Required labels with a document that is sure.")
    doubtful: list[str] = Field(description="Required labels whose documents are all still to be checked.")
    missing: list[str] = Field(description="Required labels without any document.")
    groups: list[GroupOut] = Field(description="Required labels first, then others, then documents without a label.")
    n_ended: int
    n_needs_ops: int = Field(0, description="Not processed through no fault of their own, and no longer tried.")


class RequiredIn(RequestModel):
    """The labels a candidate's file must have."""

    labels: list[Annotated[str, StringConstraints(min_length=1, max_length=200)]] = Field(
        max_length=100, examples=[["id_pieces", "resume"]]
    )


class RequiredOut(ResponseModel):
    """The labels a candidate's file must have."""

    labels: list[str]
    by: str | None = Field(description="Who set them; null as long as they are all labels of the model.")
    at: datetime | None
