"""Make the first model, so that there is one from the start."""

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


def champion_version(
    registry: Registry, *, recipe: Recipe, register: Callable[[str], ModelVersion], on_stage: Callable[[str], None]
) -> ModelVersion:
    """The model version that serves; in an empty home the first one is made, registered and promoted."""
    registry.prepare()
    version = registry.champion.get()
    if version is None:
        on_stage("There is no model yet: making the first one from generated documents…")
        version = register(_log_first_model(registry, recipe))
        registry.champion.promote(version.number)
    return version


def champion_classifier(
    registry: Registry, home: Path, *, recipe: Recipe, on_stage: Callable[[str], None]
) -> tuple[ModelVersion, Classifier]:
    """The version that serves, loaded; made first when there is none."""
    version = champion_version(registry, recipe=recipe, register=registry.versions.register, on_stage=on_stage)
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
