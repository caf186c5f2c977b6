"""Train with Ray Train: in a worker of its own, which goes on from its last step when it was killed."""

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
from sake_ray.train.polling import last_line, looking
from sake_ray.train.stages.prepared import CorpusBlock, CorpusFacts, find_blocks, read_corpus_facts, unpack_block
from sake_ray.train.stages.training_steps import TrainingCheckpoints, learn_at_once, learn_in_blocks

KILLS = 3
"""So many times a worker may be lost before the training is given up."""
STEP = "step.pickle"
LOOK_SECONDS = 1.0
QUICK = {"RAY_TRAIN_HEALTH_CHECK_INTERVAL_S": "0.2", "RAY_TRAIN_ENABLE_PREEMPTION_WATCHER": "0"}
"""A worker waits until each of its steps is taken over, of which Ray Train by itself takes one in two seconds; the node of the
driver is never taken away before the driver."""


class BlockFetcher:
    """Bring a block to where it is learnt from. Runs beside the driver: no other node sees its files."""

    def __call__(self, row: Row) -> Row:
        return {"number": row["number"], "block": Path(row["path"]).read_bytes()}


class ProgressActor:
    """Passes on how far the worker is; an actor, because a training tells its driver nothing before its end."""

    def __init__(self) -> None:
        self.said = (0, 0)

    def tell(self, done: int, total: int) -> None:
        """Keep it."""
        self.said = (done, total)

    def told(self) -> tuple[int, int]:
        """Give it."""
        return self.said


def fit_on_ray(
    folder: Path, parameters: Hyperparameters, *, seed: int, scratch: Path, on_progress: Progress
) -> Classifier:
    """Train on a prepared corpus. Needs a connected Ray with a free CPU on the node of the driver.

    `scratch` is a folder for the steps of an unfinished training. Raises TrainingFailed.
    """
    set_up_ray_data()
    os.environ.update(QUICK)
    corpus = read_corpus_facts(folder)
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(parents=True)
    with watch(on_progress) as tell:
        trainer = DataParallelTrainer(
            train_in_worker,
            train_loop_config={
                "corpus": pickle.dumps(corpus), "parameters": pickle.dumps(parameters), "seed": seed, "tell": tell,
            },
            # One worker: halves of a corpus would make two classifiers, and neither the one that was asked for.
            scaling_config=ray.train.ScalingConfig(
                num_workers=1, resources_per_worker={"CPU": 1}, label_selector=select_driver_node()
            ),
            datasets={"train": load_blocks(folder)},
            run_config=ray.train.RunConfig(
                # Of its own, so that it never goes on with the steps of another.
                name=Path(mkdtemp(dir=scratch)).name,
                storage_path=str(scratch),
                failure_config=ray.train.FailureConfig(max_failures=KILLS),
            ),
        )  # fmt: skip
        try:
            result = trainer.fit()
        except ray.train.TrainingFailedError as error:
            raise TrainingFailed(f"The training failed: {last_line(error)}") from error
        finally:
            shutil.rmtree(scratch, ignore_errors=True)
    # Pickled by train_in_worker a moment ago, inside our own cluster.
    learned: FittedModel = pickle.loads(result.return_value)  # noqa: S301
    return Classifier(corpus.labels, corpus.recipe, parameters, learned)


def load_blocks(folder: Path) -> ray.data.Dataset:
    """The blocks as rows, all there before the training begins: with one free CPU it would wait for them for ever."""
    ray.data.DataContext.get_current().execution_options.preserve_order = True
    paths = [{"number": number, "path": str(path)} for number, path in enumerate(find_blocks(folder))]
    rows = ray.data.from_items(paths, override_num_blocks=max(1, min(len(paths), 200)))
    fetched = rows.map(
        BlockFetcher, compute=ray.data.ActorPoolStrategy(size=1), num_cpus=0, label_selector=select_driver_node()
    )  # fmt: skip
    return fetched.materialize()


def train_in_worker(config: Row) -> bytes:
    """Learn from the shard of this worker, keeping every step that is done."""
    # Pickled by fit_on_ray, inside our own cluster.
    corpus: CorpusFacts = pickle.loads(config["corpus"])  # noqa: S301
    parameters: Hyperparameters = pickle.loads(config["parameters"])  # noqa: S301
    shard = ray.train.get_dataset_shard("train")

    def blocks() -> Iterator[CorpusBlock]:
        for rows in shard.iter_batches(batch_size=1, batch_format="numpy"):
            yield unpack_block(bytes(rows["block"][0]))

    learn = learn_in_blocks if corpus.weighing else learn_at_once
    return pickle.dumps(learn(corpus, blocks, parameters, seed=config["seed"], steps=RayCheckpoints(config["tell"])))


class RayCheckpoints(TrainingCheckpoints):
    """Keeps steps as checkpoints of Ray Train, and tells the driver how far it is."""

    def __init__(self, tell: Any) -> None:
        self._tell = tell

    def load(self) -> Any:
        """What the worker before had kept; None at the beginning."""
        checkpoint = ray.train.get_checkpoint()
        if checkpoint is None:
            return None
        with checkpoint.as_directory() as folder:
            # Written by `keep` of the worker before.
            return pickle.loads((Path(folder) / STEP).read_bytes())  # noqa: S301

    def keep(self, state: Any) -> None:
        """Keep what is done."""
        with TemporaryDirectory() as folder:
            (Path(folder) / STEP).write_bytes(pickle.dumps(state))
            ray.train.report({}, checkpoint=ray.train.Checkpoint.from_directory(folder))

    def tell(self, done: int, total: int) -> None:
        """Tell how far it is."""
        self._tell.tell.remote(done, total)


@contextmanager
def watch(on_progress: Progress) -> Iterator[Any]:
    """An actor that the worker tells its progress, which is passed on for the duration of the block."""
    actor = ray.remote(num_cpus=0)(ProgressActor).remote()

    def look() -> None:
        done, total = ray.get(actor.told.remote())
        if total:
            on_progress(done, total)

    try:
        with looking(look, seconds=LOOK_SECONDS):
            yield actor
    finally:
        ray.kill(actor)
