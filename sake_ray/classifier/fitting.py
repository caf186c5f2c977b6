"""Learn a classifier from labelled documents."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sake_ray.classifier.parameters import Hyperparameters
from sake_ray.classifier.text_features import PAGE_CUES, TextFeatures, augment
from sake_ray.classifier.vectorizer import (
    Floats,
    IdfWeights,
    Matrix,
    NgramCounts,
    NgramVectorizer,
    Vocabulary,
    count_cues,
    learn_vocabulary,
    learn_weighing,
    weigh,
)

Ints = NDArray[np.integer[Any]]
UNKNOWN_TEMPERATURE = 1.0
MAX_COPIED = 3_000
MANY_ROWS = 10_000
FLATTEST, FLAT_SHARE = 1e-3, 0.02
"""A fit ends where the slope is so small, or this share of what it was at first: of many short texts it is small from the start
(with 0.02 the log loss was within 0.001 of where it ends; FLATTEST alone learnt nothing of 10,000 texts of 15 rare words)."""


@dataclass(frozen=True, slots=True, eq=False)
class FittedModel:
    """What a training gives: the columns, their weighing, a row of weights for each label, and the temperature."""

    vocabulary: Vocabulary
    weighing: IdfWeights
    weights: Floats
    temperature: float


@dataclass(frozen=True, slots=True, eq=False)
class VectorizedCorpus:
    """A corpus in numbers: all that a training begins with, a row a document or worn copy.

    `targets` are the labels, counted from 0 without a gap; rows of one fold are held out together; `original` is False for
    copies.
    """

    vocabulary: Vocabulary
    counts: NgramCounts
    targets: Ints
    folds: Ints
    original: NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class CorpusLayout:
    """What of a prepared corpus does not depend on the vocabulary; the fields are those of `VectorizedCorpus`."""

    cues: Floats
    targets: Ints
    folds: Ints
    original: NDArray[np.bool_]


HoldoutScores = tuple[Floats, Ints]
"""Scores of documents that the model has not seen, and what they truly are."""


def prepare(
    glimpses: Sequence[TextFeatures], numbers: Ints, groups: Sequence[str], parameters: Hyperparameters, *, seed: int
) -> VectorizedCorpus:
    """Learn the vocabulary and count it in all documents and in worn copies of them."""
    vocabulary = learn_vocabulary(glimpses, parameters, seed=seed)
    shown, laid = show(glimpses, numbers, groups, parameters, seed=seed)
    counts = NgramVectorizer(vocabulary, parameters).count(shown)
    return VectorizedCorpus(vocabulary, replace(counts, cues=laid.cues), laid.targets, laid.folds, laid.original)


def show(
    glimpses: Sequence[TextFeatures], numbers: Ints, groups: Sequence[str], parameters: Hyperparameters, *, seed: int
) -> tuple[list[TextFeatures], CorpusLayout]:
    """Make the worn copies and divide all into folds; documents come first."""
    # Where there are thousands of real ones, copies cost time and teach nothing.
    copies = parameters.copies if len(glimpses) <= MAX_COPIED else 0
    shown = [*glimpses, *make_copies(glimpses, copies, seed=seed)]
    cues = count_cues(shown)
    mix_page_cues(cues, len(glimpses), seed=seed)
    targets = np.tile(numbers, copies + 1)
    folds = np.tile(share_out(numbers, groups, parameters.folds, seed=seed), copies + 1)
    return shown, CorpusLayout(cues, targets, folds, original=np.arange(len(shown)) < len(glimpses))


def learn(
    glimpses: Sequence[TextFeatures], numbers: Ints, groups: Sequence[str], parameters: Hyperparameters, *, seed: int
) -> FittedModel:
    """Learn the weights on all documents, and the temperature on scores of documents that a model has not seen.

    Both also see worn copies. `numbers` are the labels, counted from 0 without a gap.
    """
    prepared = prepare(glimpses, numbers, groups, parameters, seed=seed)
    held_out = [hold_out(prepared, fold, parameters, seed=seed) for fold in folds_of(prepared)]
    return finish(prepared, held_out, parameters, seed=seed)


def folds_of(prepared: VectorizedCorpus) -> range:
    """The folds to hold out in turn; of a large corpus one tells the temperature well enough."""
    return range(1 if len(prepared.targets) > MANY_ROWS else int(prepared.folds.max()) + 1)


def hold_out(prepared: VectorizedCorpus, fold: int, parameters: Hyperparameters, *, seed: int) -> HoldoutScores | None:
    """Score the documents of a fold by a model of all others; None where either has nothing to learn or to tell."""
    tested = rows_to_test(prepared, fold)
    if not tested.any():
        return None
    training = prepared.folds != fold
    weighing, weights = learn_weights(prepared, training, parameters, seed=seed)
    scores = score(weigh(prepared.counts[tested], weighing, parameters), weights)
    return scores, np.searchsorted(np.unique(prepared.targets[training]), prepared.targets[tested])


def rows_to_test(prepared: VectorizedCorpus | CorpusLayout, fold: int) -> NDArray[np.bool_]:
    """The rows of a fold of which a model of all others can know the label; none where it has nothing to learn."""
    training = prepared.folds != fold
    present = np.unique(prepared.targets[training])
    return np.asarray(~training & np.isin(prepared.targets, present) & (len(present) > 1), dtype=np.bool_)


def finish(
    prepared: VectorizedCorpus, held_out: Sequence[HoldoutScores | None], parameters: Hyperparameters, *, seed: int
) -> FittedModel:
    """Learn from all rows; the temperature comes from those that were held out."""
    everything = np.ones(len(prepared.targets), dtype=bool)
    weighing, weights = learn_weights(prepared, everything, parameters, seed=seed)
    temperature = fit_temperature([each for each in held_out if each], parameters.doubt)
    return FittedModel(prepared.vocabulary, weighing, weights.astype(np.float32), temperature)


def learn_weights(
    prepared: VectorizedCorpus, rows: NDArray[np.bool_], parameters: Hyperparameters, *, seed: int
) -> tuple[IdfWeights, Floats]:
    """Fit on some rows, given as a mask: how n-grams are weighed, and a row of weights for each label among them."""
    weighing = learn_weighing(prepared.counts[rows & prepared.original], parameters)
    _, fitted = np.unique(prepared.targets[rows], return_inverse=True)
    return weighing, fit_weights(weigh(prepared.counts[rows], weighing, parameters), fitted, parameters, seed=seed)


def make_copies(glimpses: Sequence[TextFeatures], copies: int, *, seed: int) -> list[TextFeatures]:
    """Copy every document as poor scans would show it, each with a random of its own."""
    return [
        augment(glimpse, Random(f"{seed}-{copy}-{index}"))
        for copy in range(copies)
        for index, glimpse in enumerate(glimpses)
    ]


def mix_page_cues(cues: Floats, originals: int, *, seed: int) -> None:
    """Give each copy the page cues of another: generated paper must not give a label away."""
    page = slice(-len(PAGE_CUES), None)
    order = originals + np.random.default_rng(seed).permutation(len(cues) - originals)
    cues[originals:, page] = cues[order, page]


def share_out(numbers: Ints, groups: Sequence[str], folds: int, *, seed: int) -> Ints:
    """Give each row a fold: every group whole, every label spread as evenly as its groups allow.

    scikit-learn's StratifiedGroupKFold refuses labels with fewer groups than folds.
    """
    members: dict[str, list[int]] = {}
    for row, group in enumerate(groups):
        members.setdefault(group, []).append(row)
    order = list(members)
    Random(seed).shuffle(order)
    order.sort(key=lambda group: -len(members[group]))
    load = np.zeros((folds, int(numbers.max()) + 1))
    result = np.zeros(len(numbers), dtype=np.int64)
    for group in order:
        rows = members[group]
        fold = int(np.argmin(load[:, numbers[rows]].sum(axis=1) + load.sum(axis=1) / (1 + load.sum())))
        result[rows] = fold
        np.add.at(load[fold], numbers[rows], 1)
    return result


def fit_weights(matrix: Matrix, targets: Ints, parameters: Hyperparameters, *, seed: int) -> Floats:
    """Fit the linear model: one row of weights a label, without an intercept (the bias is a column)."""
    # Importing scikit-learn costs seconds, and `sake --help` passes through this module.
    from sklearn.linear_model import LogisticRegression
    from sklearn.svm import LinearSVC

    balance = balance_of(np.bincount(targets))
    settings: dict[str, Any] = {
        "C": parameters.c, "fit_intercept": False, "class_weight": balance, "random_state": seed,
    }  # fmt: skip
    if parameters.model == "svm":
        model: Any = LinearSVC(**settings)
    else:
        flat = min(FLATTEST, FLAT_SHARE * first_slope(matrix, targets, balance))
        model = LogisticRegression(tol=flat, max_iter=500, **settings)
    model.fit(matrix, targets)
    return rows_of_weights(model)


def first_slope(matrix: Matrix, targets: Ints, balance: Mapping[int, float]) -> float:
    """The steepest slope of the logistic loss, the mean over all rows, where all weights are still 0."""
    labels = len(balance)
    counting = np.array([balance[label] for label in range(labels)])[targets]
    missing = np.eye(labels)[targets] - 1 / labels
    slopes = matrix.T @ (missing * (counting / counting.sum())[:, None])
    return float(np.abs(slopes).max())


def balance_of(sizes: Ints) -> dict[int, float]:
    """How much a document of each label counts: by the square root, so that a label of two is heard and does not shout."""
    return {label: float(np.sqrt(sizes.mean() / size)) for label, size in enumerate(sizes)}


def rows_of_weights(model: Any) -> Floats:
    """A row of weights for each label of a fitted linear model: of two labels scikit-learn keeps the second's only."""
    weights: Floats = model.coef_.astype(np.float64)
    return np.vstack([-weights / 2, weights / 2]) if len(weights) == 1 else weights


def score(matrix: Matrix, weights: Floats) -> Floats:
    """Compute the raw score of each label, a row a document."""
    return np.asarray(matrix @ weights.T, dtype=np.float64)


def to_probabilities(scores: Floats, temperature: float, *, doubt: float = 0.0) -> Floats:
    """Turn scores into probabilities that sum to 1; `doubt` is the share that all labels get alike."""
    heated = scores / temperature
    powers = np.exp(heated - heated.max(axis=1, keepdims=True))
    chances = powers / powers.sum(axis=1, keepdims=True)
    return np.asarray((1 - doubt) * chances + doubt / scores.shape[1])


def fit_temperature(held_out: Sequence[tuple[Floats, Ints]], doubt: float) -> float:
    """Find the temperature under which the scores of unseen documents are most likely (Guo et al. 2017).

    The truth counts as 1 - `doubt`, the rest is shared by all labels: generated documents are told apart without an
    error, which would make every belief a certainty.
    """
    from scipy.optimize import minimize_scalar

    if not held_out:
        return UNKNOWN_TEMPERATURE

    def surprise(log_temperature: float) -> float:
        total = 0.0
        for scores, truth in held_out:
            likely = np.log(np.maximum(to_probabilities(scores, np.exp(log_temperature)), 1e-12))
            right = likely[np.arange(len(truth)), truth]
            total -= float(((1 - doubt) * right + doubt * likely.mean(axis=1)).sum())
        return total

    return float(np.exp(minimize_scalar(surprise, bounds=(np.log(0.02), np.log(50.0)), method="bounded").x))
