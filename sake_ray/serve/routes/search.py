"""Find documents by what they say."""

from typing import Annotated

from fastapi import APIRouter, Path, Query

from sake_ray.data.terms import wanted_terms
from sake_ray.errors import NotFound
from sake_ray.schemas.search import FoundOut, HitOut, MatchesOut, SnippetPart
from sake_ray.serve.dependencies import Given, PageNumber, SignedIn, told
from sake_ray.serve.document_filters import Fitting
from sake_ray.serve.presenters.documents import show_row
from sake_ray.serve.search import SearchHit, find_matches, search, snippet

router = APIRouter(tags=["documents"])

Question = Annotated[
    str,
    Query(
        max_length=10_000,
        description="Words; all of them must be there, in any form. Accents and capitals do not count.",
        examples=["factures réglées"],
    ),
]


@router.get("/search", summary="Find documents by what they say", responses=told(401, 422, 503))
def search_documents(
    parts: Given,
    fitting: Fitting,
    q: Question = "",
    page: PageNumber = 1,
    page_size: Annotated[int, Query(ge=1, le=50)] = 20,
) -> FoundOut:
    """Find documents, best first. Without a question: all that fit, newest first."""
    hits: list[SearchHit] = []
    total = 0
    if fitting:
        offset = (page - 1) * page_size
        hits, total = search(parts.records, parts.store, q, fitting, limit=page_size, offset=offset)
    return FoundOut(hits=[_show(hit) for hit in hits], page=page, page_size=page_size, total=total)


@router.get("/documents/{id}/matches", summary="The words that answer a question", responses=told(401, 404, 422, 503))
def matches(
    parts: Given, account: SignedIn, id: Annotated[str, Path(min_length=1, max_length=64)], q: Question = ""
) -> MatchesOut:
    """Find the places in one document."""
    if "\0" in id:
        raise NotFound("There is no such document.")
    found = parts.records.documents.get(id, team=account.sees_team)
    return MatchesOut(words=list(find_matches(parts.store, found, wanted_terms(q)).matches))


def _show(hit: SearchHit) -> HitOut:
    return HitOut(
        document=show_row(hit.document),
        snippet=[SnippetPart(text=text, match=match) for text, match in snippet(hit.words, hit.matches)],
        words=list(hit.matches),
    )
