"""Measure a classifier on documents that it was not fitted on, compare two, and find thresholds for an error budget."""

from sake_ray.evaluation.metrics import (
    BINS,
    Evaluation,
    LabelMetrics,
    compute_calibration_error,
    compute_coverage,
    evaluate,
)
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
    "compare",
    "compute_calibration_error",
    "compute_coverage",
    "evaluate",
]  # fmt: skip
