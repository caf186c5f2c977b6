"""Turn raw scores into calibrated probabilities (temperature scaling)."""

from collections.abc import Sequence

import numpy as np

from sake_ray.classifier.vectorized_corpus import Ints
from sake_ray.classifier.vectorizer import Floats

DEFAULT_TEMPERATURE = 1.0
"""Where nothing could be held out to fit it."""

HoldoutScores = tuple[Floats, Ints]
"""Scores of documents that the model was not fitted on, and their true targets."""


def to_probabilities(scores: Floats, temperature: float, *, label_smoothing: float = 0.0) -> Floats:
    """Turn scores into probabilities that sum to 1; all labels share `label_smoothing` equally."""
    scaled = scores / temperature
    # The softmax of scipy.special, whose import takes a while.
    shares = np.exp(scaled - scaled.max(axis=1, keepdims=True, initial=-np.inf))
    probabilities = shares / shares.sum(axis=1, keepdims=True)
    return np.asarray((1 - label_smoothing) * probabilities + label_smoothing / scores.shape[1])


def fit_temperature(held_out: Sequence[HoldoutScores], label_smoothing: float) -> float:
    """Find the temperature that minimises the negative log likelihood of held-out documents (Guo et al. 2017).

    The true label counts as 1 - `label_smoothing`, all labels share the rest. Generated documents are told apart without an
    error, which would otherwise make every probability 0 or 1.
    """
    from scipy.optimize import minimize_scalar

    if not held_out:
        return DEFAULT_TEMPERATURE

    def nll(log_temperature: float) -> float:
        total = 0.0
        for scores, targets in held_out:
            log_likelihood = np.log(np.maximum(to_probabilities(scores, np.exp(log_temperature)), 1e-12))
            true = log_likelihood[np.arange(len(targets)), targets]
            total -= float(((1 - label_smoothing) * true + label_smoothing * log_likelihood.mean(axis=1)).sum())
        return total

    return float(np.exp(minimize_scalar(nll, bounds=(np.log(0.02), np.log(50.0)), method="bounded").x))
