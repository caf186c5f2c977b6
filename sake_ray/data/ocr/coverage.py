"""Tell whether a reading left text out: Tesseract passes over whole columns, as sure as ever of the words that it read."""

from collections.abc import Sequence

import cv2
import numpy as np

from sake_ray.data.ocr.blank import find_ink
from sake_ray.data.ocr.engines import RecognizedWord
from sake_ray.domain.datatypes import Pixels

GAP = 11  # pixels, of 1,200 a page: strokes so near to each other are one run of text
MIN_HEIGHT, MAX_HEIGHT = 6, 45
MIN_LENGTH = 1.5  # heights: what is shorter may be a logo, a box to tick, a stain
READ_SHARE = 0.3
"""A run of text of which less is within words was not read."""
MAX_MISSED_SHARE, MAX_MISSED = 0.25, 8
"""More than both was left out. Good readings miss up to 0.15, of logos mostly; without a column of amounts it is 0.4."""


def misses_text(grey: Pixels, words: Sequence[RecognizedWord]) -> bool:
    """Return whether much of what looks like text has no word; the words have their boxes in pixels of the page."""
    ink = find_ink(grey).astype(np.uint8)
    runs = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((3, GAP), np.uint8))
    count, labels, facts, _ = cv2.connectedComponentsWithStats(runs, connectivity=8)
    lengths, heights = facts[:, cv2.CC_STAT_WIDTH], facts[:, cv2.CC_STAT_HEIGHT]
    is_text = (heights >= MIN_HEIGHT) & (heights <= MAX_HEIGHT) & (lengths >= MIN_LENGTH * heights)
    is_text[0] = False  # the paper
    covered = np.zeros_like(ink)
    across, down = ink.shape[1] / grey.shape[1], ink.shape[0] / grey.shape[0]
    for word in words:
        left, right = round(word.left * across) - 2, round(word.right * across) + 2
        top, bottom = round(word.top * down) - 2, round(word.bottom * down) + 2
        cv2.rectangle(covered, (left, top), (right, bottom), 1, cv2.FILLED)
    pixels = np.bincount(labels.ravel(), minlength=count)
    read = np.bincount(labels.ravel(), weights=covered.ravel(), minlength=count)
    missed = is_text & (read < READ_SHARE * pixels)
    return bool(missed.sum() > MAX_MISSED and lengths[missed].sum() > MAX_MISSED_SHARE * lengths[is_text].sum())
