"""Extract the words of a page's text layer, each with the object that it is drawn by."""

import ctypes
import math
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pypdfium2.raw as pdfium_c

from sake_ray.data.long_pages import measure_sheet
from sake_ray.data.pages.pdf.geometry import Transform
from sake_ray.domain.texts import Word

MAX_CHARACTERS = 200_000
LINE_END_HYPHENS = {2, 0xFFFE}
"""What PDFium gives for a hyphen at the end of a line; the line end itself it leaves out."""


@dataclass(frozen=True, slots=True)
class LayerWord:
    """A word, the addresses of the objects that draw its letters, and how large it is set.

    `size` is the height of its line as a share of the longer side of the page, or of a sheet of a long one.
    """

    word: Word
    addresses: tuple[int, ...]
    size: float


@dataclass(slots=True)
class WordBuilder:
    """The letters of a word while they come, what draws them, and the rectangle around them in points of the page."""

    first: int = -1
    letters: list[str] = field(default_factory=list)
    addresses: dict[int, None] = field(default_factory=dict)
    left: float = math.inf
    bottom: float = math.inf
    right: float = -math.inf
    top: float = -math.inf


class WordExtractor:
    """Extracts the words of one page. `size` is that of the page in points."""

    def __init__(self, layer: Any, transform: Transform, size: tuple[float, float]) -> None:
        self.layer, self.transform, self.size = layer, transform, size
        self._find_object = _prepare_lookup()
        self._sizes: dict[tuple[int, ...], float] = {}

    def extract(self) -> Iterator[LayerWord]:
        """Group the characters into words at white space; PDFium adds the spaces and line ends that are only visible.

        Boxes may lie beyond the page.
        """
        layer, find_object = self.layer, self._find_object
        left, right, bottom, top = (ctypes.c_double() for _ in range(4))
        builder, line = WordBuilder(), 0
        get_code, get_box = pdfium_c.FPDFText_GetUnicode, pdfium_c.FPDFText_GetCharBox
        known: dict[int, tuple[str, bool]] = {}
        for index in range(min(pdfium_c.FPDFText_CountChars(layer), MAX_CHARACTERS)):
            code = get_code(layer, index)
            if code not in known:
                known[code] = _to_character(code)
            character, is_letter = known[code]
            if is_letter:
                if builder.first < 0:
                    builder.first = index
                builder.letters.append(character)
                builder.addresses[find_object(layer, index) or 0] = None
                if get_box(layer, index, left, right, bottom, top):
                    # Converted word by word: letter by letter would take most of the time of all.
                    if left.value < builder.left:
                        builder.left = left.value
                    if right.value > builder.right:
                        builder.right = right.value
                    if bottom.value < builder.bottom:
                        builder.bottom = bottom.value
                    if top.value > builder.top:
                        builder.top = top.value
                if code not in LINE_END_HYPHENS:
                    continue
            elif character and unicodedata.category(character) == "Cf":
                continue  # a soft hyphen within a line, a joiner: nothing to see, and no end of a word
            if builder.letters:
                yield from self._finish(builder, line)
                builder = WordBuilder()
            line += character == "\n" or code in LINE_END_HYPHENS
        yield from self._finish(builder, line)

    def _finish(self, builder: WordBuilder, line: int) -> Iterator[LayerWord]:
        """Make the word, if it has letters and they have a place."""
        if not builder.letters or builder.left > builder.right:
            return
        box = self.transform.convert(builder.left, builder.bottom, builder.right, builder.top)
        addresses = tuple(builder.addresses)
        if addresses not in self._sizes:
            self._sizes[addresses] = self._measure_size(builder.first)
        yield LayerWord(Word("".join(builder.letters), box, 100.0, line), addresses, self._sizes[addresses])

    def _measure_size(self, index: int) -> float:
        """Measure how large a letter is set, from the box that its font gives every letter: a dot is not small print."""
        rectangle = pdfium_c.FS_RECTF()
        if not pdfium_c.FPDFText_GetLooseCharBox(self.layer, index, rectangle):
            return 1.0
        box = self.transform.convert(rectangle.left, rectangle.bottom, rectangle.right, rectangle.top)
        width, height = self.size
        # Words may run in any direction; a letter is hardly ever wider than its line is high.
        return max((box.right - box.left) * width, (box.bottom - box.top) * height) / measure_sheet(width, height)


def _prepare_lookup() -> Callable[[Any, int], int | None]:
    """FPDFText_GetTextObject with the bare address as its answer: making a pointer of each takes ten times as long."""
    prototype = ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int)
    lookup = ctypes.cast(pdfium_c.FPDFText_GetTextObject, prototype)
    return lambda layer, index: lookup(layer.raw, index)


def _to_character(code: int) -> tuple[str, bool]:
    """The character of a code, and whether it is part of a word; half a surrogate pair says nothing."""
    if code in LINE_END_HYPHENS:
        return "-", True
    character = "" if 0xD800 <= code <= 0xDFFF or code > 0x10FFFF else chr(code)
    return character, character.isprintable() and not character.isspace() and bool(character)
