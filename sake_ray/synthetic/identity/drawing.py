"""Draw what identity documents have besides words: tinted ground, face, chip, stars, stamp, signature."""

import math
import random
from itertools import pairwise

from PIL import Image, ImageDraw, ImageFilter

from sake_ray.synthetic.sheet import Colour, Sheet

PIXELS_PER_MM = 6
CARD = (85.6, 54.0)
LARGE_CARD = (105.0, 74.0)
"""The formats ID-1 and ID-2 of ISO/IEC 7810, in mm."""
TINTS: tuple[Colour, ...] = (
    (226, 232, 244), (244, 226, 232), (228, 242, 228), (246, 238, 220), (236, 228, 244), (222, 240, 242), (242, 242, 238),
    (250, 232, 214), (232, 224, 214), (214, 226, 236), (248, 222, 230), (238, 246, 214),
)  # fmt: skip
INKS: tuple[Colour, ...] = ((20, 20, 20), (20, 20, 20), (30, 30, 60), (40, 40, 40), (60, 20, 30), (10, 50, 70))


def draw_ground(sheet: Sheet, rng: random.Random, *, tint: Colour | None = None, strength: float = 1.0) -> Colour:
    """Cover the sheet with a tinted gradient and fine waves as banknotes have; return the tint."""
    start = tint or rng.choice(TINTS)
    end = rng.choice((*TINTS, (255, 255, 255)))
    width, height = round(sheet.width * PIXELS_PER_MM), round(sheet.height * PIXELS_PER_MM)
    mask = Image.linear_gradient("L").resize((width, height))
    if rng.random() < 0.5:
        mask = Image.linear_gradient("L").rotate(90).resize((width, height))
    image = Image.composite(Image.new("RGB", (width, height), end), Image.new("RGB", (width, height), start), mask)
    draw = ImageDraw.Draw(image)
    for _ in range(rng.randrange(1, 4)):
        _draw_waves(draw, rng, width, height, darken(start, round(rng.randrange(12, 45) * strength)))
    if rng.random() < 0.5:
        _draw_rosette(draw, rng, width, height, darken(start, round(30 * strength)))
    sheet.picture(0, 0, sheet.width, sheet.height, image)
    return start


def draw_blank(
    rng: random.Random, size: tuple[float, float], *, tint: Colour | None = None, strength: float = 1.0
) -> Sheet:
    """Begin a sheet of that size with its ground."""
    sheet = Sheet(*size)
    draw_ground(sheet, rng, tint=tint, strength=strength)
    return sheet


def darken(colour: Colour, by: int) -> Colour:
    """Take a colour down by so many steps of 255."""
    return max(0, colour[0] - by), max(0, colour[1] - by), max(0, colour[2] - by)


def _draw_waves(draw: ImageDraw.ImageDraw, rng: random.Random, width: int, height: int, colour: Colour) -> None:
    lines, swing, length = rng.randrange(8, 40), rng.uniform(5, 60), rng.uniform(60, 400)
    turn, slant = rng.uniform(0, 6.3), rng.uniform(-0.4, 0.4)
    for number in range(-4, lines + 4):
        base = number * height / lines
        points = [
            (x, base + slant * x + swing * math.sin(x / length * 6.3 + turn + number * 0.15))
            for x in range(0, width + 12, 12)
        ]
        draw.line(points, fill=colour, width=1)


def _draw_rosette(draw: ImageDraw.ImageDraw, rng: random.Random, width: int, height: int, colour: Colour) -> None:
    x, y, size, leaves = (
        width * rng.uniform(0.3, 0.8),
        height * rng.uniform(0.3, 0.7),
        height * rng.uniform(0.15, 0.4),
        rng.randrange(5, 13),
    )
    for ring in range(6):
        radius = size * (1 - ring * 0.12)
        points = []
        for step in range(241):
            angle = step / 240 * 6.2832
            reach = radius * (0.75 + 0.25 * math.sin(leaves * angle + ring))
            points.append((x + reach * math.cos(angle), y + reach * math.sin(angle)))
        draw.line(points, fill=colour, width=1)


def draw_face(
    sheet: Sheet, rng: random.Random, x: float, y: float, width: float, height: float, *, ghost: bool = False
) -> None:
    """Place a portrait made of blurred shapes; a ghost is paler."""
    w, h = 120, round(120 * height / width)
    back = rng.choice(((225, 228, 232), (200, 210, 222), (240, 240, 240), (214, 205, 196)))
    skin = rng.choice(((236, 200, 176), (205, 160, 128), (150, 106, 80), (96, 66, 50), (244, 214, 196)))
    hair = rng.choice(((40, 30, 26), (90, 60, 40), (180, 140, 90), (120, 120, 120), (20, 20, 24), (140, 70, 40)))
    dress = rng.choice(((50, 60, 90), (120, 40, 50), (60, 60, 60), (230, 230, 230), (40, 80, 60)))
    image = Image.new("RGB", (w, h), back)
    draw = ImageDraw.Draw(image)
    draw.ellipse((w * 0.05, h * 0.76, w * 0.95, h * 1.3), fill=dress)
    draw.rectangle((w * 0.4, h * 0.6, w * 0.6, h * 0.82), fill=darken(skin, 25))
    if rng.random() < 0.5:
        draw.rounded_rectangle((w * 0.2, h * 0.14, w * 0.8, h * 0.8), 26, fill=hair)
    draw.ellipse((w * 0.24, h * 0.12, w * 0.76, h * 0.56), fill=hair)
    draw.ellipse((w * 0.27, h * 0.2, w * 0.73, h * 0.72), fill=skin)
    for side in (0.39, 0.61):
        draw.ellipse((w * side - 6, h * 0.42, w * side + 6, h * 0.45), fill=(40, 36, 36))
        draw.line((w * side - 9, h * 0.385, w * side + 9, h * 0.38), fill=hair, width=3)
    draw.line((w * 0.5, h * 0.45, w * 0.48, h * 0.54), fill=darken(skin, 40), width=2)
    draw.line((w * 0.42, h * 0.61, w * 0.58, h * 0.61), fill=(150, 70, 70), width=3)
    image = image.filter(ImageFilter.GaussianBlur(rng.uniform(1.0, 2.2)))
    if rng.random() < 0.4 or ghost:
        image = image.convert("L").convert("RGB")
    if ghost:
        image = Image.blend(image, Image.new("RGB", (w, h), (240, 240, 244)), 0.6)
    sheet.picture(x, y, width, height, image)


def draw_chip(sheet: Sheet, x: float, y: float) -> None:
    """Draw the contacts of a chip, 12 by 9 mm."""
    gold, line = (214, 186, 110), (130, 104, 40)
    sheet.block(x, y, 12, 9, fill=gold, outline=line)
    for dy in (3, 6):
        sheet.line(x, y + dy, x + 4, y + dy, colour=line)
        sheet.line(x + 8, y + dy, x + 12, y + dy, colour=line)
    sheet.block(x + 4, y + 2, 4, 5, outline=line)


def draw_stars(sheet: Sheet, x: float, y: float, size: float, code: str, *, blue: bool = True) -> None:
    """Draw the twelve stars of the Union around a country code, x and y the top left of the square."""
    if blue:
        sheet.block(x, y, size, size, fill=(20, 50, 140))
    colour = (250, 214, 40) if blue else (20, 50, 140)
    for step in range(12):
        angle = step * math.pi / 6
        cx, cy = x + size / 2 + size * 0.38 * math.cos(angle), y + size / 2 + size * 0.38 * math.sin(angle)
        sheet.block(cx - 0.35, cy - 0.35, 0.7, 0.7, fill=colour)
    points = size * 0.95
    sheet.text(
        x + size * 0.28,
        y + size * 0.3,
        code,
        font="LiberationSans-Bold",
        size=points,
        colour=(255, 255, 255) if blue else colour,
    )


def draw_signature(sheet: Sheet, rng: random.Random, x: float, y: float, width: float, height: float) -> None:
    """Draw a squiggle that nobody can read."""
    ink = rng.choice(((20, 20, 60), (20, 20, 20), (30, 40, 120)))
    points = [(x, y + height * 0.6)]
    steps = rng.randrange(14, 30)
    for step in range(1, steps + 1):
        points.append(
            (x + width * min(1, max(0, step / steps + rng.uniform(-0.08, 0.05))), y + height * rng.uniform(0.1, 0.95))
        )
    for (x1, y1), (x2, y2) in pairwise(points):
        sheet.line(x1, y1, x2, y2, width=0.25, colour=ink)


def draw_stamp(sheet: Sheet, rng: random.Random, x: float, y: float, size: float) -> None:
    """Draw two circles and a star of lines, as an office's rubber stamp; x and y the top left."""
    ink = rng.choice(((70, 70, 160), (160, 50, 60), (60, 60, 60)))
    for radius in (size / 2, size / 2.6):
        ring = [
            (x + size / 2 + radius * math.cos(a * math.pi / 16), y + size / 2 + radius * math.sin(a * math.pi / 16))
            for a in range(33)
        ]
        for (x1, y1), (x2, y2) in pairwise(ring):
            sheet.line(x1, y1, x2, y2, width=0.3, colour=ink)
    for arm in range(5):
        angle = arm * 2.5133
        sheet.line(
            x + size / 2,
            y + size / 2,
            x + size / 2 + size / 4 * math.cos(angle),
            y + size / 2 + size / 4 * math.sin(angle),
            colour=ink,
        )
