"""Compare two classifiers on the same documents, with a verdict on the second."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np

from sake_ray.domain.promotions import ComparisonOutcome, ComparisonVerdict
from sake_ray.errors import InputError
from sake_ray.evaluation.metrics import Evaluation, Floats, LabelMetrics, evaluate

CONFIDENCE = 0.95
"""Of every interval, and of the verdict; the usual choice."""
NON_INFERIORITY_MARGIN = 0.02
"""Not worse means: at most two more documents in a hundred are wrong."""
RESAMPLES = 2000
"""Efron and Tibshirani 1993, An Introduction to the Bootstrap: a thousand at least for the ends of an interval."""


@dataclass(frozen=True, slots=True)
class ModelProbabilities:
    """What one classifier predicted: a probability of each of its labels, one row a document."""

    labels: tuple[str, ...]
    probabilities: Floats


@dataclass(frozen=True, slots=True)
class ModelOpinion:
    """What one classifier predicted for a document: label, confidence, and `truth`, the probability of the true label (0–1)."""

    label: str
    confidence: float
    truth: float


@dataclass(frozen=True, slots=True)
class ChangedDocument:
    """A document that only one of the two gets right; `corrected` when that is the second."""

    id: str
    truth: str
    before: ModelOpinion
    after: ModelOpinion
    corrected: bool


@dataclass(frozen=True, slots=True)
class LabelChange:
    """One label under both classifiers, and how many of its documents were corrected and broken."""

    before: LabelMetrics
    after: LabelMetrics
    corrected: int
    broken: int


@dataclass(frozen=True, slots=True)
class MetricDifference:
    """A metric of the second minus that of the first, with its confidence interval (95 %, paired bootstrap)."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class PairedComparison:
    """Two classifiers on the same documents; without documents only the verdict is filled."""

    before: Evaluation | None
    after: Evaluation | None
    differences: Mapping[str, MetricDifference]
    labels: Mapping[str, LabelChange]
    changed: tuple[ChangedDocument, ...]
    verdict: ComparisonVerdict


def compare(
    ids: Sequence[str], y_true: Sequence[str], before: ModelProbabilities, after: ModelProbabilities, *, seed: int = 7
) -> PairedComparison:
    """Compare what two classifiers predicted for the same documents, which neither was fitted on.

    A label that a classifier does not know is one it gets wrong. The same seed gives the same intervals. Raises InputError when
    the rows are not those of the documents.
    """
    if not len(ids) == len(y_true) == len(before.probabilities) == len(after.probabilities):
        raise InputError("comparison-input-invalid")
    if not ids:
        return PairedComparison(None, None, {}, {}, (), ComparisonVerdict(ComparisonOutcome.TOO_FEW))
    first = evaluate(y_true, before.probabilities, before.labels)
    second = evaluate(y_true, after.probabilities, after.labels)
    rows = zip(ids, y_true, collect_opinions(y_true, before), collect_opinions(y_true, after), strict=True)
    changed = tuple(
        ChangedDocument(id, label, one, other, other.label == label)
        for id, label, one, other in rows
        if (one.label == label) != (other.label == label)
    )
    differences = bootstrap_differences(y_true, predict_labels(before), predict_labels(after), seed=seed)
    verdict = reach_verdict(len(ids), changed, differences["macro_f1"])
    labels = compare_labels(first, second, y_true, changed)
    return PairedComparison(first, second, differences, labels, changed, verdict)


def reach_verdict(documents: int, changed: Sequence[ChangedDocument], macro_f1: MetricDifference) -> ComparisonVerdict:
    """Decide whether the second classifier is better than the first.

    - Worse when it breaks significantly more than it corrects (McNemar), or when the whole interval of the macro F1 is below
      zero: a label with few documents may be lost without many documents being wrong.
    - Better when it corrects significantly more than it breaks. The macro F1 does not count in its favour: with a handful of
      documents its interval is too narrow.
    - Not worse when at most two more documents in a hundred can be wrong (Tango's interval, one-sided).
    - Otherwise there are too few documents to tell.
    """
    corrected = sum(document.corrected for document in changed)
    broken = len(changed) - corrected
    p_value = compute_mcnemar(corrected, broken)
    at_worst = bound_difference(documents, corrected, broken)
    significant = p_value < 1 - CONFIDENCE
    if (significant and broken > corrected) or macro_f1.high < 0:
        outcome = ComparisonOutcome.WORSE
    elif significant:
        outcome = ComparisonOutcome.BETTER
    elif at_worst > -NON_INFERIORITY_MARGIN:
        outcome = ComparisonOutcome.NOT_WORSE
    else:
        outcome = ComparisonOutcome.TOO_FEW
    return ComparisonVerdict(outcome, documents, corrected, broken, p_value, at_worst)


def compute_mcnemar(corrected: int, broken: int) -> float:
    """The p-value of McNemar's test (1947) in its exact form, two-sided: how likely so uneven a split is between equals.

    Recommended for two classifiers and one test set (Dietterich 1998, Approximate Statistical Tests, Neural Computation 10).
    """
    from scipy.stats import binomtest  # half a second

    return float(binomtest(corrected, corrected + broken).pvalue) if corrected + broken else 1.0


def bound_difference(documents: int, corrected: int, broken: int) -> float:
    """The lower bound of the difference of the two accuracies, with 95 % confidence, one-sided.

    Tango's score interval for paired proportions (1998, Statistics in Medicine 17, 891–908). It holds for few documents, and when
    no document changed sides, where a bootstrap would rule out any difference.
    """
    from scipy.optimize import brentq  # as above
    from scipy.stats import norm

    limit = float(norm.ppf(CONFIDENCE))

    def score(difference: float) -> float:
        a = 2 * documents
        b = -corrected - broken + (2 * documents - corrected + broken) * difference
        c = -broken * difference * (1 - difference)
        rate = (sqrt(max(0.0, b * b - 4 * a * c)) - b) / (2 * a)
        spread = documents * (2 * rate + difference * (1 - difference))
        return (corrected - broken - documents * difference) / sqrt(max(spread, 1e-300)) - limit

    observed, lowest = (corrected - broken) / documents, -1 + 1e-12
    return float(brentq(score, lowest, observed)) if score(lowest) > 0 else -1.0


def bootstrap_differences(
    y_true: Sequence[str], one: Sequence[str], other: Sequence[str], *, seed: int
) -> dict[str, MetricDifference]:
    """Estimate the intervals of the differences of accuracy and macro F1, drawing documents with the predictions of both.

    The percentile bootstrap (Efron and Tibshirani 1993), paired as for two systems on one test set (Koehn 2004, Statistical
    Significance Tests for Machine Translation Evaluation). Documents with the same true and predicted labels are
    interchangeable, so their numbers are drawn.
    """
    kinds = Counter(zip(y_true, one, other, strict=True))
    counts = np.array([list(kinds.values())], dtype=np.float64)
    random = np.random.default_rng(seed)
    drawn: Floats = random.multinomial(len(y_true), counts[0] / len(y_true), RESAMPLES).astype(np.float64)
    before, after = ([(kind[0], kind[place]) for kind in kinds] for place in (1, 2))
    differences = {}
    for name, measure in (("accuracy", _measure_accuracy), ("macro_f1", _measure_macro_f1)):
        spread = measure(drawn, after) - measure(drawn, before)
        low, high = np.quantile(spread, [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2])
        value = (measure(counts, after) - measure(counts, before))[0]
        differences[name] = MetricDifference(float(value), float(low), float(high))
    return differences


def predict_labels(model: ModelProbabilities) -> list[str]:
    """The likeliest label of each document."""
    return [model.labels[index] for index in model.probabilities.argmax(axis=1)]


def collect_opinions(y_true: Sequence[str], model: ModelProbabilities) -> list[ModelOpinion]:
    """What a classifier predicted for each document."""
    column = {label: index for index, label in enumerate(model.labels)}
    return [
        ModelOpinion(label, float(row.max()), float(row[column[true]]) if true in column else 0.0)
        for label, true, row in zip(predict_labels(model), y_true, model.probabilities, strict=True)
    ]


def compare_labels(
    before: Evaluation, after: Evaluation, y_true: Sequence[str], changed: Sequence[ChangedDocument]
) -> dict[str, LabelChange]:
    """Put the metrics of both side by side, label by label; a label that a classifier does not know scores 0 under it."""
    unknown = LabelMetrics(0.0, 0.0, 0.0, 0)
    sides = Counter((document.truth, document.corrected) for document in changed)
    return {
        name: LabelChange(
            before.labels.get(name, unknown), after.labels.get(name, unknown), sides[name, True], sides[name, False]
        )
        for name in sorted({*before.labels, *after.labels, *y_true})
    }


def _measure_accuracy(drawn: Floats, kinds: Sequence[tuple[str, str]]) -> Floats:
    correct = np.array([true == predicted for true, predicted in kinds])
    return np.asarray(drawn @ correct / drawn.sum(axis=1))


def _measure_macro_f1(drawn: Floats, kinds: Sequence[tuple[str, str]]) -> Floats:
    """The mean F1 of the labels that occur, one value for each resample."""
    total, labels = np.zeros(len(drawn)), np.zeros(len(drawn))
    for label in sorted({true for true, _ in kinds}):
        support = drawn @ np.array([true == label for true, _ in kinds])
        predicted = drawn @ np.array([name == label for _, name in kinds])
        hits = drawn @ np.array([true == name == label for true, name in kinds])
        total += np.where(support > 0, 2 * hits / np.maximum(support + predicted, 1), 0.0)
        labels += support > 0
    return total / labels
