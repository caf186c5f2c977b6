"""Find the lines of text on a page, at any angle, with PP-OCRv6's detection model."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from sake_ray.domain.datatypes import Pixels

# As PaddleOCR's own pipeline has it (differentiable binarization, Liao et al. 2020): what counts as text, how sure a box must be,
# how far the shrunken text is grown back, and the shorter side that small pages are enlarged to.
TEXT, SURE, GROWTH = 0.3, 0.5, 1.6
MIN_SIDE = 736
STRIDE = 32  # the sides must be multiples of it
MAX_PIXELS = 1_600_000
"""Larger pages are reduced to so many: half the time of two thousand pixels a side, and the same lines."""
MAX_LINES = 1000
MIN_HEIGHT = 3.0
LONG = 2.0
"""A box so many times as long as high shows which way its line runs."""

Quad = NDArray[np.float32]
"""Four corners, 4 × 2, in pixels: those of a line that runs from left to right begin at its top left, clockwise."""


@dataclass(frozen=True, slots=True)
class TextLines:
    """The lines of a page, and the degrees in which they run: 0 is level, positive falls to the right, within ±90.

    Whether the letters stand or hang on such a line is not known yet.
    """

    quads: tuple[Quad, ...]
    slope: float


class LineDetector:
    """The detection model in a session of onnxruntime."""

    def __init__(self, session: Any) -> None:
        self._session = session
        self._input = session.get_inputs()[0].name

    def find(self, image: Pixels) -> TextLines:
        """Find the lines of an RGB image."""
        height, width = image.shape[:2]
        size = choose_size(width, height)
        small = cv2.resize(image, size, interpolation=cv2.INTER_AREA if size[0] < width else cv2.INTER_LINEAR)
        tensor = (small.astype(np.float32) / 127.5 - 1.0).transpose(2, 0, 1)[None]
        shares = self._session.run(None, {self._input: tensor})[0][0, 0]
        boxes = [box for contour in _contours(shares) if (box := _to_box(contour, shares))]
        slope = find_slope(boxes)
        scale = np.array([width / size[0], height / size[1]], np.float32)
        return TextLines(tuple(_to_quad(box, slope) * scale for box in boxes), slope)


@dataclass(frozen=True, slots=True)
class LineBox:
    """A rectangle at any angle: its centre, its long side and its short one in pixels, and the slope of the long one."""

    x: float
    y: float
    length: float
    height: float
    slope: float


def choose_size(width: int, height: int) -> tuple[int, int]:
    """Choose the size at which a page is searched: small ones enlarged, large ones reduced, multiples of the stride."""
    factor = max(1.0, MIN_SIDE / min(width, height))
    factor = min(factor, float(np.sqrt(MAX_PIXELS / (width * height))))
    return max(1, round(width * factor / STRIDE)) * STRIDE, max(1, round(height * factor / STRIDE)) * STRIDE


def find_slope(boxes: list[LineBox]) -> float:
    """Find the slope that most of the text has: the mean of the doubled angles, weighted by length, of the long boxes."""
    long = [box for box in boxes if box.length >= LONG * box.height]
    for _ in range(2):  # the second time without what runs across, such as the text on a card's edge
        turns = sum((box.length * np.exp(2j * np.radians(box.slope)) for box in long), 0j)
        slope = float(np.degrees(np.angle(turns)) / 2)
        long = [box for box in long if abs(turn_between(slope, box.slope)) < 20] or long
    return slope


def turn_between(one: float, other: float) -> float:
    """Compute how far it is from one slope to another, within ±90."""
    return (other - one + 90) % 180 - 90


def group_rows(quads: Sequence[Quad]) -> list[list[int]]:
    """Group lines that stand side by side, from the top; each by its index, from the left."""
    centres = [quad.mean(axis=0) for quad in quads]
    heights = [float(np.linalg.norm(quad[3] - quad[0])) for quad in quads]
    rows: list[list[int]] = []
    for index in sorted(range(len(quads)), key=lambda index: centres[index][1]):
        first = rows[-1][0] if rows else None
        if first is not None and centres[index][1] - centres[first][1] < min(heights[index], heights[first]) / 2:
            rows[-1].append(index)
        else:
            rows.append([index])
    return [sorted(row, key=lambda index: centres[index][0]) for row in rows]


def _contours(shares: NDArray[np.float32]) -> list[NDArray[np.int32]]:
    mask = cv2.dilate((shares > TEXT).astype(np.uint8), np.ones((2, 2), np.uint8))
    found = [
        contour
        for contour in cv2.findContours(mask, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)[0]
        if min(cv2.boundingRect(contour)[2:]) >= MIN_HEIGHT
    ]
    # They come from the bottom up: of too many, the longest count, wherever they are.
    return found if len(found) <= MAX_LINES else sorted(found, key=_measure_length)[-MAX_LINES:]


def _measure_length(contour: NDArray[np.int32]) -> int:
    return int(max(cv2.boundingRect(contour)[2:]))


def _to_box(contour: NDArray[np.int32], shares: NDArray[np.float32]) -> LineBox | None:
    """Make the rectangle around a contour, grown to the whole letters; None for a speck and for what is hardly text."""
    (x, y), (width, height), angle = cv2.minAreaRect(contour)
    if min(width, height) < MIN_HEIGHT or _mean_share(contour, shares) < SURE:
        return None
    growth = 2 * GROWTH * width * height / (2 * (width + height))
    width, height = width + growth, height + growth
    if height > width:
        width, height, angle = height, width, angle + 90
    return LineBox(x, y, width, height, (angle + 90) % 180 - 90)


def _mean_share(contour: NDArray[np.int32], shares: NDArray[np.float32]) -> float:
    left, top, width, height = cv2.boundingRect(contour)
    mask = np.zeros((height, width), np.uint8)
    corners = cv2.boxPoints(cv2.minAreaRect(contour)) - (left, top)
    cv2.fillPoly(mask, [np.round(corners).astype(np.int32)], 1)
    return float(cv2.mean(shares[top : top + height, left : left + width], mask)[0])


def _to_quad(box: LineBox, slope: float) -> Quad:
    """Order the corners along the page's slope: a short word may be higher than it is long."""
    angle, length, height = box.slope, box.length, box.height
    if abs(turn_between(slope, angle)) > 45:
        angle, length, height = angle + 90, height, length
    if abs((angle - slope + 180) % 360 - 180) > 90:
        angle += 180
    along = np.array([np.cos(np.radians(angle)), np.sin(np.radians(angle))]) * length / 2
    across = np.array([-np.sin(np.radians(angle)), np.cos(np.radians(angle))]) * height / 2
    centre = np.array([box.x, box.y])
    corners = [centre - along - across, centre + along - across, centre + along + across, centre - along + across]
    return np.array(corners, np.float32)
