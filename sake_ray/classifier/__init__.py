"""Tell the label of a document from what was read of it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import numpy as np

from sake_ray.classifier.explanation import Explanation, name_cues, strongest, weigh_words
from sake_ray.classifier.fitting import FittedModel, learn, score, to_probabilities
from sake_ray.classifier.manifest import Manifest, read_manifest, recipe_difference
from sake_ray.classifier.model_files import check_files, read_model, write_model
from sake_ray.classifier.parameters import Hyperparameters
from sake_ray.classifier.text_features import TextFeatures, extract_features
from sake_ray.classifier.training_set import TrainingSet
from sake_ray.classifier.vectorizer import Floats, Matrix, NgramVectorizer, weigh
from sake_ray.domain.texts import DocumentText, Recipe
from sake_ray.domain.verdicts import OTHER, Policy, Verdict
from sake_ray.errors import InputError

__all__ = ["Classifier", "Explanation", "Hyperparameters", "Manifest", "check_files", "fit", "load", "read_manifest"]

NO_TEXT = "No text could be read; please scan it again."
ROWS_AT_ONCE = 1000


@dataclass(frozen=True, slots=True, eq=False)
class Classifier:
    """A trained classifier; `sha256` names its saved form, empty before it was loaded."""

    labels: tuple[str, ...]
    recipe: Recipe
    parameters: Hyperparameters
    learned: FittedModel
    sha256: str = ""
    counter: NgramVectorizer = field(init=False)

    def __post_init__(self) -> None:
        """Build the counter once: its vocabulary is large."""
        object.__setattr__(self, "counter", NgramVectorizer(self.learned.vocabulary, self.parameters))

    def predict(self, texts: Sequence[DocumentText], *, policy: Policy) -> list[Verdict]:
        """Judge many documents at once, in their order; one without text gets no label."""
        verdicts: list[Verdict] = []
        for start in range(0, len(texts), ROWS_AT_ONCE):
            glimpses = [extract_features(text) for text in texts[start : start + ROWS_AT_ONCE]]
            chances = self.chances(self.rows(glimpses))
            verdicts += [self.judge(*pair, policy) for pair in zip(glimpses, chances, strict=True)]
        return verdicts

    def judge(self, glimpse: TextFeatures, chances: Floats, policy: Policy) -> Verdict:
        """Choose the label of one document and whether a person should look."""
        probabilities = {label: float(chance) for label, chance in zip(self.labels, chances, strict=True)}
        if glimpse.empty:
            return Verdict(None, None, {}, True, NO_TEXT, scant=True)
        # Without any evidence all labels are level: then it is none of them.
        label = max(self.labels, key=lambda name: (probabilities[name], name == OTHER))
        scant = len(glimpse.tokens) < policy.min_tokens
        doubtful = policy.wants_person(label, probabilities[label], scant=scant)
        return Verdict(label, probabilities[label], probabilities, doubtful, scant=scant)

    def explain(self, text: DocumentText, *, label: str | None = None, most: int = 20) -> Explanation:
        """Say what each word adds to the raw score of a label, by default of the likeliest one.

        Keeps the `most` strongest words. Raises InputError for a label this classifier does not know.
        """
        if label is not None and label not in self.labels:
            raise InputError(f"This model knows no label {label!r}; its labels are {', '.join(self.labels)}.")
        glimpse = extract_features(text)
        row = self.rows([glimpse])
        if label is None:
            label = self.judge(glimpse, self.chances(row)[0], Policy()).label
        if label is None:
            return Explanation(None, 0.0, (), 0.0, {}, 0.0)
        shares = np.zeros(self.learned.vocabulary.columns)
        shares[row.indices] = row.data * self.learned.weights[self.labels.index(label), row.indices].astype(np.float64)
        words, others = strongest(glimpse, weigh_words(glimpse, shares, self.learned.vocabulary, self.counter), most)
        cues, bias = name_cues(shares)
        return Explanation(label, float(shares.sum()), words, others, cues, bias)

    def rows(self, glimpses: Sequence[TextFeatures]) -> Matrix:
        """Turn documents into rows of numbers; one without text is all zeros."""
        return weigh(self.counter.count(glimpses), self.learned.weighing, self.parameters)

    def chances(self, rows: Matrix) -> Floats:
        """Compute the probability of each label."""
        scores = score(rows, self.learned.weights)
        return to_probabilities(scores, self.learned.temperature, doubt=self.parameters.doubt)

    def save(self, folder: Path, *, created: datetime) -> str:
        """Write model.skops and manifest.json; return the sha256 of the manifest, which names the whole."""
        return write_model(folder, self.labels, self.recipe, self.parameters, self.learned, created=created)


def fit(
    texts: Sequence[DocumentText],
    labels: Sequence[str],
    *,
    parameters: Hyperparameters = Hyperparameters(),  # noqa: B008 - frozen
    seed: int = 7,
    groups: Sequence[str] | None = None,
) -> Classifier:
    """Train on labelled documents; the same seed gives the same classifier.

    Documents of one group (copies of one form, pages of one file) never judge each other. Documents without text are
    left out. Each text is looked at once, in order, so `texts` may load them one by one. Raises InputError.
    """
    recipe: Recipe | None = None
    glimpses = []
    for text in texts:
        recipe = recipe or text.recipe
        if difference := recipe_difference(recipe, text.recipe):
            raise InputError(f"The documents to train on were read in two ways: {difference}; read them again.")
        glimpses.append(extract_features(text))
    bonds = [f"group {group}" for group in groups] if groups else [f"row {index}" for index in range(len(glimpses))]
    lessons = TrainingSet.of(glimpses, labels, bonds)
    assert recipe is not None
    learned = learn(lessons.glimpses, lessons.numbers, lessons.groups, parameters, seed=seed)
    return Classifier(lessons.labels, recipe, parameters, learned)


def load(folder: Path, *, recipe: Recipe | None, sha256: str | None = None) -> Classifier:
    """Read a saved classifier, after checking all there is to check.

    `recipe` is how documents are read here, `sha256` what `save` returned. Raises ModelRefused with what differs.
    """
    manifest = read_manifest(folder, recipe=recipe, sha256=sha256)
    learned = read_model(folder, manifest)
    return Classifier(manifest.labels, manifest.recipe, manifest.parameters, learned, manifest.sha256)
