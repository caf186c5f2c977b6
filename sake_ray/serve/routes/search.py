"""Find documents by their words."""

from typing import Annotated

from fastapi import APIRouter, Path, Query

from sake_ray.data.terms import parse_query
from sake_ray.errors import NotFound
from sake_ray.schemas.search import FoundOut, MatchesOut
from sake_ray.serve.dependencies import PageNumber, ReaderDep, ServicesDep
from sake_ray.serve.document_filters import DocumentFilterDep
from sake_ray.serve.executors import OBJECTS, RECORDS
from sake_ray.serve.guarded_route import ObjectsRoute
from sake_ray.serve.openapi import problem_responses
from sake_ray.serve.presenters.documents import present_hit
from sake_ray.serve.search import SearchHit, find_matches, search
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
    q: SearchQuery = "",
    page: PageNumber = 1,
    page_size: Annotated[int, Query(ge=1, le=50)] = 20,
) -> FoundOut:
    """Find documents, best first. Without a question: all that fit, newest first."""
    hits: list[SearchHit] = []
    total = 0
    if wanted:
        offset = (page - 1) * page_size
        hits, total = search(
            services.records,
            services.store,
            q,
            wanted,
            current=services.admin.recipe,
            limit=page_size,
            offset=offset,
        )
    return FoundOut(hits=[present_hit(hit) for hit in hits], page=page, page_size=page_size, total=total)


@router.get(
    "/documents/{id}/matches",
    summary="The words that answer a question",
    responses=problem_responses(401, 403, 404, 422, 503),
)
async def matches(
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
