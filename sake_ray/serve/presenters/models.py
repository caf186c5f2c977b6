"""Present model versions with their role."""

from sake_ray.registry import Registry
from sake_ray.registry.champion import CHAMPION, PREVIOUS
from sake_ray.registry.versions import ModelVersion
from sake_ray.schemas.models import ModelOut


def present_model(version: ModelVersion, registry: Registry) -> ModelOut:
    """Present a version with its role."""
    role = ""
    if version == registry.champion.get():
        role = CHAMPION
    elif version == registry.champion.previous():
        role = PREVIOUS
    return ModelOut.from_domain(version, role=role)
