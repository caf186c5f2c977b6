"""Suggest what to try next, by what was tried: the tree-structured Parzen estimator of Optuna (Bergstra et al. 2011)."""

from collections.abc import Sequence
from dataclasses import replace

import optuna
from optuna.distributions import BaseDistribution, CategoricalDistribution, FloatDistribution
from optuna.trial import FrozenTrial, create_trial
from optuna.trial import TrialState as Told

from sake_ray.classifier import Hyperparameters
from sake_ray.domain.trials import Trial, TrialState
from sake_ray.train.search.journal import score_of
from sake_ray.train.search.space import CategoricalRange, Space, space_around, values_of

RANDOM_STARTS = 5


class TrialSampler:
    """First what was broken off, or else the present parameters, then what the trials so far suggest."""

    def __init__(self, known: Sequence[Trial], now: Hyperparameters, *, metric: str, seed: int) -> None:
        optuna.logging.set_verbosity(optuna.logging.ERROR)
        self.metric, self.asked = metric, dict[int, optuna.Trial]()
        self.space = distributions(space_around(now))
        # Another seed after an interruption: the same would suggest again what it has suggested.
        sampler = optuna.samplers.TPESampler(n_startup_trials=RANDOM_STARTS, seed=seed + len(known))
        self.study = optuna.create_study(direction="maximize", sampler=sampler)
        self.waiting = [trial for trial in known if trial.state is TrialState.RUNNING]
        for trial in known:
            if trial.state is not TrialState.RUNNING and trial.folds:
                self.study.add_trial(self._as_told(trial))
        self.next = max((trial.number for trial in known), default=0) + 1
        if not known:
            self.waiting.append(Trial(self.next, values_of(now)))
            self.next += 1

    def suggest(self) -> Trial:
        """The next trial to run."""
        if self.waiting:
            trial = self.waiting.pop(0)
            self.study.enqueue_trial(dict(trial.parameters))
            told = self.study.ask(self.space)
        else:
            told = self.study.ask(self.space)
            trial = Trial(self.next, dict(told.params))
            self.next += 1
        self.asked[trial.number] = told
        return replace(trial, state=TrialState.RUNNING)

    def hear(self, number: int, score: float, seen: int) -> None:
        """Hear how a trial goes."""
        self.asked[number].report(score, seen)

    def end(self, number: int, score: float | None, *, whole: bool) -> None:
        """Hear how a trial went; one that was stopped early counts as worse than all that went further."""
        told = self.asked.pop(number)
        if score is None:
            self.study.tell(told, state=Told.FAIL)
        elif whole:
            self.study.tell(told, score)
        else:
            self.study.tell(told, state=Told.PRUNED)

    def _as_told(self, trial: Trial) -> FrozenTrial:
        scores = [score_of(trial.folds[:seen], self.metric) for seen in range(1, len(trial.folds) + 1)]
        finished = trial.state is TrialState.FINISHED
        return create_trial(
            params=dict(trial.parameters),
            distributions=self.space,
            value=scores[-1] if finished else None,
            state=Told.COMPLETE if finished else Told.PRUNED,
            intermediate_values=dict(enumerate(scores, start=1)),
        )


def distributions(space: Space) -> dict[str, BaseDistribution]:
    """The space as Optuna has it."""
    return {
        name: CategoricalDistribution(each.values)
        if isinstance(each, CategoricalRange)
        else FloatDistribution(each.low, each.high, log=each.log)
        for name, each in space.items()
    }
