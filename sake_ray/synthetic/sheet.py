"""A drawing surface whose text is known: drawn once, shown as an image or as a PDF with its text layer."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache

from fpdf import FPDF
from PIL import Image, ImageDraw

from sake_ray.synthetic.fonts import find_font, load_font

Colour = tuple[int, int, int]
BLACK: Colour = (20, 20, 20)
MM_PER_POINT = 25.4 / 72


@dataclass(frozen=True, slots=True)
class Text:
    """One run of text on one line; x, y (top left) in mm, size in points."""

    x: float
    y: float
    text: str
    font: str
    size: float
    colour: Colour = BLACK


@dataclass(frozen=True, slots=True)
class Line:
    """A straight line; all in mm."""

    x1: float
    y1: float
    x2: float
    y2: float
    width: float = 0.2
    colour: Colour = BLACK


@dataclass(frozen=True, slots=True)
class Block:
    """A filled or outlined rectangle; all in mm."""

    x: float
    y: float
    width: float
    height: float
    fill: Colour | None = None
    outline: Colour | None = None


@dataclass(frozen=True, slots=True)
class Picture:
    """An image placed on the sheet; all in mm. Its pixels hold no text that counts as the sheet's text."""

    x: float
    y: float
    width: float
    height: float
    image: Image.Image


@dataclass(slots=True)
class Sheet:
    """One page being drawn, measured in mm from the top left."""

    width: float = 210.0
    height: float = 297.0
    paper: Colour = (255, 255, 255)
    marks: list[Text | Line | Block | Picture] = field(default_factory=list)

    def text(self, x: float, y: float, text: str, *, font: str, size: float, colour: Colour = BLACK) -> float:
        """Write one line; return its width in mm."""
        if text.strip():
            self.marks.append(Text(x, y, text, font, size, colour))
        return measure_width(text, font=font, size=size)

    def text_right(self, x: float, y: float, text: str, *, font: str, size: float, colour: Colour = BLACK) -> None:
        """Write one line that ends at x."""
        self.text(x - measure_width(text, font=font, size=size), y, text, font=font, size=size, colour=colour)

    def paragraph(
        self,
        x: float,
        y: float,
        width: float,
        text: str,
        *,
        font: str,
        size: float,
        colour: Colour = BLACK,
        leading: float = 1.35,
    ) -> float:
        """Write a text broken into lines of at most `width` mm; return the y below it."""
        for line in wrap(text, width, font=font, size=size):
            self.text(x, y, line, font=font, size=size, colour=colour)
            y += size * MM_PER_POINT * leading
        return y

    def line(self, x1: float, y1: float, x2: float, y2: float, *, width: float = 0.2, colour: Colour = BLACK) -> None:
        """Draw a straight line."""
        self.marks.append(Line(x1, y1, x2, y2, width, colour))

    def block(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        *,
        fill: Colour | None = None,
        outline: Colour | None = None,
    ) -> None:
        """Draw a rectangle."""
        self.marks.append(Block(x, y, width, height, fill, outline))

    def picture(self, x: float, y: float, width: float, height: float, image: Image.Image) -> None:
        """Place an image."""
        self.marks.append(Picture(x, y, width, height, image))

    @property
    def true_text(self) -> str:
        """What a perfect reader would read: one run a line, in the order it was drawn."""
        return "\n".join(mark.text for mark in self.marks if isinstance(mark, Text))

    def render(self, dpi: float = 200.0) -> Image.Image:
        """Draw the sheet as an RGB image."""
        scale = dpi / 25.4
        image = Image.new("RGB", (max(1, round(self.width * scale)), max(1, round(self.height * scale))), self.paper)
        draw = ImageDraw.Draw(image)
        for mark in self.marks:
            match mark:
                case Text(x, y, text, font, size, colour):
                    loaded = load_font(font, round(size / 72 * dpi))
                    draw.text((x * scale, y * scale), text, font=loaded, fill=colour)
                case Line(x1, y1, x2, y2, width, colour):
                    ends = (x1 * scale, y1 * scale, x2 * scale, y2 * scale)
                    draw.line(ends, fill=colour, width=max(1, round(width * scale)))
                case Block(x, y, width, height, fill, outline):
                    corners = (x * scale, y * scale, (x + width) * scale, (y + height) * scale)
                    draw.rectangle(corners, fill=fill, outline=outline)
                case Picture(x, y, width, height, picture):
                    size_px = (max(1, round(width * scale)), max(1, round(height * scale)))
                    image.paste(picture.convert("RGB").resize(size_px), (round(x * scale), round(y * scale)))
        return image


def measure_width(text: str, *, font: str, size: float) -> float:
    """The width of one line in mm."""
    return _length(text, font) / 100 * size * MM_PER_POINT


@lru_cache(maxsize=20_000)  # a line is measured to be broken, to be placed and when it is drawn
def _length(text: str, font: str) -> float:
    return load_font(font, 100).getlength(text)


def wrap(text: str, width: float, *, font: str, size: float) -> Iterator[str]:
    """Break a text at its spaces into lines of at most `width` mm; a longer word stands alone."""
    for paragraph in text.split("\n"):
        line = ""
        for word in paragraph.split():
            longer = f"{line} {word}" if line else word
            if line and measure_width(longer, font=font, size=size) > width:
                yield line
                line = word
            else:
                line = longer
        yield line


@contextmanager
def quiet_fonts() -> Iterator[None]:
    """Keep fontTools from warning of each font whose date predates 1970; they are many and harmless."""
    log = logging.getLogger("fontTools")
    before = log.level
    log.setLevel(logging.ERROR)
    try:
        yield
    finally:
        log.setLevel(before)


@quiet_fonts()
def sheets_to_pdf(sheets: list[Sheet]) -> bytes:
    """Draw the sheets as one PDF with a text layer; the same sheets give the same bytes."""
    pdf = FPDF(unit="mm")
    pdf.set_auto_page_break(False)
    pdf.set_creation_date(datetime(2024, 1, 1, tzinfo=UTC))
    for sheet in sheets:
        pdf.add_page(format=(sheet.width, sheet.height))
        if sheet.paper != (255, 255, 255):
            pdf.set_fill_color(*sheet.paper)
            pdf.rect(0, 0, sheet.width, sheet.height, style="F")
        for mark in sheet.marks:
            match mark:
                case Text(x, y, text, font, size, colour):
                    if font.lower() not in pdf.fonts:
                        pdf.add_font(font, fname=str(find_font(font)))
                    pdf.set_font(font, size=size)
                    pdf.set_text_color(*colour)
                    ascent = load_font(font, 100).getmetrics()[0] / 100 * size * MM_PER_POINT
                    pdf.text(x, y + ascent, text)
                case Line(x1, y1, x2, y2, width, colour):
                    pdf.set_draw_color(*colour)
                    pdf.set_line_width(width)
                    pdf.line(x1, y1, x2, y2)
                case Block(x, y, width, height, fill, outline):
                    pdf.set_fill_color(*(fill or BLACK))
                    pdf.set_draw_color(*(outline or BLACK))
                    if style := ("F" if fill else "") + ("D" if outline else ""):
                        pdf.rect(x, y, width, height, style=style)
                case Picture(x, y, width, height, picture):
                    pdf.image(picture.convert("RGB"), x, y, width, height)
    return bytes(pdf.output())


@dataclass(frozen=True, slots=True)
class Drawing:
    """A generated document before any scanner touched it.

    `kind` is finer than the label, e.g. "passport"; `language` is "fr" or "en"; a `card` is a small object that people
    photograph or copy onto a larger page, everything else is a page of paper.
    """

    label: str
    kind: str
    language: str
    sheets: tuple[Sheet, ...]
    card: bool = False
