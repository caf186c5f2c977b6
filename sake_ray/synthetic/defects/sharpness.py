"""Lose detail: blur, noise, too few pixels, too few bytes."""

import cv2
import numpy as np

from sake_ray.domain.datatypes import Pixels
from sake_ray.synthetic.defects.pixels import scale_of

A4_INCHES = 11.69
"""The long side; how an image without a stated resolution is taken to be one page."""

GRAIN = 768
"""Side of the square of grain that is drawn."""


def gaussian_blur(image: Pixels, rng: np.random.Generator) -> Pixels:
    """Lose the focus."""
    return np.asarray(
        cv2.GaussianBlur(image, (0, 0), max(0.6, rng.uniform(1.0, 1.9) * scale_of(image))), dtype=np.uint8
    )


def motion_blur(image: Pixels, rng: np.random.Generator) -> Pixels:
    """Move the hand while the picture is taken."""
    length = max(3, round(rng.uniform(4, 8) * scale_of(image)))
    angle = rng.uniform(0, np.pi)
    kernel = np.zeros((length, length), np.float32)
    middle = (length - 1) / 2
    for step in np.linspace(-middle, middle, 4 * length):
        kernel[round(middle + step * np.sin(angle)), round(middle + step * np.cos(angle))] = 1
    return np.asarray(cv2.filter2D(image, -1, kernel / kernel.sum()), dtype=np.uint8)


def noise(image: Pixels, rng: np.random.Generator) -> Pixels:
    """Take the picture in poor light."""
    return grainy(image, rng, strength=float(rng.uniform(12, 32)))


def grainy(image: Pixels, rng: np.random.Generator, *, strength: float) -> Pixels:
    """Add grain of the given standard deviation, partly in colour."""
    height, width = image.shape[:2]
    # A tile laid out over the page costs a fifth of drawing every pixel, and its repetition cannot be seen.
    tile = rng.standard_normal((min(height, GRAIN), min(width, GRAIN)), dtype=np.float32) * strength
    grain = np.tile(tile, (-(-height // tile.shape[0]), -(-width // tile.shape[1])))[:height, :width]
    # The colour noise of a sensor is coarser than its brightness noise, and so costs a sixteenth to draw.
    coarse = rng.standard_normal((height // 4 + 1, width // 4 + 1, 3), dtype=np.float32) * (strength * 0.35)
    colour = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_LINEAR)
    spoilt = cv2.add(image, cv2.add(colour, cv2.merge([grain, grain, grain])), dtype=cv2.CV_8U)
    return np.asarray(spoilt, dtype=np.uint8)


def salt_and_pepper(image: Pixels, rng: np.random.Generator) -> Pixels:
    """Strew black and white points, as a dirty sensor or an old fax does."""
    chance = rng.random(image.shape[:2], dtype=np.float32)
    share = rng.uniform(0.002, 0.012)
    spoilt = image.copy()
    spoilt[chance < share] = 15
    spoilt[chance > 1 - share] = 255
    return spoilt


def low_resolution(image: Pixels, rng: np.random.Generator) -> Pixels:
    """Scan at 75–110 dpi; half the time enlarged again by some program afterwards."""
    height, width = image.shape[:2]
    factor = min(0.85, max(0.4, rng.uniform(75, 110) * A4_INCHES / max(height, width)))
    small = cv2.resize(image, (round(width * factor), round(height * factor)), interpolation=cv2.INTER_AREA)
    if rng.random() < 0.5:
        small = cv2.resize(small, (width, height), interpolation=cv2.INTER_LINEAR)
    return np.asarray(small, dtype=np.uint8)


def strong_jpeg(image: Pixels, rng: np.random.Generator) -> Pixels:
    """Press the image into too few bytes, once or twice, as messengers do."""
    for _ in range(int(rng.integers(1, 3))):
        image = pressed(image, quality=int(rng.integers(12, 28)))
    return image


def pressed(image: Pixels, *, quality: int) -> Pixels:
    """Encode as JPEG and decode again."""
    _, data = cv2.imencode(".jpg", cv2.cvtColor(image, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, quality])
    return np.asarray(cv2.cvtColor(cv2.imdecode(data, cv2.IMREAD_COLOR), cv2.COLOR_BGR2RGB), dtype=np.uint8)
