"""Read one page image: as it is when that goes well, turned and searched when it does not."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from sake_ray.data.ocr.deskew import find_skew, turn
from sake_ray.data.ocr.engines import AUTOMATIC, SPARSE, OcrEngine, RecognizedWord
from sake_ray.data.ocr.illumination import Illumination, even_light
from sake_ray.domain.datatypes import Pixels
from sake_ray.domain.texts import Box, Word
from sake_ray.errors import ReadingTimeout

# Small photos of cards: 51 of 60 gave eight words and more when enlarged to 1,800 pixels, 38 as they were.
LONG_SIDE = (1800, 3600)
MAX_ENLARGEMENT = 4.0
# A page read like this is not tried again.
GOOD_CONFIDENCE, GOOD_WORDS = 70.0, 15
# The sample pages give 54 to 93 the right way up in the sparse search, and 22 to 38 upside down.
FAIR_CONFIDENCE = 45.0
SURE = 60.0
# Tesseract reads lines that lean by less as well as straight ones.
MIN_LEAN, MIN_CLEARNESS = 1.0, 12.0
# A page whose paper is darker somewhere by more than this share is read in evened light.
UNEVEN = 0.3
# Further tries start only within this share of the page's time.
TRIES_SHARE = 0.8
BLANK_RANGE = 24
# A later try must win clearly: noise is read as words, too.
CLEARLY_BETTER = 1.05


@dataclass(frozen=True, slots=True)
class PageReading:
    """The words of a page, and the page as it was turned to read them."""

    words: tuple[Word, ...]
    image: Pixels
    tries: int


@dataclass(frozen=True, slots=True)
class ReadingAttempt:
    """One way to read a page: degrees to turn it counter-clockwise, the segmentation, and whether its light is evened."""

    angle: float
    segmentation: int
    lit: bool = False


@dataclass(frozen=True, slots=True)
class ReadingSteps:
    """What is done for a page beyond one plain reading; bench/ocr_quality.py measures each."""

    enlarge: bool = True
    straighten: bool = True
    sparse: bool = True
    turns: bool = True
    light: bool = True


ALL_STEPS = ReadingSteps()


def read_page_image(
    image: Pixels, engine: OcrEngine, *, seconds: float, steps: ReadingSteps = ALL_STEPS
) -> PageReading:
    """Read an RGB page, keeping the best of several tries; at most `seconds`.

    Raises ReadingTimeout when not even the first try ends in time.
    """
    started = time.monotonic()
    grey = np.asarray(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), np.uint8)
    if is_blank(grey):
        return PageReading((), image, 0)
    grey = _fit(grey, LONG_SIDE[0] if steps.enlarge else 0)
    lit = even_light(grey) if steps.light else None
    best: tuple[float, ReadingAttempt, tuple[RecognizedWord, ...]] | None = None
    count = 0
    for attempt in _plan(grey, lit, steps):
        spent = time.monotonic() - started
        if best and (spent > seconds * TRIES_SHARE or _is_enough(best[2], best[1])):
            break
        picture = lit.grey if lit and attempt.lit else grey
        try:
            seen = engine.read(
                _upright(picture, attempt.angle), segmentation=attempt.segmentation, seconds=seconds - spent
            )
        except ReadingTimeout:
            if best is None:
                raise
            break
        count += 1
        if best is None or score(seen) > best[0] * CLEARLY_BETTER:
            best = (score(seen), attempt, seen)
    assert best is not None
    _, chosen, seen = best
    size = _upright(grey, chosen.angle).shape
    return PageReading(tuple(_words(seen, size)), _upright(image, chosen.angle), count)


def is_blank(grey: Pixels) -> bool:
    """Say whether there is nothing to read: one tone, but for a few specks."""
    low, high = np.percentile(grey, (0.02, 99.98))
    return bool(high - low < BLANK_RANGE)


def score(words: Sequence[RecognizedWord]) -> float:
    """The letters of the words that were read with confidence: what a page is worth to a reader."""
    return sum(len(word.text) * word.confidence / 100 for word in words if _is_sure(word))


def _is_sure(word: RecognizedWord) -> bool:
    return word.confidence >= SURE and sum(map(str.isalnum, word.text)) >= 3


def _mean(words: Sequence[RecognizedWord]) -> float:
    letters = sum(len(word.text) for word in words)
    return sum(word.confidence * len(word.text) for word in words) / letters if letters else 0.0


def _is_enough(words: Sequence[RecognizedWord], attempt: ReadingAttempt) -> bool:
    """Whether to stop: read well, or, once the sparse search was tried, at least the right way up."""
    sure = sum(map(_is_sure, words))
    return sure >= GOOD_WORDS and _mean(words) >= (
        FAIR_CONFIDENCE if attempt.segmentation == SPARSE else GOOD_CONFIDENCE
    )


def _plan(grey: Pixels, lit: Illumination | None, steps: ReadingSteps) -> Iterator[ReadingAttempt]:
    """The tries in order: straightened first, sparse for cards, then the other ways round, then in the other light."""
    angle, clear = 0.0, False
    uneven = bool(lit and lit.unevenness > UNEVEN)
    if steps.straighten:
        lie = find_skew(lit.grey if lit and uneven else grey)
        clear = lie.clearness >= MIN_CLEARNESS
        angle = lie.angle if clear and abs(lie.angle) >= MIN_LEAN else 0.0
        angle += 90.0 if clear and lie.vertical else 0.0
    yield ReadingAttempt(angle, AUTOMATIC, uneven)
    if steps.sparse:
        yield ReadingAttempt(angle, SPARSE, uneven)
    if angle % 90:
        yield ReadingAttempt(0.0, AUTOMATIC, uneven)
    for turned in (180.0, 90.0, 270.0) if steps.turns else ():
        yield ReadingAttempt(
            angle + turned, AUTOMATIC if (turned == 180.0 and clear) or not steps.sparse else SPARSE, uneven
        )
    if lit and steps.sparse:
        yield ReadingAttempt(angle, SPARSE, not uneven)


def _upright(pixels: Pixels, angle: float) -> Pixels:
    return turn(pixels, angle) if angle % 360 else pixels


def _fit(grey: Pixels, least: int) -> Pixels:
    longest = max(grey.shape)
    factor = min(max(1.0, least / longest), MAX_ENLARGEMENT) if longest < LONG_SIDE[1] else LONG_SIDE[1] / longest
    if factor == 1.0:
        return grey
    way = cv2.INTER_CUBIC if factor > 1 else cv2.INTER_AREA
    size = (max(1, round(grey.shape[1] * factor)), max(1, round(grey.shape[0] * factor)))
    return np.asarray(cv2.resize(grey, size, interpolation=way), np.uint8)


def _words(seen: Sequence[RecognizedWord], size: tuple[int, ...]) -> Iterator[Word]:
    height, width = size
    for word in seen:
        sides = (word.left / width, word.top / height, word.right / width, word.bottom / height)
        yield Word(word.text, Box(*(min(1.0, max(0.0, side)) for side in sides)), round(word.confidence, 1), word.line)
