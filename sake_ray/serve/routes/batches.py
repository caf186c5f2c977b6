"""Look at what was handed in last."""

from typing import Annotated

from fastapi import APIRouter, Query

from sake_ray.schemas.batches import BatchesOut, BatchRow
from sake_ray.serve.dependencies import Given, PageNumber, SignedIn, told
from sake_ray.storage.records import BatchCount

router = APIRouter(tags=["predict"])


@router.get("/batches", summary="List batches", responses=told(401, 422, 503))
def newest_batches(
    parts: Given,
    account: SignedIn,
    mine: Annotated[bool, Query(description="Only what the caller handed in.")] = False,
    page: PageNumber = 1,
    page_size: Annotated[int, Query(ge=1, le=100)] = 20,
) -> BatchesOut:
    """List the batches, newest first, each with how far it is. GET /predict/{uuid} has the documents."""
    found, total = parts.records.batches.newest(
        team=account.sees_team,
        owner=account.name if mine else None,
        limit=page_size,
        offset=(page - 1) * page_size,
    )
    return BatchesOut(batches=[_show(batch) for batch in found], page=page, page_size=page_size, total=total)


def _show(batch: BatchCount) -> BatchRow:
    return BatchRow(
        uuid=batch.uuid,
        reference=batch.reference,
        owner=batch.owner,
        status=batch.status,
        submitted_at=batch.submitted_at,
        n_files=batch.n_files,
        n_ended=batch.n_ended,
        n_failed=batch.n_failed,
        n_review=batch.n_review,
    )
