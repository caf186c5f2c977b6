"""Drift: how far documents differ from others in what is known of them, by the population stability index (PSI).

PSI = Σ over bins of (p - q)·ln(p / q), where p and q are the shares of the bin on either side: the symmetrised Kullback-Leibler
divergence of the two, as it is used for score cards (Siddiqi, Credit Risk Scorecards, 2006). By the rule of thumb from there,
below 0.1 nothing has changed, and from 0.25 on much has. Without any change PSI is not 0 but about (bins - 1)(1/n + 1/m) for n
and m documents (Yurdakul and Naranjo, 2020): with six bins and 100 documents 0.06, which is why fewer are not compared.

The bins are fixed, not quantiles of one side, so that counts of different times and models can be compared and fit into a
manifest. Their bounds follow what the numbers mean here: 20 words are a card, 200 a letter; below an OCR confidence of 70 a
tenth to a half of the words are wrong, from 85 on rarely one in ten.
"""

import math
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

FEATURES = ("label", "language", "pages", "words", "ocr_confidence", "confidence")
ALL, TEXT_LAYER, OCR = "all", "text_layer", "ocr"
SOURCES = (ALL, TEXT_LAYER, OCR)
"""All documents, those with no word from OCR, and those with some."""
MIN_DOCUMENTS = 100
BOUNDS: Mapping[str, tuple[float, ...]] = {
    "pages": (2, 3, 6),
    "words": (1, 20, 50, 100, 200, 500),
    "ocr_confidence": (50, 60, 70, 80, 85, 90, 95),
    "confidence": (0.5, 0.7, 0.8, 0.9, 0.95, 0.99),
}
"""Where the bins of numbers begin, without the first; all other features are counted value by value."""
SMOOTHING = 0.5
"""Added to the count of each bin, so that an empty one makes the index large and not infinite (Jeffreys' prior)."""

Counts = Mapping[str, int]
Profile = Mapping[str, Mapping[str, Counts]]
"""For each source and feature how many documents are in which bin; bins are named by where they begin, or by their value."""


@dataclass(frozen=True, slots=True)
class Traits:
    """What is known of a document without its text; None where it is not known. Confidences are 0–100 of OCR, 0–1 of a model."""

    label: str | None
    language: str | None
    pages: int | None
    words: int | None
    ocr_confidence: float | None
    confidence: float | None = None

    @property
    def source(self) -> str:
        """Where its words come from."""
        return TEXT_LAYER if self.ocr_confidence is None else OCR


def count_traits(documents: Iterable[Traits]) -> Profile:
    """Count documents by source, feature and bin."""
    counts: dict[str, dict[str, Counter[str]]] = {}
    for document in documents:
        for feature in FEATURES:
            value = getattr(document, feature)
            if value is None:
                continue
            for source in (ALL, document.source):
                bins = counts.setdefault(source, {}).setdefault(feature, Counter())
                bins[find_bin(feature, value)] += 1
    return {
        source: {feature: dict(sorted(bins.items())) for feature, bins in sorted(features.items())}
        for source, features in sorted(counts.items())
    }


def find_bin(feature: str, value: str | float) -> str:
    """Find the bin of a value."""
    if isinstance(value, str):
        return value
    bounds = BOUNDS[feature]
    place = bisect_right(bounds, value)
    return f"{bounds[place - 1]:g}" if place else "0"


def measure_drift(before: Profile, now: Profile) -> dict[tuple[str, str], float]:
    """Measure the PSI of each (source, feature) of which both sides know enough documents."""
    found = {}
    for source in SOURCES:
        for feature in FEATURES:
            one, other = (side.get(source, {}).get(feature, {}) for side in (before, now))
            if min(sum(one.values()), sum(other.values())) >= MIN_DOCUMENTS:
                found[source, feature] = compute_psi(one, other)
    return found


def compute_psi(before: Counts, now: Counts) -> float:
    """Compute the population stability index of two counts by bin; 0 where they are alike, and never negative."""
    bins = sorted({*before, *now})
    one, other = (_to_shares(side, bins) for side in (before, now))
    return math.fsum((other[name] - one[name]) * math.log(other[name] / one[name]) for name in bins)


def _to_shares(counts: Counts, bins: Iterable[str]) -> dict[str, float]:
    smoothed = {name: counts.get(name, 0) + SMOOTHING for name in bins}
    total = sum(smoothed.values())
    return {name: value / total for name, value in smoothed.items()}
