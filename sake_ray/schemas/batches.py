"""Documents submitted together."""

from datetime import datetime

from pydantic import Field

from sake_ray.domain.documents import Status
from sake_ray.schemas.base import ResponseModel
from sake_ray.schemas.documents import DocumentOut

STATUS = (
    "COMPLETED when every document has ended, FAILED only when all failed, NEEDS_OPS when all have ended but those that wait"
    " for ops."
)


class BatchOut(ResponseModel):
    """Documents handed in together."""

    uuid: str
    reference: str
    status: Status = Field(description=STATUS)
    submitted_at: datetime
    n_files: int
    documents: list[DocumentOut]


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


class BatchesOut(ResponseModel):
    """One page of batches, newest first."""

    batches: list[BatchRow]
    page: int
    page_size: int
    total: int
