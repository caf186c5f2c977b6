"""Make what lies under a photographed paper: wood, cloth, stone, carpet, a plain desk."""

from collections.abc import Callable

import cv2
import numpy as np

from sake_ray.domain.datatypes import Pixels
from sake_ray.synthetic.defects.pixels import Field, to_pixels

WOODS = ((156, 112, 70), (205, 170, 125), (92, 60, 40), (180, 140, 100), (120, 90, 70))
CLOTHS = ((70, 90, 130), (150, 60, 60), (200, 195, 180), (60, 60, 66), (90, 120, 95), (225, 220, 215))
STONES = ((190, 190, 186), (120, 120, 124), (225, 222, 214), (70, 72, 76))
DESKS = ((235, 235, 232), (40, 40, 44), (205, 200, 190), (150, 155, 160), (110, 80, 60), (180, 200, 215))
CELLS = 512
"""Backgrounds are made this size and enlarged: nothing on them needs to be read."""


def background(width: int, height: int, rng: np.random.Generator) -> Pixels:
    """Make one background of any kind."""
    kinds: tuple[Callable[[np.random.Generator], Pixels], ...] = (wood, cloth, stone, desk, desk, papers)
    square = kinds[int(rng.integers(len(kinds)))](rng)
    part = square[: max(64, min(CELLS, CELLS * height // width)), : max(64, min(CELLS, CELLS * width // height))]
    return np.asarray(cv2.resize(part, (width, height), interpolation=cv2.INTER_CUBIC), dtype=np.uint8)


def wood(rng: np.random.Generator) -> Pixels:
    """Planks with a grain along one direction."""
    grain = clouds(rng, 3, 60) * 0.6 + clouds(rng, 6, CELLS) * 0.4
    planks = np.repeat(rng.uniform(-0.4, 0.4, 8).astype(np.float32), CELLS // 8)[None, :]
    surface = coloured(WOODS, grain * 0.22 + planks * 0.18, rng)
    seams = np.arange(CELLS) % (CELLS // int(rng.choice([4, 8]))) < 2
    surface[:, seams] = surface[:, seams] // 2
    return np.ascontiguousarray(surface.swapaxes(0, 1)) if rng.random() < 0.5 else surface


def cloth(rng: np.random.Generator) -> Pixels:
    """Woven cloth, plain or in checks."""
    rows, columns = np.mgrid[0:CELLS, 0:CELLS].astype(np.float32)
    pitch = rng.uniform(3, 7)
    weave = np.sin(rows * 2 * np.pi / pitch) * np.sin(columns * 2 * np.pi / pitch)
    pattern = weave * 0.08 + clouds(rng, 4, 4) * 0.08
    if rng.random() < 0.4:
        check = CELLS / rng.integers(5, 12)
        pattern = pattern - 0.15 * ((rows // check % 2) + (columns // check % 2))
    return coloured(CLOTHS, pattern, rng)


def stone(rng: np.random.Generator) -> Pixels:
    """A speckled worktop, or a carpet when it is dark."""
    fine = rng.standard_normal((CELLS, CELLS), dtype=np.float32) * rng.uniform(0.05, 0.16)
    return coloured(STONES, fine + clouds(rng, 12, 12) * 0.08, rng)


def desk(rng: np.random.Generator) -> Pixels:
    """One colour, hardly uneven."""
    return coloured(DESKS, clouds(rng, 3, 3) * 0.05, rng)


def papers(rng: np.random.Generator) -> Pixels:
    """A desk with the corners of other sheets on it, without any writing."""
    surface = desk(rng)
    for _ in range(int(rng.integers(1, 4))):
        middle = (float(rng.uniform(0, CELLS)), float(rng.uniform(0, CELLS)))
        corners = cv2.boxPoints((middle, (300.0, 420.0), float(rng.uniform(0, 90))))
        shade = int(rng.integers(190, 250))
        cv2.fillConvexPoly(surface, corners.astype(np.int32), (shade, shade, max(0, shade - 8)), cv2.LINE_AA)
    return surface


def clouds(rng: np.random.Generator, down: int, across: int) -> Field:
    """Smooth variation between -1 and 1 with so many bumps each way."""
    bumps = rng.uniform(-1, 1, (down, across)).astype(np.float32)
    return np.asarray(cv2.resize(bumps, (CELLS, CELLS), interpolation=cv2.INTER_CUBIC), dtype=np.float32)


def coloured(colours: tuple[tuple[int, int, int], ...], pattern: Field, rng: np.random.Generator) -> Pixels:
    """Give a pattern around 0 one of the colours, a little shifted."""
    colour = np.array(colours[int(rng.integers(len(colours)))], dtype=np.float32) + rng.uniform(-14, 14, 3)
    return to_pixels(colour[None, None, :] * (1 + pattern[:, :, None]))
