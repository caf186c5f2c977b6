"""Estimate the skew of a page, and rotate it."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from sake_ray.domain.datatypes import Pixels

SMALL = 700  # pixels of the longer side that the search works on
GLANCE = 350
"""A quarter of the work, which every page gets: a lean that is evident shows, a small one may not."""
MARGIN = 0.02  # share of each side to ignore: the edge of the scan is the straightest line of all


@dataclass(frozen=True, slots=True)
class Skew:
    """The skew of the lines of text: degrees to rotate the page counter-clockwise, and how clear that is.

    `angle` is within ±45; `vertical` means that after that rotation the lines still run from top to bottom, so that 90° are
    missing. `clarity` is the peak of the profile over its median, 1 on noise.
    """

    angle: float
    vertical: bool
    clarity: float


def find_skew(grey: Pixels, *, small: int = SMALL) -> Skew:
    """Estimate the skew: the angle whose projection profile has the sharpest rows or columns (Postl 1986).

    `small` is how many pixels of the longer side are looked at.
    """
    ink = _ink(grey, small)
    coarse = np.arange(-45.0, 45.0, 1.5)
    sharp = np.array([_sharpness(ink, angle) for angle in coarse])
    best = int(sharp.max(axis=1).argmax())
    axis = int(sharp[best].argmax())
    fine = coarse[best] + np.arange(-1.25, 1.3, 0.25)
    finer = [_sharpness(ink, angle)[axis] for angle in fine]
    median = float(np.median(sharp[:, axis]))
    clarity = float(max(finer) / median) if median > 0 else 1.0
    return Skew(float(fine[int(np.argmax(finer))]), axis == 1, clarity)


def _ink(grey: Pixels, longest: int) -> NDArray[np.float32]:
    """Reduce the page to a small square canvas of its ink, whatever the illumination."""
    factor = longest / max(grey.shape)
    size = (max(1, round(grey.shape[1] * factor)), max(1, round(grey.shape[0] * factor)))
    small = cv2.resize(grey, size, interpolation=cv2.INTER_AREA) if factor < 1 else grey
    dark = cv2.morphologyEx(small, cv2.MORPH_BLACKHAT, np.ones((9, 9), np.uint8)).astype(np.float32)
    dark[dark < max(12.0, float(np.percentile(dark, 80)))] = 0
    np.clip(dark, 0, 60, out=dark)  # a bold title counts little more than small print
    height, width = (max(1, round(side * MARGIN)) for side in dark.shape)
    dark[:height] = dark[-height:] = 0
    dark[:, :width] = dark[:, -width:] = 0
    side = int(np.hypot(*dark.shape)) + 2
    canvas = np.zeros((side, side), np.float32)
    top, left = (side - dark.shape[0]) // 2, (side - dark.shape[1]) // 2
    canvas[top : top + dark.shape[0], left : left + dark.shape[1]] = dark
    return canvas


def _sharpness(ink: NDArray[np.float32], angle: float) -> tuple[float, float]:
    """Measure how much neighbouring rows, and columns, differ at that angle."""
    side = ink.shape[0]
    rotated = cv2.warpAffine(ink, cv2.getRotationMatrix2D((side / 2, side / 2), angle, 1.0), (side, side))
    rows, columns = rotated.sum(axis=1), rotated.sum(axis=0)
    return float(np.square(np.diff(rows)).sum()), float(np.square(np.diff(columns)).sum())


def rotate_image(pixels: Pixels, angle: float) -> Pixels:
    """Rotate counter-clockwise by any angle in degrees; the canvas grows and is filled with the colour of the border."""
    quarter = round(angle / 90) if abs(angle - 90 * round(angle / 90)) < 1e-6 else None
    if quarter is not None:
        return np.ascontiguousarray(np.rot90(pixels, quarter % 4))
    height, width = pixels.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
    cosine, sine = abs(matrix[0, 0]), abs(matrix[0, 1])
    new_width, new_height = int(height * sine + width * cosine), int(height * cosine + width * sine)
    matrix[:, 2] += (new_width - width) / 2, (new_height - height) / 2
    border = np.concatenate([pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]])
    colour = np.median(border, axis=0)
    fill = tuple(float(value) for value in np.atleast_1d(colour))
    rotated = cv2.warpAffine(pixels, matrix, (new_width, new_height), flags=cv2.INTER_CUBIC, borderValue=fill)
    return np.asarray(rotated, np.uint8)
