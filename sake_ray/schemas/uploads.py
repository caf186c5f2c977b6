"""Uploaded files, and what became of each."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import Field, StringConstraints

from sake_ray.domain.documents import MAX_REFERENCE
from sake_ray.domain.parts import SplitMode
from sake_ray.schemas.base import RequestModel, ResponseModel

Reference = Annotated[
    str,
    StringConstraints(min_length=1, max_length=MAX_REFERENCE),
    Field(description="The user's own name for a candidate's file: any text.", examples=["Durand, Marie / 2026-118"]),
]

SPLIT = (
    "What becomes of a file that seems to hold several documents: it is split (auto, where that is sure), people are shown"
    " where (propose), or it stays whole (never). By default as the installation is set."
)


class FileIn(RequestModel):
    """A file inside JSON."""

    name: str = Field(max_length=1000, examples=["facture.pdf"])
    content: str = Field(description="The bytes in base64.", examples=["JVBERi0xLjQK"])


class PredictIn(RequestModel):
    """Documents to classify, as JSON."""

    reference: Reference
    files: list[FileIn] = Field(min_length=1, max_length=100)
    uuid: str | None = Field(None, description="An own open batch to add to.", max_length=64)
    split: SplitMode | None = Field(None, description=SPLIT)


class Refused(ResponseModel):
    """A file that was not accepted, and why."""

    name: str
    title: str = Field(examples=["Unsupported type"])
    detail: str = Field(examples=["This is a Word document; save it as PDF and send that."])
    code: str = Field("", description="What the reason is known by.", examples=["word-document"])
    params: dict[str, Any] = Field({}, description="What the sentence speaks of.")


class PredictOut(ResponseModel):
    """What was accepted: it is stored, and will be classified whatever happens."""

    message: str = Field(examples=["3 documents accepted"])
    reference: str
    uuid: str = Field(description="The batch: where to look for the results.")
    nb: int = Field(description="How many documents this request brought in.", examples=[3])
    time: datetime
    refused: list[Refused]
