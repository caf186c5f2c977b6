"""Read a page by Tesseract alone: what it reads poorly is tried sparse, in other rotations and in other light."""

from collections.abc import Iterator
from dataclasses import dataclass

from sake_ray.data.ocr.attempts import PageAttempt, PageInWork
from sake_ray.data.ocr.deskew import find_skew
from sake_ray.data.ocr.scoring import is_good
from sake_ray.data.ocr.tesseract import AUTOMATIC, SPARSE

GOOD_CONFIDENCE = 70.0
"""A page that was read this well needs no other try."""
FAIR_CONFIDENCE = 45.0
"""The sample pages give 54 to 93 the right way up in the sparse search, and 22 to 38 upside down."""
# Tesseract reads lines with less skew as well as straight ones.
MIN_SKEW, MIN_CLARITY = 1.0, 12.0


@dataclass(frozen=True, slots=True)
class Try:
    """A way to read a page: degrees to rotate it counter-clockwise, the segmentation, and whether in the other light."""

    angle: float
    segmentation: int
    other_light: bool = False


def read_by_tries(page: PageInWork) -> None:
    """Try one way after another until one reads well or the time is over; raises what the very first raises."""
    for step in _plan(page):
        if not page.may_go_on():
            break
        attempt = page.read_plain(step.angle, segmentation=step.segmentation, other_light=step.other_light)
        if page.best is attempt and _is_enough(attempt, step):
            break


def _is_enough(attempt: PageAttempt, step: Try) -> bool:
    """Whether to stop: the page was read well, or, after a sparse search, at least the right way up."""
    return is_good(attempt.words, confidence=FAIR_CONFIDENCE if step.segmentation == SPARSE else GOOD_CONFIDENCE)


def _plan(page: PageInWork) -> Iterator[Try]:
    """Plan the tries: deskewed, sparse for cards, then in other rotations, then in the other light."""
    steps, angle, is_clear = page.steps, 0.0, False
    if steps.deskew:
        skew = find_skew(page.lit if page.is_uneven else page.large)
        is_clear = skew.clarity >= MIN_CLARITY
        angle = skew.angle if is_clear and abs(skew.angle) >= MIN_SKEW else 0.0
        angle += 90.0 if is_clear and skew.vertical else 0.0
    yield Try(angle, AUTOMATIC)
    if steps.sparse:
        yield Try(angle, SPARSE)
    if angle % 90:
        yield Try(0.0, AUTOMATIC)
    for rotation in (180.0, 90.0, 270.0) if steps.rotate else ():
        yield Try(angle + rotation, AUTOMATIC if (rotation == 180.0 and is_clear) or not steps.sparse else SPARSE)
    if steps.illumination and steps.sparse:
        yield Try(angle, SPARSE, other_light=True)
