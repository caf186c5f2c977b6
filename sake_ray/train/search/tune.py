"""Search with Ray Tune: Optuna suggests, ASHA stops the poor early."""

import logging
import os
import shutil
import time
from uuid import uuid4

import ray
from ray import tune

from sake_ray.classifier import Hyperparameters
from sake_ray.classifier.training_set import TrainingSet
from sake_ray.data.ray_map import select_driver_node, set_up_ray_data
from sake_ray.domain.trials import Trial, TrialState
from sake_ray.errors import InputError, TrainingFailed
from sake_ray.train.polling import last_line
from sake_ray.train.search.journal import SearchRequest, TrialJournal, state_of
from sake_ray.train.search.sampler import TrialSampler
from sake_ray.train.search.trial_worker import FeatureCache, SharedTrialData, try_out
from sake_ray.train.search.tune_adapters import HalvingScheduler, JournalCallback, OptunaSearcher
from sake_ray.train.search.vectors import folds_to_try, lay_out

KILLS = 3
"""So many times a trial may lose its worker before it is given up."""
CPU_SECONDS = 120.0
"""How long a search waits for a free CPU, where Ray itself would wait for ever and say nothing."""


def search_on_ray(
    lessons: TrainingSet, now: Hyperparameters, wish: SearchRequest, *, seed: int, journal: TrialJournal
) -> None:
    """Try sets of hyperparameters on held-out folds, the present one first, until the wish is met.

    The journal has what comes of it. Goes on from what it holds: trials that ended are not tried again, of others no fold.
    Needs a connected Ray.
    Raises InputError when there is too little to search on, TrainingFailed when every trial failed.
    """
    free = wait_for_cpu()
    laid, texts = lay_out(lessons, now, seed=seed)
    folds = folds_to_try(laid)
    if not folds:
        raise InputError(
            "There are too few documents to search on: no label has two that are not copies of each other."
        )
    known = take_up(journal, len(folds))
    ended = [trial for trial in known if trial.state is not TrialState.RUNNING]
    seconds = wish.minutes * 60 - journal.spent()
    if len(ended) >= wish.trials or (wish.minutes and seconds <= 0):
        return
    shared = SharedTrialData(
        uuid4().hex, ray.put(laid), {kind: ray.put(mine) for kind, mine in texts.items()},
        ray.remote(num_cpus=0, label_selector=select_driver_node())(FeatureCache).remote(str(journal.folder / "vectors")),
        folds, now, wish.metric, seed,
    )  # fmt: skip
    scratch = journal.folder / "ray"
    shutil.rmtree(scratch, ignore_errors=True)
    # Neither files nor a signal handler nor a banner of Tune's own are wanted.
    os.environ.update(TUNE_DISABLE_AUTO_CALLBACK_LOGGERS="1", TUNE_DISABLE_SIGINT_HANDLER="1", RAY_AIR_NEW_OUTPUT="0")
    logging.getLogger("ray.tune").setLevel(logging.ERROR)
    results = tune.Tuner(
        tune.with_resources(tune.with_parameters(try_out, shared=shared), {"cpu": 1}),
        tune_config=tune.TuneConfig(
            metric="score",
            mode="max",
            num_samples=wish.trials - len(ended),
            search_alg=OptunaSearcher(TrialSampler(known, now, metric=wish.metric, seed=seed), journal),
            scheduler=HalvingScheduler(time_attr="fold", max_t=len(folds), grace_period=1, reduction_factor=2),
            max_concurrent_trials=free,
            time_budget_s=seconds if wish.minutes else None,
            reuse_actors=True,
        ),
        run_config=tune.RunConfig(
            name="search",
            storage_path=str(scratch),
            verbose=0,
            failure_config=tune.FailureConfig(max_failures=KILLS),
            callbacks=[JournalCallback(journal)],
        ),
    ).fit()
    for trial in journal.trials():
        if trial.state is TrialState.RUNNING:
            journal.end(trial.number, why="the time was up")
    if results.errors and not any(trial.folds for trial in journal.trials()):
        raise TrainingFailed(f"Every trial of the search failed: {last_line(results.errors[0])}")


def wait_for_cpu() -> int:
    """How many CPUs are free for trials; raises TrainingFailed when none becomes free."""
    free, end = set_up_ray_data(), time.monotonic() + CPU_SECONDS
    while ray.available_resources().get("CPU", 0) < 1:
        if time.monotonic() > end:
            raise TrainingFailed(
                "No CPU is free for a search: a service and other jobs hold them all; try again later."
            )
        time.sleep(1)
    return max(free, int(ray.available_resources().get("CPU", 1)))


def take_up(journal: TrialJournal, folds: int) -> tuple[Trial, ...]:
    """The trials of an earlier attempt; one that had seen every fold has ended, whatever was noted of it."""
    journal.folds = folds
    for trial in journal.trials():
        if trial.state is TrialState.RUNNING and state_of(trial, folds) is TrialState.FINISHED:
            journal.end(trial.number)
    return journal.trials()
