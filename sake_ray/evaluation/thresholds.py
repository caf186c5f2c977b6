"""Find the confidence above which a classifier keeps an error budget: at most one wrong in so many accepted documents."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, log

ALPHA = 0.05
"""The probability, label by label, that the error budget is not kept after all."""
FIRST_SHARE = 0.8
"""The share of ALPHA that the first test may use, which has the fewest documents; the later ones share the rest."""
GROWTH = 1.1
"""How many times the documents of a test the next one takes."""


@dataclass(frozen=True, slots=True)
class ScoredDocument:
    """A verified document: the confidence of its predicted label, and whether that label is correct."""

    confidence: float
    correct: bool


@dataclass(frozen=True, slots=True)
class ErrorBudget:
    """Whether a label can keep the error budget, and from which confidence on.

    Of `documents` verified ones that were predicted as the label, `accepted` are at or above the threshold and `wrong` of those
    are something else; `at_most` is the upper bound of the share of wrong ones. Without a threshold the budget cannot be kept:
    it takes at least `needed` documents, all of them right.
    """

    label: str
    threshold: float | None
    documents: int
    accepted: int
    wrong: int
    at_most: float
    needed: int


def find_error_budget(label: str, scored: Sequence[ScoredDocument], *, wrong_in: int) -> ErrorBudget:
    """Find the lowest threshold for which at most one in `wrong_in` accepted documents is wrong, with 95 % confidence.

    Bounds are Clopper and Pearson's (1934, Biometrika 26, 404–413). Testing several thresholds and taking the best would
    overstate the confidence. So they are tested in an order fixed beforehand, from few accepted documents to many, by the
    fallback procedure (Wiens 2003, Pharmaceutical Statistics 2, 211–215), as in Learn then Test (Angelopoulos and others 2021):
    a test that succeeds hands its share of ALPHA on to the next.
    """
    ranked = sorted(scored, key=lambda document: -document.confidence)
    max_error, needed = 1 / wrong_in, count_needed(wrong_in)
    sizes = choose_sizes([document.confidence for document in ranked], needed)
    found = ErrorBudget(label, None, len(ranked), 0, 0, 1.0, needed)
    alpha = 0.0
    for number, size in enumerate(sizes):
        share = FIRST_SHARE if number == 0 else (1 - FIRST_SHARE) / (len(sizes) - 1)
        alpha += ALPHA * share
        wrong = sum(not document.correct for document in ranked[:size])
        at_most = bound_error(wrong, size, alpha)
        if at_most > max_error:
            alpha = 0.0
            continue
        found = ErrorBudget(label, ranked[size - 1].confidence, len(ranked), size, wrong, at_most, needed)
    return found


def count_needed(wrong_in: int) -> int:
    """The smallest number of documents, all of them right, that can show it: (1 - 1/wrong_in)^n is then below ALPHA's share."""
    return ceil(log(ALPHA * FIRST_SHARE) / log(1 - 1 / wrong_in))


def choose_sizes(confidences: Sequence[float], first: int) -> list[int]:
    """How many of the most confident documents each test accepts; documents of equal confidence go together."""
    sizes: list[int] = []
    wanted = float(first)
    while wanted <= len(confidences):
        size = ceil(wanted)
        while size < len(confidences) and confidences[size] == confidences[size - 1]:
            size += 1
        if size not in sizes:
            sizes.append(size)
        if size == len(confidences):
            break
        wanted = min(float(len(confidences)), max(wanted, size) * GROWTH)
    return sizes


def bound_error(wrong: int, documents: int, alpha: float) -> float:
    """The upper bound of the share of wrong documents (Clopper–Pearson), one-sided."""
    from scipy.stats import beta  # half a second

    return float(beta.ppf(1 - alpha, wrong + 1, documents - wrong)) if wrong < documents else 1.0
