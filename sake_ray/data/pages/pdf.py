"""Open a PDF page by page: render it, and extract the words of its text layer."""

import ctypes
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from sake_ray.domain.datatypes import Pixels
from sake_ray.domain.limits import Limits
from sake_ray.domain.texts import Box, Word
from sake_ray.errors import PasswordNeeded, TooManyPages, UnreadableDocument

VIEW_DPI = 150  # for the image of a page with a text layer, good on a screen
OCR_DPI = 200
# A card-sized page rendered at 200 dpi would be too small to read; a poster too large to be worth it.
OCR_LONG_SIDE = (1800, 3600)
MAX_CHARACTERS = 200_000
POINTS_PER_INCH = 72
TYPED_FIELDS = {pdfium_c.FPDF_FORMFIELD_TEXTFIELD, pdfium_c.FPDF_FORMFIELD_COMBOBOX, pdfium_c.FPDF_FORMFIELD_LISTBOX}
# FPDF_PageToDevice answers in whole pixels of a page this large, so boxes are exact to 1/10,000.
FINE = 10_000


@dataclass(frozen=True, slots=True)
class PdfPage:
    """A page of an open document; only one may be in use at a time, since PDFium is not thread-safe."""

    number: int
    page: pdfium.PdfPage
    limits: Limits

    def render(self, *, dpi: int, long_side: tuple[int, int] | None = None) -> Pixels:
        """Render as RGB, within the pixel limit; `long_side` bounds the longer side in pixels."""
        width, height = self.page.get_size()
        scale = dpi / POINTS_PER_INCH
        if long_side:
            longest = max(width, height)
            scale = min(max(scale, long_side[0] / longest), long_side[1] / longest)
        scale = min(scale, math.sqrt(self.limits.max_pixels / (width * height)))
        try:
            bitmap = self.page.render(scale=scale, rev_byteorder=True, draw_annots=True, may_draw_forms=True)
            return np.array(bitmap.to_numpy()[:, :, :3])
        except pdfium.PdfiumError as error:
            raise UnreadableDocument("pdf-damaged") from error

    def measure_image_share(self) -> float:
        """Measure the share of the page that its largest image covers, 0–1."""
        width, height = self.page.get_size()
        largest = 0.0
        for image in self.page.get_objects(filter=[pdfium_c.FPDF_PAGEOBJ_IMAGE], max_depth=3):
            left, bottom, right, top = image.get_bounds()
            largest = max(largest, abs(right - left) * abs(top - bottom))
        return float(min(1.0, largest / (width * height)))

    def extract_words(self) -> tuple[Word, ...]:
        """Extract the words of the text layer, with boxes on the rendered page."""
        try:
            layer = self.page.get_textpage()
        except pdfium.PdfiumError:
            return ()
        try:
            words = tuple(_layer_words(layer, self.page))
        finally:
            layer.close()
        return words + tuple(_field_words(self.page, line=words[-1].line + 1 if words else 0))


def open_pdf(data: bytes, *, limits: Limits) -> Iterator[tuple[int, PdfPage]]:
    """Open the pages in order, as (number of pages, page).

    A document that is only flagged as encrypted opens without a password. Raises PasswordNeeded, TooManyPages and
    UnreadableDocument.
    """
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        if getattr(error, "err_code", None) == pdfium_c.FPDF_ERR_PASSWORD:
            raise PasswordNeeded("password-needed") from error
        raise UnreadableDocument("pdf-damaged") from error
    with document:
        count = len(document)
        if count == 0:
            raise UnreadableDocument("pdf-without-pages")
        if count > limits.max_pages:
            raise TooManyPages("too-many-pages", pages=count, limit=limits.max_pages)
        if document.get_formtype() != pdfium_c.FORMTYPE_NONE:
            document.init_forms()  # what was typed into the fields is drawn only then
        for index in range(count):
            try:
                page = document[index]
            except pdfium.PdfiumError as error:
                raise UnreadableDocument("pdf-page-damaged", page=index + 1) from error
            if min(page.get_size()) < 1:
                raise UnreadableDocument("pdf-page-without-size", page=index + 1)
            yield count, PdfPage(index + 1, page, limits)
            page.close()


def _layer_words(layer: pdfium.PdfTextPage, page: pdfium.PdfPage) -> Iterator[Word]:
    """Group the characters into words at white space; PDFium adds the spaces and line ends that are only visible."""
    letters: list[str] = []
    corners: list[tuple[float, float]] = []
    line = 0
    for index in range(min(layer.count_chars(), MAX_CHARACTERS)):
        code = pdfium_c.FPDFText_GetUnicode(layer, index)
        # 2 and U+FFFE stand for a hyphen at a line's end; a control character or half a surrogate pair says nothing.
        character = "-" if code in {2, 0xFFFE} else "" if 0xD800 <= code <= 0xDFFF or code > 0x10FFFF else chr(code)
        if character.isspace() or not character.isprintable() or not character:
            yield from _word(letters, corners, line)
            letters, corners = [], []
            line += character == "\n"
            continue
        corners += _corners(layer, index, page)
        letters.append(character)
    yield from _word(letters, corners, line)


def _field_words(page: pdfium.PdfPage, *, line: int) -> Iterator[Word]:
    """Extract the words typed into form fields, one line per field: the text layer lacks them."""
    if page.formenv is None:
        return
    for index in range(pdfium_c.FPDFPage_GetAnnotCount(page)):
        annotation = pdfium_c.FPDFPage_GetAnnot(page, index)
        try:
            if pdfium_c.FPDFAnnot_GetFormFieldType(page.formenv, annotation) in TYPED_FIELDS:
                value, corners = _field_value(page, annotation), _field_corners(page, annotation)
                for position, text in enumerate(value.split()):
                    yield from _word(list(text), _part(corners, position, len(value.split())), line)
                line += 1
        finally:
            pdfium_c.FPDFPage_CloseAnnot(annotation)


def _field_value(page: pdfium.PdfPage, annotation: Any) -> str:
    size = pdfium_c.FPDFAnnot_GetFormFieldValue(page.formenv, annotation, None, 0)
    buffer = (pdfium_c.FPDF_WCHAR * (min(size, MAX_CHARACTERS) // 2))()
    pdfium_c.FPDFAnnot_GetFormFieldValue(page.formenv, annotation, buffer, ctypes.sizeof(buffer))
    return bytes(buffer).decode("utf-16-le", "ignore").rstrip("\0")


def _field_corners(page: pdfium.PdfPage, annotation: Any) -> list[tuple[float, float]]:
    rectangle = pdfium_c.FS_RECTF()
    if not pdfium_c.FPDFAnnot_GetRect(annotation, rectangle):
        return []
    return [_to_rendered(page, rectangle.left, rectangle.top), _to_rendered(page, rectangle.right, rectangle.bottom)]


def _part(corners: list[tuple[float, float]], position: int, parts: int) -> list[tuple[float, float]]:
    """Estimate the part of a field that one of its words takes, as if all were equally long."""
    if not corners:
        return []
    (left, top), (right, bottom) = corners
    width = (right - left) / parts
    return [(left + position * width, top), (left + (position + 1) * width, bottom)]


def _corners(layer: pdfium.PdfTextPage, index: int, page: pdfium.PdfPage) -> list[tuple[float, float]]:
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    if not pdfium_c.FPDFText_GetCharBox(layer, index, left, right, bottom, top):
        return []
    return [_to_rendered(page, left.value, top.value), _to_rendered(page, right.value, bottom.value)]


def _to_rendered(page: pdfium.PdfPage, x: float, y: float) -> tuple[float, float]:
    """Convert a point of page space to the rendered page, with crop box and rotation applied, 0–1."""
    across, down = ctypes.c_int(), ctypes.c_int()
    pdfium_c.FPDF_PageToDevice(page, 0, 0, FINE, FINE, 0, x, y, across, down)
    return across.value / FINE, down.value / FINE


def _word(letters: list[str], corners: list[tuple[float, float]], line: int) -> Iterator[Word]:
    """Make the word, unless it is empty or outside of the rendered page."""
    if not letters or not corners:
        return
    xs, ys = [x for x, _ in corners], [y for _, y in corners]
    if not (0 <= (min(xs) + max(xs)) / 2 <= 1 and 0 <= (min(ys) + max(ys)) / 2 <= 1):
        return
    box = Box(*(min(1.0, max(0.0, side)) for side in (min(xs), min(ys), max(xs), max(ys))))
    yield Word("".join(letters), box, 100.0, line)
