"""Judge models by documents that they have not learned from."""

from typing import Annotated

from fastapi import APIRouter, Query

from sake_ray.comparison.compare import compare_models
from sake_ray.comparison.error_budget import activate_policy, propose_policy, reset_policy, trace_coverage
from sake_ray.domain.verdicts import Policy
from sake_ray.schemas.comparison import ComparisonOut
from sake_ray.schemas.policy import PolicyIn, PolicyOut
from sake_ray.serve.auth import utc_now
from sake_ray.serve.dependencies import Admin, Given, told
from sake_ray.serve.presenters.comparisons import show_match, show_policy

router = APIRouter(prefix="/admin", tags=["admin: models"])

Asked = Annotated[
    str,
    Query(
        pattern="^[0-9A-Za-z_-]{1,64}$", description="A version number, a run id, or `champion`.", examples=["champion"]
    ),
]

WrongIn = Annotated[
    int | None, Query(ge=2, le=100_000, description="At most one wrong in so many accepted.", examples=[200])
]


Curve = Annotated[
    bool, Query(description="Also how many verified documents pass, and are right, as the threshold moves.")
]


@router.get("/runs/compare", summary="How does model b stand against model a?", responses=told(401, 403, 404, 422, 503))
def compare_runs(parts: Given, _: Admin, a: Asked, b: Asked) -> ComparisonOut:
    """Have both judge the newest documents that neither has learned from; a few seconds for a thousand."""
    return show_match(compare_models(parts.workshop.bench, a, b))


@router.get("/policy", summary="When does a document go to a person?", responses=told(401, 403, 404, 422, 503))
def policy(parts: Given, _: Admin, wrong_in: WrongIn = None, curve: Curve = False) -> PolicyOut:
    """Show the policy; with `wrong_in` also what that promise would be and cost, without making it."""
    newest, champion = parts.records.policies.newest() or Policy(), parts.workshop.registry.champion.get()
    if not (curve or wrong_in):
        return show_policy(newest, champion)
    drawn = trace_coverage(parts.workshop.bench, parts.records, wrong_in)
    return show_policy(newest, champion, drawn.proposal, drawn if curve else None)


@router.put("/policy", summary="Make a promise, or take it back", responses=told(400, 401, 403, 404, 413, 422, 503))
def set_policy(parts: Given, account: Admin, said: PolicyIn) -> PolicyOut:
    """Put the thresholds in force that keep it; open documents come under them within ten seconds."""
    champion = parts.workshop.registry.champion.get()
    if said.wrong_in is None:
        return show_policy(reset_policy(parts.records, None, by=account.name, now=utc_now()), champion)
    proposal = propose_policy(parts.workshop.bench, parts.records, said.wrong_in)
    return show_policy(activate_policy(parts.records, proposal, by=account.name, now=utc_now()), champion, proposal)
