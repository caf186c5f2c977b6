"""Documents submitted together."""

from datetime import datetime

from pydantic import Field

from sake_ray.domain.documents import Status
from sake_ray.schemas.base import ResponseModel
from sake_ray.schemas.documents import DocumentOut
from sake_ray.schemas.listing import ListOut

STATUS = (
    "COMPLETED when every document has ended, FAILED only when all failed, NEEDS_OPS when all have ended but those that wait"
    " for ops."
)

MAX_BATCHES = 100
"""Batches of a reference in one answer."""


class BatchOut(ResponseModel):
    """Documents handed in together."""

    uuid: str
    reference: str
    status: Status = Field(description=STATUS)
    submitted_at: datetime
    n_files: int
    documents: list[DocumentOut] = Field(description="In the order they came; all of them while next_cursor is null.")
    next_cursor: str | None = Field(
        description="Where GET /batches/{uuid}/documents goes on: an answer has at most 1,000 documents."
    )


class BatchRow(ResponseModel):
    """A batch in a list: how far it is, without its documents."""

    uuid: str
    reference: str
    owner: str = Field(description="Who handed it in.")
    status: Status = Field(description=STATUS)
    submitted_at: datetime
    n_files: int
    n_ended: int = Field(description="COMPLETED or FAILED.")
    n_failed: int
    n_needs_ops: int = Field(0, description="Not processed through no fault of their own, and no longer tried.")
    n_review: int = Field(description="To be checked by a person, and not answered yet.")


class BatchSummary(BatchRow):
    """A batch without its documents: how far it is, and what it holds."""

    n_pending: int = Field(description="Not begun; what is neither pending nor ended is being read.")
    labels: dict[str, int] = Field(
        description="How many documents count as each class: by what a person said, else by what was found.",
        examples=[{"facture": 12, "resume": 3}],
    )


class BatchList(ListOut[BatchRow]):
    """Batches, newest first."""


class BatchDocumentList(ListOut[DocumentOut]):
    """Documents of a batch, in the order they came."""
