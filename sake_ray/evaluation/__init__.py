"""Measure a classifier on documents it has not seen, compare two of them, and say which thresholds keep a promise."""

from sake_ray.evaluation.measures import BINS, Evaluation, LabelScore, calibration_error, coverage_at, evaluate
from sake_ray.evaluation.paired import Changed, Comparison, Difference, LabelChange, Opinion, compare

__all__ = [
    "BINS", "Changed", "Comparison", "Difference", "Evaluation", "LabelChange", "LabelScore", "Opinion", "calibration_error",
    "compare", "coverage_at", "evaluate",
]  # fmt: skip
