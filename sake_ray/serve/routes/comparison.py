"""Compare models, and set the policy, by documents that the models have not learned from."""

from typing import Annotated

from fastapi import APIRouter, Query

from sake_ray.comparison.compare import compare_models
from sake_ray.comparison.error_budget import activate_policy, propose_policy, reset_policy, trace_coverage
from sake_ray.domain.verdicts import Policy
from sake_ray.schemas.comparison import ComparisonOut
from sake_ray.schemas.policy import PolicyIn, PolicyOut
from sake_ray.serve.auth import utc_now
from sake_ray.serve.dependencies import AdminDep, ServicesDep
from sake_ray.serve.idempotent_routes import AdminRoute
from sake_ray.serve.openapi import problem_responses
from sake_ray.serve.presenters.comparisons import present_comparison
from sake_ray.serve.presenters.policies import present_policy

router = APIRouter(prefix="/admin", tags=["admin: models"], route_class=AdminRoute)

ModelName = Annotated[
    str,
    Query(
        pattern="^[0-9A-Za-z_-]{1,64}$", description="A version number, a run id, or `champion`.", examples=["champion"]
    ),
]

ErrorBudgetQuery = Annotated[
    int | None, Query(ge=2, le=100_000, description="At most one wrong in so many accepted.", examples=[200])
]

CurveQuery = Annotated[
    bool, Query(description="Also how many verified documents pass, and are right, as the threshold moves.")
]


@router.get(
    "/runs/compare",
    summary="How does model b stand against model a?",
    responses=problem_responses(401, 403, 404, 422, 503),
)
def compare_runs(services: ServicesDep, _: AdminDep, a: ModelName, b: ModelName) -> ComparisonOut:
    """Have both judge the newest documents that neither has learned from; a few seconds for a thousand."""
    return present_comparison(compare_models(services.admin.comparison_context, a, b))


@router.get(
    "/policy", summary="When does a document go to a person?", responses=problem_responses(401, 403, 404, 422, 503)
)
def get_policy(
    services: ServicesDep, _: AdminDep, wrong_in: ErrorBudgetQuery = None, curve: CurveQuery = False
) -> PolicyOut:
    """Show the policy; with `wrong_in` also what that promise would be and cost, without making it."""
    newest, champion = services.records.policies.find_newest() or Policy(), services.admin.registry.champion.get()
    progress = services.records.policies.measure_progress()
    if not (curve or wrong_in):
        return present_policy(newest, champion, progress)
    drawing = trace_coverage(services.admin.comparison_context, services.records, wrong_in)
    return present_policy(newest, champion, progress, drawing.proposal, drawing if curve else None)


@router.put(
    "/policy", summary="Make a promise, or take it back", responses=problem_responses(400, 401, 403, 404, 413, 422, 503)
)
def set_policy(services: ServicesDep, account: AdminDep, change: PolicyIn) -> PolicyOut:
    """Put the thresholds in force that keep it. Open documents come under them a few at a time (`outdated_documents`)."""
    champion, records = services.admin.registry.champion.get(), services.records
    proposal = None
    if change.wrong_in is None:
        made = reset_policy(records, None, by=account.name, now=utc_now())
    else:
        proposal = propose_policy(services.admin.comparison_context, records, change.wrong_in)
        made = activate_policy(records, proposal, by=account.name, now=utc_now())
    return present_policy(made, champion, records.policies.measure_progress(), proposal)
