"""Read a page image: not at all if it is blank, in slices if it is long, otherwise by the plan for pages."""

from dataclasses import dataclass

import cv2
import numpy as np

from sake_ray.data.ocr.attempts import ALL_STEPS, PageInWork, ReadingSteps, rotate
from sake_ray.data.ocr.blank import is_blank
from sake_ray.data.ocr.opening import OcrEngines
from sake_ray.data.ocr.plan import read_page
from sake_ray.data.ocr.slices import is_long, read_long_page
from sake_ray.domain.datatypes import Pixels
from sake_ray.domain.texts import ReadingSource, Word


@dataclass(frozen=True, slots=True)
class PageReading:
    """The words of a page, the page in the rotation in which they were read, and what it was read by."""

    words: tuple[Word, ...]
    image: Pixels
    source: ReadingSource


def read_page_image(
    image: Pixels, engines: OcrEngines, *, seconds: float, steps: ReadingSteps = ALL_STEPS
) -> PageReading:
    """Read an RGB page within so many CPU seconds, by the best of several attempts.

    Raises ReadingTimeout when not even the first attempt ends in time.
    """
    grey = np.asarray(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), np.uint8)
    if is_blank(grey):
        return PageReading((), image, ReadingSource.BLANK)
    if is_long(grey):
        long = read_long_page(grey, engines, seconds=seconds, steps=steps)
        return PageReading(long.words, rotate(image, long.angle), long.source)
    page = PageInWork(grey, engines, seconds=seconds, steps=steps)
    best = read_page(page)
    return PageReading(tuple(best.to_words()), rotate(image, best.angle), page.source)
