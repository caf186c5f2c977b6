"""One set of hyperparameters that a search tried."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class TrialState(StrEnum):
    """The state of a trial; one that was stopped early, stopped with its search or failed was killed."""

    RUNNING = "running"
    FINISHED = "finished"
    KILLED = "killed"


@dataclass(frozen=True, slots=True)
class Trial:
    """One set of hyperparameters that a search tries: the metrics of each fold so far, and why it was killed."""

    number: int
    parameters: Mapping[str, object]
    folds: tuple[Mapping[str, float], ...] = ()
    state: TrialState = TrialState.RUNNING
    reason: str = ""
