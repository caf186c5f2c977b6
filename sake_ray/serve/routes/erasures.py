"""Erase all of a reference for good, and see how far erasures are."""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Path, Query, Response

from sake_ray.erasure import Eraser
from sake_ray.errors import NotFound
from sake_ray.schemas.erasures import ErasureList, ErasureOut, ErasurePlanOut
from sake_ray.serve.dependencies import AdminDep, Services, ServicesDep
from sake_ray.serve.idempotent_routes import AdminRoute
from sake_ray.serve.openapi import problem_responses
from sake_ray.serve.paging import PageDep
from sake_ray.serve.presenters.erasures import present_begun, present_erasure, present_plan

NO_LEASE = timedelta()
"""The orchestrator may go on with it at once."""

router = APIRouter(tags=["admin: erasures"], route_class=AdminRoute)

Reference = Annotated[str, Path(description="The reference; any character, percent-encoded.")]
Team = Annotated[str | None, Query(max_length=100, description="Only the documents of this team.")]
Confirm = Annotated[
    str | None, Query(max_length=100, description="The token of what was shown. Without it nothing is erased.")
]
Number = Annotated[int, Path(ge=1, le=2_000_000_000)]


@router.delete(
    "/references/{reference:reference}",
    summary="Erase all of a reference",
    responses={
        202: {"model": ErasurePlanOut, "description": "It is being erased."},
        **problem_responses(401, 403, 404, 409, 422, 503),
    },
)
def erase_reference(
    response: Response,
    services: ServicesDep,
    account: AdminDep,
    reference: Reference,
    team: Team = None,
    confirm: Confirm = None,
) -> ErasurePlanOut:
    """Say what would be erased. With its token as `confirm`, erase it: the documents are gone at once, the rest soon after.

    So nobody erases by a slip, or what they have not seen: when something was handed in meanwhile, the answer is 409.
    """
    if "\0" in f"{reference}{team}":
        raise NotFound("reference-not-found", reference=reference)
    eraser = _open_eraser(services)
    if confirm is None:
        return present_plan(eraser.plan(reference, team=team))
    begun = eraser.begin(
        reference, team=team, token=confirm, secret=services.keys.secret, by=account.name, lease=NO_LEASE
    )
    response.status_code = 202
    return present_begun(begun, confirm)


@router.get("/admin/erasures", summary="List the erasures", responses=problem_responses(401, 403, 422, 503))
def list_erasures(services: ServicesDep, _: AdminDep, page: PageDep) -> ErasureList:
    """List the erasures, newest first: what was removed, and what each waits for."""
    found = services.records.erasures.list(after=page.after, limit=page.limit)
    return ErasureList.model_validate(found.map(present_erasure))


@router.get("/admin/erasures/{number}", summary="One erasure", responses=problem_responses(401, 403, 404, 422, 503))
def get_erasure(services: ServicesDep, _: AdminDep, number: Number) -> ErasureOut:
    """Tell how far an erasure is."""
    return present_erasure(services.records.erasures.get(number))


def _open_eraser(services: Services) -> Eraser:
    admin = services.admin
    return Eraser(services.records, services.store, admin.workspace, admin.registry)
