"""Find what looks like lines of text on a page image: ink that its text layer may not explain."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from sake_ray.data.long_pages import measure_sheet
from sake_ray.domain.datatypes import Pixels
from sake_ray.domain.texts import Box

LONG_SIDE = 880
"""Pixels of the longer side that the search works on, about: 75 dpi on A4, on which small print is five pixels high."""
STEP = 32
WORD_GAP = 7
MIN_HEIGHT, MAX_HEIGHT = 5, 26
MIN_LENGTH = 2.5
"""Times its height: shorter things are icons, bullets and parts of drawings."""
FILL = (0.25, 0.97)
MIN_CROSSINGS = 1.5
"""How often a line changes between paper and ink in a length of its height: letters 3 to 7, rules 0, photographs 1 to 2."""
LETTERS_A_HEIGHT = 1.8
MAX_EXPLAINED = 0.5


@dataclass(frozen=True, slots=True)
class InkLine:
    """What looks like a line of text, or part of one, and about how many letters it has."""

    box: Box
    letters: float


def find_lines(page: Pixels, known: Sequence[Box]) -> list[InkLine]:
    """Find the lines of an RGB page that do not lie under these boxes of words."""
    grey = _shrink(cv2.cvtColor(page, cv2.COLOR_RGB2GRAY))
    steps = cv2.morphologyEx(grey, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8))
    mask = (steps > STEP).astype(np.uint8)
    if not mask.any():
        return []
    joined = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((1, WORD_GAP), np.uint8))
    _, _, parts, _ = cv2.connectedComponentsWithStats(joined, connectivity=4)
    explained = _draw_boxes(known, grey.shape)
    height, width = grey.shape
    lines = []
    for left, top, across, down, _ in parts[1:].tolist():
        area = np.s_[top : top + down, left : left + across]
        if (
            MIN_HEIGHT <= down <= MAX_HEIGHT
            and across >= MIN_LENGTH * down
            and FILL[0] <= mask[area].mean() <= FILL[1]
            and explained[area].mean() < MAX_EXPLAINED
            and _count_crossings(grey[area]) >= MIN_CROSSINGS
        ):
            box = Box(left / width, top / height, (left + across) / width, (top + down) / height)
            lines.append(InkLine(box, LETTERS_A_HEIGHT * across / down))
    return lines


def join_boxes(boxes: Sequence[Box], *, margin: float) -> Box:
    """The rectangle around boxes, with a margin as a share of the page, within the page."""
    return Box(
        max(0.0, min(box.left for box in boxes) - margin),
        max(0.0, min(box.top for box in boxes) - margin),
        min(1.0, max(box.right for box in boxes) + margin),
        min(1.0, max(box.bottom for box in boxes) + margin),
    )


def _shrink(grey: Pixels) -> Pixels:
    factor = round(measure_sheet(*grey.shape) / LONG_SIDE)  # a whole number takes a tenth of the time
    if factor <= 1:
        return np.asarray(grey, np.uint8)
    height, width = (side - side % factor for side in grey.shape)
    size = (max(1, width // factor), max(1, height // factor))
    return np.asarray(cv2.resize(grey[: max(1, height), : max(1, width)], size, interpolation=cv2.INTER_AREA), np.uint8)


def _draw_boxes(boxes: Sequence[Box], shape: tuple[int, ...]) -> Pixels:
    drawn = np.zeros(shape, np.uint8)
    for box in boxes:
        left, top, right, bottom = box.left * shape[1], box.top * shape[0], box.right * shape[1], box.bottom * shape[0]
        drawn[int(top) - (top > 1) : int(bottom) + 2, int(left) - (left > 1) : int(right) + 2] = 1
    return drawn


def _count_crossings(line: Pixels) -> float:
    """Count the changes between paper and ink in the middle rows, in a length of the line's height."""
    height, width = line.shape
    middle = line[height // 4 : height - height // 4].astype(np.int16)
    ink = middle > (int(middle.min()) + int(middle.max())) // 2
    crossings = np.count_nonzero(ink[:, 1:] != ink[:, :-1], axis=1)
    return float(np.median(crossings) * height / width)
