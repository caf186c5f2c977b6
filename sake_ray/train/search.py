"""Search for hyperparameters with Ray Tune: random ones, of which the poor are stopped early."""

import shutil
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from ray import tune
from ray.tune.schedulers import ASHAScheduler
from ray.tune.search.basic_variant import BasicVariantGenerator

from sake_ray.classifier import Parameters
from sake_ray.classifier.model import fit_temperature, folds_of, hold_out, to_probabilities
from sake_ray.data.pipeline import quiet_and_free
from sake_ray.domain import Progress
from sake_ray.errors import TrainingFailed
from sake_ray.train.prepared import find_blocks, join_blocks, read_corpus_facts, unpack_block

MOST_BLOCKS = 5
"""A search looks at so many blocks of a large corpus: what suits five thousand documents suits more."""
MOST_FOLDS = 3
SMALLEST = 1e-12
SPACE: Mapping[str, Callable[[], Any]] = {
    "model": lambda: tune.choice(["logistic", "svm"]),
    "c": lambda: tune.loguniform(0.5, 200.0),
    "char_weight": lambda: tune.uniform(0.5, 2.0),
    "token_weight": lambda: tune.uniform(0.0, 2.0),
    "cue_weight": lambda: tune.loguniform(0.02, 0.5),
    "shrink": lambda: tune.uniform(0.0, 1.5),
}


def search(
    prepared: Path, now: Parameters, *, trials: int, seed: int, scratch: Path, on_progress: Progress
) -> tuple[Parameters, list[dict[str, Any]]]:
    """Try so many sets of hyperparameters on held-out folds, the present one first; return the best, and what each came to.

    Judged by the log loss after calibration, which punishes mistakes the more the surer they are. Needs a connected Ray with a
    free CPU. Raises TrainingFailed when no trial came to an end.
    """
    free = quiet_and_free()
    shutil.rmtree(scratch, ignore_errors=True)
    blocks = [path.read_bytes() for path in find_blocks(prepared)[:MOST_BLOCKS]]
    corpus = (read_corpus_facts(prepared), blocks)
    mine = {name: getattr(now, name) for name in SPACE}
    tuner = tune.Tuner(
        tune.with_resources(tune.with_parameters(try_out, corpus=corpus, now=now, seed=seed), {"cpu": 1}),
        param_space={name: draw() for name, draw in SPACE.items()},
        tune_config=tune.TuneConfig(
            metric="loss",
            mode="min",
            num_samples=trials,
            search_alg=BasicVariantGenerator(points_to_evaluate=[mine], random_state=seed, max_concurrent=free),
            scheduler=ASHAScheduler(time_attr="fold", max_t=MOST_FOLDS, grace_period=1, reduction_factor=2),
        ),
        run_config=tune.RunConfig(
            name="search", storage_path=str(scratch), verbose=0, callbacks=[Count(on_progress, trials)]
        ),
    )
    results = tuner.fit()
    shutil.rmtree(scratch, ignore_errors=True)
    told = [
        {"parameters": result.config, "fold": result.metrics["fold"], "loss": result.metrics["loss"],
         "accuracy": result.metrics["accuracy"]}
        for result in results
        if result.metrics and "loss" in result.metrics
    ]  # fmt: skip
    # One that was stopped early was poor on the folds it saw; its figure does not compare.
    whole = [trial for trial in told if trial["fold"] == max(each["fold"] for each in told)]
    if not whole:
        raise TrainingFailed("No trial of the search came to an end.")
    best = min(whole, key=lambda trial: float(trial["loss"]))
    return replace(now, **{name: best["parameters"][name] for name in SPACE}), told


def try_out(config: dict[str, Any], *, corpus: Any, now: Parameters, seed: int) -> None:
    """One trial: fold after fold, telling the mean loss so far."""
    facts, packed = corpus
    parameters = replace(now, **config)
    prepared = join_blocks([unpack_block(block) for block in packed], facts.vocabulary)
    losses, rights = [], []
    for fold in folds_of(prepared)[:MOST_FOLDS]:
        held_out = hold_out(prepared, fold, parameters, seed=seed)
        if held_out is None:
            continue
        scores, truth = held_out
        chances = to_probabilities(scores, fit_temperature([held_out], parameters.doubt), doubt=parameters.doubt)
        losses.append(float(-np.log(np.maximum(chances[np.arange(len(truth)), truth], SMALLEST)).mean()))
        rights.append(float((chances.argmax(axis=1) == truth).mean()))
        tune.report({"fold": fold + 1, "loss": float(np.mean(losses)), "accuracy": float(np.mean(rights))})


class Count(tune.Callback):  # type: ignore[misc]
    """Tells how many trials have ended."""

    def __init__(self, on_progress: Progress, total: int) -> None:
        self.on_progress, self.total, self.done = on_progress, total, 0

    def on_trial_complete(self, iteration: int, trials: list[Any], trial: Any, **info: Any) -> None:  # noqa: ARG002
        """Count one more."""
        self.done += 1
        self.on_progress(self.done, self.total)
