"""Measure how good a classifier is on documents that it was not fitted on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sake_ray.errors import InputError

Floats = NDArray[np.float64]
MIN_PROBABILITY = 1e-15
"""A probability of 0 would make one mistake cost infinitely much."""
BINS = 15
"""Guo et al. 2017, On Calibration of Modern Neural Networks."""
PRECISION = 0.99


@dataclass(frozen=True, slots=True)
class LabelMetrics:
    """Precision, recall and F1 of one label (0–1), and its support: how many documents truly have it."""

    precision: float
    recall: float
    f1: float
    documents: int


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The metrics of a classifier.

    `calibration_error` is the average distance between confidence and accuracy. `coverage` is the largest share of documents
    that could pass without review while 99 % of them are right. `confusion[i][j]` counts documents of label i that were
    predicted as label j.
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
    def metrics(self) -> dict[str, float]:
        """The metrics of all labels together, by name, for logs and files."""
        return {
            "accuracy": self.accuracy,
            "macro_f1": self.macro_f1,
            "log_loss": self.log_loss,
            "calibration_error": self.calibration_error,
            "coverage_at_99": self.coverage,
        }


def evaluate(y_true: Sequence[str], y_prob: Floats, labels: Sequence[str]) -> Evaluation:
    """Compare true labels with the predicted probabilities of `labels`, one row a document.

    A true label that the classifier does not know counts as wrong, at the smallest probability. Raises InputError without
    documents.
    """
    from sklearn.metrics import confusion_matrix  # importing scikit-learn takes a second

    if not y_true or y_prob.shape != (len(y_true), len(labels)):
        raise InputError("evaluation-input-invalid")
    names = [*labels, *sorted(set(y_true) - set(labels))]
    targets = np.array([names.index(label) for label in y_true])
    predicted, confidence = y_prob.argmax(axis=1), y_prob.max(axis=1)
    correct = targets == predicted
    by_label = evaluate_labels(targets, predicted, names)
    # A label without any document says nothing about the classifier.
    f1_of_present = [metrics.f1 for metrics in by_label.values() if metrics.documents]
    return Evaluation(
        documents=len(y_true),
        accuracy=float(correct.mean()),
        macro_f1=float(np.mean(f1_of_present)),
        log_loss=compute_log_loss(targets, y_prob),
        calibration_error=compute_calibration_error(confidence, correct),
        coverage=compute_coverage(confidence, correct, PRECISION),
        labels=by_label,
        confusion=tuple(map(tuple, confusion_matrix(targets, predicted, labels=range(len(names))).tolist())),
    )


def evaluate_labels(
    targets: NDArray[np.int64], predicted: NDArray[np.int64], names: Sequence[str]
) -> dict[str, LabelMetrics]:
    """Measure each label; a label that was never predicted has a precision of 0, one that never occurs a recall of 0."""
    from sklearn.metrics import precision_recall_fscore_support  # as above

    precisions, recalls, _, supports = precision_recall_fscore_support(
        targets, predicted, labels=range(len(names)), zero_division=0.0
    )
    return {
        name: LabelMetrics(float(precision), float(recall), compute_f1(float(precision), float(recall)), int(support))
        for name, precision, recall, support in zip(names, precisions, recalls, supports, strict=True)
    }


def compute_f1(precision: float, recall: float) -> float:
    """The harmonic mean; scikit-learn's own differs in the last bit from the figures that trainings have logged so far."""
    return 2 * precision * recall / (precision + recall) if precision and recall else 0.0


def compute_log_loss(targets: NDArray[np.int64], y_prob: Floats) -> float:
    """The mean negative log likelihood of the true labels; scikit-learn's refuses labels that the classifier does not know."""
    known = targets < y_prob.shape[1]
    likelihood = np.zeros(len(targets))
    likelihood[known] = y_prob[known, targets[known]]
    return float(-np.log(np.maximum(likelihood, MIN_PROBABILITY)).mean())


def compute_calibration_error(confidence: Floats, correct: NDArray[np.bool_]) -> float:
    """The expected calibration error: the distance between confidence and accuracy, averaged over 15 bins of equal size."""
    order = np.argsort(confidence, kind="stable")
    bins = [rows for rows in np.array_split(order, min(BINS, len(order))) if len(rows)]
    distances = [abs(confidence[rows].mean() - correct[rows].mean()) * len(rows) for rows in bins]
    return float(sum(distances) / len(order))


def compute_coverage(confidence: Floats, correct: NDArray[np.bool_], precision: float) -> float:
    """The largest share of documents above some confidence that reaches this precision."""
    order = np.argsort(-confidence, kind="stable")
    ranked = confidence[order]
    accepted = np.arange(1, len(order) + 1)
    reached = correct[order].cumsum() / accepted >= precision
    # A threshold accepts all documents of the same confidence, or none of them.
    last_of_equals = np.append(ranked[1:] < ranked[:-1], True)
    possible = accepted[reached & last_of_equals]
    return float(possible.max() / len(order)) if len(possible) else 0.0
