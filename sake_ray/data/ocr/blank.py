"""Tell whether a page has anything to read: streaks of a scanner and what shines through from the front are nothing."""

import cv2
import numpy as np
from numpy.typing import NDArray

from sake_ray.data.long_pages import measure_sheet
from sake_ray.domain.datatypes import Pixels

SMALL = 1200  # pixels of the longer side that are looked at: thin print keeps most of its contrast
TRACE = 0.0002  # of a sheet may be of any tone
BLANK_RANGE = 24
"""A page whose tones differ by less has nothing on it but specks."""
MARGIN = 0.045
"""Share of each side in which only more than a trace counts: staple, punch hole, edge of the glass, printer's marks."""
LETTER = 13  # pixels: the strokes of letters are narrower
STREAK = 60  # pixels: what is straight for longer is a streak, a ruled line or an edge
FAINT = 32.0
"""Ink that is fainter against the paper around it may have shone through; the palest print of the samples has 45."""
INK_SHARE = 0.00002
"""Less of a sheet than this is specks: about a letter of a page of print."""


def is_blank(grey: Pixels) -> bool:
    """Return whether there is nothing to read: one tone, or inside the margins only streaks, specks and show-through."""
    sheets = float(max(grey.shape)) / measure_sheet(*grey.shape)
    # A histogram takes a tenth of the time of percentiles.
    shares = np.cumsum(cv2.calcHist([grey], [0], None, [256], (0, 256))) / grey.size
    low, high = np.searchsorted(shares, (TRACE / sheets, 1 - TRACE / sheets))
    if high - low < BLANK_RANGE:
        return True
    ink = find_ink(grey)
    height, width = (round(side * MARGIN) for side in ink.shape)
    inside = ink[height : ink.shape[0] - height, width : ink.shape[1] - width]
    return float(inside.mean()) * sheets < INK_SHARE


def find_ink(grey: Pixels) -> NDArray[np.bool_]:
    """Find the strokes of letters, dark on light or light on dark, on the page reduced to 1,200 pixels a sheet."""
    factor = min(1.0, SMALL / measure_sheet(*grey.shape))
    size = (max(1, round(grey.shape[1] * factor)), max(1, round(grey.shape[0] * factor)))
    small = cv2.resize(grey, size, interpolation=cv2.INTER_AREA)
    kernel = np.ones((LETTER, LETTER), np.uint8)
    strokes = np.maximum(
        cv2.morphologyEx(small, cv2.MORPH_BLACKHAT, kernel), cv2.morphologyEx(small, cv2.MORPH_TOPHAT, kernel)
    )
    for streak in (np.ones((STREAK, 1), np.uint8), np.ones((1, STREAK), np.uint8)):
        strokes = cv2.subtract(strokes, cv2.morphologyEx(strokes, cv2.MORPH_OPEN, streak))
    return np.asarray(strokes > FAINT)
