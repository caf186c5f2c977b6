"""Register the first model, so that a new home has one."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from sake_ray.classifier import Classifier
from sake_ray.domain.texts import Recipe
from sake_ray.registry import Registry
from sake_ray.registry.runs import CORPUS_TAG, GENERATED
from sake_ray.registry.versions import ModelVersion
from sake_ray.train.first_model.numbers import load_first_model


def ensure_champion(
    registry: Registry, *, recipe: Recipe, register: Callable[[str], ModelVersion], on_stage: Callable[[str], None]
) -> ModelVersion:
    """Find the model version that serves; in an empty home log, register and promote the first one."""
    registry.prepare()
    version = registry.champion.get()
    if version is None:
        on_stage("There is no model yet: registering the first one, fitted on generated documents…")
        version = register(_log_first_model(registry, recipe))
        registry.champion.promote(version.number)
    return version


def load_champion(
    registry: Registry, home: Path, *, recipe: Recipe, on_stage: Callable[[str], None]
) -> tuple[ModelVersion, Classifier]:
    """Load the version that serves; make the first one when there is none."""
    version = ensure_champion(registry, recipe=recipe, register=registry.versions.register, on_stage=on_stage)
    return version, registry.versions.load(version, home / "models", recipe=recipe)


def _log_first_model(registry: Registry, recipe: Recipe) -> str:
    classifier, documents = load_first_model(recipe)
    with TemporaryDirectory() as folder:
        classifier.save(Path(folder) / "classifier", created=datetime.now(UTC))
        return registry.trainings.log(
            Path(folder) / "classifier",
            name="first model",
            parameters=asdict(classifier.parameters),
            metrics={"documents": documents},
            tags={CORPUS_TAG: GENERATED},
        )
