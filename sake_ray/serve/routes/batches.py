"""Look batches up: how far one is, its documents page by page; and all at once, as the original system does."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Path, Query, Response

from sake_ray.domain.documents import Status
from sake_ray.domain.listing import Listing, list_whole
from sake_ray.errors import NotFound
from sake_ray.schemas.batches import BatchDocumentList, BatchList, BatchOut, BatchSummary
from sake_ray.serve.dependencies import AccountDep, Services, ServicesDep
from sake_ray.serve.etags import UNCHANGED, KnownTags, is_known, make_etag, unchanged
from sake_ray.serve.guarded_route import GuardedRoute
from sake_ray.serve.openapi import problem_responses
from sake_ray.serve.paging import PageDep
from sake_ray.serve.presenters.batches import (
    make_document_cursor,
    parse_document_cursor,
    present_batches,
    select_documents,
)
from sake_ray.storage.records import BatchCount, Span

router = APIRouter(tags=["predict"], route_class=GuardedRoute)

RETRY_SECONDS = "2"
OPEN = {Status.PENDING, Status.IN_PROGRESS}
Uuid = Annotated[str, Path(min_length=1, max_length=64)]


@router.get("/batches", summary="List batches", responses=problem_responses(401, 422, 503))
def list_batches(
    services: ServicesDep,
    account: AccountDep,
    page: PageDep,
    mine: Annotated[bool, Query(description="Only what the caller handed in.")] = False,
    reference: Annotated[str | None, Query(max_length=200, description="Only of this reference, exactly.")] = None,
) -> BatchList:
    """List the batches, newest first, each with how far it is. GET /batches/{uuid}/documents has the documents."""
    if "\0" in (reference or ""):
        return BatchList.model_validate(list_whole(()))
    found = services.records.batches.list(
        team=account.visible_team,
        owner=account.name if mine else None,
        reference=reference,
        after=page.after,
        limit=page.limit,
    )
    return BatchList.model_validate(found)


@router.get(
    "/batches/{uuid}",
    summary="How far a batch is",
    response_model=BatchSummary,
    responses=UNCHANGED | problem_responses(401, 404, 422, 503),
)
def get_batch(
    response: Response, services: ServicesDep, account: AccountDep, uuid: Uuid, known: KnownTags = None
) -> BatchSummary | Response:
    """Summarize a batch without its documents. Poll this: with `If-None-Match` the answer is 304 until something changes."""
    _require_visible(services, account.visible_team, uuid)
    etag = make_etag(services.records.etags.of_batch(uuid))
    if is_known(etag, known):
        return unchanged(etag)
    counted = services.records.batches.count(uuid)
    if counted is None:
        raise NotFound("batch-not-found", batch=uuid)
    _set_headers(response, etag, [counted])
    return BatchSummary.from_domain(counted, labels=services.records.batches.count_labels(uuid))


@router.get(
    "/batches/{uuid}/documents",
    summary="The documents of a batch",
    response_model=BatchDocumentList,
    responses=UNCHANGED | problem_responses(401, 404, 422, 503),
)
def list_batch_documents(
    response: Response, services: ServicesDep, account: AccountDep, page: PageDep, uuid: Uuid, known: KnownTags = None
) -> BatchDocumentList | Response:
    """List the documents in the order they came. Each page has its own `ETag`: it stays while only other pages change."""
    _require_visible(services, account.visible_team, uuid)
    records, start = services.records, parse_document_cursor(page.after)
    span, counted = Span(uuid, start, start + page.limit), records.batches.count_documents(uuid)
    next_cursor = make_document_cursor(span.end) if records.batches.count_positions(uuid) > span.end else None
    etag = make_etag(records.etags.of_documents([span]), next_cursor, counted)
    if is_known(etag, known):
        return unchanged(etag)
    response.headers["ETag"] = etag
    found = records.batches.list_documents([span])[uuid]
    return BatchDocumentList.model_validate(Listing(found, next_cursor, counted))


@router.get(
    "/predict/{name:reference}",
    summary="Look up a batch by its uuid, or all batches of a reference",
    response_model=list[BatchOut],
    responses=UNCHANGED | problem_responses(401, 404, 422, 503),
)
def find_batches(
    response: Response,
    services: ServicesDep,
    account: AccountDep,
    page: PageDep,
    name: Annotated[
        str, Path(description="A uuid or a reference; any character, percent-encoded. A uuid comes first.")
    ],
    known: KnownTags = None,
) -> list[BatchOut] | Response:
    """List the batches with their documents, newest first. `X-Total-Count` says how many there are, up to 10,000; while more
    follow, `X-Next-Cursor` is the `cursor` to ask for them with.

    An answer has at most 1,000 documents, so a batch of its own is always whole. Where some do not fit, `next_cursor` tells
    where `GET /batches/{uuid}/documents` goes on. To poll, `GET /batches/{uuid}` is cheaper.
    """
    records = services.records
    listing = list_whole(()) if "\0" in name else records.batches.find_by_name(
        name, team=account.visible_team, after=page.after, limit=page.limit
    )  # fmt: skip
    if not listing.counted:
        raise NotFound("batch-or-reference-not-found", name=name)
    found, spans = listing.items, select_documents(listing.items)
    etag = make_etag(records.etags.of_documents(spans), listing)
    if is_known(etag, known):
        return unchanged(etag)
    response.headers["X-Total-Count"] = str(listing.total)
    if listing.next_cursor:
        response.headers["X-Next-Cursor"] = listing.next_cursor
    _set_headers(response, etag, found)
    return present_batches(found, spans, records.batches.list_documents(spans))


def _require_visible(services: Services, team: str | None, uuid: str) -> None:
    if "\0" in uuid:
        raise NotFound("batch-not-found", batch=uuid)
    services.records.batches.get(uuid, team=team)


def _set_headers(response: Response, etag: str, found: Sequence[BatchCount]) -> None:
    response.headers["ETag"] = etag
    if any(batch.status in OPEN for batch in found):
        response.headers["Retry-After"] = RETRY_SECONDS
