"""Search with Ray Tune: Optuna suggests, ASHA stops the poor early, equal vectorisations are made once."""

import asyncio
import logging
import os
import shutil
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import ray
from ray import tune
from ray.tune.schedulers import ASHAScheduler
from ray.tune.search import Searcher

from sake_ray.classifier import Parameters
from sake_ray.classifier.features import Matrix
from sake_ray.classifier.lessons import Lessons
from sake_ray.data.pipeline import here, quiet_and_free
from sake_ray.domain.trials import Trial, TrialState
from sake_ray.errors import InputError, TrainingFailed
from sake_ray.train.space import tuned
from sake_ray.train.suggest import Suggestions
from sake_ray.train.trials import Journal, Stopwatch, Wish, score_of, state_of
from sake_ray.train.vectors import count, folds_to_try, join, lay_out, name_of, pack_part, try_fold, unpack_part

KILLS = 3
"""So many times a trial may lose its worker before it is given up."""
PATIENCE_SECONDS, LOOK_SECONDS, NOTE_SECONDS = 600.0, 0.2, 2.0
CPU_SECONDS = 120.0
"""How long a search waits for a free CPU, where Ray itself would wait for ever and say nothing."""
PARTS_AT_HAND = 4
AT_HAND: dict[tuple[str, str], Matrix] = {}
"""The parts a worker has used last, by search and name."""


def search_on_ray(lessons: Lessons, now: Parameters, wish: Wish, *, seed: int, journal: Journal) -> None:
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
    shared = Shared(
        uuid4().hex, ray.put(laid), {kind: ray.put(mine) for kind, mine in texts.items()},
        ray.remote(num_cpus=0, label_selector=here())(Shelf).remote(str(journal.folder / "vectors")),
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
            search_alg=Suggesting(Suggestions(known, now, metric=wish.metric, seed=seed), journal),
            scheduler=Halving(time_attr="fold", max_t=len(folds), grace_period=1, reduction_factor=2),
            max_concurrent_trials=free,
            time_budget_s=seconds if wish.minutes else None,
            reuse_actors=True,
        ),
        run_config=tune.RunConfig(
            name="search",
            storage_path=str(scratch),
            verbose=0,
            failure_config=tune.FailureConfig(max_failures=KILLS),
            callbacks=[Noting(journal)],
        ),
    ).fit()
    for trial in journal.trials():
        if trial.state is TrialState.RUNNING:
            journal.end(trial.number, why="the time was up")
    if results.errors and not any(trial.folds for trial in journal.trials()):
        raise TrainingFailed(f"Every trial of the search failed: {last_line(results.errors[0])}")


def wait_for_cpu() -> int:
    """How many CPUs are free for trials; raises TrainingFailed when none becomes free."""
    free, end = quiet_and_free(), time.monotonic() + CPU_SECONDS
    while ray.available_resources().get("CPU", 0) < 1:
        if time.monotonic() > end:
            raise TrainingFailed(
                "No CPU is free for a search: a service and other jobs hold them all; try again later."
            )
        time.sleep(1)
    return max(free, int(ray.available_resources().get("CPU", 1)))


def take_up(journal: Journal, folds: int) -> tuple[Trial, ...]:
    """The trials of an earlier attempt; one that had seen every fold has ended, whatever was noted of it."""
    journal.folds = folds
    for trial in journal.trials():
        if trial.state is TrialState.RUNNING and state_of(trial, folds) is TrialState.FINISHED:
            journal.end(trial.number)
    return journal.trials()


@dataclass(frozen=True, slots=True, eq=False)
class Shared:
    """What all trials work with: references into the object store, and the shelf."""

    search: str
    laid: Any
    texts: Mapping[str, Any]
    shelf: Any
    folds: tuple[int, ...]
    now: Parameters
    metric: str
    seed: int


def try_out(config: dict[str, Any], *, shared: Shared) -> None:
    """One trial: fold after fold, telling what each measured. Folds that an earlier attempt has measured are only told again."""
    parameters = tuned(shared.now, config["parameters"])
    measured: list[Mapping[str, float]] = list(config["folds"])
    prepared = None
    for number, fold in enumerate(shared.folds):
        if number >= len(measured):
            if prepared is None:
                chars, tokens = (part_of(kind, parameters, shared, config["number"]) for kind in ("chars", "tokens"))
                prepared = join(ray.get(shared.laid), chars, tokens)
            measured.append(try_fold(prepared, fold, parameters, seed=shared.seed))
        told = measured[: number + 1]
        tune.report({"fold": number + 1, "score": score_of(told, shared.metric), "measured": dict(told[-1])})


def part_of(kind: str, parameters: Parameters, shared: Shared, number: int) -> Matrix:
    """The counted characters or tokens: from this worker, from the shelf, or counted now and put there."""
    name = name_of(kind, parameters)
    if (shared.search, name) not in AT_HAND:
        packed = ray.get(shared.shelf.fetch.remote(name, number))
        if packed is not None:
            part = unpack_part(packed)
        else:
            part = count(kind, ray.get(shared.texts[kind]), ray.get(shared.laid), parameters, seed=shared.seed)
            ray.get(shared.shelf.keep.remote(name, pack_part(part)))
        AT_HAND[shared.search, name] = part
        while len(AT_HAND) > PARTS_AT_HAND:
            del AT_HAND[next(iter(AT_HAND))]
    return AT_HAND[shared.search, name]


class Shelf:
    """Keeps what was counted, on the disk of the driver's node, and lets each part be counted by one trial."""

    def __init__(self, folder: str) -> None:
        self.folder = Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.counting: dict[str, int] = {}

    async def fetch(self, name: str, number: int) -> bytes | None:
        """The part; None when the trial that asks is to count it. Waits while another does."""
        end = time.monotonic() + PATIENCE_SECONDS
        path = self.folder / name
        while not path.exists():
            # A trial that comes again has lost its worker; one that never comes back is not waited for.
            if self.counting.setdefault(name, number) == number or time.monotonic() > end:
                self.counting[name] = number
                return None
            await asyncio.sleep(LOOK_SECONDS)
        return path.read_bytes()

    async def keep(self, name: str, packed: bytes) -> None:
        """Keep a part."""
        part = self.folder / f"{name}.part"
        part.write_bytes(packed)
        part.replace(self.folder / name)


class Suggesting(Searcher):  # type: ignore[misc]
    """Gives Tune what to try, noting each trial in the journal."""

    def __init__(self, suggestions: Suggestions, journal: Journal) -> None:
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


class Halving(ASHAScheduler):  # type: ignore[misc]
    """Stops the poorer half at each fold, but never the present parameters: what is found must be better than they are."""

    def on_trial_result(self, controller: Any, trial: Any, result: dict[str, Any]) -> str:
        """Whether a trial goes on."""
        decision: str = super().on_trial_result(controller, trial, result)
        return self.CONTINUE if trial.config["number"] == 1 else decision


class Noting(tune.Callback):  # type: ignore[misc]
    """Writes into the journal what trials tell and how they end."""

    def __init__(self, journal: Journal) -> None:
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


def last_line(error: BaseException) -> str:
    """What was wrong in a worker, without the way there."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[-1] if lines else type(error).__name__
