"""Answer first what teaches most."""

from typing import Annotated

from fastapi import APIRouter, Query

from sake_ray.feedback.review import list_reviews
from sake_ray.schemas.review import ReviewOut
from sake_ray.serve.auth import utc_now
from sake_ray.serve.dependencies import Admin, Given, told
from sake_ray.serve.presenters.documents import show_review

router = APIRouter(prefix="/admin/review", tags=["admin: feedback"])


@router.get("", summary="Unanswered documents, those that teach most first", responses=told(401, 403, 422, 503))
def review(parts: Given, _: Admin, limit: Annotated[int, Query(ge=1, le=200)] = 20) -> ReviewOut:
    """List documents of all teams: those the model is least sure of, spread over what it confuses, each fifth at random."""
    found = list_reviews(parts.records, limit, day=utc_now().date())
    return ReviewOut(
        documents=[show_review(document, drawn=drawn) for document, drawn in found], left=parts.records.reviews.left()
    )
