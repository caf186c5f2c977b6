"""Training runs and model versions, and which version serves."""

from typing import Annotated

from fastapi import APIRouter, Path, Query

from sake_ray import promotion
from sake_ray.comparison.compare import compare_with_champion
from sake_ray.domain.audit import AuditAction
from sake_ray.schemas.models import ModelOut, ModelsOut, PromoteIn, PromotionOut, RollbackIn, RunOut
from sake_ray.serve.auth import utc_now
from sake_ray.serve.dependencies import AdminDep, ServicesDep
from sake_ray.serve.idempotent_routes import AdminRoute
from sake_ray.serve.openapi import problem_responses
from sake_ray.serve.presenters.models import present_model, present_models

router = APIRouter(prefix="/admin", tags=["admin: models"], route_class=AdminRoute)

RunId = Annotated[str, Path(pattern="^[0-9a-zA-Z_-]{1,64}$")]
Number = Annotated[int, Path(ge=1, le=2_000_000_000)]
Limit = Annotated[int, Query(ge=1, le=1000)]


@router.get("/runs", summary="List the trainings", responses=problem_responses(401, 403, 422, 503))
def runs(services: ServicesDep, _: AdminDep, limit: Limit = 100) -> list[RunOut]:
    """List the trainings, newest first."""
    return [RunOut.model_validate(run) for run in services.admin.registry.runs.list(limit=limit)]


@router.get("/runs/{id}", summary="One training", responses=problem_responses(401, 403, 404, 422, 503))
def run(services: ServicesDep, _: AdminDep, id: RunId) -> RunOut:
    """Tell all of a training."""
    return RunOut.model_validate(services.admin.registry.runs.get(id))


@router.post(
    "/runs/{id}/register",
    status_code=201,
    summary="Make a model version of a training",
    responses=problem_responses(401, 403, 404, 422, 503),
)
def register(services: ServicesDep, account: AdminDep, id: RunId) -> ModelOut:
    """Register the model of a training as the next version; it serves once it is promoted."""
    registry = services.admin.registry
    version = promotion.register(registry, services.records, registry.runs.get(id).id, now=utc_now())
    subject = f"model:{version.number}"
    services.records.audit.add(AuditAction.MODEL_REGISTERED, by=account.name, subject=subject, run=id)
    return present_model(version, registry)


@router.get("/models", summary="List the model versions", responses=problem_responses(401, 403, 503))
def models(services: ServicesDep, _: AdminDep) -> ModelsOut:
    """List the versions, newest first."""
    registry = services.admin.registry
    return ModelsOut(models=present_models(registry.versions.all(), registry))


@router.post(
    "/models/{number}/promote",
    summary="Let a model version serve",
    responses=problem_responses(400, 401, 403, 404, 413, 422, 503),
)
def promote(services: ServicesDep, account: AdminDep, number: Number, sent: PromoteIn) -> ModelOut:
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
def rollback(services: ServicesDep, account: AdminDep, sent: RollbackIn) -> ModelOut:
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
def promotions(services: ServicesDep, _: AdminDep, limit: Limit = 100) -> list[PromotionOut]:
    """List the promotions, newest first."""
    return [PromotionOut.model_validate(promotion) for promotion in services.records.promotions.list(limit=limit)]
