"""Light a page badly: shadows, glare, wrong colours, pale ink."""

import cv2
import numpy as np

from sake_ray.domain.datatypes import Pixels
from sake_ray.synthetic.defects.pixels import Field, curve, lit, smooth_field, to_pixels


def shadow(image: Pixels, rng: np.random.Generator) -> Pixels:
    """Let the hand, the phone or the own head stand between lamp and page."""
    mask = edge_shadow(rng) if rng.random() < 0.6 else hand_shadow(rng)
    return lit(image, stretched(1 - mask * rng.uniform(0.3, 0.55), image))


def edge_shadow(rng: np.random.Generator) -> Field:
    """A half plane with a soft edge, 0–1, on a square of 256."""
    angle, offset = rng.uniform(0, 2 * np.pi), rng.uniform(-40, 60)
    rows, columns = np.mgrid[-128:128, -128:128].astype(np.float32)
    distance = columns * np.cos(angle) + rows * np.sin(angle) - offset
    softness = rng.uniform(4, 30)
    return np.asarray(1 / (1 + np.exp(-np.clip(distance / softness, -30, 30))), dtype=np.float32)


def hand_shadow(rng: np.random.Generator) -> Field:
    """A palm and fingers reaching in from the lower edge, 0–1, on a square of 256."""
    mask = np.zeros((256, 256), np.float32)
    wrist = np.array([rng.uniform(60, 200), 265.0])
    palm = wrist + np.array([rng.uniform(-25, 25), -rng.uniform(60, 120)])
    width = int(rng.integers(38, 60))
    cv2.line(mask, tuple(int(v) for v in wrist), tuple(int(v) for v in palm), 1.0, width)
    for spread in (-0.6, -0.25, 0.05, 0.35):
        tip = palm + rng.uniform(45, 80) * np.array([np.sin(spread), -np.cos(spread)])
        cv2.line(mask, tuple(int(v) for v in palm), tuple(int(v) for v in tip), 1.0, width // 4)
    return np.asarray(cv2.GaussianBlur(mask, (0, 0), rng.uniform(3, 9)), dtype=np.float32)


def stretched(field: Field, image: Pixels) -> Field:
    """Enlarge a small field to the size of the image."""
    height, width = image.shape[:2]
    return np.asarray(cv2.resize(field, (width, height), interpolation=cv2.INTER_LINEAR), dtype=np.float32)


def uneven_light(image: Pixels, rng: np.random.Generator) -> Pixels:
    """Light the page from one side, or with patches."""
    cells = int(rng.choice([2, 3, 4]))
    return lit(image, smooth_field(image, rng, cells=cells, low=0.58, high=1.08))


def glare(image: Pixels, rng: np.random.Generator) -> Pixels:
    """Reflect a lamp as one or two bright spots that wash the ink out, never wholly."""
    rows, columns = np.mgrid[0:256, 0:256].astype(np.float32) / 256
    light = np.zeros((256, 256), np.float32)
    for _ in range(int(rng.integers(1, 3))):
        across, down = rng.uniform(0.06, 0.2, 2)
        x, y = rng.uniform(0.1, 0.9, 2)
        light += np.exp(-(((columns - x) / across) ** 2 + ((rows - y) / down) ** 2))
    share = stretched(np.minimum(light, 1) * np.float32(rng.uniform(0.6, 0.88)), image)[:, :, None]
    return to_pixels(image * (1 - share) + 255 * share)


def faded(image: Pixels, rng: np.random.Generator) -> Pixels:
    """Print with the last of the ink, or copy a copy: little between ink and paper."""
    values = np.arange(256, dtype=np.float32)
    paper = rng.uniform(205, 255)
    return curve(image, paper - (255 - values) * rng.uniform(0.28, 0.5) * paper / 255)


def tint(image: Pixels, rng: np.random.Generator) -> Pixels:
    """Get the white balance wrong, or print on coloured or yellowed paper."""
    choices = ((1, 0.92, 0.74), (1, 0.86, 0.66), (0.82, 0.92, 1), (0.86, 1, 0.84), (1, 0.84, 0.88), (0.94, 0.9, 0.78))
    cast = np.array(choices[int(rng.integers(len(choices)))], dtype=np.float32)
    cast = 1 - (1 - cast) * rng.uniform(0.3, 1.0)
    return curve(image, np.arange(256, dtype=np.float32)[:, None] * cast[None, :])
