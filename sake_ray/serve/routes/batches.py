"""Look batches up: how far one is, its documents page by page; and all at once, as the original system does."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Path, Query, Response

from sake_ray.domain.documents import Status
from sake_ray.errors import NotFound
from sake_ray.schemas.batches import BatchDocumentsOut, BatchesOut, BatchOut, BatchRow, BatchSummary
from sake_ray.schemas.documents import DocumentOut
from sake_ray.serve.dependencies import AccountDep, PageNumber, Services, ServicesDep
from sake_ray.serve.etags import UNCHANGED, KnownTags, is_known, make_etag, unchanged
from sake_ray.serve.guarded_route import GuardedRoute
from sake_ray.serve.openapi import problem_responses
from sake_ray.serve.presenters.batches import present_batches, select_documents
from sake_ray.storage.records import BatchCount, Span

router = APIRouter(tags=["predict"], route_class=GuardedRoute)

RETRY_SECONDS = "2"
OPEN = {Status.PENDING, Status.IN_PROGRESS}
Uuid = Annotated[str, Path(min_length=1, max_length=64)]
PageSize = Annotated[int, Query(ge=1, le=100)]
Cursor = Annotated[int, Query(ge=0, le=1_000_000, description="`next_cursor` of the page before; 0 is the beginning.")]


@router.get("/batches", summary="List batches", responses=problem_responses(401, 422, 503))
def newest_batches(
    services: ServicesDep,
    account: AccountDep,
    mine: Annotated[bool, Query(description="Only what the caller handed in.")] = False,
    reference: Annotated[str | None, Query(max_length=200, description="Only of this reference, exactly.")] = None,
    page: PageNumber = 1,
    page_size: PageSize = 20,
) -> BatchesOut:
    """List the batches, newest first, each with how far it is. GET /batches/{uuid}/documents has the documents."""
    found: tuple[BatchCount, ...] = ()
    total = 0
    if "\0" not in (reference or ""):
        found, total = services.records.batches.list(
            team=account.visible_team,
            owner=account.name if mine else None,
            reference=reference,
            limit=page_size,
            offset=(page - 1) * page_size,
        )
    return BatchesOut(
        batches=[BatchRow.model_validate(batch) for batch in found], page=page, page_size=page_size, total=total
    )


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
    response_model=BatchDocumentsOut,
    responses=UNCHANGED | problem_responses(401, 404, 422, 503),
)
def list_batch_documents(
    response: Response,
    services: ServicesDep,
    account: AccountDep,
    uuid: Uuid,
    cursor: Cursor = 0,
    page_size: Annotated[int, Query(ge=1, le=200)] = 100,
    known: KnownTags = None,
) -> BatchDocumentsOut | Response:
    """List the documents in the order they came. Each page has its own `ETag`: it stays while only other pages change."""
    _require_visible(services, account.visible_team, uuid)
    records, span = services.records, Span(uuid, cursor, cursor + page_size)
    next_cursor = span.end if records.batches.count_documents(uuid) > span.end else None
    etag = make_etag(records.etags.of_documents([span]), next_cursor)
    if is_known(etag, known):
        return unchanged(etag)
    found = records.batches.list_documents([span])[uuid]
    response.headers["ETag"] = etag
    return BatchDocumentsOut(
        documents=[DocumentOut.model_validate(document) for document in found], next_cursor=next_cursor
    )


@router.get(
    "/predict/{name:reference}",
    summary="Look up a batch by its uuid, or all batches of a reference",
    response_model=list[BatchOut],
    responses=UNCHANGED | problem_responses(401, 404, 422, 503),
)
def batches(
    response: Response,
    services: ServicesDep,
    account: AccountDep,
    name: Annotated[
        str, Path(description="A uuid or a reference; any character, percent-encoded. A uuid comes first.")
    ],
    page: PageNumber = 1,
    page_size: PageSize = 20,
    known: KnownTags = None,
) -> list[BatchOut] | Response:
    """List the batches with their documents, newest first. `X-Total-Count` says how many there are on all pages.

    An answer has at most 1,000 documents, so a batch of its own is always whole. Where some do not fit, `next_cursor` tells
    where `GET /batches/{uuid}/documents` goes on. To poll, `GET /batches/{uuid}` is cheaper.
    """
    records = services.records
    found, total = ((), 0) if "\0" in name else records.batches.find_by_name(
        name, team=account.visible_team, limit=page_size, offset=(page - 1) * page_size
    )  # fmt: skip
    if not total:
        raise NotFound("batch-or-reference-not-found", name=name)
    spans = select_documents(found)
    etag = make_etag(records.etags.of_documents(spans), total, found)
    if is_known(etag, known):
        return unchanged(etag)
    response.headers["X-Total-Count"] = str(total)
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
