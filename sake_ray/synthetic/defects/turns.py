"""Turn, slant and bend a page, keeping all of it on the image."""

import cv2
import numpy as np

from sake_ray.domain.datatypes import Pixels
from sake_ray.synthetic.defects.pixels import paper_colour


def small_rotation(image: Pixels, rng: np.random.Generator) -> Pixels:
    """Lay the page on the glass by up to 5° askew."""
    return rotated(image, float(rng.uniform(0.5, 5) * rng.choice([-1, 1])), behind(image, rng))


def any_angle(image: Pixels, rng: np.random.Generator) -> Pixels:
    """Turn the page by up to 40°."""
    return rotated(image, float(rng.uniform(5, 40) * rng.choice([-1, 1])), behind(image, rng))


def quarter_turn(image: Pixels, rng: np.random.Generator) -> Pixels:
    """Lay the page on its side, either way."""
    return np.ascontiguousarray(np.rot90(image, int(rng.choice([1, 3]))))


def half_turn(image: Pixels, rng: np.random.Generator) -> Pixels:  # noqa: ARG001 - the form every defect has
    """Put the page in upside down."""
    return np.ascontiguousarray(image[::-1, ::-1])


def skew(image: Pixels, rng: np.random.Generator) -> Pixels:
    """Slant the page, as a sheet feeder does that pulls one side faster."""
    height, width = image.shape[:2]
    across, down = rng.uniform(0.02, 0.09) * rng.choice([-1, 1]), rng.uniform(-0.02, 0.02)
    matrix = np.array([[1, across, max(0.0, -across) * height], [down, 1, max(0.0, -down) * width]])
    size = (round(width + abs(across) * height), round(height + abs(down) * width))
    return moved(image, matrix, size, behind(image, rng))


def curl(image: Pixels, rng: np.random.Generator) -> Pixels:
    """Bend the page, as a bound or once rolled sheet lies."""
    height, width = image.shape[:2]
    depth = int(height * rng.uniform(0.006, 0.02))
    white = paper_colour(image)
    grown = cv2.copyMakeBorder(image, depth, depth, 0, 0, cv2.BORDER_CONSTANT, value=white)
    along = np.linspace(0, 1, width, dtype=np.float32) * rng.uniform(0.5, 1.3) + rng.uniform(0, 1)
    lift = depth * np.sin(along * np.pi).astype(np.float32)
    rows = np.arange(height + 2 * depth, dtype=np.float32)[:, None] + lift[None, :]
    columns = np.broadcast_to(np.arange(width, dtype=np.float32), rows.shape)
    bent = cv2.remap(grown, np.ascontiguousarray(columns), rows, cv2.INTER_LINEAR, borderValue=white)
    shade = 1 - 0.12 * rng.uniform(0.3, 1) * np.cos(along * np.pi) ** 2
    return np.asarray(bent * shade[None, :, None], dtype=np.float32).astype(np.uint8)


def crop(image: Pixels, rng: np.random.Generator) -> Pixels:
    """Cut the margins unevenly, close to the ink but never into it."""
    height, width = image.shape[:2]
    paper = np.array(paper_colour(image), dtype=np.int16)
    inked = np.abs(image.astype(np.int16) - paper).max(axis=2) > 40
    rows, columns = np.flatnonzero(inked.any(axis=1)), np.flatnonzero(inked.any(axis=0))
    if not len(rows):
        return image
    room = max(4, width // 150)
    ends = (rows[0] - room, height - 1 - rows[-1] - room, columns[0] - room, width - 1 - columns[-1] - room)
    top, bottom, left, right = (int(max(0, end) * rng.choice([0.0, 0.6, 0.9, 1.0])) for end in ends)
    return image[top : height - bottom, left : width - right].copy()


def behind(image: Pixels, rng: np.random.Generator) -> tuple[int, int, int]:
    """Draw what lies behind a page that moved: mostly a white lid, sometimes a grey or an open, black one."""
    shade = int(rng.choice([255, 245, 200, 60, 15], p=[0.3, 0.2, 0.15, 0.1, 0.25]))
    return paper_colour(image) if shade == 255 else (shade, shade, shade)


def rotated(image: Pixels, degrees: float, fill: tuple[int, int, int]) -> Pixels:
    """Turn counter-clockwise on a canvas that grows to hold every corner."""
    height, width = image.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    cosine, sine = abs(matrix[0, 0]), abs(matrix[0, 1])
    size = (round(height * sine + width * cosine), round(height * cosine + width * sine))
    matrix[:, 2] += (size[0] / 2 - width / 2, size[1] / 2 - height / 2)
    return moved(image, matrix, size, fill)


def moved(image: Pixels, matrix: np.ndarray, size: tuple[int, int], fill: tuple[int, int, int]) -> Pixels:
    """Apply a 2 × 3 affine matrix; `size` is width, height."""
    warped = cv2.warpAffine(image, matrix, size, flags=cv2.INTER_LINEAR, borderValue=fill)
    return np.asarray(warped, dtype=np.uint8)
