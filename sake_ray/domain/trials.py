"""One set of hyperparameters that a search tried."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class TrialState(StrEnum):
    """Where a trial of a search stands; stopped early, stopped with its search or failed, it was killed."""

    RUNNING = "running"
    FINISHED = "finished"
    KILLED = "killed"


@dataclass(frozen=True, slots=True)
class Trial:
    """One set of hyperparameters that a search tried: what each fold measured so far, and why it was killed."""

    number: int
    parameters: Mapping[str, object]
    folds: tuple[Mapping[str, float], ...] = ()
    state: TrialState = TrialState.RUNNING
    why: str = ""
