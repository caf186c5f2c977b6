"""How many answers does the review order save? Labels needed for 95 % of the macro F1 that all labels give.

The texts of the first corpus: a fifth is held out to judge by, the others are unanswered documents. A model begins with two
documents a label drawn by the seed, then people answer ten at a time, in the order of the review or at random, and the model
is fitted anew. The vocabulary is that of all texts, which are known before any answer; augmented copies are left out.
"""

import argparse
import json
import statistics
from collections.abc import Callable, Sequence
from dataclasses import replace
from random import Random
from typing import Any

import numpy as np

from sake_ray.classifier import Hyperparameters
from sake_ray.classifier.calibration import to_probabilities
from sake_ray.classifier.linear_model import decision_function, fit_linear_model
from sake_ray.classifier.text_features import extract_features
from sake_ray.classifier.vectorizer import NgramVectorizer, fit_idf, fit_vocabulary, transform_counts
from sake_ray.data.cleaning import CLEANING_VERSION
from sake_ray.domain.texts import Recipe
from sake_ray.evaluation import evaluate
from sake_ray.feedback import review
from sake_ray.train.first_model.corpus import read_corpus

PARAMETERS = replace(Hyperparameters(), augmentations=0)
FIRST, BATCH, SHARE = 2, 10, 0.95
Order = Callable[[list[int], Any, Random], list[int]]


class Bench:
    """The corpus in numbers."""

    def __init__(self) -> None:
        recipe = Recipe("tesseract", "5", "fra+eng", 1, CLEANING_VERSION)
        corpus = [(extract_features(text), label) for text, label in read_corpus(recipe)]
        corpus = [(document, label) for document, label in corpus if not document.empty]
        self.labels = tuple(sorted({label for _, label in corpus}))
        self.targets = np.array([self.labels.index(label) for _, label in corpus])
        features = [document for document, _ in corpus]
        self.counts = NgramVectorizer(fit_vocabulary(features, PARAMETERS, seed=7), PARAMETERS).transform(features)

    def fit(self, rows: Sequence[int], seed: int) -> Callable[[Sequence[int]], Any]:
        """Learn from some rows; what is returned gives the probabilities of others."""
        some = np.array(rows)
        idf = fit_idf(self.counts[some], PARAMETERS)
        coef = fit_linear_model(
            transform_counts(self.counts[some], idf, PARAMETERS), self.targets[some], PARAMETERS, seed=seed
        )

        def probabilities(others: Sequence[int]) -> Any:
            matrix = transform_counts(self.counts[np.array(others)], idf, PARAMETERS)
            return to_probabilities(decision_function(matrix, coef), 1.0, label_smoothing=PARAMETERS.label_smoothing)

        return probabilities

    def measure(self, rows: Sequence[int], test: Sequence[int], seed: int) -> float:
        """The macro F1 on the test of a model that learnt from the rows."""
        y_true = [self.labels[self.targets[row]] for row in test]
        return evaluate(y_true, self.fit(rows, seed)(test), self.labels).macro_f1

    def labels_needed(self, order: Order, seed: int, most: int) -> tuple[int | None, float]:
        """How many labels until the share of the full figure is reached for good (twice in a row); and that figure."""
        random = Random(seed)
        rows = list(range(len(self.targets)))
        random.shuffle(rows)
        test, pool = rows[: len(rows) // 5], rows[len(rows) // 5 :]
        full = self.measure(pool, test, seed)
        known = [
            row for label in range(len(self.labels)) for row in [r for r in pool if self.targets[r] == label][:FIRST]
        ]
        reached: int | None = None
        while len(known) < most:
            if self.measure(known, test, seed) >= SHARE * full:
                if reached is not None:
                    return reached, full
                reached = len(known)
            else:
                reached = None
            left = [row for row in pool if row not in set(known)]
            known += order(left, self.fit(known, seed)(left), random)[:BATCH]
        return None, full


def at_random(left: list[int], _: Any, random: Random) -> list[int]:
    """Answer whatever comes."""
    return random.sample(left, BATCH)


def in_review_order(labels: Sequence[str], *, crowding: float, with_random: bool) -> Order:
    """Answer in the order of the review; without crowding by the margin alone."""

    def order(left: list[int], probabilities: Any, random: Random) -> list[int]:
        named = {f"{row:05}": row for row in left}
        candidates = [
            review.ReviewCandidate(name, dict(zip(labels, map(float, probabilities[place]), strict=True)))
            for place, name in enumerate(named)
        ]
        teaching = [one.document for one in review.select_uncertain(candidates, BATCH, crowding=crowding)]
        others = [name for name in named if name not in teaching] if with_random else []
        drawn = random.sample(others, min(2, len(others)))
        return [named[name] for name, _ in review.interleave(teaching, drawn, BATCH)]

    return order


def main() -> None:
    """Print a line of JSON an order: labels needed by seed, their median, and the full figure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--most", type=int, default=500)
    parser.add_argument("--orders", nargs="*", help="only these")
    arguments = parser.parse_args()
    bench = Bench()
    orders: dict[str, Order] = {
        "random": at_random,
        "margin alone": in_review_order(bench.labels, crowding=0.0, with_random=False),
        "margin, crowding": in_review_order(bench.labels, crowding=review.CROWDING, with_random=False),
        "review": in_review_order(bench.labels, crowding=review.CROWDING, with_random=True),
    }
    for name, order in orders.items():
        if arguments.orders and name not in arguments.orders:
            continue
        found = [bench.labels_needed(order, seed, arguments.most) for seed in range(arguments.seeds)]
        needed = [count for count, _ in found]
        median = statistics.median(arguments.most if count is None else count for count in needed)
        full = round(statistics.mean(figure for _, figure in found), 4)
        print(json.dumps({"order": name, "needed": needed, "median": median, "full_macro_f1": full}), flush=True)


if __name__ == "__main__":
    main()
