"""A page in work: its pixels as the engines want them, the time that is left, and the best reading so far."""

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np

from sake_ray.data.ocr.deskew import rotate_image
from sake_ray.data.ocr.engines import RecognizedWord, measure_own_cpu
from sake_ray.data.ocr.illumination import even_light
from sake_ray.data.ocr.neural import FoundLines
from sake_ray.data.ocr.opening import OcrEngines
from sake_ray.data.ocr.scoring import score
from sake_ray.data.ocr.tesseract import AUTOMATIC
from sake_ray.data.stage_clock import stage
from sake_ray.domain.datatypes import Pixels
from sake_ray.domain.texts import Box, ReadingSource, Word

# Small photos of cards: 51 of 60 gave Tesseract eight words and more when enlarged to 1,800 pixels, 38 as they were.
LONG_SIDE = (1800, 3600)
MAX_ENLARGEMENT = 4.0
# A page whose paper is darker somewhere by more than this share is read with its illumination evened.
UNEVEN = 0.3
# Further attempts start only within this share of the page's time.
ATTEMPTS_SHARE = 0.8
# A later attempt must be clearly better: noise is read as words, too.
CLEARLY_BETTER = 1.05


@dataclass(frozen=True, slots=True)
class ReadingSteps:
    """The steps beyond a plain reading; bench/ocr_quality.py measures each."""

    enlarge: bool = True
    deskew: bool = True
    sparse: bool = True
    rotate: bool = True
    illumination: bool = True


ALL_STEPS = ReadingSteps()


@dataclass(frozen=True, slots=True)
class PageAttempt:
    """The words of one attempt, in pixels of an image of that height and width: the page rotated counter-clockwise."""

    words: tuple[RecognizedWord, ...]
    angle: float = 0.0
    size: tuple[int, int] = (1, 1)

    def to_words(self) -> Iterator[Word]:
        """Make words of the page of it, with boxes as shares of its sides."""
        height, width = self.size
        for word in self.words:
            sides = (word.left / width, word.top / height, word.right / width, word.bottom / height)
            box = Box(*(min(1.0, max(0.0, side)) for side in sides))
            yield Word(word.text, box, round(word.confidence, 1), word.line)


class PageInWork:
    """A grey page, and what the attempts at it have brought."""

    def __init__(self, grey: Pixels, engines: OcrEngines, *, seconds: float, steps: ReadingSteps) -> None:
        self._started, self._seconds = measure_own_cpu(), seconds
        self.engines, self.steps = engines, steps
        self.grey = resize(grey, 0)
        self.large = resize(self.grey, LONG_SIDE[0] if steps.enlarge else 0)
        lit = even_light(self.large) if steps.illumination else None
        self.lit = lit.grey if lit else self.large
        self.is_uneven = bool(lit and lit.unevenness > UNEVEN)
        self.best: PageAttempt | None = None
        self.used_second = False
        """Whether the second engine has read the page, whichever attempt was the best."""

    @property
    def seconds_left(self) -> float:
        """The CPU seconds that are left for the page."""
        return self._seconds - (measure_own_cpu() - self._started)

    @property
    def source(self) -> ReadingSource:
        """By what it was read."""
        return ReadingSource.NEURAL if self.used_second else ReadingSource.TESSERACT

    def may_go_on(self) -> bool:
        """Whether another attempt may start: there always is one."""
        return self.best is None or self.seconds_left > (1 - ATTEMPTS_SHARE) * self._seconds

    def read_plain(self, angle: float, *, segmentation: int = AUTOMATIC, other_light: bool = False) -> PageAttempt:
        """Read by the first engine, rotated by an angle in degrees; raises what the engine raises."""
        assert self.engines.plain
        source = rotate(self.lit if self.is_uneven != other_light else self.large, angle)
        with stage("tesseract"):
            words = self.engines.plain.read(source, segmentation=segmentation, seconds=self.seconds_left)
        return self._keep(words, angle, source)

    def read_second(self, angle: float, found: FoundLines | None = None) -> PageAttempt:
        """Read by the second engine, rotated by an angle; `found` are the lines where they are known already."""
        assert self.engines.second
        source = rotate(self.grey, angle)
        with stage("neural"):
            lines = found or self.engines.second.find_lines(source)
            words = self.engines.second.read_lines(lines, seconds=self.seconds_left)
        self.used_second = True
        return self._keep(words, angle, source)

    def _keep(self, words: tuple[RecognizedWord, ...], angle: float, source: Pixels) -> PageAttempt:
        attempt = PageAttempt(words, angle, (source.shape[0], source.shape[1]))
        if self.best is None or score(words) > score(self.best.words) * CLEARLY_BETTER:
            self.best = attempt
        return attempt


def rotate(pixels: Pixels, angle: float) -> Pixels:
    """Rotate counter-clockwise, if there is anything to rotate."""
    return rotate_image(pixels, angle) if angle % 360 else pixels


def resize(grey: Pixels, min_long_side: int) -> Pixels:
    """Bring the longer side to at least so many pixels, and to no more than can be read in sensible time."""
    longest = max(grey.shape)
    factor = (
        min(max(1.0, min_long_side / longest), MAX_ENLARGEMENT) if longest < LONG_SIDE[1] else LONG_SIDE[1] / longest
    )
    if factor == 1.0:
        return grey
    way = cv2.INTER_CUBIC if factor > 1 else cv2.INTER_AREA
    size = (max(1, round(grey.shape[1] * factor)), max(1, round(grey.shape[0] * factor)))
    return np.asarray(cv2.resize(grey, size, interpolation=way), np.uint8)
