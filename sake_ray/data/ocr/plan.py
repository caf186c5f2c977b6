"""Decide how a page is read: by Tesseract once where that works well, otherwise upright, and by the neural reader, too."""

from sake_ray.data.ocr.attempts import PageAttempt, PageInWork, rotate
from sake_ray.data.ocr.coverage import misses_text
from sake_ray.data.ocr.deskew import GLANCE, find_skew
from sake_ray.data.ocr.scoring import is_good
from sake_ray.data.ocr.tesseract import SPARSE
from sake_ray.data.ocr.tries import MIN_CLARITY, MIN_SKEW, read_by_tries
from sake_ray.data.stage_clock import stage
from sake_ray.errors import ReadingCrashed, ReadingTimeout

GOOD_CONFIDENCE = 85.0
"""Below it a tenth to a half of Tesseract's words are wrong, above it rarely a tenth; of the neural reader's a third as many."""
FAIR_CONFIDENCE = 70.0
"""Enough for a slice of a long page, of which there are many: of a receipt, more words are right than that says."""
DENSE = 25
"""With so many lines Tesseract is tried again, upright, before the neural reader, which takes 0.05 s for each."""


def read_page(page: PageInWork) -> PageAttempt:
    """Read a page that may lie any way round; raises what the very first attempt raises."""
    try:
        if page.engines.second:
            _read_by_both(page)
        else:
            read_by_tries(page)
    except ReadingTimeout:
        if page.best is None:
            raise
    return page.best or PageAttempt(())


def read_slice(page: PageInWork) -> PageAttempt:
    """Read an upright slice of a long page; raises what the very first attempt raises.

    Tesseract searches it for text anywhere: looking for columns, it passes over those of a receipt's amounts.
    """
    try:
        if page.engines.plain:
            words = page.read_plain(0.0, segmentation=SPARSE).words
            if is_good(words, confidence=FAIR_CONFIDENCE) and not misses_text(page.large, words):
                return page.best or PageAttempt(())
        if page.engines.second and page.may_go_on():
            page.read_second(0.0)
    except (ReadingTimeout, ReadingCrashed):
        if page.best is None:
            raise
    return page.best or PageAttempt(())


def _read_by_both(page: PageInWork) -> None:
    plain, second = page.engines.plain, page.engines.second
    assert second
    angle = _glance(page)
    if plain and angle is not None and _reads_well(page, angle):
        return
    if not page.may_go_on():
        return
    try:
        with stage("lines"):
            found = second.find_lines(page.grey)
        if not found.quads:
            return
        upright = _snap(found.angle)
        if plain and _is_worth_another(page, upright, len(found.quads)) and _reads_well(page, upright):
            return
        if page.may_go_on():
            page.read_second(upright, None if upright else found)
    except ReadingCrashed:
        if not plain:
            raise
        read_by_tries(page)


def _reads_well(page: PageInWork, angle: float) -> bool:
    """Read by Tesseract at an angle, and return whether that is good enough: sure of its words, and no text without words."""
    words = page.read_plain(angle).words
    return is_good(words, confidence=GOOD_CONFIDENCE) and not misses_text(rotate(page.large, angle), words)


def _glance(page: PageInWork) -> float | None:
    """Find at a glance by how much the lines lean; None where they stand, so that two rotations are possible."""
    if not page.steps.deskew:
        return 0.0
    skew = find_skew(page.grey, small=GLANCE)
    if skew.clarity < MIN_CLARITY:
        return 0.0
    if skew.vertical:
        return None
    return skew.angle if abs(skew.angle) >= MIN_SKEW else 0.0


def _snap(angle: float) -> float:
    """Bring an angle to within ±180, and to a quarter turn where it nearly is one."""
    quarter = 90 * round(angle / 90)
    angle = quarter if abs(angle - quarter) < MIN_SKEW else angle
    return (angle + 180) % 360 - 180


def _is_worth_another(page: PageInWork, angle: float, lines: int) -> bool:
    """Whether Tesseract is tried at this angle: it was not yet, and there is much to read."""
    if page.best is None:
        return True
    return lines >= DENSE and abs(angle - page.best.angle) >= MIN_SKEW
