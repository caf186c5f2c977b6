"""Let a model version serve, or the one before again: checked, logged, and whole whatever is killed meanwhile."""

from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from sake_ray.classifier import load
from sake_ray.domain import Recipe
from sake_ray.errors import InputError, ModelRefused
from sake_ray.registry import ModelVersion, Registry
from sake_ray.storage.records import Records

DONE, OVERTAKEN = "done", "overtaken by a later one"


def promote(
    registry: Registry, records: Records, number: int, *, recipe: Recipe, by: str, why: str, now: datetime
) -> ModelVersion:
    """Make this version the champion, after checking that it can serve here.

    Raises InputError for an unknown version, ModelRefused naming what is wrong with it; the old one serves on then.
    """
    version = find_version(registry, number)
    check_version(registry, version, recipe=recipe)
    reconcile(registry, records)
    before = registry.champion()
    intent = records.promotions.intend(number, before=before.number if before else None, by=by, why=why, now=now)
    registry.promote(number)
    records.promotions.settle(intent, DONE)
    return version


def rollback(registry: Registry, records: Records, *, recipe: Recipe, by: str, why: str, now: datetime) -> ModelVersion:
    """Let the version that served before serve again; rolled back twice, nothing has changed. Raises InputError."""
    reconcile(registry, records)
    previous = registry.previous()
    if previous is None:
        raise InputError("There is no version to roll back to: only one has ever served.")
    return promote(registry, records, previous.number, recipe=recipe, by=by, why=why, now=now)


def reconcile(registry: Registry, records: Records) -> None:
    """Finish the newest promotion that a kill left half done; older intents have been overtaken by it."""
    newest = True
    for promotion in records.promotions.log():
        if promotion.outcome is None:
            if newest:
                registry.promote(promotion.version)
            records.promotions.settle(promotion.number, DONE if newest else OVERTAKEN)
        newest = False


def find_version(registry: Registry, number: int) -> ModelVersion:
    """The version of that number; raises InputError naming those there are."""
    versions = registry.versions()
    for version in versions:
        if version.number == number:
            return version
    known = ", ".join(str(version.number) for version in reversed(versions)) or "none"
    raise InputError(f"There is no model version {number}; there are: {known}.")


def check_version(registry: Registry, version: ModelVersion, *, recipe: Recipe) -> None:
    """Fetch the version and load it as the predictor would; raises ModelRefused."""
    with TemporaryDirectory() as folder:
        files = registry.download(version, Path(folder) / "classifier")
        try:
            load(files, recipe=recipe, sha256=version.sha256)
        except ModelRefused as error:
            raise ModelRefused(f"Model version {version.number} is refused. {error}") from error
