"""Candidates' files, and what they must have."""

from typing import Annotated

from fastapi import APIRouter, Path, Query

from sake_ray.errors import NotFound
from sake_ray.schemas.references import ReferenceOut, RequiredIn, RequiredOut
from sake_ray.serve.auth import utc_now
from sake_ray.serve.dependencies import AccountDep, AdminDep, PageNumber, Services, ServicesDep
from sake_ray.serve.executors import RECORDS
from sake_ray.serve.idempotent_routes import IdempotentRoute
from sake_ray.serve.openapi import problem_responses
from sake_ray.serve.presenters.references import present_reference
from sake_ray.serve.references import check_required, choose_required, default_required, group_by_label
from sake_ray.storage.records import DocumentFilter
from sake_ray.storage.records.references import RequiredLabels

router = APIRouter(tags=["references"], route_class=IdempotentRoute)

Name = Annotated[str, Path(description="The reference; any character, percent-encoded.")]
Team = Annotated[str | None, Query(max_length=100, description="For admin and ops: of this team only.")]


@router.get(
    "/references/{reference:reference}", summary="A candidate's file", responses=problem_responses(401, 404, 422, 503)
)
async def reference(
    services: ServicesDep,
    account: AccountDep,
    reference: Name,
    team: Team = None,
    page: PageNumber = 1,
    page_size: Annotated[int, Query(ge=1, le=200)] = 200,
) -> ReferenceOut:
    """Tell what is there, doubtful and missing over all batches of a reference; the newest answer counts over the prediction."""
    stored = await RECORDS.run(services.records.references.find_required)
    known = stored.labels if stored else (await services.predictor.get_status()).labels
    wanted_team = account.visible_team or team
    return await RECORDS.run(
        _find_reference, services, reference, wanted_team, choose_required(stored, known), limit=page_size, page=page
    )


@router.get(
    "/admin/required-labels", summary="What a candidate's file must have", responses=problem_responses(401, 403, 503)
)
async def required(services: ServicesDep, _: AdminDep) -> RequiredOut:
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
async def require(services: ServicesDep, account: AdminDep, sent: RequiredIn) -> RequiredOut:
    """Set the labels; none at all is possible, one that the model does not know is not."""
    labels = check_required(sent.labels, (await services.predictor.get_status()).labels)
    stored = RequiredLabels(labels, account.name, utc_now())
    await RECORDS.run(services.records.references.set_required, stored)
    return RequiredOut.model_validate(stored)


def _find_reference(
    services: Services, reference: str, team: str | None, required: tuple[str, ...], *, limit: int, page: int
) -> ReferenceOut:
    shares = () if "\0" in f"{reference}{team}" else services.records.references.count_labels(reference, team=team)
    if not shares:
        raise NotFound("reference-not-found", reference=reference)
    groups = group_by_label(shares, required)
    criteria = DocumentFilter(team, reference=reference)
    found, total = services.records.documents.list(criteria, limit=limit, offset=(page - 1) * limit)
    return present_reference(reference, shares, groups, found, page=page, page_size=limit, total=total)
