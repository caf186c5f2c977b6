"""Look at trainings and model versions, and let one serve."""

from typing import Annotated

from fastapi import APIRouter, Path, Query

from sake_ray import promotion
from sake_ray.comparison.compare import compare_with_champion
from sake_ray.domain.promotions import Promotion
from sake_ray.registry import Registry
from sake_ray.registry.runs import Run
from sake_ray.registry.versions import ModelVersion
from sake_ray.schemas.models import ModelOut, ModelsOut, PromoteIn, PromotionOut, RollbackIn, RunOut
from sake_ray.serve.auth import utc_now
from sake_ray.serve.dependencies import Admin, Given, told

router = APIRouter(prefix="/admin", tags=["admin: models"])

RunId = Annotated[str, Path(pattern="^[0-9a-zA-Z_-]{1,64}$")]
Number = Annotated[int, Path(ge=1, le=2_000_000_000)]
Limit = Annotated[int, Query(ge=1, le=1000)]


@router.get("/runs", summary="List the trainings", responses=told(401, 403, 422, 503))
def runs(parts: Given, _: Admin, limit: Limit = 100) -> list[RunOut]:
    """List the trainings, newest first."""
    return [show_run(run) for run in parts.workshop.registry.runs.list(limit=limit)]


@router.get("/runs/{id}", summary="One training", responses=told(401, 403, 404, 422, 503))
def run(parts: Given, _: Admin, id: RunId) -> RunOut:
    """Tell all of a training."""
    return show_run(parts.workshop.registry.runs.get(id))


@router.post(
    "/runs/{id}/register",
    status_code=201,
    summary="Make a model version of a training",
    responses=told(401, 403, 404, 422, 503),
)
def register(parts: Given, _: Admin, id: RunId) -> ModelOut:
    """Register the model of a training as the next version; it serves once it is promoted."""
    registry = parts.workshop.registry
    return show_model(promotion.register(registry, parts.records, registry.runs.get(id).id, now=utc_now()), registry)


@router.get("/models", summary="List the model versions", responses=told(401, 403, 503))
def models(parts: Given, _: Admin) -> ModelsOut:
    """List the versions, newest first."""
    registry = parts.workshop.registry
    return ModelsOut(models=[show_model(version, registry) for version in registry.versions.all()])


@router.post(
    "/models/{number}/promote",
    summary="Let a model version serve",
    responses=told(400, 401, 403, 404, 413, 422, 503),
)
def promote(parts: Given, account: Admin, number: Number, said: PromoteIn) -> ModelOut:
    """Make the version the champion after judging and checking it; the predictor takes it up within ten seconds."""
    shop = parts.workshop
    promotion.promote(
        shop.registry,
        parts.records,
        number,
        recipe=shop.recipe,
        verdict=compare_with_champion(shop.bench, number),
        force=said.force,
        by=account.name,
        why=said.why,
        now=utc_now(),
    )
    return show_model(promotion.find_version(shop.registry, number), shop.registry)


@router.post("/models/rollback", summary="Go back to the version before", responses=told(400, 401, 403, 413, 422, 503))
def rollback(parts: Given, account: Admin, said: RollbackIn) -> ModelOut:
    """Let the version that served before serve again."""
    shop = parts.workshop
    version = promotion.rollback(
        shop.registry, parts.records, recipe=shop.recipe, by=account.name, why=said.why, now=utc_now()
    )
    return show_model(version, shop.registry)


@router.get("/models/log", summary="Who let which version serve", responses=told(401, 403, 422, 503))
def promotions(parts: Given, _: Admin, limit: Limit = 100) -> list[PromotionOut]:
    """List the promotions, newest first."""
    return [show_promotion(each) for each in parts.records.promotions.log(limit=limit)]


def show_promotion(promotion: Promotion) -> PromotionOut:
    """The promotion as it is sent."""
    return PromotionOut.model_validate({name: getattr(promotion, name) for name in PromotionOut.model_fields})


def show_run(run: Run) -> RunOut:
    """The training as it is sent."""
    return RunOut.model_validate({name: getattr(run, name) for name in RunOut.model_fields})


def show_model(version: ModelVersion, registry: Registry) -> ModelOut:
    """The version as it is sent, with its role."""
    role = (
        "champion"
        if version == registry.champion.get()
        else "previous"
        if version == registry.champion.previous()
        else ""
    )
    return ModelOut(
        number=version.number, created=version.created, sha256=version.sha256, run_id=version.run_id, role=role
    )
