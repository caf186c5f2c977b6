"""Measure how good a classifier is on documents it has not seen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sake_ray.errors import InputError

Floats = NDArray[np.float64]
SMALLEST = 1e-15
"""A probability of nothing would make one mistake cost infinitely much."""
BINS = 15
"""Guo et al. 2017, On Calibration of Modern Neural Networks."""
PRECISION = 0.99


@dataclass(frozen=True, slots=True)
class LabelMetrics:
    """How one label is told: of what was called so how much is so, of what is so how much was called so (0–1)."""

    precision: float
    recall: float
    f1: float
    documents: int


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What a classifier is worth.

    `calibration_error` is how far confidence and truth are apart on average; `coverage` the share of documents that could go
    without review so that 99 % of them are right. `confusion[i][j]` counts documents of label i that were called label j.
    """

    documents: int
    accuracy: float
    macro_f1: float
    log_loss: float
    calibration_error: float
    coverage: float
    labels: Mapping[str, LabelMetrics]
    confusion: tuple[tuple[int, ...], ...]

    @property
    def measures(self) -> dict[str, float]:
        """The single figures, by name, for logs and files."""
        return {
            "accuracy": self.accuracy,
            "macro_f1": self.macro_f1,
            "log_loss": self.log_loss,
            "calibration_error": self.calibration_error,
            "coverage_at_99": self.coverage,
        }


def evaluate(truth: Sequence[str], chances: Floats, labels: Sequence[str]) -> Evaluation:
    """Compare true labels with the probabilities of `labels`, one row a document.

    A true label the classifier does not know counts as wrong at the smallest probability. Raises InputError without documents.
    """
    if not truth or chances.shape != (len(truth), len(labels)):
        raise InputError("An evaluation needs documents, and for each a probability of every label.")
    names = [*labels, *sorted(set(truth) - set(labels))]
    true = np.array([names.index(label) for label in truth])
    called = chances.argmax(axis=1)
    right = true == called
    confusion = np.zeros((len(names), len(names)), dtype=np.int64)
    np.add.at(confusion, (true, called), 1)
    scores = {name: score_label(confusion, index) for index, name in enumerate(names)}
    # A label without any document says nothing of the classifier.
    seen = [score.f1 for score in scores.values() if score.documents]
    confidence = chances.max(axis=1)
    return Evaluation(
        documents=len(truth),
        accuracy=float(right.mean()),
        macro_f1=float(np.mean(seen)),
        log_loss=float(-np.log(np.maximum(chance_of_truth(true, chances), SMALLEST)).mean()),
        calibration_error=calibration_error(confidence, right),
        coverage=coverage_at(confidence, right, PRECISION),
        labels=scores,
        confusion=tuple(tuple(int(count) for count in row) for row in confusion),
    )


def score_label(confusion: NDArray[np.integer[Any]], index: int) -> LabelMetrics:
    """Score one label; what was never called or never there scores 0."""
    hits, called, there = confusion[index, index], confusion[:, index].sum(), confusion[index].sum()
    precision = float(hits / called) if called else 0.0
    recall = float(hits / there) if there else 0.0
    f1 = 2 * precision * recall / (precision + recall) if hits else 0.0
    return LabelMetrics(precision, recall, f1, int(there))


def chance_of_truth(true: NDArray[np.integer[Any]], chances: Floats) -> Floats:
    """The probability each document's true label was given; nothing for a label that is not known."""
    known = true < chances.shape[1]
    result = np.zeros(len(true))
    result[known] = chances[known, true[known]]
    return result


def calibration_error(confidence: Floats, right: NDArray[np.bool_]) -> float:
    """Average the distance between confidence and the share that is right over 15 parts of equal size."""
    order = np.argsort(confidence, kind="stable")
    parts = [part for part in np.array_split(order, min(BINS, len(order))) if len(part)]
    apart = [abs(confidence[part].mean() - right[part].mean()) * len(part) for part in parts]
    return float(sum(apart) / len(order))


def coverage_at(confidence: Floats, right: NDArray[np.bool_], precision: float) -> float:
    """The largest share of documents above some confidence of which `precision` is right."""
    order = np.argsort(-confidence, kind="stable")
    ranked = confidence[order]
    accepted = np.arange(1, len(order) + 1)
    fine = right[order].cumsum() / accepted >= precision
    # A threshold takes all documents of the same confidence, or none of them.
    last_of_equals = np.append(ranked[1:] < ranked[:-1], True)
    possible = accepted[fine & last_of_equals]
    return float(possible.max() / len(order)) if len(possible) else 0.0
