"""The newest batches."""

from typing import Annotated

from fastapi import APIRouter, Query

from sake_ray.schemas.batches import BatchesOut, BatchRow
from sake_ray.serve.dependencies import AccountDep, PageNumber, ServicesDep
from sake_ray.serve.openapi import problem_responses

router = APIRouter(tags=["predict"])


@router.get("/batches", summary="List batches", responses=problem_responses(401, 422, 503))
def newest_batches(
    services: ServicesDep,
    account: AccountDep,
    mine: Annotated[bool, Query(description="Only what the caller handed in.")] = False,
    page: PageNumber = 1,
    page_size: Annotated[int, Query(ge=1, le=100)] = 20,
) -> BatchesOut:
    """List the batches, newest first, each with how far it is. GET /predict/{uuid} has the documents."""
    found, total = services.records.batches.list(
        team=account.visible_team,
        owner=account.name if mine else None,
        limit=page_size,
        offset=(page - 1) * page_size,
    )
    return BatchesOut(
        batches=[BatchRow.model_validate(batch) for batch in found], page=page, page_size=page_size, total=total
    )
