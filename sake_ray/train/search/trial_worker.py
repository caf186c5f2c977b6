"""Try one set of hyperparameters on a worker; equal vectorisations are made once."""

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
from sake_ray.train.search.journal import score_of
from sake_ray.train.search.space import tuned
from sake_ray.train.search.vectors import count, join, name_of, pack_part, try_fold, unpack_part

PATIENCE_SECONDS, LOOK_SECONDS = 600.0, 0.2
PARTS_AT_HAND = 4
AT_HAND: dict[tuple[str, str], Matrix] = {}
"""The parts a worker has used last, by search and name."""


@dataclass(frozen=True, slots=True, eq=False)
class SharedTrialData:
    """What all trials work with: references into the object store, and the shelf."""

    search: str
    laid: Any
    texts: Mapping[str, Any]
    shelf: Any
    folds: tuple[int, ...]
    now: Hyperparameters
    metric: str
    seed: int


def try_out(config: dict[str, Any], *, shared: SharedTrialData) -> None:
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


def part_of(kind: str, parameters: Hyperparameters, shared: SharedTrialData, number: int) -> Matrix:
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


class FeatureCache:
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
        write_atomically(self.folder / name, packed)
