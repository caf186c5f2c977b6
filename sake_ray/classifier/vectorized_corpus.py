"""Vectorize a training set: n-gram counts of all documents and of augmented copies, divided into folds."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sake_ray.classifier.parameters import Hyperparameters
from sake_ray.classifier.text_features import PAGE_CUES, TextFeatures, augment
from sake_ray.classifier.vectorizer import (
    Floats,
    NgramCounts,
    NgramVectorizer,
    Vocabulary,
    fit_vocabulary,
    stack_cues,
    stack_legibility,
)

Ints = NDArray[np.integer[Any]]
MAX_AUGMENTED = 3_000
"""A larger training set is not augmented."""


@dataclass(frozen=True, slots=True, eq=False)
class VectorizedCorpus:
    """All that a training starts from: a row for each document, then a row for each augmented copy.

    `targets` are the labels, counted from 0 without a gap. Rows of one fold are held out together. `original` is False for
    augmented copies.
    """

    vocabulary: Vocabulary
    counts: NgramCounts
    targets: Ints
    folds: Ints
    original: NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class CorpusLayout:
    """The parts of a vectorized corpus that do not depend on the vocabulary; the fields are those of `VectorizedCorpus`."""

    cues: Floats
    legibility: Floats
    targets: Ints
    folds: Ints
    original: NDArray[np.bool_]


def vectorize_corpus(
    features: Sequence[TextFeatures], targets: Ints, groups: Sequence[str], parameters: Hyperparameters, *, seed: int
) -> VectorizedCorpus:
    """Fit the vocabulary and count its n-grams in all documents and in augmented copies of them."""
    vocabulary = fit_vocabulary(features, parameters, seed=seed)
    augmented, layout = augment_corpus(features, targets, groups, parameters, seed=seed)
    counts = replace(NgramVectorizer(vocabulary, parameters).transform(augmented), cues=layout.cues)
    return VectorizedCorpus(vocabulary, counts, layout.targets, layout.folds, layout.original)


def augment_corpus(
    features: Sequence[TextFeatures], targets: Ints, groups: Sequence[str], parameters: Hyperparameters, *, seed: int
) -> tuple[list[TextFeatures], CorpusLayout]:
    """Add the augmented copies after the documents and divide all rows into folds."""
    # With thousands of real documents, augmentation costs time and improves nothing.
    copies = parameters.augmentations if len(features) <= MAX_AUGMENTED else 0
    augmented = [*features, *augment_documents(features, copies, seed=seed)]
    cues = stack_cues(augmented)
    shuffle_page_cues(cues, len(features), seed=seed)
    folds = assign_folds(targets, groups, parameters.n_splits, seed=seed)
    return augmented, CorpusLayout(
        cues,
        stack_legibility(augmented),
        targets=np.tile(targets, copies + 1),
        folds=np.tile(folds, copies + 1),
        original=np.arange(len(augmented)) < len(features),
    )


def augment_documents(features: Sequence[TextFeatures], copies: int, *, seed: int) -> list[TextFeatures]:
    """Copy every document as poor scans would show it, each with a random generator of its own."""
    return [
        augment(document, Random(f"{seed}-{copy}-{row}"))
        for copy in range(copies)
        for row, document in enumerate(features)
    ]


def shuffle_page_cues(cues: Floats, originals: int, *, seed: int) -> None:
    """Give each copy the page cues of another: the paper of generated documents must not reveal the label."""
    page = slice(-len(PAGE_CUES), None)
    order = originals + np.random.default_rng(seed).permutation(len(cues) - originals)
    cues[originals:, page] = cues[order, page]


def assign_folds(targets: Ints, groups: Sequence[str], n_splits: int, *, seed: int) -> Ints:
    """Give each row a fold: every group stays whole, every label is spread as evenly as its groups allow.

    scikit-learn's StratifiedGroupKFold refuses labels with fewer groups than folds.
    """
    members: dict[str, list[int]] = {}
    for row, group in enumerate(groups):
        members.setdefault(group, []).append(row)
    order = list(members)
    Random(seed).shuffle(order)
    order.sort(key=lambda group: -len(members[group]))
    load = np.zeros((n_splits, int(targets.max()) + 1))
    folds = np.zeros(len(targets), dtype=np.int64)
    for group in order:
        rows = members[group]
        fold = int(np.argmin(load[:, targets[rows]].sum(axis=1) + load.sum(axis=1) / (1 + load.sum())))
        folds[rows] = fold
        np.add.at(load[fold], targets[rows], 1)
    return folds
