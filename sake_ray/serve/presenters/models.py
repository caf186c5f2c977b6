"""Present model versions with their role."""

from collections.abc import Iterable

from sake_ray.registry import Registry
from sake_ray.registry.versions import ModelVersion
from sake_ray.schemas.models import ModelOut


def present_models(versions: Iterable[ModelVersion], registry: Registry) -> list[ModelOut]:
    """Present versions with their roles, which are asked for once."""
    roles = registry.champion.find_roles()
    return [ModelOut.from_domain(version, role=roles.get(version.number, "")) for version in versions]


def present_model(version: ModelVersion, registry: Registry) -> ModelOut:
    """Present a version with its role."""
    return present_models((version,), registry)[0]
