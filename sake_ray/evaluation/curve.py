"""Trace the coverage curve: how many documents pass without review as the threshold moves, and with what precision."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from sake_ray.evaluation.thresholds import ScoredDocument

MIN_ACCEPTED = 10
"""Fewer accepted documents say nothing about the precision."""
MAX_POINTS = 80


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """What a threshold does to `documents` verified ones: how many it accepts, and how many of those are right.

    `threshold` is the lowest confidence that it accepts; None where labels have their own.
    """

    threshold: float | None
    documents: int
    accepted: int
    right: int

    @property
    def share(self) -> float:
        """The coverage: the share of documents that pass without review, 0–1."""
        return self.accepted / self.documents if self.documents else 0.0

    @property
    def precision(self) -> float | None:
        """The share of accepted documents that are right, 0–1; None when none is accepted."""
        return self.right / self.accepted if self.accepted else None


def trace_curve(scored: Sequence[ScoredDocument], documents: int) -> tuple[CurvePoint, ...]:
    """The points from the strictest threshold to none at all, evenly spaced by what they accept.

    `scored` are those of the `documents` that some threshold could accept. Documents of equal confidence are accepted
    together, so that each point belongs to a possible threshold.
    """
    ranked = sorted(scored, key=lambda document: -document.confidence)
    correct = [0, *accumulate(int(document.correct) for document in ranked)]
    last_of_equals = [size for size in range(1, len(ranked)) if ranked[size].confidence < ranked[size - 1].confidence]
    sizes = [size for size in [*last_of_equals, len(ranked)] if size >= min(MIN_ACCEPTED, len(ranked)) and size]
    step = max(1, -(-len(sizes) // MAX_POINTS))
    chosen = sorted({*sizes[::step], *sizes[-1:]})
    return tuple(CurvePoint(ranked[size - 1].confidence, documents, size, correct[size]) for size in chosen)
