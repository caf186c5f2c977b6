"""Measure how fast a search finds good hyperparameters: `sake tune` against scikit-learn's RandomizedSearchCV(n_jobs=-1).

Both draw from the same space, evaluate on the same folds by macro F1 and have the same CPUs; both begin at a random point
and not at the present hyperparameters. The corpus: invoices that come with the program, labelled by their kinds. The
target of a seed is the best of the slower of the two; measured is when each first reached it, with the start of Ray but
without the imports of this process. `--seed` runs one seed and adds it to the file of `--out`; without it all run.
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
from sake_ray.train.search.journal import SearchRequest, TrialJournal
from sake_ray.train.search.scoring import average
from sake_ray.train.search.space import SPACE, CategoricalRange, Space, to_hyperparameters
from sake_ray.train.search.vectorization import augment_search_set

SEEDS = (1, 2, 3, 4, 5)
LABELS, MIN_PER_KIND = ("facture",), 10
LearningCurve = list[tuple[float, float]]
"""When each trial finished, in seconds, and its macro F1."""


def build_corpus() -> TrainingSet:
    """The generated invoices, labelled by their kind."""
    import gzip

    with gzip.open(CORPUS, "rt", encoding="utf-8") as lines:
        kinds = [(row["label"], row["kind"]) for row in map(json.loads, lines)]
    texts = [text for text, _ in read_corpus(Recipe("pytesseract", "5", "fra+eng", 1, 1))]
    sizes = Counter(kinds)
    chosen = [index for index, kind in enumerate(kinds) if kind[0] in LABELS and sizes[kind] >= MIN_PER_KIND]
    return TrainingSet.build(
        [extract_features(texts[index]) for index in chosen],
        [" ".join(kinds[index]) for index in chosen],
        [*map(str, chosen)],
    )


class SakeClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """The classifier as an estimator of scikit-learn; X are indices into the corpus, which every process reads once."""

    def __init__(self, **values: Any) -> None:
        self.set_params(**values)

    def get_params(self, deep: bool = True) -> dict[str, Any]:  # noqa: ARG002
        return {name: getattr(self, name, None) for name in SPACE}

    def set_params(self, **values: Any) -> "SakeClassifier":
        for name, value in values.items():
            setattr(self, name, value)
        return self

    def fit(self, indices: Any, y: Any) -> "SakeClassifier":  # noqa: ARG002 - the corpus has the labels
        corpus = load_corpus()
        self.parameters_ = to_hyperparameters(self.get_params(), Hyperparameters(augmentations=0))
        self.corpus_ = vectorize_corpus(corpus.features, corpus.targets, corpus.groups, self.parameters_, seed=7)
        rows = np.zeros(len(corpus.targets), dtype=bool)
        rows[indices] = True
        self.classes_ = np.unique(corpus.targets[rows])
        self.idf_, self.coef_ = fit_rows(self.corpus_, rows, self.parameters_, seed=7)
        return self

    def predict(self, indices: Any) -> Any:
        rows = transform_counts(self.corpus_.counts[indices], self.idf_, self.parameters_)
        return self.classes_[decision_function(rows, self.coef_).argmax(axis=1)]


_CORPUS: list[TrainingSet] = []


def load_corpus() -> TrainingSet:
    """The corpus, once a process."""
    if not _CORPUS:
        _CORPUS.append(build_corpus())
    return _CORPUS[0]


class LoggingScorer:
    """Computes macro F1 over the present labels, and logs it with the time of each fold."""

    def __init__(self, file: str) -> None:
        self.file = file

    def __call__(self, model: SakeClassifier, indices: Any, y: Any) -> float:
        value = float(f1_score(y, model.predict(indices), average="macro", labels=np.unique(y), zero_division=0))
        line = json.dumps([time.time(), str(sorted(model.get_params().items())), value])
        with Path(self.file).open("a", encoding="utf-8") as log:
            log.write(line + "\n")
        return value


def run_random_search(corpus: TrainingSet, trials: int, seed: int) -> tuple[LearningCurve, float]:
    """Run RandomizedSearchCV on all CPUs; return its curve and its seconds."""
    layout, _ = augment_search_set(corpus, Hyperparameters(augmentations=0), seed=7)
    with TemporaryDirectory() as folder:
        log = Path(folder) / "log"
        search = RandomizedSearchCV(
            SakeClassifier(), {name: to_scipy(name) for name in SPACE}, n_iter=trials, scoring=LoggingScorer(str(log)),
            cv=PredefinedSplit(layout.folds), n_jobs=-1, refit=False, random_state=seed,
        )  # fmt: skip
        start = time.time()
        search.fit(np.arange(len(corpus.targets)), corpus.targets)
        end = time.time() - start
        folds: dict[str, list[tuple[float, float]]] = {}
        for line in log.read_text().splitlines():
            at, which, value = json.loads(line)
            folds.setdefault(which, []).append((at, value))
    finished = [each for each in folds.values() if len(each) == Hyperparameters().n_splits]
    curve = sorted(
        (max(at for at, _ in each) - start, statistics.fmean(value for _, value in each)) for each in finished
    )
    return curve, end


def run_sake_tune(corpus: TrainingSet, trials: int, seed: int) -> tuple[LearningCurve, float]:
    """Run `sake tune` with a Ray of its own; return its curve and its seconds."""
    current = to_hyperparameters(draw(SPACE, Random(seed)), Hyperparameters(augmentations=0))
    with TemporaryDirectory() as folder:
        journal = TrialJournal(Path(folder) / "search")
        journal.begin("bench", "")
        start = time.time()
        with open_ray(Path(folder)):
            from sake_ray.train.search.tune import search_on_ray  # Ray reads its environment when it is imported

            search_on_ray(corpus, current, SearchRequest(trials), seed=seed, journal=journal)
            end = time.time() - start
        files = {
            trial.number: journal.folder / "trials" / f"{trial.number:05d}.json" for trial in journal.read_trials()
        }
        finished = [trial for trial in journal.read_trials() if trial.state is TrialState.FINISHED]
        return sorted(
            (files[each.number].stat().st_mtime - start, average(each.folds, "macro_f1")) for each in finished
        ), end


def to_scipy(name: str) -> Any:
    """Express a range of the space as scikit-learn draws from it."""
    each = SPACE[name]
    if isinstance(each, CategoricalRange):
        return list(each.values)
    return loguniform(each.low, each.high) if each.log else uniform(each.low, each.high - each.low)


def draw(space: Space, random: Random) -> dict[str, Any]:
    """Draw a random point of the space."""
    return {
        name: random.choice(each.values)
        if isinstance(each, CategoricalRange)
        else np.exp(random.uniform(np.log(each.low), np.log(each.high)))
        if each.log
        else random.uniform(each.low, each.high)
        for name, each in space.items()
    }


def find_time_to(curve: LearningCurve, target: float) -> float | None:
    """Find when the target was first reached; None when it never was."""
    return next((at for at, value in curve if value >= target - 1e-9), None)


def compare(seed: int, trials: int) -> dict[str, Any]:
    """Run both with one seed."""
    corpus = load_corpus()
    searches = {"ours": run_sake_tune, "theirs": run_random_search}
    # Other work on the machine comes and goes: neither is always the first.
    both = {name: searches[name](corpus, trials, seed) for name in sorted(searches, reverse=seed % 2 == 0)}
    curves, ends = ({name: each[part] for name, each in both.items()} for part in (0, 1))
    best = {name: max(value for _, value in curve) for name, curve in curves.items()}
    target = best[max(ends, key=lambda name: ends[name])]
    times = {name: find_time_to(curve, target) for name, curve in curves.items()}
    return {
        "seed": seed,
        "trials": trials,
        "ends": ends,
        "best": best,
        "target": target,
        "times": times,
        "curves": curves,
    }


def make_table(runs: Sequence[dict[str, Any]]) -> Iterator[str]:
    """Make the table of all seeds."""
    corpus = load_corpus()
    yield f"{len(corpus.targets)} documents, {len(corpus.labels)} labels, {runs[0]['trials']} trials, {os.cpu_count()} CPUs"
    yield "seed\ttarget\tours s\ttheirs s\tours best\ttheirs best\tours end s\ttheirs end s"
    for run in runs:
        reached = ["lost" if run["times"][name] is None else f"{run['times'][name]:.0f}" for name in ("ours", "theirs")]
        ends = [f"{run['ends'][name]:.0f}" for name in ("ours", "theirs")]
        yield "\t".join(
            [
                str(run["seed"]),
                f"{run['target']:.4f}",
                *reached,
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
    for line in make_table([json.loads(line) for line in given.out.read_text(encoding="utf-8").splitlines()]):
        print(line)


if __name__ == "__main__":
    main()
