"""Even out the illumination of a page: shadows, lamps, a hand in the way."""

from dataclasses import dataclass

import cv2
import numpy as np

from sake_ray.domain.datatypes import Pixels

SMALL = 600  # pixels of the longer side on which the paper is estimated; light has no fine detail


@dataclass(frozen=True, slots=True)
class Illumination:
    """A page as if evenly lit, and its unevenness: how much darker the paper was in the shade, 0–1."""

    grey: Pixels
    unevenness: float


def even_light(grey: Pixels) -> Illumination:
    """Divide the page by its paper, which is what remains when the print is dilated away."""
    factor = min(1.0, SMALL / max(grey.shape))
    size = (max(1, round(grey.shape[1] * factor)), max(1, round(grey.shape[0] * factor)))
    small = cv2.resize(grey, size, interpolation=cv2.INTER_AREA)
    paper = cv2.medianBlur(cv2.dilate(small, np.ones((9, 9), np.uint8)), 21)
    # The measure excludes the outer tenths: the dark edge of a photocopy is not a shadow on the page.
    dark, bright = np.percentile(paper, (10, 90))
    whole = cv2.resize(paper, (grey.shape[1], grey.shape[0]), interpolation=cv2.INTER_LINEAR)
    lit = np.asarray(cv2.divide(grey, whole, scale=255), np.uint8)
    return Illumination(lit, float((bright - dark) / bright) if bright else 0.0)
