"""Compare two classifiers on the same documents, and say how one stands against the other."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np

from sake_ray.domain.promotions import ComparisonOutcome, ComparisonVerdict
from sake_ray.errors import InputError
from sake_ray.evaluation.measures import Evaluation, Floats, LabelMetrics, evaluate

CONFIDENCE = 0.95
"""Of every interval, and of what a verdict says; the usual choice."""
MARGIN = 0.02
"""Not worse means: no more than two in a hundred documents more are wrong."""
RESAMPLES = 2000
"""Efron and Tibshirani 1993, An Introduction to the Bootstrap: a thousand at least for the ends of an interval."""


@dataclass(frozen=True, slots=True)
class ModelProbabilities:
    """What one classifier said: a probability of each of its labels, one row a document."""

    labels: tuple[str, ...]
    chances: Floats


@dataclass(frozen=True, slots=True)
class ModelOpinion:
    """What one classifier said of a document: its label, how sure it was, and how likely it held the truth, 0–1."""

    label: str
    confidence: float
    truth: float


@dataclass(frozen=True, slots=True)
class ChangedDocument:
    """A document that one of the two gets right and the other does not; `corrected` when it is the second that is right."""

    id: str
    truth: str
    before: ModelOpinion
    after: ModelOpinion
    corrected: bool


@dataclass(frozen=True, slots=True)
class LabelChange:
    """One label under both, and how many of its documents were corrected and broken."""

    before: LabelMetrics
    after: LabelMetrics
    corrected: int
    broken: int


@dataclass(frozen=True, slots=True)
class MetricDifference:
    """A measure of the second less that of the first, with the interval it lies in (95 %, paired bootstrap)."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class PairedComparison:
    """Two classifiers on the same documents; without documents nothing is known but that."""

    before: Evaluation | None
    after: Evaluation | None
    differences: Mapping[str, MetricDifference]
    labels: Mapping[str, LabelChange]
    changed: tuple[ChangedDocument, ...]
    verdict: ComparisonVerdict


def compare(
    ids: Sequence[str], truth: Sequence[str], before: ModelProbabilities, after: ModelProbabilities, *, seed: int = 7
) -> PairedComparison:
    """Compare what two classifiers said of the same documents, which neither has learned from.

    A label that a classifier does not know is one it gets wrong. The same seed gives the same intervals. Raises InputError when
    the rows are not those of the documents.
    """
    if not len(ids) == len(truth) == len(before.chances) == len(after.chances):
        raise InputError("Two classifiers are compared on the same documents: a row of each for every one.")
    if not ids:
        return PairedComparison(None, None, {}, {}, (), ComparisonVerdict(ComparisonOutcome.TOO_FEW))
    first, second = evaluate(truth, before.chances, before.labels), evaluate(truth, after.chances, after.labels)
    pairs = zip(ids, truth, opinions(truth, before), opinions(truth, after), strict=True)
    changed = tuple(
        ChangedDocument(id, label, one, other, other.label == label)
        for id, label, one, other in pairs
        if (one.label == label) != (other.label == label)
    )
    differences = bootstrap(truth, called(before), called(after), seed=seed)
    verdict = reach_verdict(len(ids), changed, differences["macro_f1"])
    return PairedComparison(
        first, second, differences, change_by_label(first, second, truth, changed), changed, verdict
    )


def reach_verdict(documents: int, changed: Sequence[ChangedDocument], macro_f1: MetricDifference) -> ComparisonVerdict:
    """Say how the second stands against the first.

    - Worse when it breaks more than it corrects beyond chance (McNemar), or when the whole interval of the macro F1 is below
      nothing: a label with few documents may be lost without many documents being wrong.
    - Better when it corrects more than it breaks beyond chance. The macro F1 does not count in its favour: with a handful of
      documents its interval is too narrow.
    - Not worse when at most two in a hundred documents more can be wrong (Tango's interval, one-sided).
    - Too few documents to tell otherwise.
    """
    corrected = sum(each.corrected for each in changed)
    broken = len(changed) - corrected
    chance = mcnemar(corrected, broken)
    at_worst = lowest_difference(documents, corrected, broken)
    beyond_chance = chance < 1 - CONFIDENCE
    if (beyond_chance and broken > corrected) or macro_f1.high < 0:
        standing = ComparisonOutcome.WORSE
    elif beyond_chance:
        standing = ComparisonOutcome.BETTER
    else:
        standing = ComparisonOutcome.NOT_WORSE if at_worst > -MARGIN else ComparisonOutcome.TOO_FEW
    return ComparisonVerdict(standing, documents, corrected, broken, chance, at_worst)


def mcnemar(corrected: int, broken: int) -> float:
    """How likely a split as uneven as this is when both are equally good: McNemar's test (1947) in its exact form, two-sided.

    Recommended for two classifiers and one test set (Dietterich 1998, Approximate Statistical Tests, Neural Computation 10).
    """
    from scipy.stats import binomtest  # half a second

    return float(binomtest(corrected, corrected + broken).pvalue) if corrected + broken else 1.0


def lowest_difference(documents: int, corrected: int, broken: int) -> float:
    """The lower end of what the difference of the two accuracies may be, with 95 % confidence, one-sided.

    Tango's score interval for paired proportions (1998, Statistics in Medicine 17, 891–908): it holds for few documents, and when
    nothing changed sides, where a bootstrap would call any difference impossible.
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


def bootstrap(
    truth: Sequence[str], one: Sequence[str], other: Sequence[str], *, seed: int
) -> dict[str, MetricDifference]:
    """Estimate the interval of the differences of accuracy and macro F1, drawing documents, both opinions of each together.

    The percentile bootstrap (Efron and Tibshirani 1993), paired as for two systems on one test set (Koehn 2004, Statistical
    Significance Tests for Machine Translation Evaluation). Documents of the same truth and opinions are interchangeable, so
    their numbers are drawn.
    """
    kinds = Counter(zip(truth, one, other, strict=True))
    counts = np.array([list(kinds.values())], dtype=np.float64)
    random = np.random.default_rng(seed)
    drawn: Floats = random.multinomial(len(truth), counts[0] / len(truth), RESAMPLES).astype(np.float64)
    found = {}
    for name, measure in (("accuracy", _accuracy), ("macro_f1", _macro_f1)):
        before, after = ([(kind[0], kind[place]) for kind in kinds] for place in (1, 2))
        spread = measure(drawn, after) - measure(drawn, before)
        low, high = np.quantile(spread, [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2])
        value = (measure(counts, after) - measure(counts, before))[0]
        found[name] = MetricDifference(float(value), float(low), float(high))
    return found


def called(judged: ModelProbabilities) -> list[str]:
    """The likeliest label of each document."""
    return [judged.labels[place] for place in judged.chances.argmax(axis=1)]


def opinions(truth: Sequence[str], judged: ModelProbabilities) -> list[ModelOpinion]:
    """What a classifier said of each document."""
    places = {label: place for place, label in enumerate(judged.labels)}
    return [
        ModelOpinion(label, float(row.max()), float(row[places[true]]) if true in places else 0.0)
        for label, true, row in zip(called(judged), truth, judged.chances, strict=True)
    ]


def change_by_label(
    before: Evaluation, after: Evaluation, truth: Sequence[str], changed: Sequence[ChangedDocument]
) -> dict[str, LabelChange]:
    """Put the scores of both side by side, label by label; what only one of them knows scores nothing under the other."""
    nothing = LabelMetrics(0.0, 0.0, 0.0, 0)
    sides = Counter((each.truth, each.corrected) for each in changed)
    return {
        name: LabelChange(
            before.labels.get(name, nothing), after.labels.get(name, nothing), sides[name, True], sides[name, False]
        )
        for name in sorted({*before.labels, *after.labels, *truth})
    }


def _accuracy(drawn: Floats, kinds: Sequence[tuple[str, str]]) -> Floats:
    right = np.array([true == said for true, said in kinds])
    return np.asarray(drawn @ right / drawn.sum(axis=1))


def _macro_f1(drawn: Floats, kinds: Sequence[tuple[str, str]]) -> Floats:
    """The mean F1 of the labels that are there, a value for each draw."""
    total, there_in_all = np.zeros(len(drawn)), np.zeros(len(drawn))
    for label in sorted({true for true, _ in kinds}):
        there = drawn @ np.array([true == label for true, _ in kinds])
        said = drawn @ np.array([name == label for _, name in kinds])
        hits = drawn @ np.array([true == name == label for true, name in kinds])
        total += np.where(there > 0, 2 * hits / np.maximum(there + said, 1), 0.0)
        there_in_all += there > 0
    return total / there_in_all
