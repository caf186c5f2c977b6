"""What is written on the pages of the hostile files?"""

from functools import lru_cache
from io import BytesIO
from typing import Any

from PIL import Image, ImageDraw, ImageFont

WIDTH, HEIGHT = 1000, 600
LINES = (
    ("INVOICE 2024", 40, 100),
    ("Total amount due", 170, 72),
    ("Please pay before the end of the month", 280, 44),
    ("and write the number of this letter on your transfer.", 350, 38),
    ("Thank you for the order that you placed with our company.", 415, 34),
    ("The goods were delivered to your office last Monday morning.", 475, 32),
)
LETTER = (
    "Dear customer, thank you for the order that you placed with our",
    "company last month. You will find below the list of the goods",
    "that were delivered to your office, with the price of each of",
    "them and the tax that we have to add. Please check that nothing",
    "is missing and tell us within eight days if something is wrong.",
    "The payment is expected at the end of the month, by transfer to",
    "the account that is printed at the bottom of this page. If it is",
    "late we have to charge interest from the first day of the delay.",
    "We remain at your disposal for any question about this letter",
    "and hope to be of service to you again before the summer.",
)


@lru_cache(maxsize=1)
def slip() -> Image.Image:
    """Draw the usual words and a few lines below, black on white, as an 8-bit gray image."""
    image = Image.new("L", (WIDTH, HEIGHT), 255)
    draw = ImageDraw.Draw(image)
    for line, top, size in LINES:
        draw.text((40, top), line, fill=0, font=ImageFont.load_default(size))
    return image


@lru_cache(maxsize=1)
def letter() -> Image.Image:
    """Draw a whole page with the usual words and ten lines below: enough for a reader to tell which way is up."""
    image = Image.new("L", (1240, 1754), 255)
    image.paste(slip(), (120, 100))
    draw = ImageDraw.Draw(image)
    for number, line in enumerate(LETTER):
        draw.text((180, 780 + number * 70), line, fill=0, font=ImageFont.load_default(30))
    return image


def line_of_text(text: str, *, size: int = 80) -> Image.Image:
    """Draw one line, black on white, on an image that fits it."""
    font = ImageFont.load_default(size)
    image = Image.new("L", (round(font.getlength(text)) + 4 * size, 4 * size), 255)
    ImageDraw.Draw(image).text((2 * size, 1.5 * size), text, fill=0, font=font)
    return image


def saved(image: Image.Image, kind: str, **options: Any) -> bytes:
    """Save the image as Pillow writes that kind."""
    buffer = BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()
