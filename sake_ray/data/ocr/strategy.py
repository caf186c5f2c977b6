"""Read a page image: as it is if that works well, otherwise deskewed, rotated, or by a sparse search."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from sake_ray.data.ocr.deskew import find_skew, rotate_image
from sake_ray.data.ocr.engines import AUTOMATIC, SPARSE, OcrEngine, RecognizedWord, measure_own_cpu
from sake_ray.data.ocr.illumination import Illumination, even_light
from sake_ray.domain.datatypes import Pixels
from sake_ray.domain.texts import Box, Word
from sake_ray.errors import ReadingTimeout

# Small photos of cards: 51 of 60 gave eight words and more when enlarged to 1,800 pixels, 38 as they were.
LONG_SIDE = (1800, 3600)
MAX_ENLARGEMENT = 4.0
# A page that was read this well needs no other attempt.
GOOD_CONFIDENCE, GOOD_WORDS = 70.0, 15
# The sample pages give 54 to 93 the right way up in the sparse search, and 22 to 38 upside down.
FAIR_CONFIDENCE = 45.0
SURE_CONFIDENCE = 60.0
# Tesseract reads lines with less skew as well as straight ones.
MIN_SKEW, MIN_CLARITY = 1.0, 12.0
# A page whose paper is darker somewhere by more than this share is read with its illumination evened.
UNEVEN = 0.3
# Further attempts start only within this share of the page's time.
ATTEMPTS_SHARE = 0.8
BLANK_RANGE = 24
# A later attempt must be clearly better: noise is read as words, too.
CLEARLY_BETTER = 1.05


@dataclass(frozen=True, slots=True)
class PageReading:
    """The words of a page, and the page in the rotation in which they were read."""

    words: tuple[Word, ...]
    image: Pixels
    attempts: int


@dataclass(frozen=True, slots=True)
class ReadingAttempt:
    """A way to read a page: degrees to rotate it counter-clockwise, the segmentation, and whether its light is evened."""

    angle: float
    segmentation: int
    lit: bool = False


@dataclass(frozen=True, slots=True)
class ReadingSteps:
    """The steps beyond a plain reading; bench/ocr_quality.py measures each."""

    enlarge: bool = True
    deskew: bool = True
    sparse: bool = True
    rotate: bool = True
    illumination: bool = True


ALL_STEPS = ReadingSteps()


def read_page_image(
    image: Pixels, engine: OcrEngine, *, seconds: float, steps: ReadingSteps = ALL_STEPS
) -> PageReading:
    """Read an RGB page within so many CPU seconds, by the best of several attempts.

    Raises ReadingTimeout when not even the first attempt ends in time.
    """
    started = measure_own_cpu()
    grey = np.asarray(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), np.uint8)
    if is_blank(grey):
        return PageReading((), image, 0)
    grey = _resize(grey, LONG_SIDE[0] if steps.enlarge else 0)
    lit = even_light(grey) if steps.illumination else None
    best: tuple[float, ReadingAttempt, tuple[RecognizedWord, ...]] | None = None
    count = 0
    for attempt in _plan_attempts(grey, lit, steps):
        spent = measure_own_cpu() - started
        if best and (spent > seconds * ATTEMPTS_SHARE or _is_enough(best[2], best[1])):
            break
        source = lit.grey if lit and attempt.lit else grey
        try:
            words = engine.read(
                _rotate(source, attempt.angle), segmentation=attempt.segmentation, seconds=seconds - spent
            )
        except ReadingTimeout:
            if best is None:
                raise
            break
        count += 1
        if best is None or score(words) > best[0] * CLEARLY_BETTER:
            best = (score(words), attempt, words)
    assert best is not None
    _, chosen, words = best
    size = _rotate(grey, chosen.angle).shape
    return PageReading(tuple(_words(words, size)), _rotate(image, chosen.angle), count)


def is_blank(grey: Pixels) -> bool:
    """Return whether there is nothing to read: one tone, except for a few specks."""
    low, high = np.percentile(grey, (0.02, 99.98))
    return bool(high - low < BLANK_RANGE)


def score(words: Sequence[RecognizedWord]) -> float:
    """Score a reading by the letters of its confident words, weighted by their confidence."""
    return sum(len(word.text) * word.confidence / 100 for word in words if _is_confident(word))


def _is_confident(word: RecognizedWord) -> bool:
    return word.confidence >= SURE_CONFIDENCE and sum(map(str.isalnum, word.text)) >= 3


def _mean_confidence(words: Sequence[RecognizedWord]) -> float:
    letters = sum(len(word.text) for word in words)
    return sum(word.confidence * len(word.text) for word in words) / letters if letters else 0.0


def _is_enough(words: Sequence[RecognizedWord], attempt: ReadingAttempt) -> bool:
    """Whether to stop: the page was read well, or, after a sparse search, at least the right way up."""
    confident = sum(map(_is_confident, words))
    return confident >= GOOD_WORDS and _mean_confidence(words) >= (
        FAIR_CONFIDENCE if attempt.segmentation == SPARSE else GOOD_CONFIDENCE
    )


def _plan_attempts(grey: Pixels, lit: Illumination | None, steps: ReadingSteps) -> Iterator[ReadingAttempt]:
    """Plan the attempts: deskewed, sparse for cards, then in other rotations, then in the other illumination."""
    angle, is_clear = 0.0, False
    uneven = bool(lit and lit.unevenness > UNEVEN)
    if steps.deskew:
        skew = find_skew(lit.grey if lit and uneven else grey)
        is_clear = skew.clarity >= MIN_CLARITY
        angle = skew.angle if is_clear and abs(skew.angle) >= MIN_SKEW else 0.0
        angle += 90.0 if is_clear and skew.vertical else 0.0
    yield ReadingAttempt(angle, AUTOMATIC, uneven)
    if steps.sparse:
        yield ReadingAttempt(angle, SPARSE, uneven)
    if angle % 90:
        yield ReadingAttempt(0.0, AUTOMATIC, uneven)
    for rotation in (180.0, 90.0, 270.0) if steps.rotate else ():
        yield ReadingAttempt(
            angle + rotation, AUTOMATIC if (rotation == 180.0 and is_clear) or not steps.sparse else SPARSE, uneven
        )
    if lit and steps.sparse:
        yield ReadingAttempt(angle, SPARSE, not uneven)


def _rotate(pixels: Pixels, angle: float) -> Pixels:
    return rotate_image(pixels, angle) if angle % 360 else pixels


def _resize(grey: Pixels, min_long_side: int) -> Pixels:
    longest = max(grey.shape)
    factor = (
        min(max(1.0, min_long_side / longest), MAX_ENLARGEMENT) if longest < LONG_SIDE[1] else LONG_SIDE[1] / longest
    )
    if factor == 1.0:
        return grey
    way = cv2.INTER_CUBIC if factor > 1 else cv2.INTER_AREA
    size = (max(1, round(grey.shape[1] * factor)), max(1, round(grey.shape[0] * factor)))
    return np.asarray(cv2.resize(grey, size, interpolation=way), np.uint8)


def _words(words: Sequence[RecognizedWord], size: tuple[int, ...]) -> Iterator[Word]:
    height, width = size
    for word in words:
        sides = (word.left / width, word.top / height, word.right / width, word.bottom / height)
        yield Word(word.text, Box(*(min(1.0, max(0.0, side)) for side in sides)), round(word.confidence, 1), word.line)
