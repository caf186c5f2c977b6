"""Read a page that is many times as long as wide, such as a till receipt or a long screenshot, in overlapping slices."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace

import numpy as np

from sake_ray.data.long_pages import measure_sheet
from sake_ray.data.ocr.attempts import LONG_SIDE, PageAttempt, PageInWork, ReadingSteps, rotate
from sake_ray.data.ocr.blank import is_blank
from sake_ray.data.ocr.deskew import find_skew
from sake_ray.data.ocr.engines import measure_own_cpu
from sake_ray.data.ocr.line_detection import group_rows
from sake_ray.data.ocr.opening import OcrEngines
from sake_ray.data.ocr.plan import read_slice
from sake_ray.data.ocr.scoring import score
from sake_ray.domain.datatypes import Pixels
from sake_ray.domain.texts import Box, ReadingSource, Word, combine_sources
from sake_ray.errors import ReadingCrashed

SLICE, MIN_SLICE = 2.0, 1200
"""A slice is so many times as long as wide, like a sheet of paper, and at least so many pixels long."""
PLAY = 0.1
"""The share of a slice's length within which it ends where least is written."""
OVERLAP = 0.05
"""The share of a slice's length by which it shows more on either side, so that no letter is cut."""


@dataclass(frozen=True, slots=True)
class Slice:
    """From and to which pixel along the page a slice is shown, and between which ones its words count."""

    shown: tuple[int, int]
    counts: tuple[int, int]


@dataclass(frozen=True, slots=True)
class LongReading:
    """The words of a long page, rotated counter-clockwise by a quarter turn or more to be upright, and what it was read by."""

    words: tuple[Word, ...]
    angle: float
    source: ReadingSource


def is_long(grey: Pixels) -> bool:
    """Return whether a page is so long that its print would be too small when it is read at once."""
    return bool(max(grey.shape) > LONG_SIDE[1] and max(grey.shape) > measure_sheet(*grey.shape))


def read_long_page(grey: Pixels, engines: OcrEngines, *, seconds: float, steps: ReadingSteps) -> LongReading:
    """Read a long page within so many CPU seconds; raises what `read_slice` raises."""
    end = measure_own_cpu() + seconds
    angle = find_quarter_turn(grey, engines, seconds=seconds, steps=steps)
    upright = rotate(grey, angle)
    axis = 0 if upright.shape[0] > upright.shape[1] else 1
    slices = list(plan_slices(upright, axis))
    words: list[Word] = []
    sources: set[ReadingSource] = set()
    for number, part in enumerate(slices):
        shown = _show(upright, part, axis)
        if is_blank(shown):
            continue
        page = PageInWork(shown, engines, seconds=(end - measure_own_cpu()) / (len(slices) - number), steps=steps)
        first_line = words[-1].line + 1 if words else 0
        found = (_place(word, part, upright.shape[axis], axis) for word in _in_rows(read_slice(page)).to_words())
        words += [replace(word, line=word.line + first_line) for word in found if word.text]
        sources.add(page.source)
    return LongReading(tuple(words), angle, combine_sources(sources or {ReadingSource.BLANK}))


def find_quarter_turn(grey: Pixels, engines: OcrEngines, *, seconds: float, steps: ReadingSteps) -> float:
    """Find which way up the page is by its middle: 0, 90, 180 or 270 degrees to rotate it counter-clockwise."""
    axis = 0 if grey.shape[0] > grey.shape[1] else 1
    slices = list(plan_slices(grey, axis))
    middle = _show(grey, slices[len(slices) // 2], axis)
    if engines.second:
        with suppress(ReadingCrashed):  # for want of memory: then Tesseract may tell
            found = engines.second.find_lines(middle)
            return float(90 * round(found.angle / 90) % 360) if found.quads else 0.0
    if not engines.plain:
        return 0.0
    page = PageInWork(middle, engines, seconds=seconds / 2, steps=steps)
    standing = 90.0 if find_skew(middle).vertical else 0.0
    return max((standing, standing + 180), key=lambda angle: score(page.read_plain(angle).words))


def plan_slices(grey: Pixels, axis: int) -> Iterator[Slice]:
    """Plan the slices along an axis: each ends where least is written, and shows a little more than what counts."""
    length, width = grey.shape[axis], grey.shape[1 - axis]
    size = max(MIN_SLICE, round(SLICE * width))
    more, begin = round(OVERLAP * size), 0
    contrast = grey.std(axis=1 - axis)
    while begin < length:
        end = length
        if length - begin > size * (1 + PLAY):
            first = begin + round(size * (1 - PLAY))
            quiet = np.convolve(contrast[first : begin + size], np.ones(5), mode="same")[2:-2]
            end = first + 2 + int(quiet.argmin())
        yield Slice((max(0, begin - more), min(length, end + more)), (begin, end))
        begin = end


def _show(grey: Pixels, part: Slice, axis: int) -> Pixels:
    begin, end = part.shown
    return np.ascontiguousarray(grey[begin:end] if axis == 0 else grey[:, begin:end])


def _in_rows(attempt: PageAttempt) -> PageAttempt:
    """Make one line of what stands side by side, such as an article and its price."""
    quads = [
        np.array([[word.left, word.top], [word.right, word.top], [word.right, word.bottom], [word.left, word.bottom]])
        for word in attempt.words
    ]
    rows = group_rows(quads)
    words = tuple(replace(attempt.words[index], line=line) for line, row in enumerate(rows) for index in row)
    return replace(attempt, words=words)


def _place(word: Word, part: Slice, length: int, axis: int) -> Word:
    """Place a word of a slice on the whole page; without text when another slice counts it."""
    first, shown = part.shown[0], part.shown[1] - part.shown[0]

    def along(share: float) -> float:
        return (first + share * shown) / length

    box = word.box
    begin, end = (along(box.top), along(box.bottom)) if axis == 0 else (along(box.left), along(box.right))
    counts = part.counts[0] <= length * (begin + end) / 2 < part.counts[1]
    placed = Box(box.left, begin, box.right, end) if axis == 0 else Box(begin, box.top, end, box.bottom)
    return replace(word, text=word.text if counts else "", box=placed)
