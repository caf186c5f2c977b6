"""The documents whose answers help training most."""

from typing import Annotated

from fastapi import APIRouter, Query

from sake_ray.domain.listing import Listing
from sake_ray.feedback.review import list_reviews
from sake_ray.schemas.review import ReviewList, ReviewRow
from sake_ray.serve.auth import utc_now
from sake_ray.serve.dependencies import ReviewerDep, ServicesDep
from sake_ray.serve.guarded_route import GuardedRoute
from sake_ray.serve.openapi import problem_responses

router = APIRouter(prefix="/admin/review", tags=["admin: feedback"], route_class=GuardedRoute)


@router.get(
    "", summary="Unanswered documents, those that teach most first", responses=problem_responses(401, 403, 422, 503)
)
def list_documents_to_review(
    services: ServicesDep, account: ReviewerDep, limit: Annotated[int, Query(ge=1, le=200)] = 20
) -> ReviewList:
    """List documents: those the model is least sure of, spread over what it confuses, each fifth at random.

    An admin gets those of all teams, a reviewer those of the own.
    """
    team = account.visible_team
    found = list_reviews(services.records, limit, day=utc_now().date(), team=team)
    rows = tuple(ReviewRow.from_domain(document, random=random) for document, random in found)
    return ReviewList.model_validate(Listing(rows, None, services.records.reviews.count_unanswered(team=team)))
