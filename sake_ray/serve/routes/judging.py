"""Judge models by documents that they have not learned from."""

from typing import Annotated

from fastapi import APIRouter, Query

from sake_ray.judging.compare import compare_models
from sake_ray.schemas import ComparisonOut
from sake_ray.serve.judged import show_match
from sake_ray.serve.parts import Admin, Given, told

router = APIRouter(prefix="/admin", tags=["admin: models"])

Asked = Annotated[
    str,
    Query(
        pattern="^[0-9A-Za-z_-]{1,64}$", description="A version number, a run id, or `champion`.", examples=["champion"]
    ),
]


@router.get("/runs/compare", summary="How does model b stand against model a?", responses=told(401, 403, 404, 422, 503))
def compare_runs(parts: Given, _: Admin, a: Asked, b: Asked) -> ComparisonOut:
    """Have both judge the newest documents that neither has learned from; a few seconds for a thousand."""
    return show_match(compare_models(parts.workshop.bench, a, b))
