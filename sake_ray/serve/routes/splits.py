"""Splits: a file that holds several documents, made into them and made one again."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Path

from sake_ray.domain.documents import Document, Status
from sake_ray.domain.page_ranges import PageRange
from sake_ray.errors import InputError
from sake_ray.schemas.documents import PagesIn, SplitIn, SplitOut
from sake_ray.serve.dependencies import ServicesDep, WriterDep
from sake_ray.serve.executors import RECORDS
from sake_ray.serve.idempotency import StoredResponse, reply_to
from sake_ray.serve.idempotent_routes import IdempotentRoute, KeyedDep
from sake_ray.serve.openapi import problem_responses
from sake_ray.serve.visible_documents import find_document

router = APIRouter(tags=["documents"], route_class=IdempotentRoute)

Id = Annotated[str, Path(min_length=1, max_length=64)]


@router.post(
    "/documents/{id}/split",
    summary="Split a file that holds several documents",
    responses=problem_responses(400, 401, 403, 404, 413, 422, 503),
)
async def split_document(
    services: ServicesDep, account: WriterDep, id: Id, keyed: KeyedDep, sent: SplitIn | None = None
) -> SplitOut:
    """Make a document of its own of each part. They are classified again, without being read again, and count in its place.

    Of a part, only its own pages are split further. Asking for the parts that there are changes nothing.
    """
    found = await RECORDS.run(find_document, services, account, id)
    is_split = found.status is Status.SPLIT
    parts = await RECORDS.run(services.records.splits.list_parts, found.id) if is_split else ()
    now = await RECORDS.run(services.records.clock.now)
    await RECORDS.run(
        services.records.splits.split,
        found,
        _choose_ranges(found, sent.parts if sent else None, parts),
        by=account.name,
        now=now,
        reply=reply_to(keyed, _present_split, now=now),
    )
    return SplitOut(id=found.root)


@router.delete(
    "/documents/{id}/split",
    summary="Make one document again of all parts",
    responses=problem_responses(401, 403, 404, 413, 422, 503),
)
async def undo_split(services: ServicesDep, account: WriterDep, id: Id, keyed: KeyedDep) -> SplitOut:
    """Undo the split of a document, or of the one that it is a part of.

    Answers to the parts no longer count, and count again when the same pages are split off again.
    """
    found = await RECORDS.run(find_document, services, account, id)
    now = await RECORDS.run(services.records.clock.now)
    reply = reply_to(keyed, _present_split, now=now)
    await RECORDS.run(services.records.splits.undo, found, by=account.name, now=now, reply=reply)
    return SplitOut(id=found.root)


def _choose_ranges(
    document: Document, asked: Sequence[PagesIn] | None, parts: Sequence[Document]
) -> tuple[PageRange, ...]:
    """Choose the pages of each part, as the file numbers them; raises InputError where nothing is asked for or proposed.

    `parts` are those that the document was split into: nothing else is proposed then.
    """
    if asked is not None:
        return tuple(PageRange(one.first_page, one.last_page) for one in asked)
    if ranges := tuple(part.page_range for part in parts if part.page_range):
        return ranges
    if not document.proposed_parts:
        raise InputError("no-parts-proposed", document=document.id)
    # Those of a part are numbered within it.
    before = document.page_range.first - 1 if document.page_range else 0
    return tuple(PageRange(part.pages.first + before, part.pages.last + before) for part in document.proposed_parts)


def _present_split(document: Document) -> StoredResponse:
    return StoredResponse.of_model(SplitOut(id=document.root), status=200)
