"""Pages drawn with known words."""

from io import BytesIO

from PIL import Image

from sake_ray.synthetic.sheet import Sheet

LINES = (
    "Invoice number 2024-118 of the northern branch",
    "The workshop delivered twelve wooden tables",
    "Transport and assembly were done on Monday",
    "Total amount due within thirty days",
    "Please mention the customer number when paying",
    "Questions are answered by the accounting office",
)


def letter(lines: tuple[str, ...] = LINES, *, size: float = 13) -> Sheet:
    """A page of plain lines."""
    sheet = Sheet()
    for number, line in enumerate(lines):
        sheet.text(25, 30 + 12 * number, line, font="LiberationSans-Regular", size=size)
    return sheet


def png(image: Image.Image) -> bytes:
    """The image as a PNG file."""
    buffer = BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()
