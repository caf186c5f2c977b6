"""Open a PDF page by page: render it, and take the text layer apart."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from sake_ray.data.long_pages import measure_sheet
from sake_ray.data.pages.pdf.annotations import extract_field_words, flatten, has_drawn_text, list_pinned
from sake_ray.data.pages.pdf.attachments import describe_attachments, list_attached
from sake_ray.data.pages.pdf.geometry import measure_page
from sake_ray.data.pages.pdf.objects import TextObject, hide_texts
from sake_ray.data.stage_clock import stage
from sake_ray.domain.datatypes import Pixels
from sake_ray.domain.limits import Limits
from sake_ray.domain.page_ranges import PageRange
from sake_ray.domain.texts import Word
from sake_ray.errors import Message, PasswordNeeded, TooManyPages, UnreadableDocument

VIEW_DPI = 150  # for the image of a page with a text layer, good on a screen
VIEW_LONG_SIDE = 2000
VIEW_MAX_SIDE = 16_000  # of a long page: more is not shown
OCR_DPI = 200
# A card-sized page rendered at 200 dpi would be too small to read; a poster too large to be worth it.
OCR_LONG_SIDE = (1800, 3600)
OCR_MAX_SIDE = 60_000  # of a long page: a receipt of seven metres, and no thread of a page made thick
POINTS_PER_INCH = 72


@dataclass(slots=True)
class PdfPage:
    """A page of an open document; only one may be in use at a time, since PDFium is not thread-safe.

    `notes` say what is attached to it, or to the document if it is the first one. `field_words` are what was typed into fields.
    """

    number: int
    page: pdfium.PdfPage
    limits: Limits
    notes: Sequence[Message] = ()
    field_words: tuple[Word, ...] = ()

    def render(self, *, dpi: int, long_side: tuple[int, int], max_side: float = math.inf) -> Pixels:
        """Render as RGB, within the pixel limit; `long_side` bounds the longer side in pixels, of a long page that of a sheet."""
        width, height = self.page.get_size()
        scale = dpi / POINTS_PER_INCH
        sheet = measure_sheet(width, height)
        scale = min(max(scale, long_side[0] / sheet), long_side[1] / sheet)
        scale = min(scale, max_side / max(width, height), math.sqrt(self.limits.max_pixels / (width * height)))
        try:
            bitmap = self.page.render(scale=scale, rev_byteorder=True, draw_annots=True, may_draw_forms=True)
            return np.array(bitmap.to_numpy()[:, :, :3])
        except pdfium.PdfiumError as error:
            raise UnreadableDocument("pdf-damaged") from error

    def render_view(self) -> Pixels:
        """Render for people's eyes."""
        return self.render(dpi=VIEW_DPI, long_side=(0, VIEW_LONG_SIDE), max_side=VIEW_MAX_SIDE)

    def render_for_ocr(self, *, without: Sequence[TextObject] = ()) -> Pixels:
        """Render for OCR, without some of the texts."""
        with stage("render"), hide_texts(without):
            return self.render(dpi=OCR_DPI, long_side=OCR_LONG_SIDE, max_side=OCR_MAX_SIDE)

    def count_characters(self) -> int:
        """Count the characters of the text layer, whatever they are worth."""
        try:
            layer = self.page.get_textpage()
        except pdfium.PdfiumError:
            return 0
        try:
            return int(layer.count_chars())
        finally:
            layer.close()


def open_pdf(data: bytes, *, limits: Limits, wanted: PageRange | None = None) -> Iterator[tuple[int, PdfPage]]:
    """Open the pages in order, or the wanted ones of them, as (number of pages, page).

    A document that is only flagged as encrypted opens without a password. Raises PasswordNeeded, TooManyPages and
    UnreadableDocument.
    """
    with _open(data) as document:
        count = len(document)
        if count == 0:
            raise UnreadableDocument("pdf-without-pages")
        if count > limits.max_pages:
            raise TooManyPages("too-many-pages", pages=count, limit=limits.max_pages)
        if document.get_formtype() != pdfium_c.FORMTYPE_NONE:
            document.init_forms()  # what was typed into the fields is drawn only then
        for index in range(count):
            if wanted and index + 1 not in wanted:
                continue
            page = _open_page(document, index, limits)
            yield count, page
            page.page.close()


def _open(data: bytes) -> pdfium.PdfDocument:
    try:
        return pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        code = getattr(error, "err_code", None)
        if code == pdfium_c.FPDF_ERR_PASSWORD:
            raise PasswordNeeded("password-needed") from error
        if code == pdfium_c.FPDF_ERR_SECURITY:
            raise PasswordNeeded("pdf-for-recipients" if b"PubSec" in data else "pdf-protected") from error
        raise UnreadableDocument("pdf-damaged") from error


def _open_page(document: pdfium.PdfDocument, index: int, limits: Limits) -> PdfPage:
    page = _load_page(document, index)
    attached = [*(list_attached(document) if index == 0 else ()), *list_pinned(page)]
    fields = extract_field_words(page, measure_page(page))
    if has_drawn_text(page) and flatten(page):
        page.close()
        page = _load_page(document, index)
    return PdfPage(index + 1, page, limits, describe_attachments(attached), fields)


def _load_page(document: pdfium.PdfDocument, index: int) -> pdfium.PdfPage:
    try:
        page = document[index]
    except pdfium.PdfiumError as error:
        raise UnreadableDocument("pdf-page-damaged", page=index + 1) from error
    if min(page.get_size()) < 1:
        raise UnreadableDocument("pdf-page-without-size", page=index + 1)
    return page
