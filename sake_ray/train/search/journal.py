"""Keep the trials of a search on disk as they go, and tell which is the best: what a killed search goes on from."""

import json
import shutil
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np

from sake_ray.domain.trials import Trial, TrialState
from sake_ray.errors import InputError
from sake_ray.files import write_atomically

METRICS = ("macro_f1", "accuracy", "log_loss")
TIE = 0.001
"""How much of the log loss decides between trials that the metric cannot tell apart: F1 moves in steps, and stops at 1."""
NOTE, SPENT, TRIALS = "search.json", "spent.json", "trials"


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """What a search is asked for: so many trials, so many minutes (0 for no limit), the best by this metric."""

    trials: int
    minutes: float = 0.0
    metric: str = METRICS[0]

    def __post_init__(self) -> None:
        """Refuse what is no search; raises InputError."""
        if self.metric not in METRICS:
            raise InputError(f"There is no metric {self.metric!r}; there are {', '.join(METRICS)}.")
        if self.trials < 1 or self.minutes < 0:
            raise InputError("A search needs at least one trial, and no less than 0 minutes.")


class TrialJournal:
    """The folder of one search: its id, what it was asked, its trials, the time it has had.

    One process writes the trials, another may read them meanwhile.
    """

    def __init__(self, folder: Path, *, folds: int = 0) -> None:
        self.folder, self.folds = folder, folds

    def begin(self, id: str, question: str) -> None:
        """Begin a search with nothing known."""
        self.drop()
        (self.folder / TRIALS).mkdir(parents=True)
        write_atomically(self.folder / NOTE, json.dumps({"id": id, "question": question}))

    def who(self) -> tuple[str, str]:
        """The id of the search that is kept here and what it was asked; empty when there is none."""
        try:
            note = json.loads((self.folder / NOTE).read_text(encoding="utf-8"))
            return str(note["id"]), str(note["question"])
        except (OSError, ValueError, KeyError, TypeError):
            return "", ""

    def trials(self) -> tuple[Trial, ...]:
        """All trials in their order."""
        return tuple(_read(path) for path in sorted((self.folder / TRIALS).glob("*.json")))

    def keep(self, trial: Trial) -> None:
        """Keep a trial as it is now."""
        write_atomically(self.folder / TRIALS / f"{trial.number:05d}.json", json.dumps(asdict(trial)))

    def note_fold(self, number: int, seen: int, measured: Mapping[str, float]) -> None:
        """Note what a trial measured on the fold that makes it so many, unless that is known."""
        trial = _read(self.folder / TRIALS / f"{number:05d}.json")
        if len(trial.folds) == seen - 1:
            self.keep(replace(trial, folds=(*trial.folds, measured)))

    def end(self, number: int, *, why: str = "") -> None:
        """Note that a trial has ended: finished when it has seen every fold, else killed."""
        trial = _read(self.folder / TRIALS / f"{number:05d}.json")
        self.keep(replace(trial, state=state_of(trial, self.folds), why="" if len(trial.folds) >= self.folds else why))

    def spent(self) -> float:
        """How many seconds the search has had, in all its attempts."""
        try:
            return float(json.loads((self.folder / SPENT).read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return 0.0

    def note_spent(self, seconds: float) -> None:
        """Note how many seconds it has had."""
        write_atomically(self.folder / SPENT, json.dumps(round(seconds, 1)))

    def drop(self) -> None:
        """Forget everything."""
        # The note goes first: half a folder must not look like a search.
        (self.folder / NOTE).unlink(missing_ok=True)
        shutil.rmtree(self.folder, ignore_errors=True)


class Stopwatch:
    """Seconds since a moment, on top of those an earlier attempt has had."""

    def __init__(self, before: float) -> None:
        self._start = time.monotonic() - before

    def seconds(self) -> float:
        """How many there are by now."""
        return time.monotonic() - self._start


def count_ended(trials: Iterable[Trial]) -> int:
    """How many go no further."""
    return sum(trial.state is not TrialState.RUNNING for trial in trials)


def state_of(trial: Trial, folds: int) -> TrialState:
    """How a trial that goes no further has ended."""
    return TrialState.FINISHED if len(trial.folds) >= folds else TrialState.KILLED


def value_of(folds: Sequence[Mapping[str, float]], metric: str) -> float:
    """The mean of a metric over the folds."""
    return float(np.mean([fold[metric] for fold in folds]))


def score_of(folds: Sequence[Mapping[str, float]], metric: str) -> float:
    """What a search makes as large as it can: the metric, and where that is level the smaller log loss."""
    loss = value_of(folds, "log_loss")
    return -loss if metric == "log_loss" else value_of(folds, metric) - TIE * loss


def best_of(trials: Iterable[Trial], metric: str) -> Trial | None:
    """The best of those that have seen every fold; of equals the first. None without any."""
    whole = [trial for trial in trials if trial.state is TrialState.FINISHED]
    return max(whole, key=lambda trial: (score_of(trial.folds, metric), -trial.number), default=None)


def _read(path: Path) -> Trial:
    kept = json.loads(path.read_text(encoding="utf-8"))
    folds = tuple(kept["folds"])
    return Trial(int(kept["number"]), kept["parameters"], folds, TrialState(kept["state"]), str(kept["why"]))
