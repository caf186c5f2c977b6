"""Fit a model on a training set: vocabulary, inverse document frequencies, coefficients and temperature."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sake_ray.classifier.calibration import HoldoutScores, fit_temperature
from sake_ray.classifier.linear_model import decision_function, fit_linear_model
from sake_ray.classifier.parameters import Hyperparameters
from sake_ray.classifier.training_set import TrainingSet
from sake_ray.classifier.vectorized_corpus import CorpusLayout, VectorizedCorpus, vectorize_corpus
from sake_ray.classifier.vectorizer import Floats, IdfWeights, Vocabulary, fit_idf, transform_counts

SINGLE_HOLDOUT_ROWS = 10_000
"""Of a corpus with more rows, one fold is enough to fit the temperature."""


@dataclass(frozen=True, slots=True, eq=False)
class FittedModel:
    """What a fit produces: the columns and their weighting, a row of coefficients for each label, and the temperature."""

    vocabulary: Vocabulary
    idf: IdfWeights
    coef: Floats
    temperature: float


def fit_model(training_set: TrainingSet, parameters: Hyperparameters, *, seed: int) -> FittedModel:
    """Fit the coefficients on all documents, and the temperature on scores of held-out documents.

    Both also see augmented copies.
    """
    corpus = vectorize_corpus(
        training_set.features, training_set.targets, training_set.groups, parameters, seed=seed
    )  # fmt: skip
    held_out = [score_holdout(corpus, fold, parameters, seed=seed) for fold in select_folds(corpus)]
    return fit_final_model(corpus, held_out, parameters, seed=seed)


def select_folds(corpus: VectorizedCorpus) -> range:
    """The folds to hold out in turn; of a large corpus only one."""
    return range(1 if len(corpus.targets) > SINGLE_HOLDOUT_ROWS else int(corpus.folds.max()) + 1)


def score_holdout(
    corpus: VectorizedCorpus, fold: int, parameters: Hyperparameters, *, seed: int
) -> HoldoutScores | None:
    """Score the documents of a fold by a model of all others; None where either has nothing to fit or to score."""
    held_out = select_holdout_rows(corpus, fold)
    if not held_out.any():
        return None
    training = corpus.folds != fold
    idf, coef = fit_rows(corpus, training, parameters, seed=seed)
    scores = decision_function(transform_counts(corpus.counts[held_out], idf, parameters), coef)
    return scores, np.searchsorted(np.unique(corpus.targets[training]), corpus.targets[held_out])


def select_holdout_rows(corpus: VectorizedCorpus | CorpusLayout, fold: int) -> NDArray[np.bool_]:
    """The rows of a fold whose label a model of all others can know; none where that has nothing to fit."""
    training = corpus.folds != fold
    present = np.unique(corpus.targets[training])
    return np.asarray(~training & np.isin(corpus.targets, present) & (len(present) > 1), dtype=np.bool_)


def fit_final_model(
    corpus: VectorizedCorpus, held_out: Sequence[HoldoutScores | None], parameters: Hyperparameters, *, seed: int
) -> FittedModel:
    """Fit on all rows; the temperature comes from the scores of held-out rows."""
    everything = np.ones(len(corpus.targets), dtype=bool)
    idf, coef = fit_rows(corpus, everything, parameters, seed=seed)
    temperature = fit_temperature([each for each in held_out if each], parameters.label_smoothing)
    return FittedModel(corpus.vocabulary, idf, coef.astype(np.float32), temperature)


def fit_rows(
    corpus: VectorizedCorpus, rows: NDArray[np.bool_], parameters: Hyperparameters, *, seed: int
) -> tuple[IdfWeights, Floats]:
    """Fit on some rows, given as a mask: the document frequencies, and a row of coefficients for each label among them."""
    idf = fit_idf(corpus.counts[rows & corpus.original], parameters)
    _, targets = np.unique(corpus.targets[rows], return_inverse=True)
    return idf, fit_linear_model(transform_counts(corpus.counts[rows], idf, parameters), targets, parameters, seed=seed)
