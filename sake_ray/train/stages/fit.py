"""Fit with Ray Train: in a worker of its own, which resumes from its last checkpoint when it was killed."""

import os
import pickle
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp
from typing import Any

import ray.data
import ray.train
from ray.train.v2.api.data_parallel_trainer import DataParallelTrainer

from sake_ray.classifier import Classifier, Hyperparameters
from sake_ray.classifier.fitting import FittedModel
from sake_ray.data.ray_map import select_driver_node, set_up_ray_data
from sake_ray.domain.datatypes import Row
from sake_ray.domain.progress import Progress
from sake_ray.errors import TrainingFailed
from sake_ray.polling import last_line, polling
from sake_ray.train.stages.corpus_blocks import CorpusBlock, CorpusFacts, find_blocks, read_corpus_facts, unpack_block
from sake_ray.train.stages.train_loop import TrainingCheckpoints, fit_at_once, fit_by_blocks

MAX_FAILURES = 3
"""So many times a worker may be lost before the training is given up."""
CHECKPOINT_FILE = "step.pickle"
POLL_SECONDS = 1.0
RAY_TRAIN_SETTINGS = {"RAY_TRAIN_HEALTH_CHECK_INTERVAL_S": "0.2", "RAY_TRAIN_ENABLE_PREEMPTION_WATCHER": "0"}
"""A worker waits until each of its checkpoints is taken over, of which Ray Train by itself takes one in two seconds; the node of
the driver is never preempted before the driver."""


def fit_on_ray(
    folder: Path, parameters: Hyperparameters, *, seed: int, scratch: Path, on_progress: Progress
) -> Classifier:
    """Fit on a vectorized corpus. Needs a connected Ray with a free CPU on the node of the driver.

    `scratch` is a folder for the checkpoints of an unfinished training. Raises TrainingFailed.
    """
    set_up_ray_data()
    os.environ.update(RAY_TRAIN_SETTINGS)
    facts = read_corpus_facts(folder)
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(parents=True)
    with relay_progress(on_progress) as progress:
        trainer = DataParallelTrainer(
            train_loop_per_worker,
            train_loop_config={
                "facts": pickle.dumps(facts),
                "parameters": pickle.dumps(parameters),
                "seed": seed,
                "progress": progress,
            },
            # One worker: halves of a corpus would make two classifiers, and neither the one that was asked for.
            scaling_config=ray.train.ScalingConfig(
                num_workers=1, resources_per_worker={"CPU": 1}, label_selector=select_driver_node()
            ),
            datasets={"train": load_blocks(folder)},
            run_config=ray.train.RunConfig(
                # A new name, so that it never resumes another training.
                name=Path(mkdtemp(dir=scratch)).name,
                storage_path=str(scratch),
                failure_config=ray.train.FailureConfig(max_failures=MAX_FAILURES),
            ),
        )
        try:
            result = trainer.fit()
        except ray.train.TrainingFailedError as error:
            raise TrainingFailed("fit-failed", error=last_line(error)) from error
        finally:
            shutil.rmtree(scratch, ignore_errors=True)
    # Pickled by train_loop_per_worker a moment ago, inside our own cluster.
    fitted: FittedModel = pickle.loads(result.return_value)  # noqa: S301
    return Classifier(facts.labels, facts.recipe, parameters, fitted)


def load_blocks(folder: Path) -> ray.data.Dataset:
    """Load the blocks as rows, all of them before the training begins: with one free CPU it would wait for them for ever."""
    ray.data.DataContext.get_current().execution_options.preserve_order = True
    paths = [{"number": number, "path": str(path)} for number, path in enumerate(find_blocks(folder))]
    rows = ray.data.from_items(paths, override_num_blocks=max(1, min(len(paths), 200)))
    blocks = rows.map(
        BlockFetcher, compute=ray.data.ActorPoolStrategy(size=1), num_cpus=0, label_selector=select_driver_node()
    )
    return blocks.materialize()


class BlockFetcher:
    """Fetch a block to the worker that fits on it. Runs beside the driver: no other node sees its files."""

    def __call__(self, row: Row) -> Row:
        return {"number": row["number"], "block": Path(row["path"]).read_bytes()}


def train_loop_per_worker(config: Row) -> bytes:
    """Fit on the shard of this worker, with checkpoints."""
    # Pickled by fit_on_ray, inside our own cluster.
    facts: CorpusFacts = pickle.loads(config["facts"])  # noqa: S301
    parameters: Hyperparameters = pickle.loads(config["parameters"])  # noqa: S301
    shard = ray.train.get_dataset_shard("train")

    def read_blocks() -> Iterator[CorpusBlock]:
        for rows in shard.iter_batches(batch_size=1, batch_format="numpy"):
            yield unpack_block(bytes(rows["block"][0]))

    fit = fit_by_blocks if facts.idf else fit_at_once
    checkpoints = RayCheckpoints(config["progress"])
    return pickle.dumps(fit(facts, read_blocks, parameters, seed=config["seed"], checkpoints=checkpoints))


class RayCheckpoints(TrainingCheckpoints):
    """Checkpoints of Ray Train; the progress goes to an actor, which the driver polls."""

    def __init__(self, progress: Any) -> None:
        self._progress = progress

    def load(self) -> Any:
        """Load what the worker before had saved; None at the beginning."""
        checkpoint = ray.train.get_checkpoint()
        if checkpoint is None:
            return None
        with checkpoint.as_directory() as folder:
            # Written by `save` of the worker before.
            return pickle.loads((Path(folder) / CHECKPOINT_FILE).read_bytes())  # noqa: S301

    def save(self, state: Any) -> None:
        """Save what is done."""
        with TemporaryDirectory() as folder:
            (Path(folder) / CHECKPOINT_FILE).write_bytes(pickle.dumps(state))
            ray.train.report({}, checkpoint=ray.train.Checkpoint.from_directory(folder))

    def report(self, done: int, total: int) -> None:
        """Report the progress."""
        self._progress.update.remote(done, total)


class ProgressActor:
    """Holds the worker's progress for the driver, to which Ray Train reports nothing before the end."""

    def __init__(self) -> None:
        self._progress = (0, 0)

    def update(self, done: int, total: int) -> None:
        """Take the progress from the worker."""
        self._progress = (done, total)

    def read(self) -> tuple[int, int]:
        """Give the progress to the driver."""
        return self._progress


@contextmanager
def relay_progress(on_progress: Progress) -> Iterator[Any]:
    """Start a `ProgressActor` and pass its progress on, for the duration of the block."""
    actor = ray.remote(num_cpus=0)(ProgressActor).remote()

    def poll() -> None:
        done, total = ray.get(actor.read.remote())
        if total:
            on_progress(done, total)

    try:
        with polling(poll, seconds=POLL_SECONDS):
            yield actor
    finally:
        ray.kill(actor)
