"""Answer what Ray Tune asks: what to try, whether to go on; note what it tells."""

from typing import Any

from ray import tune
from ray.tune.schedulers import ASHAScheduler
from ray.tune.search import Searcher

from sake_ray.train.search.journal import Stopwatch, TrialJournal
from sake_ray.train.search.sampler import TrialSampler

NOTE_SECONDS = 2.0


class OptunaSearcher(Searcher):  # type: ignore[misc]
    """Gives Tune what to try, noting each trial in the journal."""

    def __init__(self, suggestions: TrialSampler, journal: TrialJournal) -> None:
        super().__init__()
        self.suggestions, self.journal, self.numbers = suggestions, journal, dict[str, int]()

    def set_search_properties(self, *args: Any, **more: Any) -> bool:  # noqa: ARG002
        """Tune tells the metric, which the suggestions know."""
        return True

    def suggest(self, trial_id: str) -> dict[str, Any]:
        """The next trial, with the folds it has seen already."""
        trial = self.suggestions.suggest()
        self.journal.keep(trial)
        self.numbers[trial_id] = trial.number
        return {"number": trial.number, "parameters": dict(trial.parameters), "folds": [*map(dict, trial.folds)]}

    def on_trial_result(self, trial_id: str, result: dict[str, Any]) -> None:
        """Pass on how a trial goes."""
        self.suggestions.hear(self.numbers[trial_id], result["score"], result["fold"])

    def on_trial_complete(self, trial_id: str, result: dict[str, Any] | None = None, error: bool = False) -> None:
        """Pass on how it went."""
        told = {} if error or not result else result
        whole = told.get("fold") == self.journal.folds
        self.suggestions.end(self.numbers.pop(trial_id), told.get("score"), whole=whole)

    def save(self, checkpoint_path: str) -> None:
        """The journal has everything."""

    def restore(self, checkpoint_path: str) -> None:
        """The journal has everything."""


class HalvingScheduler(ASHAScheduler):  # type: ignore[misc]
    """Stops the poorer half at each fold, but never the present parameters: what is found must be better than they are."""

    def on_trial_result(self, controller: Any, trial: Any, result: dict[str, Any]) -> str:
        """Whether a trial goes on."""
        decision: str = super().on_trial_result(controller, trial, result)
        return self.CONTINUE if trial.config["number"] == 1 else decision


class JournalCallback(tune.Callback):  # type: ignore[misc]
    """Writes into the journal what trials tell and how they end."""

    def __init__(self, journal: TrialJournal) -> None:
        self.journal, self.watch, self.noted = journal, Stopwatch(journal.spent()), 0.0

    def on_step_end(self, **info: Any) -> None:  # noqa: ARG002
        """Note the time every other second."""
        seconds = self.watch.seconds()
        if seconds - self.noted > NOTE_SECONDS:
            self.noted = seconds
            self.journal.note_spent(seconds)

    def on_trial_result(self, *, trial: Any, result: dict[str, Any], **info: Any) -> None:  # noqa: ARG002
        """Note a fold, once: those of an earlier attempt are told again."""
        self.journal.note_fold(trial.config["number"], result["fold"], result["measured"])

    def on_trial_complete(self, *, trial: Any, **info: Any) -> None:  # noqa: ARG002
        """Note the end of a trial."""
        self.journal.end(trial.config["number"], why="stopped early")

    def on_trial_error(self, *, trial: Any, **info: Any) -> None:  # noqa: ARG002
        """Note that a trial failed for good."""
        self.journal.end(trial.config["number"], why="failed; the log says why")
