"""Search with Ray Tune: Optuna suggests, ASHA stops the poor early."""

import logging
import os
import shutil
from uuid import uuid4

import ray
from ray import tune

from sake_ray.classifier import Hyperparameters
from sake_ray.classifier.training_set import TrainingSet
from sake_ray.data.ray_map import ask_for_cpu, measure_cpus, select_driver_node, set_up_ray_data
from sake_ray.domain.trials import Trial, TrialState
from sake_ray.errors import InputError, TrainingFailed
from sake_ray.polling import last_line
from sake_ray.train.search.cross_validation import select_trial_folds
from sake_ray.train.search.journal import SearchRequest, TrialJournal
from sake_ray.train.search.sampler import TrialSampler
from sake_ray.train.search.scoring import decide_final_state
from sake_ray.train.search.trainable import FeatureCache, SharedTrialData, run_trial
from sake_ray.train.search.tune_adapters import HalvingScheduler, JournalCallback, OptunaSearcher
from sake_ray.train.search.vectorization import augment_search_set

MAX_FAILURES = 3
"""So many times a trial may lose its worker before it is given up."""
TUNE_SETTINGS = {
    "TUNE_DISABLE_AUTO_CALLBACK_LOGGERS": "1", "TUNE_DISABLE_SIGINT_HANDLER": "1", "RAY_AIR_NEW_OUTPUT": "0",
}  # fmt: skip
"""Tune writes no files of its own, handles no signals and prints no banner."""


def search_on_ray(
    search_set: TrainingSet, current: Hyperparameters, request: SearchRequest, *, seed: int, journal: TrialJournal
) -> None:
    """Try sets of hyperparameters on held-out folds, the present one first, until trials or minutes are used up.

    The results are in the journal. Resumes from what it holds: no trial that ended is run again, no measured fold is measured
    again. Needs a connected Ray; trials run on all of its nodes, and need none of the files here.
    Raises InputError when there is too little to search on, TrainingFailed when every trial failed or no CPU becomes free.
    """
    free = set_up_ray_data()
    ask_for_cpu()
    layout, texts = augment_search_set(search_set, current, seed=seed)
    folds = select_trial_folds(layout)
    if not folds:
        raise InputError("too-few-documents-to-search")
    known = resume_trials(journal, len(folds))
    ended = [trial for trial in known if trial.state is not TrialState.RUNNING]
    seconds = request.minutes * 60 - journal.read_spent()
    if len(ended) >= request.trials or (request.minutes and seconds <= 0):
        return
    cache = ray.remote(num_cpus=0, label_selector=select_driver_node())(FeatureCache).remote(
        str(journal.folder / "vectors")
    )
    shared = SharedTrialData(
        search=uuid4().hex,
        layout=ray.put(layout),
        texts={kind: ray.put(each) for kind, each in texts.items()},
        cache=cache,
        folds=folds,
        current=current,
        metric=request.metric,
        seed=seed,
    )
    scratch = journal.folder / "ray"
    shutil.rmtree(scratch, ignore_errors=True)
    os.environ.update(TUNE_SETTINGS)
    logging.getLogger("ray.tune").setLevel(logging.ERROR)
    results = tune.Tuner(
        tune.with_resources(tune.with_parameters(run_trial, shared=shared), {"cpu": 1}),
        tune_config=tune.TuneConfig(
            metric="score",
            mode="max",
            num_samples=request.trials - len(ended),
            search_alg=OptunaSearcher(TrialSampler(known, current, metric=request.metric, seed=seed), journal),
            scheduler=HalvingScheduler(time_attr="fold", max_t=len(folds), grace_period=1, reduction_factor=2),
            max_concurrent_trials=max(free, measure_cpus()[1]),
            time_budget_s=seconds if request.minutes else None,
            reuse_actors=True,
        ),
        run_config=tune.RunConfig(
            name="search",
            storage_path=str(scratch),
            verbose=0,
            failure_config=tune.FailureConfig(max_failures=MAX_FAILURES),
            callbacks=[JournalCallback(journal)],
        ),
    ).fit()
    for trial in journal.read_trials():
        if trial.state is TrialState.RUNNING:
            journal.end_trial(trial.number, reason="the time was up")
    if results.errors and not any(trial.folds for trial in journal.read_trials()):
        raise TrainingFailed("all-trials-failed", error=last_line(results.errors[0]))


def resume_trials(journal: TrialJournal, n_folds: int) -> tuple[Trial, ...]:
    """Read the trials of an earlier attempt; one that has measured every fold has ended, whatever was noted of it."""
    journal.n_folds = n_folds
    for trial in journal.read_trials():
        if trial.state is TrialState.RUNNING and decide_final_state(trial, n_folds) is TrialState.FINISHED:
            journal.end_trial(trial.number)
    return journal.read_trials()
