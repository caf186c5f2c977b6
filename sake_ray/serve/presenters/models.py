"""Present model versions with their role, and trainings."""

from collections.abc import Iterable

from sake_ray.domain.listing import Listing, make_cursor, parse_named_cursor
from sake_ray.registry import Registry
from sake_ray.registry.versions import ModelVersion
from sake_ray.schemas.models import ModelOut, RunList
from sake_ray.serve.paging import PageRequest


def present_models(versions: Iterable[ModelVersion], registry: Registry) -> list[ModelOut]:
    """Present versions with their roles, which are asked for once."""
    roles = registry.champion.find_roles()
    return [ModelOut.from_domain(version, role=roles.get(version.number, "")) for version in versions]


def find_runs(registry: Registry, page: PageRequest) -> RunList:
    """Find the trainings of a page. MLflow does not count, so the cursor says how many came before."""
    moment, id, before = (
        parse_named_cursor("runs", page.after, (int, str, int)) if page.after is not None else (None, "", 0)
    )
    after = (max(0, int(moment)), str(id)) if moment is not None else None
    found = registry.runs.list(limit=page.limit + 1, after=after)
    some, listed = found[: page.limit], int(before) + min(page.limit, len(found))
    cursor = make_cursor(["runs", *some[-1].key, listed]) if len(found) > page.limit else None
    return RunList.model_validate(Listing(some, cursor, listed, whole=cursor is None))


def present_model(version: ModelVersion, registry: Registry) -> ModelOut:
    """Present a version with its role."""
    return present_models((version,), registry)[0]
