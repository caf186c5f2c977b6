"""Candidates' files, and what they must have."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Response

from sake_ray.domain.documents import Document
from sake_ray.domain.listing import Listing
from sake_ray.errors import NotFound
from sake_ray.schemas.references import ReferenceOut, RequiredIn, RequiredOut
from sake_ray.serve.auth import utc_now
from sake_ray.serve.dependencies import AccountDep, AdminDep, Services, ServicesDep
from sake_ray.serve.etags import UNCHANGED, KnownTags, is_known, make_etag, unchanged
from sake_ray.serve.executors import RECORDS
from sake_ray.serve.idempotent_routes import IdempotentRoute
from sake_ray.serve.openapi import problem_responses
from sake_ray.serve.paging import PageDep, PageRequest
from sake_ray.serve.presenters.references import present_reference
from sake_ray.serve.references import check_required, choose_required, default_required, group_by_label
from sake_ray.storage.records import DocumentFilter
from sake_ray.storage.records.references import LabelShare, RequiredLabels

router = APIRouter(tags=["references"], route_class=IdempotentRoute)

Name = Annotated[str, Path(description="The reference; any character, percent-encoded.")]
Team = Annotated[str | None, Query(max_length=100, description="For admin and ops: of this team only.")]


@router.get(
    "/references/{reference:reference}",
    summary="A candidate's file",
    response_model=ReferenceOut,
    responses=UNCHANGED | problem_responses(401, 404, 422, 503),
)
async def get_reference(
    response: Response,
    services: ServicesDep,
    account: AccountDep,
    page: PageDep,
    reference: Name,
    team: Team = None,
    known: KnownTags = None,
) -> ReferenceOut | Response:
    """Tell what is there, doubtful and missing over all batches of a reference; the newest answer counts over the prediction."""
    stored = await RECORDS.run(services.records.references.find_required)
    labels = stored.labels if stored else (await services.predictor.get_status()).labels
    required, wanted_team = choose_required(stored, labels), account.visible_team or team
    shares, found = await RECORDS.run(_find_reference, services, reference, wanted_team, page)
    etag = make_etag(shares, required, found)
    if is_known(etag, known):
        return unchanged(etag)
    response.headers["ETag"] = etag
    return await RECORDS.run(present_reference, reference, shares, group_by_label(shares, required), found)


@router.get(
    "/admin/required-labels", summary="What a candidate's file must have", responses=problem_responses(401, 403, 503)
)
async def get_required_labels(services: ServicesDep, _: AdminDep) -> RequiredOut:
    """Tell which labels are required; every label of the model until the admin says otherwise."""
    stored = await RECORDS.run(services.records.references.find_required)
    if stored:
        return RequiredOut.model_validate(stored)
    return RequiredOut(labels=list(default_required((await services.predictor.get_status()).labels)), by=None, at=None)


@router.put(
    "/admin/required-labels",
    summary="Say what a candidate's file must have",
    responses=problem_responses(400, 401, 403, 413, 422, 503),
)
async def set_required_labels(services: ServicesDep, account: AdminDep, sent: RequiredIn) -> RequiredOut:
    """Set the labels; none at all is possible, one that the model does not know is not."""
    labels = check_required(sent.labels, (await services.predictor.get_status()).labels)
    stored = RequiredLabels(labels, account.name, utc_now())
    await RECORDS.run(services.records.references.set_required, stored)
    return RequiredOut.model_validate(stored)


def _find_reference(
    services: Services, reference: str, team: str | None, page: PageRequest
) -> tuple[tuple[LabelShare, ...], Listing[Document]]:
    shares = () if "\0" in f"{reference}{team}" else services.records.references.count_labels(reference, team=team)
    if not shares:
        raise NotFound("reference-not-found", reference=reference)
    criteria = DocumentFilter(team, reference=reference)
    return shares, services.records.documents.list(criteria, after=page.after, limit=page.limit)
