"""Measure a classifier on documents it has not seen, compare two of them, and say which thresholds keep a promise."""

from sake_ray.evaluation.measures import BINS, Evaluation, LabelMetrics, calibration_error, coverage_at, evaluate
from sake_ray.evaluation.paired import (
    ChangedDocument,
    LabelChange,
    MetricDifference,
    ModelOpinion,
    PairedComparison,
    compare,
)

__all__ = [
    "BINS",
    "ChangedDocument",
    "Evaluation",
    "LabelChange",
    "LabelMetrics",
    "MetricDifference",
    "ModelOpinion",
    "PairedComparison",
    "calibration_error",
    "compare",
    "coverage_at",
    "evaluate",
]  # fmt: skip
