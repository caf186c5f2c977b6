"""Find the confidence above which a classifier keeps a promise: at most one wrong in so many accepted."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, log

RISK = 0.05
"""How likely the promise may turn out empty, label by label."""
FIRST_SHARE = 0.8
"""How much of the risk the smallest number of documents that can tell may use; the larger ones share the rest."""
GROWTH = 1.1
"""How many more documents each look takes than the one before."""


@dataclass(frozen=True, slots=True)
class ScoredDocument:
    """A verified document that was called something with some confidence, and whether that is right."""

    confidence: float
    right: bool


@dataclass(frozen=True, slots=True)
class ErrorBudget:
    """What can be promised of a label. Without a threshold nothing can: `needed` says how many documents, all right, it takes.

    Of `documents` verified ones with this label, `accepted` are at or above the threshold, `wrong` of these are something
    else; the share of wrong ones is credibly no larger than `at_most`.
    """

    label: str
    threshold: float | None
    documents: int
    accepted: int
    wrong: int
    at_most: float
    needed: int


def make_promise(label: str, seen: Sequence[ScoredDocument], *, wrong_in: int) -> ErrorBudget:
    """Find the lowest threshold for which at most one in `wrong_in` accepted documents is wrong, with 95 % confidence.

    Bounds are Clopper and Pearson's (1934, Biometrika 26, 404–413). Looking at several thresholds and taking the best would
    make the promise too good: they are tested in an order fixed beforehand, from few accepted documents to many, by the fallback
    procedure (Wiens 2003, Pharmaceutical Statistics 2, 211–215), as in Learn then Test (Angelopoulos and others 2021): one that
    holds hands its risk on to the next.
    """
    ranked = sorted(seen, key=lambda each: -each.confidence)
    target, needed = 1 / wrong_in, count_needed(wrong_in)
    looks = sizes_to_look_at([each.confidence for each in ranked], needed)
    found = ErrorBudget(label, None, len(ranked), 0, 0, 1.0, needed)
    risk = 0.0
    for place, size in enumerate(looks):
        share = FIRST_SHARE if place == 0 else (1 - FIRST_SHARE) / (len(looks) - 1)
        risk += RISK * share
        wrong = sum(not each.right for each in ranked[:size])
        at_most = highest_share(wrong, size, risk)
        if at_most > target:
            risk = 0.0
            continue
        found = ErrorBudget(label, ranked[size - 1].confidence, len(ranked), size, wrong, at_most, needed)
    return found


def count_needed(wrong_in: int) -> int:
    """How many documents, all of them right, the promise takes at least: (1 - 1/wrong_in)^n is then below the risk."""
    return ceil(log(RISK * FIRST_SHARE) / log(1 - 1 / wrong_in))


def sizes_to_look_at(confidences: Sequence[float], least: int) -> list[int]:
    """How many of the surest documents to accept, look by look; documents of equal confidence go together."""
    sizes: list[int] = []
    wanted = float(least)
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


def highest_share(wrong: int, documents: int, risk: float) -> float:
    """The upper end of the share that may be wrong (Clopper–Pearson), one-sided."""
    from scipy.stats import beta  # half a second

    return float(beta.ppf(1 - risk, wrong + 1, documents - wrong)) if wrong < documents else 1.0
