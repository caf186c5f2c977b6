"""Fit with Ray Train: in a worker on any node, which another one resumes from its last checkpoint when it was lost."""

import os
import pickle
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import ray.data
import ray.train
from ray.train.v2.api.data_parallel_trainer import DataParallelTrainer

from sake_ray.classifier import Classifier, Hyperparameters
from sake_ray.classifier.fitting import FittedModel
from sake_ray.data.ray_map import ask_for_cpu, select_driver_node, set_up_ray_data
from sake_ray.domain.datatypes import Row
from sake_ray.domain.progress import Progress
from sake_ray.errors import TrainingFailed
from sake_ray.polling import last_line, polling
from sake_ray.train.stages.corpus_blocks import CorpusBlock, CorpusFacts, find_blocks, read_corpus_facts, unpack_block
from sake_ray.train.stages.train_loop import TrainingCheckpoints, fit_at_once, fit_by_blocks

MAX_FAILURES = 3
"""So many times a worker may be lost before the training is given up."""
POLL_SECONDS = 1.0
RAY_TRAIN_SETTINGS = {"RAY_TRAIN_HEALTH_CHECK_INTERVAL_S": "0.2", "RAY_TRAIN_ENABLE_PREEMPTION_WATCHER": "0"}
"""Ray Train by itself looks every two seconds whether a worker is done. Its watcher would only log that a node is about to go;
what it takes with it is resumed."""


def fit_on_ray(
    folder: Path, parameters: Hyperparameters, *, seed: int, scratch: Path, on_progress: Progress
) -> Classifier:
    """Fit on a vectorized corpus, on whichever node has a free CPU: blocks, checkpoints and model travel, files do not.

    Needs a connected Ray. `scratch` is a folder of this machine for what Ray Train notes of a training.
    Raises TrainingFailed, also when no CPU becomes free.
    """
    set_up_ray_data()
    ask_for_cpu()
    os.environ.update(RAY_TRAIN_SETTINGS)
    facts = read_corpus_facts(folder)
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(parents=True)
    with keeping_checkpoints(on_progress) as keeper:
        trainer = DataParallelTrainer(
            train_loop_per_worker,
            train_loop_config={
                "facts": pickle.dumps(facts),
                "parameters": pickle.dumps(parameters),
                "seed": seed,
                "keeper": keeper,
            },
            # One worker: halves of a corpus would make two classifiers, and neither the one that was asked for.
            scaling_config=ray.train.ScalingConfig(num_workers=1, resources_per_worker={"CPU": 1}),
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
    """Fetch a block into Ray's object store. Runs beside the driver: no other node sees its files."""

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
    checkpoints = KeptCheckpoints(config["keeper"])
    return pickle.dumps(fit(facts, read_blocks, parameters, seed=config["seed"], checkpoints=checkpoints))


class KeptCheckpoints(TrainingCheckpoints):
    """Checkpoints that the keeper has. Those of Ray Train are files, which no other node would find."""

    def __init__(self, keeper: Any) -> None:
        self._keeper = keeper

    def load(self) -> Any:
        """Load what the worker before had saved; None at the beginning."""
        state: bytes | None = ray.get(self._keeper.load.remote())
        # Written by `save` of the worker before.
        return pickle.loads(state) if state else None  # noqa: S301

    def save(self, state: Any) -> None:
        """Save what is done; returns when it would survive this worker."""
        ray.get(self._keeper.save.remote(pickle.dumps(state)))

    def report(self, done: int, total: int) -> None:
        """Report the progress."""
        self._keeper.update.remote(done, total)


class CheckpointKeeper:
    """Holds the last checkpoint for the worker after this one, and the progress for the driver.

    Runs on the driver's node: it is lost only where the training itself is.
    """

    def __init__(self) -> None:
        self._progress = (0, 0)
        self._state: bytes | None = None

    def save(self, state: bytes) -> None:
        """Take a checkpoint from the worker."""
        self._state = state

    def load(self) -> bytes | None:
        """Give the last checkpoint to the next worker."""
        return self._state

    def update(self, done: int, total: int) -> None:
        """Take the progress from the worker."""
        self._progress = (done, total)

    def read(self) -> tuple[int, int]:
        """Give the progress to the driver."""
        return self._progress


@contextmanager
def keeping_checkpoints(on_progress: Progress) -> Iterator[Any]:
    """Start a `CheckpointKeeper` and pass the progress on, for the duration of the block."""
    keeper = ray.remote(num_cpus=0, label_selector=select_driver_node())(CheckpointKeeper).remote()

    def poll() -> None:
        done, total = ray.get(keeper.read.remote())
        if total:
            on_progress(done, total)

    try:
        with polling(poll, seconds=POLL_SECONDS):
            yield keeper
    finally:
        ray.kill(keeper)
