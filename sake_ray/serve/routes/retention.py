"""How long documents are kept."""

from fastapi import APIRouter

from sake_ray.domain.retention import RetentionRule
from sake_ray.schemas.retention import RetentionIn, RetentionOut, RetentionRuleOut
from sake_ray.serve.auth import utc_now
from sake_ray.serve.dependencies import AdminDep, Services, ServicesDep
from sake_ray.serve.idempotent_routes import IdempotentRoute
from sake_ray.serve.openapi import problem_responses

router = APIRouter(prefix="/admin/retention", tags=["admin: retention"], route_class=IdempotentRoute)


@router.get("", summary="How long documents are kept", responses=problem_responses(401, 403, 503))
def get_retention(services: ServicesDep, _: AdminDep) -> RetentionOut:
    """List the rules."""
    return _present(services)


@router.put("", summary="Say how long documents are kept", responses=problem_responses(400, 401, 403, 413, 422, 503))
def set_retention(services: ServicesDep, account: AdminDep, sent: RetentionIn) -> RetentionOut:
    """Set, or withdraw, the rule of a team and label. What is older is erased soon after, for good."""
    rule = RetentionRule(sent.team, sent.label, sent.months, sent.with_waiting, account.name, utc_now())
    services.records.retention.set_rule(rule, withdrawn=sent.withdraw)
    return _present(services)


def _present(services: Services) -> RetentionOut:
    rules = services.records.retention.find_rules()
    return RetentionOut(
        default_months=services.admin.retention_months or None,
        oldest=services.records.retention.find_oldest(),
        rules=[RetentionRuleOut.model_validate(rules[key]) for key in sorted(rules)],
    )
