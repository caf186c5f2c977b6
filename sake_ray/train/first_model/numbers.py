"""Fit the first model, and read it as it comes with the package: its numbers, and what they were fitted on.

Fitting takes half a minute of CPU, of which cleaning the texts is a sixth; reading the numbers takes a tenth of a second.
"""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from sake_ray.classifier import Classifier, Hyperparameters, fit, load
from sake_ray.classifier.text_features import TextFeatures, extract_features
from sake_ray.data.cleaning import CLEANING_VERSION
from sake_ray.domain.texts import DocumentText, Recipe
from sake_ray.errors import ModelRefused
from sake_ray.files import write_atomically
from sake_ray.train.first_model import CORPUS, CORPUS_ENGINE, NUMBERS

SOURCE_FILE = "source.json"
SEED = 7
RECIPE = Recipe(CORPUS_ENGINE, "", "", 0, CLEANING_VERSION)
"""How the texts were read matters to no number, and where they are used the model carries the recipe of the place."""
NO_MOMENT = datetime.fromtimestamp(0, UTC)
"""In place of the time of fitting: the same corpus gives the same bytes."""


@dataclass(frozen=True, slots=True)
class ModelSource:
    """What a model was fitted on; `features` is the checksum of all that the classifier sees of the texts."""

    corpus: str
    features: str
    seed: int
    documents: int


def write_numbers(folder: Path = NUMBERS, *, corpus: Path = CORPUS) -> None:
    """Fit the model on a corpus, and write it: the same corpus gives the same bytes (on the same kind of CPU)."""
    texts, labels = _read_pairs(RECIPE, corpus)
    source = ModelSource(
        sha256(corpus.read_bytes()).hexdigest(), digest_features(map(extract_features, texts)), SEED, len(texts)
    )
    (folder / SOURCE_FILE).unlink(missing_ok=True)  # a kill in between leaves no source that is another model's
    fit(texts, labels, parameters=Hyperparameters(), seed=SEED).save(folder, created=NO_MOMENT)
    write_atomically(folder / SOURCE_FILE, json.dumps(asdict(source), indent=2) + "\n")


def read_source(folder: Path = NUMBERS) -> ModelSource:
    """Read what the model of a folder was fitted on."""
    return ModelSource(**json.loads((folder / SOURCE_FILE).read_bytes()))


def load_first_model(recipe: Recipe, folder: Path = NUMBERS, *, corpus: Path = CORPUS) -> tuple[Classifier, int]:
    """Load the model, for documents that are read by this recipe, and say how many it was fitted on.

    It is fitted here where the numbers do not fit.
    """
    if classifier := load_numbers(recipe, folder):
        return replace(classifier, sha256=""), read_source(folder).documents
    texts, labels = _read_pairs(recipe, corpus)
    return fit(texts, labels, parameters=Hyperparameters(), seed=SEED), len(texts)


def load_numbers(recipe: Recipe, folder: Path = NUMBERS) -> Classifier | None:
    """Load the model as it comes with the package; None where scikit-learn is of another version than the one that made it."""
    try:
        classifier = load(folder, recipe=None)
        read_source(folder)
    except (ModelRefused, OSError):
        return None
    return replace(classifier, recipe=recipe)


def _read_pairs(recipe: Recipe, corpus: Path) -> tuple[list[DocumentText], list[str]]:
    from sake_ray.train.first_model.corpus import read_corpus  # with pyarrow, for what the numbers mostly make needless

    pairs = list(read_corpus(recipe, corpus))
    return [text for text, _ in pairs], [label for _, label in pairs]


def digest_features(features: Iterable[TextFeatures]) -> str:
    """Compute the checksum of all that the classifier sees of texts: cleaning or features that changed give another."""
    digest = sha256()
    for each in features:
        digest.update(json.dumps([each.words, each.tokens, each.page_cues]).encode() + b"\n")
    return digest.hexdigest()
