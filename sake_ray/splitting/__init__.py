"""Find where one document ends and the next begins in a file that holds several."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sake_ray.classifier import Classifier
from sake_ray.domain.texts import DocumentText
from sake_ray.splitting.evidence import FEATURES, GROUPS, list_places, measure_evidence
from sake_ray.splitting.page_signs import PageSigns
from sake_ray.splitting.weights import BIAS, WEIGHTS

__all__ = ["Boundary", "find_boundaries"]


@dataclass(frozen=True, slots=True)
class Boundary:
    """A place where a document may begin: its first page, from 2; how sure that is, 0–1; and what speaks most for it.

    `reason` is "class", "numbering", "head", "zone", "separator" or "look".
    """

    page: int
    sureness: float
    reason: str


def find_boundaries(text: DocumentText, classifier: Classifier) -> tuple[Boundary, ...]:
    """Find every place where a document may begin, in order, however doubtful. Costs a prediction for each page."""
    signs = [PageSigns(page) for page in text.pages]
    places = list_places(signs)
    if not places:
        return ()
    evidence = np.asarray(measure_evidence(text, classifier, signs))
    weights = np.asarray([WEIGHTS[name] for name in FEATURES])
    scores = evidence @ weights + BIAS
    return tuple(
        Boundary(after + 1, float(1 / (1 + np.exp(-score))), find_reason(weights * values))
        for (_, after), score, values in zip(places, scores, evidence, strict=True)
    )


def find_reason(contributions: Sequence[float]) -> str:
    """Find the kind of evidence that speaks most for a boundary."""
    sums: dict[str, float] = {}
    for name, contribution in zip(FEATURES, contributions, strict=True):
        sums[GROUPS[name]] = sums.get(GROUPS[name], 0.0) + contribution
    return max(sums, key=lambda group: sums[group])
