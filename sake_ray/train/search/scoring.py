"""Score trials by their folds, and find the best."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from sake_ray.domain.trials import Trial, TrialState

METRICS = ("macro_f1", "accuracy", "log_loss")
TIE_BREAKER = 0.001
"""How much of the log loss decides between trials of equal metric: F1 moves in steps, and stops at 1."""


def average(folds: Sequence[Mapping[str, float]], metric: str) -> float:
    """Average a metric over the folds."""
    return float(np.mean([fold[metric] for fold in folds]))


def compute_score(folds: Sequence[Mapping[str, float]], metric: str) -> float:
    """Compute what a search maximizes: the metric, and where that is equal the smaller log loss."""
    loss = average(folds, "log_loss")
    return -loss if metric == "log_loss" else average(folds, metric) - TIE_BREAKER * loss


def find_best(trials: Iterable[Trial], metric: str) -> Trial | None:
    """Find the best of the finished trials; of equals the first. None without any."""
    finished = [trial for trial in trials if trial.state is TrialState.FINISHED]
    return max(finished, key=lambda trial: (compute_score(trial.folds, metric), -trial.number), default=None)


def decide_final_state(trial: Trial, n_folds: int) -> TrialState:
    """Decide how a trial that goes no further has ended: finished when it has measured every fold, else killed."""
    return TrialState.FINISHED if len(trial.folds) >= n_folds else TrialState.KILLED


def count_ended(trials: Iterable[Trial]) -> int:
    """Count the trials that go no further."""
    return sum(trial.state is not TrialState.RUNNING for trial in trials)
