"""Trace what moving the threshold does: how many documents pass without a person, and how many of these are right."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from sake_ray.evaluation.thresholds import ScoredDocument

LEAST = 10
"""Fewer accepted documents than that say nothing of how many are right."""
MAX_POINTS = 80


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """What a rule does to `documents` verified ones: so many it accepts, so many of these are right.

    `threshold` is the confidence from which on it accepts; None where labels have their own.
    """

    threshold: float | None
    documents: int
    accepted: int
    right: int

    @property
    def share(self) -> float:
        """How many pass without a person, 0–1 (coverage)."""
        return self.accepted / self.documents if self.documents else 0.0

    @property
    def precision(self) -> float | None:
        """How many of those that pass are right, 0–1; None when none passes."""
        return self.right / self.accepted if self.accepted else None


def trace_curve(seen: Sequence[ScoredDocument], documents: int) -> tuple[CurvePoint, ...]:
    """The points from the strictest threshold to none at all, evenly spaced by what they accept.

    `seen` are those of the `documents` that some threshold could accept. Documents of equal confidence are accepted together,
    so that every point is one that can be had.
    """
    ranked = sorted(seen, key=lambda each: -each.confidence)
    right = [0, *accumulate(int(each.right) for each in ranked)]
    last = [size for size in range(1, len(ranked)) if ranked[size].confidence < ranked[size - 1].confidence]
    sizes = [size for size in [*last, len(ranked)] if size >= min(LEAST, len(ranked)) and size]
    step = max(1, -(-len(sizes) // MAX_POINTS))
    kept = sorted({*sizes[::step], *sizes[-1:]})
    return tuple(CurvePoint(ranked[size - 1].confidence, documents, size, right[size]) for size in kept)
