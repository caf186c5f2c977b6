"""Photograph a paper or a card lying on something."""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from sake_ray.domain.datatypes import Pixels
from sake_ray.synthetic.defects.backgrounds import background
from sake_ray.synthetic.defects.light import tint, uneven_light
from sake_ray.synthetic.defects.pixels import Field, curve, lit, scale_of, smooth_field, to_pixels
from sake_ray.synthetic.defects.sharpness import grainy

Corners = NDArray[np.float32]
"""Top left, top right, bottom right, bottom left; 4 × 2, in pixels."""


def phone_photo(image: Pixels, rng: np.random.Generator) -> Pixels:
    """Photograph a page on a table: perspective, background, uneven light, a little blur and grain."""
    tight = rng.random() < 0.35
    margins = rng.uniform(0, 0.015, 4) if tight else rng.uniform(0.01, 0.13, 4)
    degrees = float(rng.normal(0, 2.5))
    corners = seen_from(image.shape[1], image.shape[0], rng, degrees=degrees, tilt=0.1)
    long_side = min(float(rng.uniform(1500, 2400)), 1.3 * max(image.shape[:2]))
    corners, size = framed(corners, margins, long_side=long_side)
    mask = np.full(image.shape[:2], 255, np.uint8)
    return developed(laid(image, mask, corners, size, rng), rng)


def photograph_card(sides: Sequence[Pixels], rng: np.random.Generator) -> Pixels:
    """Photograph a card or an open passport, 300–1,200 px wide, tight or loose; its sides lie one below the other.

    The photo shows 28 to 100 % of the detail of the sides, so that a larger document gets more pixels than a card.
    """
    card, mask = below_each_other(sides, rng)
    height, width = mask.shape
    loose = rng.random()
    margins = rng.uniform(0, 0.02, 4) if loose < 0.4 else rng.uniform(0.03, 0.16 if loose < 0.8 else 0.5, 4)
    degrees = float(rng.uniform(-40, 40) if rng.random() < 0.12 else rng.normal(0, 4))
    corners = seen_from(width, height, rng, degrees=degrees, tilt=0.12)
    share = float(rng.uniform(0.28, 0.4) if rng.random() < 0.15 else rng.uniform(0.4, 1.0))
    corners *= max(300.0, share * width) / float(np.ptp(corners[:, 0]))
    _, (wide, high) = framed(corners, margins, long_side=None)
    corners *= min(1.0, 1200 / wide, 1600 / high)
    corners, size = framed(corners, margins, long_side=None)
    return developed(laid(card, mask, corners, size, rng), rng)


def scan_app(image: Pixels, rng: np.random.Generator) -> Pixels:
    """Photograph a page with an app that straightens it and washes the paper white."""
    height, width = image.shape[:2]
    photo = uneven_light(image, rng)
    from_corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    drawn_in = from_corners * (1 - 0.012) + 0.006 * np.array([width, height], np.float32)
    to_corners = (drawn_in + rng.uniform(-0.006, 0.006, (4, 2)) * width).astype(np.float32)
    matrix = cv2.getPerspectiveTransform(from_corners, to_corners)
    edge = tuple(int(v) for v in rng.choice([40, 120, 200], 1).repeat(3))
    photo = np.asarray(cv2.warpPerspective(photo, matrix, (width, height), borderValue=edge), dtype=np.uint8)
    small = cv2.resize(photo, (max(1, width // 8), max(1, height // 8)), interpolation=cv2.INTER_AREA)
    around = cv2.GaussianBlur(cv2.dilate(small, np.ones((5, 5), np.uint8)), (0, 0), 8)
    paper = cv2.resize(around, (width, height)).astype(np.float32)
    white = to_pixels(photo.astype(np.float32) / np.maximum(paper, 40) * 250)
    values = np.arange(256, dtype=np.float32)
    strong = curve(white, (values - 128) * rng.uniform(1.1, 1.7) + 128 + rng.uniform(0, 25))
    soft = cv2.GaussianBlur(strong, (0, 0), max(0.5, 1.2 * scale_of(image)))
    return np.asarray(cv2.addWeighted(strong, 1.6, soft, -0.6, 0), dtype=np.uint8)


def below_each_other(sides: Sequence[Pixels], rng: np.random.Generator) -> tuple[Pixels, Pixels]:
    """Put the sides with rounded corners into one picture; the second image is 255 where there is card."""
    width = max(side.shape[1] for side in sides)
    gap = int(width * rng.uniform(0.03, 0.12))
    height = sum(side.shape[0] for side in sides) + gap * (len(sides) - 1)
    card, mask = np.zeros((height, width, 3), np.uint8), np.zeros((height, width), np.uint8)
    top = 0
    for side in sides:
        left = (width - side.shape[1]) // 2
        area = np.s_[top : top + side.shape[0], left : left + side.shape[1]]
        card[area], mask[area] = side, rounded(side)
        top += side.shape[0] + gap
    return card, mask


def rounded(side: Pixels) -> Pixels:
    """255 inside the rounded corners of a card."""
    height, width = side.shape[:2]
    radius = max(2, round(0.037 * width))
    mask = np.zeros((height, width), np.uint8)
    cv2.rectangle(mask, (radius, 0), (width - radius, height), 255, -1)
    cv2.rectangle(mask, (0, radius), (width, height - radius), 255, -1)
    for x in (radius, width - radius - 1):
        for y in (radius, height - radius - 1):
            cv2.circle(mask, (x, y), radius, 255, -1, cv2.LINE_AA)
    return mask


def seen_from(width: int, height: int, rng: np.random.Generator, *, degrees: float, tilt: float) -> Corners:
    """Where the corners of a rectangle come to lie when it is turned and seen from aside."""
    size = np.array([width, height], np.float32)
    flat = (np.array([[0, 0], [1, 0], [1, 1], [0, 1]], np.float32) - 0.5) * size
    angle = np.deg2rad(degrees)
    turned = flat @ np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]], np.float32)
    depth = 1 + (turned / size.max()) @ (rng.uniform(-1, 1, 2) * tilt * 2).astype(np.float32)
    return np.asarray(turned / depth[:, None], dtype=np.float32)


def framed(
    corners: Corners, margins: NDArray[np.floating], *, long_side: float | None
) -> tuple[Corners, tuple[int, int]]:
    """Scale and shift the corners into a picture with margins left, right, top, bottom; return its width, height.

    Margins are shares of the width or height that the corners span.
    """
    span = np.ptp(corners, axis=0)
    total = span * (1 + np.array([margins[0] + margins[1], margins[2] + margins[3]]))
    scale = 1.0 if long_side is None else long_side / float(total.max())
    moved = (corners - corners.min(axis=0) + span * np.array([margins[0], margins[2]])) * scale
    return moved.astype(np.float32), (max(1, round(float(total[0]) * scale)), max(1, round(float(total[1]) * scale)))


def laid(image: Pixels, mask: Pixels, corners: Corners, size: tuple[int, int], rng: np.random.Generator) -> Pixels:
    """Lay a cut-out on a background so that its corners come to lie as given, with the shadow it throws."""
    height, width = mask.shape
    factor = float(np.linalg.norm(corners[1] - corners[0])) / width
    if factor < 0.85:
        # Warping skips pixels when it shrinks; averaging first keeps thin strokes.
        shape = (max(2, round(width * factor)), max(2, round(height * factor)))
        image = np.asarray(cv2.resize(image, shape, interpolation=cv2.INTER_AREA), dtype=np.uint8)
        mask = np.asarray(cv2.resize(mask, shape, interpolation=cv2.INTER_AREA), dtype=np.uint8)
        height, width = mask.shape
    flat = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    matrix = cv2.getPerspectiveTransform(flat, corners)
    seen = cv2.warpPerspective(image, matrix, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    cover: Field = np.asarray(cv2.warpPerspective(mask, matrix, size) / np.float32(255), dtype=np.float32)
    ground = background(size[0], size[1], rng)
    reach = max(size) * rng.uniform(0.003, 0.015)
    thrown = np.roll(cv2.GaussianBlur(cover, (0, 0), reach), tuple(int(v) for v in rng.integers(-8, 9, 2)), (0, 1))
    ground = lit(ground, np.asarray(1 - 0.45 * thrown, dtype=np.float32))
    return to_pixels(ground + (seen.astype(np.float32) - ground) * cover[:, :, None])


def developed(photo: Pixels, rng: np.random.Generator) -> Pixels:
    """Light and finish a photo as a phone does: uneven light, a colour cast at times, slight blur, fine grain."""
    photo = lit(photo, smooth_field(photo, rng, cells=int(rng.choice([2, 3])), low=0.68, high=1.06))
    if rng.random() < 0.35:
        photo = tint(photo, rng)
    if rng.random() < 0.5:
        photo = np.asarray(cv2.GaussianBlur(photo, (0, 0), rng.uniform(0.45, 0.85)), dtype=np.uint8)
    return grainy(photo, rng, strength=float(rng.uniform(1.5, 6)))
