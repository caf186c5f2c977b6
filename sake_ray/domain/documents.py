"""A document that was handed in, and those handed in with it."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from sake_ray.domain.answers import NONE_OF_THESE, UNREADABLE
from sake_ray.domain.texts import Recipe
from sake_ray.domain.verdicts import OTHER, Prediction

MAX_REFERENCE = 200
"""The characters a reference may have."""


class Status(StrEnum):
    """Where a document stands."""

    PENDING = "PENDING"
    IN_PROGRESS = "IN_PROGRESS"
    COMPLETED = "COMPLETED"
    FAILED = "FAILED"


@dataclass(frozen=True, slots=True)
class ReadingSummary:
    """What the reading of a document came to, without its words."""

    pages: int
    language: str
    ocr_confidence: float | None
    recipe: Recipe


@dataclass(frozen=True, slots=True)
class Document:
    """One file a user handed in; `name` is the user's label for it and never a path, `original` the key of its bytes."""

    id: str
    batch: str
    reference: str
    team: str
    name: str
    media_type: str
    size: int
    sha256: str
    original: str
    submitted_at: datetime
    status: Status = Status.PENDING
    attempt: int = 0
    pages: int | None = None
    pages_done: int = 0
    error: str = ""
    ended_at: datetime | None = None
    reading: ReadingSummary | None = None
    prediction: Prediction | None = None
    answer: str | None = None

    @property
    def ended(self) -> bool:
        """Nothing more will be done with it."""
        return self.status in {Status.COMPLETED, Status.FAILED}

    @property
    def counted(self) -> str | None:
        """The label that counts: what a person said last, else the prediction; None where there is none."""
        if self.answer is None:
            return self.prediction.verdict.label if self.prediction else None
        return {NONE_OF_THESE: OTHER, UNREADABLE: None}.get(self.answer, self.answer)


@dataclass(frozen=True, slots=True)
class Batch:
    """Documents handed in together under one reference; `documents` in the order they came."""

    uuid: str
    reference: str
    team: str
    owner: str
    submitted_at: datetime
    documents: tuple[Document, ...] = field(default=())

    @property
    def status(self) -> Status:
        """COMPLETED when every document has ended, FAILED only when all failed."""
        statuses = {document.status for document in self.documents}
        if statuses <= {Status.COMPLETED, Status.FAILED}:
            return Status.FAILED if statuses == {Status.FAILED} else Status.COMPLETED
        return Status.PENDING if statuses == {Status.PENDING} else Status.IN_PROGRESS


@dataclass(frozen=True, slots=True)
class Claim:
    """One attempt at a document, held under a lease; its number is the fence: a write under an older one is refused."""

    document: Document
    attempt: int
