"""Make sure of MLflow's tables and of a model that serves."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from sake_ray.cli.apart import run_apart
from sake_ray.cli.bootstrap import find_recipe, load_settings, open_records, open_registry
from sake_ray.cli.terminal import report

if TYPE_CHECKING:
    from sake_ray.domain.texts import Recipe
    from sake_ray.registry import Registry
    from sake_ray.settings import Settings
    from sake_ray.storage.records import Records


def ensure_model(
    settings: "Settings",
    registry: "Registry",
    records: "Records",
    recipe: "Recipe",
    *,
    on_stage: Callable[[str], None],
) -> None:
    """Make sure that there is a model; the predictor finds it by itself. Raises SetupError.

    What needs MLflow is done by a process that ends: this one runs as long as the service, and would hold 150 MB for it.
    """
    if registry.reads_without_mlflow and registry.champion.get():
        number = prepare_models(registry, records, recipe)
    else:
        on_stage("MLflow is asked for a model; the first one comes with the package")
        printed = run_apart("first-model", environment={"SAKE_HOME": str(settings.home)})
        number = int(printed.split()[-1])  # before it MLflow's client prints where its server shows the run
    on_stage(f"model version {number} is ready")


def first_model() -> None:
    """Make sure that a model serves, and print its version (internal)."""
    settings = load_settings()
    print(prepare_models(open_registry(settings), open_records(settings), find_recipe(settings)))  # noqa: T201 - the result


def prepare_models(registry: "Registry", records: "Records", recipe: "Recipe") -> int:
    """Make sure of MLflow's tables and of a model that serves, and finish what a kill left of a promotion; return its version."""
    from sake_ray import promotion
    from sake_ray.serve.auth import utc_now
    from sake_ray.train.first_model.model import ensure_champion

    promotion.reconcile(registry, records)
    register = partial(promotion.register, registry, records, now=utc_now())
    version = ensure_champion(registry, recipe=recipe, register=register, on_stage=report)
    promotion.adopt_versions(registry, records, now=utc_now())
    return version.number
