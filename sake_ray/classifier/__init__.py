"""Classify a document by its text: fit, predict, explain, save and load."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import numpy as np

from sake_ray.classifier.calibration import to_probabilities
from sake_ray.classifier.explanation import Explanation, attribute_to_words, name_cues, select_strongest
from sake_ray.classifier.fitting import FittedModel, fit_model
from sake_ray.classifier.linear_model import decision_function
from sake_ray.classifier.manifest import Manifest, read_manifest, recipe_difference
from sake_ray.classifier.model_files import check_files, read_model, write_model
from sake_ray.classifier.parameters import Hyperparameters
from sake_ray.classifier.text_features import TextFeatures, extract_features
from sake_ray.classifier.training_set import TrainingSet
from sake_ray.classifier.vectorizer import Floats, Matrix, NgramVectorizer, transform_counts
from sake_ray.domain.drift import Profile, Traits, count_traits
from sake_ray.domain.texts import DocumentText, Recipe
from sake_ray.domain.verdicts import OTHER, Policy, Verdict
from sake_ray.errors import NOTHING, InputError, Message

__all__ = ["Classifier", "Explanation", "Hyperparameters", "Manifest", "check_files", "fit", "load", "read_manifest"]

ROWS_AT_ONCE = 1000


@dataclass(frozen=True, slots=True, eq=False)
class Classifier:
    """A fitted classifier; `sha256` names its saved form and is empty before it is loaded.

    `profile` counts what it was fitted on, so that drift away from that can be measured; empty where that is not known.
    """

    labels: tuple[str, ...]
    recipe: Recipe
    parameters: Hyperparameters
    model: FittedModel
    sha256: str = ""
    profile: Profile = field(default_factory=dict)
    vectorizer: NgramVectorizer = field(init=False)

    def __post_init__(self) -> None:
        """Build the vectorizer once: its vocabulary is large."""
        object.__setattr__(self, "vectorizer", NgramVectorizer(self.model.vocabulary, self.parameters))

    def predict(self, texts: Sequence[DocumentText], *, policy: Policy) -> list[Verdict]:
        """Classify many documents at once, in their order; one without text gets no label."""
        verdicts: list[Verdict] = []
        for start in range(0, len(texts), ROWS_AT_ONCE):
            features = [extract_features(text) for text in texts[start : start + ROWS_AT_ONCE]]
            rows = self.predict_proba(self.transform(features))
            verdicts += [self.to_verdict(document, row, policy) for document, row in zip(features, rows, strict=True)]
        return verdicts

    def to_verdict(self, document: TextFeatures, row: Floats, policy: Policy) -> Verdict:
        """Choose the label of one document by its row of probabilities, and whether it needs review."""
        probabilities = {label: float(probability) for label, probability in zip(self.labels, row, strict=True)}
        if document.empty:
            return Verdict(None, None, {}, True, Message("no-text"), scant=True)
        # Without any evidence all labels are equally likely: then it is none of them.
        label = max(self.labels, key=lambda name: (probabilities[name], name == OTHER))
        illegible = document.legibility < self.model.idf.legible
        scant = illegible or len(document.tokens) < policy.min_tokens
        needs_review = policy.requires_review(label, probabilities[label], scant=scant)
        remark = Message("text-illegible") if illegible else NOTHING
        return Verdict(label, probabilities[label], probabilities, needs_review, remark, scant=scant)

    def explain(self, text: DocumentText, *, label: str | None = None, max_words: int = 20) -> Explanation:
        """Say what each word contributes to the raw score of a label, by default of the likeliest one.

        Returns the `max_words` strongest words. Raises InputError for a label this classifier does not know.
        """
        if label is not None and label not in self.labels:
            raise InputError("label-unknown-to-model", label=label, labels=self.labels)
        document = extract_features(text)
        row = self.transform([document])
        if label is None:
            label = self.to_verdict(document, self.predict_proba(row)[0], Policy()).label
        if label is None:
            return Explanation(None, 0.0, (), 0.0, {}, 0.0)
        contributions = np.zeros(self.model.vocabulary.n_features)
        coef = self.model.coef[self.labels.index(label), row.indices]
        contributions[row.indices] = row.data * coef.astype(np.float64)
        weights = attribute_to_words(document, contributions, self.model.vocabulary, self.vectorizer)
        words, others = select_strongest(document, weights, max_words)
        cues, bias = name_cues(contributions)
        return Explanation(label, float(contributions.sum()), words, others, cues, bias)

    def transform(self, features: Sequence[TextFeatures]) -> Matrix:
        """Vectorize documents, one row each; a document without text, or without words, is all zeros."""
        return transform_counts(self.vectorizer.transform(features), self.model.idf, self.parameters)

    def predict_proba(self, rows: Matrix) -> Floats:
        """Compute the probability of each label, one row a document."""
        scores = decision_function(rows, self.model.coef)
        return to_probabilities(scores, self.model.temperature, label_smoothing=self.parameters.label_smoothing)

    def save(self, folder: Path, *, created: datetime) -> str:
        """Write the model and its manifest; return the sha256 of the manifest, which names the whole."""
        return write_model(
            folder, self.labels, self.recipe, self.parameters, self.model, created=created, profile=self.profile
        )


def fit(
    texts: Sequence[DocumentText],
    labels: Sequence[str],
    *,
    parameters: Hyperparameters = Hyperparameters(),  # noqa: B008 - frozen
    seed: int = 7,
    groups: Sequence[str] | None = None,
) -> Classifier:
    """Fit a classifier on labelled documents; the same seed gives the same classifier.

    Documents of one group (copies of one form, pages of one file) are held out together. Documents without text are left
    out. Each text is read once, in order, so `texts` may load them one by one. Raises InputError.
    """
    recipe: Recipe | None = None
    features, traits = [], []
    for number, text in enumerate(texts):
        recipe = recipe or text.recipe
        if difference := recipe_difference(recipe, text.recipe):
            raise InputError("corpus-read-in-two-ways", difference=difference)
        features.append(extract_features(text))
        # The training set says what is wrong with their numbers.
        traits.append(describe_text(text, labels[number] if number < len(labels) else ""))
    names = [f"group {group}" for group in groups] if groups else [f"row {row}" for row in range(len(features))]
    training_set = TrainingSet.build(features, labels, names)
    assert recipe is not None
    model = fit_model(training_set, parameters, seed=seed)
    return Classifier(training_set.labels, recipe, parameters, model, profile=count_traits(traits))


def describe_text(text: DocumentText, label: str) -> Traits:
    """Describe a document to learn from by what drift is measured in."""
    return Traits(label, text.language, len(text.pages), len(text.words), text.ocr_confidence)


def load(folder: Path, *, recipe: Recipe | None, sha256: str | None = None) -> Classifier:
    """Read a saved classifier, after checking all there is to check.

    `recipe` is how documents are read here, `sha256` what `save` returned. Raises ModelRefused naming what differs.
    """
    manifest = read_manifest(folder, recipe=recipe, sha256=sha256)
    model = read_model(folder, manifest)
    return Classifier(manifest.labels, manifest.recipe, manifest.parameters, model, manifest.sha256, manifest.profile)
