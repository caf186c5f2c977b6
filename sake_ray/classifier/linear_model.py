"""Fit the linear model behind the classifier, and compute its scores."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from sake_ray.classifier.parameters import Hyperparameters
from sake_ray.classifier.vectorized_corpus import Ints
from sake_ray.classifier.vectorizer import Floats, Matrix

MAX_TOLERANCE, RELATIVE_TOLERANCE = 1e-3, 0.02
"""A fit stops at a gradient this small, or at this share of the initial gradient, which many short texts make small from the
start (with 0.02 the log loss was within 0.001 of its final value; MAX_TOLERANCE alone learnt nothing from 10,000 texts of 15
rare words)."""


def fit_linear_model(matrix: Matrix, targets: Ints, parameters: Hyperparameters, *, seed: int) -> Floats:
    """Fit the coefficients: one row for each label, without an intercept (the bias is a column)."""
    # Importing scikit-learn costs seconds, and `sake --help` passes through this module.
    from sklearn.linear_model import LogisticRegression
    from sklearn.svm import LinearSVC

    class_weights = compute_class_weights(np.bincount(targets))
    settings: dict[str, Any] = {
        "C": parameters.c, "fit_intercept": False, "class_weight": class_weights, "random_state": seed,
    }  # fmt: skip
    if parameters.model == "svm":
        model: Any = LinearSVC(**settings)
    else:
        gradient = measure_initial_gradient(matrix, targets, class_weights)
        model = LogisticRegression(tol=min(MAX_TOLERANCE, RELATIVE_TOLERANCE * gradient), max_iter=500, **settings)
    model.fit(matrix, targets)
    return to_coef_rows(model)


def measure_initial_gradient(matrix: Matrix, targets: Ints, class_weights: Mapping[int, float]) -> float:
    """The largest partial derivative of the logistic loss, averaged over all rows, where all coefficients are still 0."""
    labels = len(class_weights)
    sample_weights = np.array([class_weights[label] for label in range(labels)])[targets]
    residuals = np.eye(labels)[targets] - 1 / labels
    gradient = matrix.T @ (residuals * (sample_weights / sample_weights.sum())[:, None])
    return float(np.abs(gradient).max())


def compute_class_weights(sizes: Ints) -> dict[int, float]:
    """The weight of a document of each label: by the square root, so that rare labels count more without dominating."""
    return {label: float(np.sqrt(sizes.mean() / size)) for label, size in enumerate(sizes)}


def to_coef_rows(model: Any) -> Floats:
    """A row of coefficients for each label of a fitted linear model: of two labels scikit-learn has the second's only."""
    coef: Floats = model.coef_.astype(np.float64)
    return np.vstack([-coef / 2, coef / 2]) if len(coef) == 1 else coef


def decision_function(matrix: Matrix, coef: Floats) -> Floats:
    """Compute the raw score of each label, one row a document."""
    return np.asarray(matrix @ coef.T, dtype=np.float64)
