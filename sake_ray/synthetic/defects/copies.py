"""Lay cards and slips on the glass of a scanner or copier: a large page with little on it."""

from collections.abc import Sequence

import cv2
import numpy as np

from sake_ray.domain.datatypes import Pixels
from sake_ray.synthetic.defects.photos import rounded
from sake_ray.synthetic.defects.pixels import as_colour, curve, grey, lit, to_pixels
from sake_ray.synthetic.defects.sharpness import grainy
from sake_ray.synthetic.defects.turns import rotated

A4_MM = (210.0, 297.0)


def copy_card_on_page(
    sides: Sequence[Pixels],
    rng: np.random.Generator,
    *,
    width_mm: float,
    dpi: float,
    round_corners: bool = True,
) -> Pixels:
    """Copy a card onto a white or grey A4 page, its sides one below the other; `width_mm` is that of the first side.

    A third are enlarged, as clerks do; what would not fit the page is made smaller.
    """
    page_width, page_height = (round(side / 25.4 * dpi) for side in A4_MM)
    zoom = 1.0 if rng.random() < 0.62 else float(rng.uniform(1.2, 1.7))
    wanted = width_mm / 25.4 * dpi * zoom / sides[0].shape[1]
    degrees = float(rng.normal(0, 2.5) if rng.random() < 0.85 else rng.uniform(-25, 25))
    cut = [cut_out(side, wanted, degrees + float(rng.normal(0, 1.5)), round_corners=round_corners) for side in sides]
    gap = int(page_height * rng.uniform(0.02, 0.08))
    room = min(
        0.96 * page_width / max(card.shape[1] for card, _ in cut),
        0.96 * (page_height - gap * (len(cut) - 1)) / sum(card.shape[0] for card, _ in cut),
    )
    if room < 1:
        wanted *= 0.97 * room
        cut = [cut_out(side, wanted, degrees, round_corners=round_corners) for side in sides]
    shade = float(rng.choice([255, 250, 240, 215, 175], p=[0.35, 0.25, 0.2, 0.12, 0.08]))
    page = np.full((page_height, page_width, 3), shade, np.uint8)
    place(page, cut, gap, rng)
    return copied(page, rng)


def cut_out(side: Pixels, factor: float, degrees: float, *, round_corners: bool) -> tuple[Pixels, Pixels]:
    """Scale and turn a card; the second image is 255 where there is card."""
    height, width = side.shape[:2]
    small = cv2.resize(
        side, (max(8, round(width * factor)), max(8, round(height * factor))), interpolation=cv2.INTER_AREA
    )
    card = np.asarray(small, dtype=np.uint8)
    mask = rounded(card) if round_corners else np.full(card.shape[:2], 255, np.uint8)
    return rotated(card, degrees, (0, 0, 0)), rotated(mask, degrees, (0, 0, 0))


def place(page: Pixels, cut: Sequence[tuple[Pixels, Pixels]], gap: int, rng: np.random.Generator) -> None:
    """Draw the cards onto the page, mostly in its upper half, each with the thin shadow of its edge."""
    page_height, page_width = page.shape[:2]
    height = min(page_height, sum(card.shape[0] for card, _ in cut) + gap * (len(cut) - 1))
    top = int((page_height - height) * rng.beta(1.3, 2.2))
    middle = page_width * (0.5 if rng.random() < 0.5 else rng.uniform(0.2, 0.8))
    for card, mask in cut:
        high, wide = mask.shape
        left = int(np.clip(middle - wide / 2 + rng.normal(0, 8), 0, page_width - wide))
        area = page[top : top + high, left : left + wide]
        edge = cv2.GaussianBlur(mask, (0, 0), 3).astype(np.float32) / 255
        shaded = lit(area, np.asarray(1 - edge * rng.uniform(0.2, 0.6), dtype=np.float32)).astype(np.float32)
        area[:] = to_pixels(shaded + (card - shaded) * (mask[: area.shape[0], :, None].astype(np.float32) / 255))
        top = min(top + high + gap, page_height - high)


def copied(page: Pixels, rng: np.random.Generator) -> Pixels:
    """Copy in grey or scan in colour, with a little grain."""
    if rng.random() < 0.55:
        values = np.arange(256, dtype=np.float32)
        page = as_colour(curve(grey(page), (values - 128) * rng.uniform(1.0, 1.5) + 128 + rng.uniform(-5, 25)))
    return grainy(page, rng, strength=float(rng.uniform(1, 5)))
