"""Find documents by their words."""

from typing import Annotated

from fastapi import APIRouter, Path, Query

from sake_ray.data.terms import parse_query
from sake_ray.errors import NotFound
from sake_ray.schemas.search import HitList, MatchesOut
from sake_ray.serve.dependencies import ReaderDep, ServicesDep
from sake_ray.serve.document_filters import DocumentFilterDep
from sake_ray.serve.executors import OBJECTS, RECORDS
from sake_ray.serve.guarded_route import ObjectsRoute
from sake_ray.serve.openapi import problem_responses
from sake_ray.serve.paging import ShortPageDep
from sake_ray.serve.presenters.documents import present_hit
from sake_ray.serve.search import NOTHING_FOUND, find_matches, search
from sake_ray.serve.texts import find_text

router = APIRouter(tags=["documents"], route_class=ObjectsRoute)

SearchQuery = Annotated[
    str,
    Query(
        max_length=10_000,
        description="Words; all of them must be there, in any form. Accents and capitals do not count.",
        examples=["factures réglées"],
    ),
]


@router.get("/search", summary="Find documents by what they say", responses=problem_responses(401, 403, 422, 503))
def search_documents(
    services: ServicesDep,
    _: ReaderDep,
    wanted: DocumentFilterDep,
    page: ShortPageDep,
    q: SearchQuery = "",
) -> HitList:
    """Find documents, best first; newest first where there are too many to rank, or without a question."""
    found = NOTHING_FOUND
    if wanted:
        found = search(
            services.records,
            services.store,
            q,
            wanted,
            current=services.admin.recipe,
            after=page.after,
            limit=page.limit,
        )
    return HitList.from_domain(found.map(present_hit), ranked=found.ranked)


@router.get(
    "/documents/{id}/matches",
    summary="The words that answer a question",
    responses=problem_responses(401, 403, 404, 422, 503),
)
async def find_document_matches(
    services: ServicesDep,
    account: ReaderDep,
    id: Annotated[str, Path(min_length=1, max_length=64)],
    q: SearchQuery = "",
) -> MatchesOut:
    """Find the places in one document."""
    if "\0" in id:
        raise NotFound("no-such-document")
    terms = parse_query(q)
    found = await RECORDS.run(services.records.documents.get, id, team=account.visible_team)
    text, _ = await find_text(services, found)
    hit = await OBJECTS.run(find_matches, found, text, terms)
    return MatchesOut(words=list(hit.matches))
