"""Measure how fast a search finds good parameters: `sake tune` against scikit-learn's RandomizedSearchCV(n_jobs=-1).

Both draw from the same space, judge on the same folds by macro F1 and have the same CPUs; both begin at a random place
and not at the present parameters. The corpus: invoices that come with the program, told apart by their kinds. The
target of a seed is what the slower of the two ends with; counted is when each had first reached it, with the start of Ray
but without the imports of this process. `--seed` does one seed and adds it to the file of `--out`; without it all are done.
"""

import argparse
import json
import os
import statistics
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from scipy.stats import loguniform, uniform
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.metrics import f1_score
from sklearn.model_selection import PredefinedSplit, RandomizedSearchCV

from sake_ray.classifier import Hyperparameters
from sake_ray.classifier.fitting import fit_rows
from sake_ray.classifier.linear_model import decision_function
from sake_ray.classifier.text_features import extract_features
from sake_ray.classifier.training_set import TrainingSet
from sake_ray.classifier.vectorized_corpus import vectorize_corpus
from sake_ray.classifier.vectorizer import transform_counts
from sake_ray.domain.texts import Recipe
from sake_ray.domain.trials import TrialState
from sake_ray.jobs.ray_connection import open_ray
from sake_ray.train.first_model import CORPUS
from sake_ray.train.first_model.corpus import read_corpus
from sake_ray.train.search.journal import SearchRequest, TrialJournal, value_of
from sake_ray.train.search.space import SPACE, CategoricalRange, Space, tuned
from sake_ray.train.search.vectors import lay_out

SEEDS = (1, 2, 3, 4, 5)
LABELS, FEWEST = ("facture",), 10
Curve = list[tuple[float, float]]
"""When a trial was whole, in seconds, and its macro F1."""


def corpus() -> TrainingSet:
    """The generated invoices, labelled by their kind."""
    import gzip

    with gzip.open(CORPUS, "rt", encoding="utf-8") as lines:
        kinds = [(row["label"], row["kind"]) for row in map(json.loads, lines)]
    texts = [text for text, _ in read_corpus(Recipe("pytesseract", "5", "fra+eng", 1, 1))]
    sizes = Counter(kinds)
    chosen = [place for place, kind in enumerate(kinds) if kind[0] in LABELS and sizes[kind] >= FEWEST]
    return TrainingSet.build(
        [extract_features(texts[place]) for place in chosen],
        [" ".join(kinds[place]) for place in chosen],
        [*map(str, chosen)],
    )


class Ours(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """The classifier as scikit-learn knows classifiers; X are places in the corpus, which every process reads once."""

    def __init__(self, **values: Any) -> None:
        self.set_params(**values)

    def get_params(self, deep: bool = True) -> dict[str, Any]:  # noqa: ARG002
        return {name: getattr(self, name, None) for name in SPACE}

    def set_params(self, **values: Any) -> "Ours":
        for name, value in values.items():
            setattr(self, name, value)
        return self

    def fit(self, places: Any, y: Any) -> "Ours":  # noqa: ARG002 - the corpus knows the labels
        lessons = known()
        self.parameters_ = tuned(Hyperparameters(augmentations=0), self.get_params())
        self.prepared_ = vectorize_corpus(lessons.features, lessons.targets, lessons.groups, self.parameters_, seed=7)
        rows = np.zeros(len(lessons.targets), dtype=bool)
        rows[places] = True
        self.classes_ = np.unique(lessons.targets[rows])
        self.weighing_, self.weights_ = fit_rows(self.prepared_, rows, self.parameters_, seed=7)
        return self

    def predict(self, places: Any) -> Any:
        rows = transform_counts(self.prepared_.counts[places], self.weighing_, self.parameters_)
        return self.classes_[decision_function(rows, self.weights_).argmax(axis=1)]


_KNOWN: list[TrainingSet] = []


def known() -> TrainingSet:
    """The corpus, once a process."""
    if not _KNOWN:
        _KNOWN.append(corpus())
    return _KNOWN[0]


class Noted:
    """Macro F1, over the labels there are; noted with the time for each fold."""

    def __init__(self, file: str) -> None:
        self.file = file

    def __call__(self, model: Ours, places: Any, y: Any) -> float:
        value = float(f1_score(y, model.predict(places), average="macro", labels=np.unique(y), zero_division=0))
        line = json.dumps([time.time(), str(sorted(model.get_params().items())), value])
        with Path(self.file).open("a", encoding="utf-8") as notes:
            notes.write(line + "\n")
        return value


def theirs(lessons: TrainingSet, trials: int, seed: int) -> tuple[Curve, float]:
    """RandomizedSearchCV on all CPUs, and how long it took."""
    laid, _ = lay_out(lessons, Hyperparameters(augmentations=0), seed=7)
    with TemporaryDirectory() as folder:
        notes = Path(folder) / "notes"
        search = RandomizedSearchCV(
            Ours(), {name: as_scipy(name) for name in SPACE}, n_iter=trials, scoring=Noted(str(notes)),
            cv=PredefinedSplit(laid.folds), n_jobs=-1, refit=False, random_state=seed,
        )  # fmt: skip
        start = time.time()
        search.fit(np.arange(len(lessons.targets)), lessons.targets)
        end = time.time() - start
        folds: dict[str, list[tuple[float, float]]] = {}
        for line in notes.read_text().splitlines():
            at, which, value = json.loads(line)
            folds.setdefault(which, []).append((at, value))
    whole = [each for each in folds.values() if len(each) == Hyperparameters().n_splits]
    curve = sorted((max(at for at, _ in each) - start, statistics.fmean(value for _, value in each)) for each in whole)
    return curve, end


def ours(lessons: TrainingSet, trials: int, seed: int) -> tuple[Curve, float]:
    """`sake tune`, with a Ray of its own, and how long it took."""
    now = tuned(Hyperparameters(augmentations=0), draw(SPACE, Random(seed)))
    with TemporaryDirectory() as folder:
        journal = TrialJournal(Path(folder) / "search")
        journal.begin("bench", "")
        start = time.time()
        with open_ray(Path(folder)):
            from sake_ray.train.search.tune import search_on_ray  # Ray reads its environment when it is imported

            search_on_ray(lessons, now, SearchRequest(trials), seed=seed, journal=journal)
            end = time.time() - start
        files = {trial.number: journal.folder / "trials" / f"{trial.number:05d}.json" for trial in journal.trials()}
        whole = [trial for trial in journal.trials() if trial.state is TrialState.FINISHED]
        return sorted(
            (files[each.number].stat().st_mtime - start, value_of(each.folds, "macro_f1")) for each in whole
        ), end


def as_scipy(name: str) -> Any:
    """A range of the space as scikit-learn draws from it."""
    each = SPACE[name]
    if isinstance(each, CategoricalRange):
        return list(each.values)
    return loguniform(each.low, each.high) if each.log else uniform(each.low, each.high - each.low)


def draw(space: Space, random: Random) -> dict[str, Any]:
    """A random place in the space."""
    return {
        name: random.choice(each.values)
        if isinstance(each, CategoricalRange)
        else np.exp(random.uniform(np.log(each.low), np.log(each.high)))
        if each.log
        else random.uniform(each.low, each.high)
        for name, each in space.items()
    }


def reached(curve: Curve, target: float) -> float | None:
    """When the target was first reached; None when it never was."""
    return next((at for at, value in curve if value >= target - 1e-9), None)


def compare(seed: int, trials: int) -> dict[str, Any]:
    """One seed of both."""
    lessons = known()
    searches = {"ours": ours, "theirs": theirs}
    # Other work on the machine comes and goes: neither is always the first.
    both = {name: searches[name](lessons, trials, seed) for name in sorted(searches, reverse=seed % 2 == 0)}
    curves, ends = ({name: each[part] for name, each in both.items()} for part in (0, 1))
    best = {name: max(value for _, value in curve) for name, curve in curves.items()}
    target = best[max(ends, key=lambda name: ends[name])]
    times = {name: reached(curve, target) for name, curve in curves.items()}
    return {
        "seed": seed,
        "trials": trials,
        "ends": ends,
        "best": best,
        "target": target,
        "times": times,
        "curves": curves,
    }


def tell(runs: Sequence[dict[str, Any]]) -> Iterator[str]:
    """The table."""
    yield f"{len(known().numbers)} documents, {len(known().labels)} labels, {runs[0]['trials']} trials, {os.cpu_count()} CPUs"
    yield "seed\ttarget\tours s\ttheirs s\tours best\ttheirs best\tours end s\ttheirs end s"
    for run in runs:
        shown = ["lost" if run["times"][name] is None else f"{run['times'][name]:.0f}" for name in ("ours", "theirs")]
        ends = [f"{run['ends'][name]:.0f}" for name in ("ours", "theirs")]
        yield "\t".join(
            [
                str(run["seed"]),
                f"{run['target']:.4f}",
                *shown,
                *(f"{run['best'][n]:.4f}" for n in ("ours", "theirs")),
                *ends,
            ]
        )
    for name in ("ours", "theirs"):
        times = [np.inf if run["times"][name] is None else run["times"][name] for run in runs]
        lost = sum(run["times"][name] is None for run in runs)
        yield f"{name}: median {statistics.median(times):.0f} s, {min(times):.0f} to {max(times):.0f}, lost {lost} of {len(runs)}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--trials", type=int, default=24)
    parser.add_argument("--seed", type=int, help="this seed only")
    parser.add_argument("--out", type=Path, default=Path("tuning.jsonl"), help="a line for each seed is added here")
    given = parser.parse_args()
    for seed in (given.seed,) if given.seed else SEEDS:
        with given.out.open("a", encoding="utf-8") as out:
            out.write(json.dumps(compare(seed, given.trials)) + "\n")
    for line in tell([json.loads(line) for line in given.out.read_text(encoding="utf-8").splitlines()]):
        print(line)


if __name__ == "__main__":
    main()
