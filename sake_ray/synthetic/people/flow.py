"""Write down a sheet, from top to bottom, and go on to the next one when it is full."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from sake_ray.synthetic.people.phrases import happens
from sake_ray.synthetic.sheet import BLACK, MM_PER_POINT, Colour, Sheet, measure_width, wrap

A4 = (210.0, 297.0)
LETTER = (215.9, 279.4)
A5 = (148.0, 210.0)
LEADING = 1.32
# The handwritten typeface lacks these signs.
HANDWRITABLE = str.maketrans(
    {"€": "EUR", "’": "'", "–": "-", "•": "-", "œ": "oe", "Œ": "OE", "ı": "i", "ł": "l", "ń": "n", "ş": "s"}
)


def choose_paper(rng: random.Random, language: str) -> tuple[float, float]:
    """Choose the paper of an office where the language is spoken."""
    return LETTER if language == "en" and happens(rng, 0.55) else A4


def step(size: float) -> float:
    """The distance between two lines of that size in points, in mm."""
    return size * MM_PER_POINT * LEADING


def put(
    sheet: Sheet,
    x: float,
    y: float,
    width: float,
    text: str,
    *,
    font: str,
    size: float,
    colour: Colour = BLACK,
    align: str = "left",
) -> None:
    """Write one line within a width: smaller when it is too long, and cut when even that does not help."""
    if font == "Breip":
        text = text.translate(HANDWRITABLE)
    needed = measure_width(text, font=font, size=size)
    if needed > width:
        size = max(size * 0.7, size * width / needed * 0.99)
        while text and measure_width(text, font=font, size=size) > width:
            text = text[:-1]
    free = width - measure_width(text, font=font, size=size)
    sheet.text(
        x + {"left": 0.0, "center": free / 2, "right": free}[align], y, text, font=font, size=size, colour=colour
    )


@dataclass(slots=True)
class Flow:
    """Where the next line goes; all in mm. `dress` draws what every new sheet carries, before its text."""

    size: tuple[float, float] = A4
    left: float = 18.0
    right: float = 18.0
    top: float = 16.0
    bottom: float = 24.0
    dress: Callable[[Sheet, int], None] | None = None
    paper: Colour = (255, 255, 255)
    sheets: list[Sheet] = field(default_factory=list)
    y: float = 0.0

    def __post_init__(self) -> None:
        self.turn()

    def turn(self) -> None:
        """Begin a new sheet."""
        self.sheets.append(Sheet(*self.size, self.paper))
        self.y = self.top
        if self.dress:
            self.dress(self.sheet, len(self.sheets))

    @property
    def sheet(self) -> Sheet:
        """The sheet being written."""
        return self.sheets[-1]

    @property
    def width(self) -> float:
        """The room between the margins."""
        return self.size[0] - self.left - self.right

    def need(self, height: float) -> None:
        """Begin a new sheet unless that height is left on this one."""
        if self.y + height > self.size[1] - self.bottom and self.y > self.top:
            self.turn()

    def write(
        self,
        text: str,
        *,
        font: str,
        size: float,
        colour: Colour = BLACK,
        x: float | None = None,
        width: float | None = None,
        align: str = "left",
        hang: float = 0.0,
    ) -> None:
        """Write a text broken into lines; `hang` indents every line but the first."""
        start = self.left if x is None else x
        room = width if width is not None else self.size[0] - self.right - start
        for number, line in enumerate(wrap(text, room - hang, font=font, size=size)):
            self.need(step(size))
            indent = hang if number else 0.0
            put(
                self.sheet,
                start + indent,
                self.y,
                room - indent,
                line,
                font=font,
                size=size,
                colour=colour,
                align=align,
            )
            self.y += step(size)

    def row(self, cells: Sequence[tuple[float, float, str, str, str]], *, size: float, colour: Colour = BLACK) -> None:
        """Write cells (x, width, text, font, align) beside each other, line by line as one reads them."""
        broken = [list(wrap(text, width, font=font, size=size)) for _, width, text, font, _ in cells]
        height = max(len(lines) for lines in broken)
        self.need(step(size) * min(height, 6))
        for number in range(height):
            self.need(step(size))
            for (x, width, _, font, align), lines in zip(cells, broken, strict=True):
                if number < len(lines):
                    put(self.sheet, x, self.y, width, lines[number], font=font, size=size, colour=colour, align=align)
            self.y += step(size)
