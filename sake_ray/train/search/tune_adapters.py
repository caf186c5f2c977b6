"""Adapt the sampler, the scheduler and the journal to Ray Tune's interfaces."""

from typing import Any

from ray import tune
from ray.tune.schedulers import ASHAScheduler
from ray.tune.search import Searcher

from sake_ray.train.search.journal import Stopwatch, TrialJournal
from sake_ray.train.search.sampler import TrialSampler

SPENT_SECONDS = 2.0
"""How often the time spent is written."""


class OptunaSearcher(Searcher):  # type: ignore[misc]
    """Suggests trials to Tune, and writes each into the journal."""

    def __init__(self, sampler: TrialSampler, journal: TrialJournal) -> None:
        super().__init__()
        self.sampler, self.journal, self.numbers = sampler, journal, dict[str, int]()

    def set_search_properties(self, *args: Any, **more: Any) -> bool:  # noqa: ARG002
        """Accept Tune's metric; the sampler has it already."""
        return True

    def suggest(self, trial_id: str) -> dict[str, Any]:
        """Suggest the next trial, with the folds it has measured already."""
        trial = self.sampler.suggest()
        self.journal.write_trial(trial)
        self.numbers[trial_id] = trial.number
        return {"number": trial.number, "parameters": dict(trial.parameters), "folds": [*map(dict, trial.folds)]}

    def on_trial_result(self, trial_id: str, result: dict[str, Any]) -> None:
        """Pass on a running trial's score."""
        self.sampler.report(self.numbers[trial_id], result["score"], result["fold"])

    def on_trial_complete(self, trial_id: str, result: dict[str, Any] | None = None, error: bool = False) -> None:
        """Pass on a trial's last score."""
        last = {} if error or not result else result
        finished = last.get("fold") == self.journal.n_folds
        self.sampler.complete(self.numbers.pop(trial_id), last.get("score"), finished=finished)

    def save(self, checkpoint_path: str) -> None:
        """Save nothing: the journal has everything."""

    def restore(self, checkpoint_path: str) -> None:
        """Restore nothing: the journal has everything."""


class HalvingScheduler(ASHAScheduler):  # type: ignore[misc]
    """Stops the poorer half at each fold, but never the present parameters: what is found must be better than they are."""

    def on_trial_result(self, controller: Any, trial: Any, result: dict[str, Any]) -> str:
        """Decide whether a trial goes on."""
        decision: str = super().on_trial_result(controller, trial, result)
        return self.CONTINUE if trial.config["number"] == 1 else decision


class JournalCallback(tune.Callback):  # type: ignore[misc]
    """Writes folds, ends of trials and the time spent into the journal."""

    def __init__(self, journal: TrialJournal) -> None:
        self.journal, self.stopwatch, self.written = journal, Stopwatch(journal.read_spent()), 0.0

    def on_step_end(self, **info: Any) -> None:  # noqa: ARG002
        """Write the time spent, every other second."""
        seconds = self.stopwatch.read()
        if seconds - self.written > SPENT_SECONDS:
            self.written = seconds
            self.journal.write_spent(seconds)

    def on_trial_result(self, *, trial: Any, result: dict[str, Any], **info: Any) -> None:  # noqa: ARG002
        """Write a fold, once: those of an earlier attempt are reported again."""
        self.journal.add_fold(trial.config["number"], result["fold"], result["measured"])

    def on_trial_complete(self, *, trial: Any, **info: Any) -> None:  # noqa: ARG002
        """Write the end of a trial."""
        self.journal.end_trial(trial.config["number"], reason="stopped early")

    def on_trial_error(self, *, trial: Any, **info: Any) -> None:  # noqa: ARG002
        """Write that a trial failed for good."""
        self.journal.end_trial(trial.config["number"], reason="failed; the log says why")
