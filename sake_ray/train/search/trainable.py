"""Run one trial on a worker, fold by fold: what Ray Tune calls a trainable. Equal counts are computed once."""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ray
from ray import tune

from sake_ray.classifier import Hyperparameters
from sake_ray.classifier.vectorizer import Matrix
from sake_ray.files import write_atomically
from sake_ray.train.search.cross_validation import evaluate_fold
from sake_ray.train.search.scoring import compute_score
from sake_ray.train.search.space import to_hyperparameters
from sake_ray.train.search.vectorization import compute_counts, join_counts, name_counts, pack_counts, unpack_counts

WAIT_SECONDS, POLL_SECONDS = 600.0, 0.2
MAX_LOCAL_COUNTS = 4
LOCAL_COUNTS: dict[tuple[str, str], Matrix] = {}
"""The counts that this worker used last, by search and name."""


@dataclass(frozen=True, slots=True, eq=False)
class SharedTrialData:
    """What all trials work with; `layout` and `texts` are references into Ray's object store, `cache` is an actor."""

    search: str
    layout: Any
    texts: Mapping[str, Any]
    cache: Any
    folds: tuple[int, ...]
    current: Hyperparameters
    metric: str
    seed: int


def run_trial(config: dict[str, Any], *, shared: SharedTrialData) -> None:
    """Measure and report fold after fold. The folds that an earlier attempt measured are only reported again."""
    parameters = to_hyperparameters(config["parameters"], shared.current)
    measured: list[Mapping[str, float]] = list(config["folds"])
    corpus = None
    for n_folds, fold in enumerate(shared.folds, start=1):
        if n_folds > len(measured):
            if corpus is None:
                chars, tokens = (get_counts(kind, parameters, shared, config["number"]) for kind in ("chars", "tokens"))
                corpus = join_counts(ray.get(shared.layout), chars, tokens)
            measured.append(evaluate_fold(corpus, fold, parameters, seed=shared.seed))
        score = compute_score(measured[:n_folds], shared.metric)
        tune.report({"fold": n_folds, "score": score, "measured": dict(measured[n_folds - 1])})


def get_counts(kind: str, parameters: Hyperparameters, shared: SharedTrialData, number: int) -> Matrix:
    """Get the counts of one kind: from this worker, from the cache, or computed now for the cache."""
    name = name_counts(kind, parameters)
    if (shared.search, name) not in LOCAL_COUNTS:
        packed = ray.get(shared.cache.fetch.remote(name, number))
        if packed is not None:
            counts = unpack_counts(packed)
        else:
            texts, layout = ray.get(shared.texts[kind]), ray.get(shared.layout)
            counts = compute_counts(kind, texts, layout, parameters, seed=shared.seed)
            ray.get(shared.cache.store.remote(name, pack_counts(counts)))
        LOCAL_COUNTS[shared.search, name] = counts
        while len(LOCAL_COUNTS) > MAX_LOCAL_COUNTS:
            del LOCAL_COUNTS[next(iter(LOCAL_COUNTS))]
    return LOCAL_COUNTS[shared.search, name]


class FeatureCache:
    """Stores counts on the disk of the driver's node, and has each computed by one trial only."""

    def __init__(self, folder: str) -> None:
        self.folder = Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.computed_by: dict[str, int] = {}

    async def fetch(self, name: str, number: int) -> bytes | None:
        """Fetch packed counts; None when the trial that asks has to compute them. Waits while another does."""
        deadline = time.monotonic() + WAIT_SECONDS
        path = self.folder / name
        while not path.exists():
            # A trial that comes again has lost its worker; one that never comes back is not waited for.
            if self.computed_by.setdefault(name, number) == number or time.monotonic() > deadline:
                self.computed_by[name] = number
                return None
            await asyncio.sleep(POLL_SECONDS)
        return path.read_bytes()

    async def store(self, name: str, packed: bytes) -> None:
        """Store packed counts."""
        write_atomically(self.folder / name, packed)
