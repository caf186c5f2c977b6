"""Suggest what to try next, by what was tried: the tree-structured Parzen estimator of Optuna (Bergstra et al. 2011)."""

from collections.abc import Sequence
from dataclasses import replace

import optuna
from optuna.distributions import BaseDistribution, CategoricalDistribution, FloatDistribution
from optuna.trial import FrozenTrial, create_trial
from optuna.trial import TrialState as OptunaState

from sake_ray.classifier import Hyperparameters
from sake_ray.domain.trials import Trial, TrialState
from sake_ray.train.search.scoring import compute_score
from sake_ray.train.search.space import CategoricalRange, Space, make_space, to_trial_parameters

N_STARTUP_TRIALS = 5


class TrialSampler:
    """First the interrupted trials, or else the present hyperparameters, then what the trials so far suggest."""

    def __init__(self, known: Sequence[Trial], current: Hyperparameters, *, metric: str, seed: int) -> None:
        optuna.logging.set_verbosity(optuna.logging.ERROR)
        self.metric, self.open_trials = metric, dict[int, optuna.Trial]()
        self.distributions = to_distributions(make_space(current))
        # Another seed after an interruption: the same would suggest again what it has suggested.
        sampler = optuna.samplers.TPESampler(n_startup_trials=N_STARTUP_TRIALS, seed=seed + len(known))
        self.study = optuna.create_study(direction="maximize", sampler=sampler)
        self.queue = [trial for trial in known if trial.state is TrialState.RUNNING]
        for trial in known:
            if trial.state is not TrialState.RUNNING and trial.folds:
                self.study.add_trial(self._to_optuna(trial))
        self.next_number = max((trial.number for trial in known), default=0) + 1
        if not known:
            self.queue.append(Trial(self.next_number, to_trial_parameters(current)))
            self.next_number += 1

    def suggest(self) -> Trial:
        """Suggest the next trial to run."""
        if self.queue:
            trial = self.queue.pop(0)
            self.study.enqueue_trial(dict(trial.parameters))
            suggested = self.study.ask(self.distributions)
        else:
            suggested = self.study.ask(self.distributions)
            trial = Trial(self.next_number, dict(suggested.params))
            self.next_number += 1
        self.open_trials[trial.number] = suggested
        return replace(trial, state=TrialState.RUNNING)

    def report(self, number: int, score: float, n_folds: int) -> None:
        """Take in the score of a running trial after so many folds."""
        self.open_trials[number].report(score, n_folds)

    def complete(self, number: int, score: float | None, *, finished: bool) -> None:
        """Take in the last score of a trial, None when it failed; one stopped early ranks below all that went further."""
        trial = self.open_trials.pop(number)
        if score is None:
            self.study.tell(trial, state=OptunaState.FAIL)
        elif finished:
            self.study.tell(trial, score)
        else:
            self.study.tell(trial, state=OptunaState.PRUNED)

    def _to_optuna(self, trial: Trial) -> FrozenTrial:
        scores = [compute_score(trial.folds[:n_folds], self.metric) for n_folds in range(1, len(trial.folds) + 1)]
        finished = trial.state is TrialState.FINISHED
        return create_trial(
            params=dict(trial.parameters),
            distributions=self.distributions,
            value=scores[-1] if finished else None,
            state=OptunaState.COMPLETE if finished else OptunaState.PRUNED,
            intermediate_values=dict(enumerate(scores, start=1)),
        )


def to_distributions(space: Space) -> dict[str, BaseDistribution]:
    """Express the space in Optuna's distributions."""
    return {
        name: CategoricalDistribution(values.values)
        if isinstance(values, CategoricalRange)
        else FloatDistribution(values.low, values.high, log=values.log)
        for name, values in space.items()
    }
