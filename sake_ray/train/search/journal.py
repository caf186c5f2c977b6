"""Store the trials of a search on disk as they run: what an interrupted search resumes from."""

import json
import shutil
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from sake_ray.domain.trials import Trial, TrialState
from sake_ray.errors import InputError
from sake_ray.files import write_atomically
from sake_ray.train.search.scoring import METRICS, decide_final_state

IDENTITY, SPENT, TRIALS = "search.json", "spent.json", "trials"


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """How many trials a search runs, for how many minutes at most (0 for no limit), and the metric it improves."""

    trials: int
    minutes: float = 0.0
    metric: str = METRICS[0]

    def __post_init__(self) -> None:
        """Refuse an impossible search; raises InputError."""
        if self.metric not in METRICS:
            raise InputError("metric-unknown", metric=self.metric, metrics=METRICS)
        if self.trials < 1 or self.minutes < 0:
            raise InputError("search-size-invalid")


class TrialJournal:
    """The folder of one search: its identity, its trials, and the time it has spent.

    One process writes the trials, another may read them meanwhile.
    """

    def __init__(self, folder: Path, *, n_folds: int = 0) -> None:
        self.folder, self.n_folds = folder, n_folds

    def begin(self, id: str, fingerprint: str) -> None:
        """Begin a search without any trial."""
        self.delete()
        (self.folder / TRIALS).mkdir(parents=True)
        write_atomically(self.folder / IDENTITY, json.dumps({"id": id, "question": fingerprint}))

    def read_identity(self) -> tuple[str, str]:
        """Read the id and the fingerprint of the search in this folder; empty when there is none."""
        try:
            identity = json.loads((self.folder / IDENTITY).read_text(encoding="utf-8"))
            return str(identity["id"]), str(identity["question"])
        except (OSError, ValueError, KeyError, TypeError):
            return "", ""

    def read_trials(self) -> tuple[Trial, ...]:
        """Read all trials in their order."""
        return tuple(_read_trial(path) for path in sorted((self.folder / TRIALS).glob("*.json")))

    def write_trial(self, trial: Trial) -> None:
        """Write a trial as it is now."""
        content = {
            "number": trial.number,
            "parameters": dict(trial.parameters),
            "folds": [dict(fold) for fold in trial.folds],
            "state": trial.state,
            "why": trial.reason,
        }
        write_atomically(self._locate(trial.number), json.dumps(content))

    def add_fold(self, number: int, n_folds: int, metrics: Mapping[str, float]) -> None:
        """Add the metrics of the fold with which a trial has measured `n_folds`, unless they are known."""
        trial = _read_trial(self._locate(number))
        if len(trial.folds) == n_folds - 1:
            self.write_trial(replace(trial, folds=(*trial.folds, metrics)))

    def end_trial(self, number: int, *, reason: str = "") -> None:
        """End a trial: finished when it has measured every fold, else killed for that reason."""
        trial = _read_trial(self._locate(number))
        state = decide_final_state(trial, self.n_folds)
        self.write_trial(replace(trial, state=state, reason=reason if state is TrialState.KILLED else ""))

    def read_spent(self) -> float:
        """Read how many seconds the search has spent, in all its attempts."""
        try:
            return float(json.loads((self.folder / SPENT).read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return 0.0

    def write_spent(self, seconds: float) -> None:
        """Write how many seconds the search has spent."""
        write_atomically(self.folder / SPENT, json.dumps(round(seconds, 1)))

    def delete(self) -> None:
        """Delete everything."""
        # The identity goes first: half a folder must not look like a search.
        (self.folder / IDENTITY).unlink(missing_ok=True)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _locate(self, number: int) -> Path:
        return self.folder / TRIALS / f"{number:05d}.json"


class Stopwatch:
    """Counts seconds, on top of those that earlier attempts have spent."""

    def __init__(self, before: float) -> None:
        self._start = time.monotonic() - before

    def read(self) -> float:
        """Read the seconds."""
        return time.monotonic() - self._start


def _read_trial(path: Path) -> Trial:
    content = json.loads(path.read_text(encoding="utf-8"))
    folds, state = tuple(content["folds"]), TrialState(content["state"])
    return Trial(int(content["number"]), content["parameters"], folds, state, str(content["why"]))
