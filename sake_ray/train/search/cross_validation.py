"""Measure a set of hyperparameters on held-out folds of the search set."""

from collections.abc import Mapping

import numpy as np

from sake_ray.classifier import Hyperparameters
from sake_ray.classifier.calibration import fit_temperature, to_probabilities
from sake_ray.classifier.fitting import fit_rows, select_holdout_rows
from sake_ray.classifier.linear_model import decision_function
from sake_ray.classifier.vectorized_corpus import CorpusLayout, VectorizedCorpus
from sake_ray.classifier.vectorizer import transform_counts
from sake_ray.evaluation import evaluate

MAX_FOLDS = 5


def select_trial_folds(layout: CorpusLayout) -> tuple[int, ...]:
    """Select the folds that can be measured, at most five: a fold may hold copies only, or labels that no other has."""
    folds = range(int(layout.folds.max()) + 1)
    return tuple(fold for fold in folds if (select_holdout_rows(layout, fold) & layout.original).any())[:MAX_FOLDS]


def evaluate_fold(
    corpus: VectorizedCorpus, fold: int, parameters: Hyperparameters, *, seed: int
) -> Mapping[str, float]:
    """Measure a model of all other folds on the documents of this one.

    As in a training the temperature is fitted on copies as well; only original documents are measured.
    """
    training, held_out = corpus.folds != fold, select_holdout_rows(corpus, fold)
    idf, coef = fit_rows(corpus, training, parameters, seed=seed)
    scores = decision_function(transform_counts(corpus.counts[held_out], idf, parameters), coef)
    present = np.unique(corpus.targets[training])
    truth = np.searchsorted(present, corpus.targets[held_out])
    temperature = fit_temperature([(scores, truth)], parameters.label_smoothing)
    original = corpus.original[held_out]
    labels = [str(target) for target in present]
    probabilities = to_probabilities(scores[original], temperature, label_smoothing=parameters.label_smoothing)
    evaluation = evaluate(
        [labels[target] for target in truth[original]], np.asarray(probabilities, dtype=np.float64), labels
    )
    return {"macro_f1": evaluation.macro_f1, "accuracy": evaluation.accuracy, "log_loss": evaluation.log_loss}
