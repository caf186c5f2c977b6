"""Training runs and model versions, and which version serves."""

from typing import Annotated

from fastapi import APIRouter, Path

from sake_ray import promotion
from sake_ray.comparison.compare import compare_with_champion
from sake_ray.domain.audit import AuditAction
from sake_ray.domain.listing import list_whole
from sake_ray.schemas.models import ModelList, ModelOut, PromoteIn, PromotionList, RollbackIn, RunList, RunOut
from sake_ray.serve.auth import utc_now
from sake_ray.serve.dependencies import AdminDep, ServicesDep
from sake_ray.serve.idempotent_routes import AdminRoute
from sake_ray.serve.openapi import problem_responses
from sake_ray.serve.paging import PageDep
from sake_ray.serve.presenters.models import find_runs, present_model, present_models

router = APIRouter(prefix="/admin", tags=["admin: models"], route_class=AdminRoute)

RunId = Annotated[str, Path(pattern="^[0-9a-zA-Z_-]{1,64}$")]
Number = Annotated[int, Path(ge=1, le=2_000_000_000)]


@router.get("/runs", summary="List the trainings", responses=problem_responses(401, 403, 422, 503))
def list_runs(services: ServicesDep, _: AdminDep, page: PageDep) -> RunList:
    """List the trainings, newest first. MLflow does not count them: while more follow, `total` is how many were listed."""
    return find_runs(services.admin.registry, page)


@router.get("/runs/{id}", summary="One training", responses=problem_responses(401, 403, 404, 422, 503))
def get_run(services: ServicesDep, _: AdminDep, id: RunId) -> RunOut:
    """Tell all of a training."""
    return RunOut.model_validate(services.admin.registry.runs.get(id))


@router.post(
    "/runs/{id}/register",
    status_code=201,
    summary="Make a model version of a training",
    responses=problem_responses(401, 403, 404, 422, 503),
)
def register_model(services: ServicesDep, account: AdminDep, id: RunId) -> ModelOut:
    """Register the model of a training as the next version; it serves once it is promoted."""
    registry = services.admin.registry
    version = promotion.register(registry, services.records, registry.runs.get(id).id, now=utc_now())
    subject = f"model:{version.number}"
    services.records.audit.add(AuditAction.MODEL_REGISTERED, by=account.name, subject=subject, run=id)
    return present_model(version, registry)


@router.get("/models", summary="List the model versions", responses=problem_responses(401, 403, 503))
def list_models(services: ServicesDep, _: AdminDep) -> ModelList:
    """List all versions, newest first."""
    registry = services.admin.registry
    return ModelList.model_validate(list_whole(present_models(registry.versions.all(), registry)))


@router.post(
    "/models/{number}/promote",
    summary="Let a model version serve",
    responses=problem_responses(400, 401, 403, 404, 413, 422, 503),
)
def promote_model(services: ServicesDep, account: AdminDep, number: Number, sent: PromoteIn) -> ModelOut:
    """Make the version the champion after judging and checking it; the predictor takes it up within ten seconds."""
    admin = services.admin
    promotion.promote(
        admin.registry,
        services.records,
        number,
        recipe=admin.recipe,
        verdict=compare_with_champion(admin.comparison_context, number),
        force=sent.force,
        expected=sent.champion,
        by=account.name,
        why=sent.why,
        now=utc_now(),
    )
    return present_model(promotion.find_version(admin.registry, number), admin.registry)


@router.post(
    "/models/rollback",
    summary="Go back to the version before",
    responses=problem_responses(400, 401, 403, 413, 422, 503),
)
def roll_back_model(services: ServicesDep, account: AdminDep, sent: RollbackIn) -> ModelOut:
    """Let the version that served before serve again."""
    admin = services.admin
    version = promotion.rollback(
        admin.registry,
        services.records,
        recipe=admin.recipe,
        expected=sent.champion,
        by=account.name,
        why=sent.why,
        now=utc_now(),
    )
    return present_model(version, admin.registry)


@router.get("/models/log", summary="Who let which version serve", responses=problem_responses(401, 403, 422, 503))
def list_promotions(services: ServicesDep, _: AdminDep, page: PageDep) -> PromotionList:
    """List the promotions, newest first."""
    return PromotionList.model_validate(services.records.promotions.list(after=page.after, limit=page.limit))
