"""Wear a page out: copied, faxed, folded, stamped, shining through."""

import cv2
import numpy as np
from PIL import Image, ImageDraw

from sake_ray.domain.datatypes import Pixels
from sake_ray.synthetic.defects.pixels import as_colour, curve, grey, lit, scale_of, smooth_field, to_pixels
from sake_ray.synthetic.fonts import load_font

# Words any paper in an office may carry, so that a stamp tells nothing of the label.
STAMP_WORDS = (
    "REÇU LE",
    "COPIE",
    "ARCHIVES",
    "RECEIVED",
    "ORIGINAL",
    "COPY",
    "CONFIDENTIEL",
    "SCANNED",
    "CLASSÉ",
    "VU",
)
STAMP_INKS = ((170, 30, 40), (40, 50, 150), (90, 40, 130), (30, 110, 70), (60, 60, 60))


def photocopy(image: Pixels, rng: np.random.Generator) -> Pixels:
    """Copy on an old machine: grey, hard contrast, dark edges, specks."""
    values = np.arange(256, dtype=np.float32)
    middle, steepness = rng.uniform(120, 175), rng.uniform(0.022, 0.045)
    copied = curve(grey(image), 255 / (1 + np.exp(-(values - middle) * steepness)))
    height, width = copied.shape
    for _ in range(int(rng.integers(30, 250))):
        x, y = int(rng.integers(width)), int(rng.integers(height))
        cv2.circle(copied, (x, y), int(rng.choice([0, 1, 1, 2])), int(rng.integers(0, 110)), -1)
    return np.minimum(as_colour(copied), as_colour(dark_edges(copied, rng)))


def dark_edges(copied: Pixels, rng: np.random.Generator) -> Pixels:
    """What the open lid leaves along one to three edges of a grey page; white elsewhere."""
    height, width = copied.shape
    edges = np.full((height, width), 255, np.uint8)
    reach = max(3, int(min(height, width) * rng.uniform(0.006, 0.028)))
    for side in rng.permutation(4)[: int(rng.integers(1, 4))]:
        band = max(2, int(reach * rng.uniform(0.4, 1)))
        shade = int(rng.integers(0, 90))
        region = (np.s_[:band], np.s_[-band:], np.s_[:, :band], np.s_[:, -band:])[int(side)]
        edges[region] = shade
    return np.asarray(cv2.GaussianBlur(edges, (0, 0), max(1.0, reach / 5)), dtype=np.uint8)


def fax(image: Pixels, rng: np.random.Generator) -> Pixels:
    """Send by fax: 150–204 dots an inch across, black or white, ragged edges, now and then a lost line."""
    height, width = image.shape[:2]
    factor = min(1.0, rng.uniform(1500, 1728) / width) if width > 900 else 1.0
    small = cv2.resize(grey(image), (round(width * factor), round(height * factor)), interpolation=cv2.INTER_AREA)
    rough = small.astype(np.float32) + rng.standard_normal(small.shape, dtype=np.float32) * rng.uniform(8, 22)
    # Photographs and tinted paper would go all black: the threshold follows the paper around it.
    around = cv2.blur(small, (101, 101)).astype(np.float32)
    dots = np.where(rough < np.minimum(around * rng.uniform(0.74, 0.84), 205), 0, 255).astype(np.uint8)
    specks = rng.random(dots.shape, dtype=np.float32) < rng.uniform(0.0002, 0.0015)
    dots[specks] = 0
    for row in rng.integers(0, dots.shape[0], int(rng.integers(0, 4))):
        dots[row] = 255
    return as_colour(dots)


def bleed_through(image: Pixels, rng: np.random.Generator) -> Pixels:
    """Let the print of the back shine through thin paper."""
    back = cv2.GaussianBlur(image[:, ::-1], (0, 0), max(0.8, rng.uniform(1.2, 2.5) * scale_of(image)))
    shift = int(image.shape[0] * rng.uniform(-0.06, 0.06))
    strength = rng.uniform(0.12, 0.28)
    shining = (
        1 - (1 - np.roll(grey(np.asarray(back, dtype=np.uint8)), shift, axis=0).astype(np.float32) / 255) * strength
    )
    return lit(image, shining.astype(np.float32))


def folds(image: Pixels, rng: np.random.Generator) -> Pixels:
    """Fold the sheet in two, three or four, or crumple it; the creases catch the light."""
    height, width = image.shape[:2]
    light = np.ones((height, width), np.float32)
    places = [(True, 1 / 3), (True, 2 / 3)] if rng.random() < 0.5 else [(True, 0.5), (False, 0.5)]
    for across, place in places:
        length = height if across else width
        at = length * (place + rng.uniform(-0.02, 0.02))
        distance = np.arange(length, dtype=np.float32) - at
        reach = length * rng.uniform(0.01, 0.04)
        side = np.sign(distance) * np.exp(-np.abs(distance) / reach) * rng.uniform(0.05, 0.16) * rng.choice([-1, 1])
        crack = np.exp(-((distance / (2.2 * scale_of(image))) ** 2)) * rng.uniform(0.1, 0.35)
        profile = 1 + side - crack
        light *= profile[:, None] if across else profile[None, :]
    if rng.random() < 0.4:
        light *= smooth_field(image, rng, cells=int(rng.integers(7, 14)), low=0.86, high=1.06)
    return lit(image, light)


def stamp(image: Pixels, rng: np.random.Generator) -> Pixels:
    """Stamp an office's mark over the text; it stays readable through the ink."""
    height, width = image.shape[:2]
    side = int(min(height, width) * rng.uniform(0.16, 0.34))
    ink = np.array(STAMP_INKS[int(rng.integers(len(STAMP_INKS)))], dtype=np.float32)
    mark = stamp_mark(side, rng)
    x = int(rng.integers(0, max(1, width - mark.shape[1])))
    y = int(rng.integers(0, max(1, height - mark.shape[0])))
    spoilt = image.copy()
    area = spoilt[y : y + mark.shape[0], x : x + mark.shape[1]]
    cover = (mark[: area.shape[0], : area.shape[1], None].astype(np.float32) / 255) * rng.uniform(0.45, 0.85)
    area[:] = to_pixels(area * (1 - cover * (1 - ink / 255)))
    return spoilt


def stamp_mark(side: int, rng: np.random.Generator) -> Pixels:
    """Draw a round or square stamp with its word and a date, unevenly inked and turned; 255 is full ink."""
    canvas = Image.new("L", (side, side), 0)
    draw = ImageDraw.Draw(canvas)
    thick = max(2, side // 45)
    word = STAMP_WORDS[int(rng.integers(len(STAMP_WORDS)))]
    date = f"{int(rng.integers(1, 29)):02}/{int(rng.integers(1, 13)):02}/{int(rng.integers(2008, 2026))}"
    box = (thick, side * 0.25, side - thick, side * 0.75)
    if rng.random() < 0.5:
        box = (thick, thick, side - thick, side - thick)
        draw.ellipse(box, outline=255, width=thick)
        draw.ellipse((side * 0.09, side * 0.09, side * 0.91, side * 0.91), outline=255, width=max(1, thick // 2))
    else:
        draw.rectangle(box, outline=255, width=thick)
    font = load_font("LiberationSans-Bold", max(8, min(side // 6, int(1.15 * side / len(word)))))
    draw.text((side / 2, side * 0.42), word, font=font, fill=255, anchor="mm")
    draw.text(
        (side / 2, side * 0.6), date, font=load_font("LiberationSans-Bold", max(8, side // 9)), fill=255, anchor="mm"
    )
    turned = np.asarray(
        canvas.rotate(float(rng.uniform(-35, 35)), expand=True, resample=Image.Resampling.BILINEAR), np.uint8
    )
    wear = smooth_field(as_colour(turned), rng, cells=9, low=0.35, high=1.1)
    return to_pixels(turned.astype(np.float32) * np.clip(wear, 0, 1))
