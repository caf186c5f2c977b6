"""Make the image and the thumbnail that people see of a page."""

from dataclasses import dataclass

import cv2
import numpy as np

from sake_ray.domain.datatypes import Pixels

IMAGE_LONG_SIDE, THUMBNAIL_LONG_SIDE = 2000, 320
# A receipt many times as long as wide stays wide enough to be read by people, up to what a JPEG and a browser can show.
IMAGE_SHORT_SIDE, IMAGE_MAX_SIDE = 600, 16_000
IMAGE_QUALITY, THUMBNAIL_QUALITY = 80, 75
COLOUR_SATURATION, COLOUR_VALUE = 50, 60


@dataclass(frozen=True, slots=True)
class PageImages:
    """The image and the thumbnail of a page as JPEG, the image's sides in pixels, and the share of it that has colour, 0–1."""

    image: bytes
    thumbnail: bytes
    width: int
    height: int
    colour: float


def make_images(page: Pixels) -> PageImages:
    """Make the image and the thumbnail of an RGB page."""
    sides = page.shape[:2]
    long_side = max(IMAGE_LONG_SIDE, min(IMAGE_MAX_SIDE, round(IMAGE_SHORT_SIDE * max(sides) / min(sides))))
    image = _drop_colourless(_shrink(page, long_side))
    height, width = image.shape[:2]
    small = _shrink(image, THUMBNAIL_LONG_SIDE)
    colour = round(_colour_share(small), 4)
    return PageImages(_jpeg(image, IMAGE_QUALITY), _jpeg(small, THUMBNAIL_QUALITY), width, height, colour)


def make_thumbnail(page: Pixels) -> bytes:
    """Make the thumbnail alone."""
    return _jpeg(_shrink(page, THUMBNAIL_LONG_SIDE), THUMBNAIL_QUALITY)


def _drop_colourless(image: Pixels) -> Pixels:
    """Take one channel where all are the same, as on a page of black text: the rest costs half as much then."""
    red, green, blue = cv2.split(image)
    is_grey = cv2.norm(red, green, cv2.NORM_INF) == 0 and cv2.norm(green, blue, cv2.NORM_INF) == 0
    return np.asarray(red, np.uint8) if is_grey else image


def _shrink(image: Pixels, long_side: int) -> Pixels:
    # OpenCV halves several times as fast as it shrinks by any other factor.
    while max(image.shape[:2]) >= 4 * long_side and min(image.shape[:2]) >= 2:
        width, height = image.shape[1] // 2, image.shape[0] // 2
        even = image[: 2 * height, : 2 * width]
        image = np.asarray(cv2.resize(even, (width, height), interpolation=cv2.INTER_AREA), np.uint8)
    factor = long_side / max(image.shape[:2])
    if factor >= 1:
        return image
    size = (max(1, round(image.shape[1] * factor)), max(1, round(image.shape[0] * factor)))
    return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), np.uint8)


def _colour_share(image: Pixels) -> float:
    if image.ndim == 2:
        return 0.0
    hsv = cv2.cvtColor(image, cv2.COLOR_RGB2HSV)
    return float(((hsv[..., 1] > COLOUR_SATURATION) & (hsv[..., 2] > COLOUR_VALUE)).mean())


def _jpeg(image: Pixels, quality: int) -> bytes:
    # Turned round by OpenCV: as a view of NumPy it costs twice as much as compressing it.
    pixels = image if image.ndim == 2 else cv2.cvtColor(image, cv2.COLOR_RGB2BGR)
    return bytes(cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, quality])[1])
