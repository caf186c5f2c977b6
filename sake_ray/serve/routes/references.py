"""Look at a candidate's file, and say what it must have."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Path, Query

from sake_ray.domain.documents import Document
from sake_ray.errors import NotFound
from sake_ray.schemas.references import GroupOut, GroupState, ReferenceOut, RequiredIn, RequiredOut
from sake_ray.serve.auth import utc_now
from sake_ray.serve.dependencies import Admin, Given, PageNumber, Services, SignedIn, told
from sake_ray.serve.presenters.documents import show_row
from sake_ray.serve.references import ReferenceGroup, check_required, default_required, group, required_of
from sake_ray.storage.records import DocumentFilter
from sake_ray.storage.records.references import RequiredLabels

router = APIRouter(tags=["references"])

Name = Annotated[str, Path(description="The reference; any character, percent-encoded.")]
Team = Annotated[str | None, Query(max_length=100, description="For admin and ops: of this team only.")]


@router.get("/references/{reference:reference}", summary="A candidate's file", responses=told(401, 404, 422, 503))
async def reference(
    parts: Given,
    account: SignedIn,
    reference: Name,
    team: Team = None,
    page: PageNumber = 1,
    page_size: Annotated[int, Query(ge=1, le=200)] = 200,
) -> ReferenceOut:
    """Tell what is there, doubtful and missing over all batches of a reference; the newest answer counts over the prediction."""
    kept = await asyncio.to_thread(parts.records.references.required)
    known = kept.labels if kept else (await parts.predictor.serving()).labels
    seen = account.sees_team or team
    return await asyncio.to_thread(_look, parts, reference, seen, required_of(kept, known), limit=page_size, page=page)


@router.get("/admin/required-labels", summary="What a candidate's file must have", responses=told(401, 403, 503))
async def required(parts: Given, _: Admin) -> RequiredOut:
    """Tell which labels are required; every label of the model until the admin says otherwise."""
    kept = await asyncio.to_thread(parts.records.references.required)
    if kept:
        return RequiredOut(labels=list(kept.labels), by=kept.by, at=kept.at)
    return RequiredOut(labels=list(default_required((await parts.predictor.serving()).labels)), by=None, at=None)


@router.put(
    "/admin/required-labels",
    summary="Say what a candidate's file must have",
    responses=told(400, 401, 403, 413, 422, 503),
)
async def require(parts: Given, account: Admin, sent: RequiredIn) -> RequiredOut:
    """Set the labels; none at all is possible, one that the model does not know is not."""
    labels = check_required(sent.labels, (await parts.predictor.serving()).labels)
    kept = RequiredLabels(labels, account.name, utc_now())
    await asyncio.to_thread(parts.records.references.require, kept)
    return RequiredOut(labels=list(kept.labels), by=kept.by, at=kept.at)


def _look(
    parts: Services, reference: str, team: str | None, required: tuple[str, ...], *, limit: int, page: int
) -> ReferenceOut:
    shares = () if "\0" in f"{reference}{team}" else parts.records.references.shares(reference, team=team)
    if not shares:
        raise NotFound(f"There is no reference {reference!r}.")
    groups = group(shares, required)
    wanted = DocumentFilter(team, reference=reference)
    found, total = parts.records.documents.list(wanted, limit=limit, offset=(page - 1) * limit)
    needed = [one for one in groups if one.required]
    return ReferenceOut(
        reference=reference,
        teams=sorted({share.team for share in shares}),
        complete=all(one.state is GroupState.THERE for one in needed),
        there=[str(one.label) for one in needed if one.state is GroupState.THERE],
        doubtful=[str(one.label) for one in needed if one.state is GroupState.DOUBTFUL],
        missing=[str(one.label) for one in needed if one.state is GroupState.MISSING],
        groups=[_show(one, found) for one in groups],
        n_ended=sum(share.documents for share in shares if share.ended),
        page=page,
        page_size=limit,
        total=total,
    )


def _show(one: ReferenceGroup, found: tuple[Document, ...]) -> GroupOut:
    inside = [show_row(document) for document in found if _belongs(document, one)]
    return GroupOut(
        label=one.label, state=one.state, required=one.required, n_documents=one.documents, documents=inside
    )


def _belongs(document: Document, one: ReferenceGroup) -> bool:
    if document.counted is not None or one.label is not None:
        return document.counted == one.label
    return document.ended == (one.state is GroupState.UNREADABLE)
