"""Tell which words of a text layer a person sees: those whose going would change the page."""

from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass
from enum import Enum

import cv2
import numpy as np
from numpy.typing import NDArray

from sake_ray.data.long_pages import measure_sheet
from sake_ray.domain.datatypes import Pixels
from sake_ray.domain.texts import Box

CONTRAST = 10
"""Levels of 255 by which a pixel must change; #F5F5F5 on white is the palest that counts."""
MIN_CHANGED_SHARE = 0.015
"""Of the box of a word. The letters of a light fount fill 5 %, a dot or a line of dashes more."""
MIN_SIZE = 0.0024
"""Letters set smaller than this share of the longer side of a sheet, 2 points on A4, are not there to be read."""
INK_STEP = 32
MIN_INK_SHARE = 0.1
"""Of the box of a word that paints nothing: over letters of a picture it is 0.4 and more, on paper 0."""
MARGIN = 1 / 8
"""Of a box at each side, in which letters of neighbours may lie; it is not looked at.

Words may be in one group if half of it parts them: then no letter of one comes into what is looked at of the other.
"""
OWNERS_SIDE = 1000
MAX_GROUPS = 4


class Visibility(Enum):
    """Whether a word is painted, names what a picture or curves show, or is not seen."""

    PAINTED = "painted"
    OVER_INK = "over_ink"
    HIDDEN = "hidden"


@dataclass(frozen=True, slots=True)
class PlacedWord:
    """Where a word lies and what is known of it.

    `owner` is what draws it. `unpainted` means that it paints nothing by itself, `covered` that a picture is drawn over it
    later: scanners write what they have read both ways.
    """

    box: Box
    owner: int
    unpainted: bool
    covered: bool
    size: float


Draw = Callable[[Set[int]], Pixels]
"""Draws the page without what these owners draw."""


def classify_words(words: Sequence[PlacedWord], whole: Pixels, draw: Draw) -> tuple[list[Visibility], Pixels]:
    """Classify the words, and draw the page without any of them.

    No list of tricks would be complete, so the page is drawn without the words: where nothing changes, nobody saw them. Words
    that lie on each other are taken away one group after the other, because one of them may be hidden by what the other paints.
    """
    groups = _group_owners(words, whole.shape)
    bare = draw({word.owner for word in words})
    changes = [_find_changes(whole, bare if len(groups) == 1 else draw(group)) for group in groups]
    ink: Pixels | None = None
    found = []
    for word in words:
        seen = Visibility.HIDDEN
        group = next((number for number, group in enumerate(groups) if word.owner in group), None)
        if not is_on_page(word.box) or word.size < MIN_SIZE:
            pass
        elif group is not None and share_in(changes[group], _shrink(word.box, MARGIN)) >= MIN_CHANGED_SHARE:
            seen = Visibility.PAINTED
        elif word.unpainted or word.covered:
            ink = _find_ink(bare) if ink is None else ink
            if share_in(ink, word.box) >= MIN_INK_SHARE:
                seen = Visibility.OVER_INK
        found.append(seen)
    return found, bare


def is_on_page(box: Box) -> bool:
    """Whether the middle of a box lies on the page."""
    return 0 <= (box.left + box.right) / 2 <= 1 and 0 <= (box.top + box.bottom) / 2 <= 1


def clip_box(box: Box) -> Box:
    """The part of a box that lies on the page."""
    return Box(*(min(1.0, max(0.0, side)) for side in (box.left, box.top, box.right, box.bottom)))


def is_one_tone(page: Pixels) -> bool:
    """Whether nothing is drawn on an RGB page."""
    first = page[0, 0].astype(int)
    same = cv2.inRange(page, np.maximum(first - CONTRAST, 0), np.minimum(first + CONTRAST, 255))
    return bool(cv2.countNonZero(same) == same.size)


def share_in(mask: Pixels, box: Box) -> float:
    """The share of the pixels of a box that are set in a mask of its page."""
    left, top, right, bottom = _to_pixels(box, mask.shape)
    return int(np.count_nonzero(mask[top:bottom, left:right])) / ((right - left) * (bottom - top))


def _to_pixels(box: Box, shape: tuple[int, ...]) -> tuple[int, int, int, int]:
    """The pixels that a box touches, at least one each way."""
    height, width = shape[:2]
    left, top = min(width - 1, max(0, int(box.left * width))), min(height - 1, max(0, int(box.top * height)))
    right, bottom = int(np.ceil(box.right * width)), int(np.ceil(box.bottom * height))
    return left, top, min(width, max(left + 1, right)), min(height, max(top + 1, bottom))


def _find_changes(whole: Pixels, without: Pixels) -> Pixels:
    same = cv2.inRange(cv2.absdiff(whole, without), (0, 0, 0), (CONTRAST - 1,) * 3)  # in each colour
    return np.asarray(cv2.bitwise_not(same), np.uint8)


def _find_ink(bare: Pixels) -> Pixels:
    steps = cv2.morphologyEx(cv2.cvtColor(bare, cv2.COLOR_RGB2GRAY), cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8))
    return np.asarray(steps > INK_STEP, np.uint8)


def _group_owners(words: Sequence[PlacedWord], shape: tuple[int, ...]) -> list[set[int]]:
    """Part the owners into groups within which no word lies on that of another owner; nearly always there is one."""
    painted: dict[int, list[Box]] = {}
    for word in words:
        if not word.unpainted and is_on_page(word.box):
            painted.setdefault(word.owner, []).append(word.box)
    factor = min(1.0, OWNERS_SIDE / measure_sheet(*shape[:2]))
    size = (max(1, round(shape[0] * factor)), max(1, round(shape[1] * factor)))
    groups: list[set[int]] = [set()]
    maps = [np.zeros(size, np.int32)]
    for number, (owner, boxes) in enumerate(painted.items(), start=1):
        areas = [_to_pixels(_shrink(box, MARGIN / 2), size) for box in boxes]
        place = next((i for i, taken in enumerate(maps) if not _is_taken(taken, areas)), len(maps))
        if place == len(maps):
            if place == MAX_GROUPS:
                place -= 1
            else:
                groups.append(set())
                maps.append(np.zeros(size, np.int32))
        groups[place].add(owner)
        for left, top, right, bottom in areas:
            maps[place][top:bottom, left:right] = number
    return groups


def _is_taken(taken: NDArray[np.int32], areas: Sequence[tuple[int, int, int, int]]) -> bool:
    return any(taken[top:bottom, left:right].any() for left, top, right, bottom in areas)


def _shrink(box: Box, margin: float) -> Box:
    across, down = (box.right - box.left) * margin, (box.bottom - box.top) * margin
    return Box(box.left + across, box.top + down, box.right - across, box.bottom - down)
