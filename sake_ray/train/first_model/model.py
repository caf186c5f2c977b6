"""Make the first model, so that a new home has one."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from sake_ray.classifier import Classifier, Hyperparameters, fit
from sake_ray.domain.texts import Recipe
from sake_ray.registry import Registry
from sake_ray.registry.runs import CORPUS_TAG, GENERATED
from sake_ray.registry.versions import ModelVersion
from sake_ray.train.first_model.corpus import read_corpus


def ensure_champion(
    registry: Registry, *, recipe: Recipe, register: Callable[[str], ModelVersion], on_stage: Callable[[str], None]
) -> ModelVersion:
    """Find the model version that serves; in an empty home make, register and promote the first one."""
    registry.prepare()
    version = registry.champion.get()
    if version is None:
        on_stage("There is no model yet: making the first one from generated documents…")
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
    corpus = list(read_corpus(recipe))
    texts, labels = [text for text, _ in corpus], [label for _, label in corpus]
    parameters = Hyperparameters()
    classifier = fit(texts, labels, parameters=parameters)
    with TemporaryDirectory() as folder:
        classifier.save(Path(folder) / "classifier", created=datetime.now(UTC))
        return registry.trainings.log(
            Path(folder) / "classifier",
            name="first model",
            parameters=asdict(parameters),
            metrics={"documents": len(texts)},
            tags={CORPUS_TAG: GENERATED},
        )
