"""The evidence for and against a boundary between two pages, each 0–1 or near it."""

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise

import numpy as np

from sake_ray.classifier import Classifier
from sake_ray.classifier.text_features import extract_features
from sake_ray.domain.texts import DocumentText
from sake_ray.domain.verdicts import OTHER
from sake_ray.splitting.page_signs import PageSigns

OTHER_SHAPE = 0.03
"""A4 and Letter differ by 0.09, two scans of one sheet by less than this."""
GROUPS: Mapping[str, str] = {
    "other_class": "class",
    "same_class": "class",
    "number_follows": "numbering",
    "number_restarts": "numbering",
    "number_ended": "numbering",
    "number_missing": "numbering",
    "new_identifier": "head",
    "new_date": "head",
    "headline": "head",
    "other_zone": "zone",
    "blank_between": "separator",
    "separator_between": "separator",
    "other_shape": "look",
    "other_print": "look",
    "room_left": "look",
}
"""What speaks for a boundary or against it, and the reason that people are told.

Gave nothing on generated stacks: how alike the words are, a running head or a name on both pages, the same number or date on
both, one page of no class or both, a scan beside a text layer, a page number that neither follows nor is 1.
"""
FEATURES = tuple(GROUPS)
AGAINST = frozenset({"same_class", "number_follows"})
"""What speaks against a boundary; all else speaks for one."""


def list_places(signs: Sequence[PageSigns]) -> list[tuple[int, int]]:
    """List the places where a document may begin, as indexes of the page before and the page after.

    Blank and separating sheets between the two belong to the document before.
    """
    written = [index for index, page in enumerate(signs) if not (page.is_blank or page.is_separator)]
    return list(pairwise(written))


def measure_evidence(text: DocumentText, classifier: Classifier, signs: Sequence[PageSigns]) -> list[list[float]]:
    """Measure the evidence at each place of `list_places`, in the order of FEATURES."""
    pages = [extract_features(text.select_pages(n, n)) for n in range(1, len(signs) + 1)]
    shares = np.asarray(classifier.predict_proba(classifier.transform(pages)))
    measured = []
    for before, after in list_places(signs):
        values = compare_classes(classifier.labels, shares[before], shares[after])
        values |= compare_numbers(signs[before], signs[after]) | compare_signs(signs[before], signs[after])
        between = signs[before + 1 : after]
        values["blank_between"] = float(any(page.is_blank for page in between))
        values["separator_between"] = float(any(page.is_separator for page in between))
        measured.append([values[name] for name in FEATURES])
    return measured


def compare_classes(labels: Sequence[str], before: Sequence[float], after: Sequence[float]) -> dict[str, float]:
    """How probable it is that two pages are of two classes, or of the same one; a page of no class says nothing."""
    named = [place for place, label in enumerate(labels) if label != OTHER]
    both = sum(before[place] for place in named) * sum(after[place] for place in named)
    same = sum(before[place] * after[place] for place in named)
    return {"other_class": float(both - same), "same_class": float(same)}


def compare_signs(before: PageSigns, after: PageSigns) -> dict[str, float]:
    """Compare what two pages say of their document, and how they look."""
    return {
        "new_identifier": float(bool(after.identifiers) and not before.identifiers & after.identifiers),
        "new_date": float(bool(after.dates) and not before.dates & after.dates),
        "headline": min(1.0, math.log(max(1.0, after.headline))),
        "other_zone": float(bool(before.zone) and bool(after.zone) and before.zone != after.zone),
        "other_shape": float(abs(math.log(_shape(before) / _shape(after))) > OTHER_SHAPE),
        "other_print": min(1.0, 2 * abs(_log(before.text_height) - _log(after.text_height))),
        "room_left": 1 - before.filled,
    }


def compare_numbers(before: PageSigns, after: PageSigns) -> dict[str, float]:
    """Compare the page numbers: does the second follow the first, or begin anew?"""
    one, two = before.number, after.number
    same_total = bool(one and two and (one.total == two.total or not (one.total and two.total)))
    follows = bool(one and two and two.number == one.number + 1 and same_total)
    ended = bool(one and one.total == one.number)
    return {
        "number_follows": float(follows),
        "number_restarts": float(bool(two and two.number == 1)),
        "number_ended": float(ended),
        "number_missing": float(bool(one) and not two and not ended),
    }


def _shape(page: PageSigns) -> float:
    return max(1, page.page.width) / max(1, page.page.height)


def _log(size: float) -> float:
    return math.log(max(1e-4, size))
