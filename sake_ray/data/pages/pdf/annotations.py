"""Read what was added to a PDF page: fields that were filled in, and boxes, stamps and notes laid over it."""

import ctypes
from collections.abc import Iterator
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from sake_ray.data.pages.pdf.attachments import read_name
from sake_ray.data.pages.pdf.geometry import Transform
from sake_ray.domain.texts import Box, Word

MAX_CHARACTERS = 200_000
NORMAL, EMPTY = pdfium_c.FPDF_ANNOT_APPEARANCEMODE_NORMAL, 2
"""The appearance of an annotation at rest, and the bytes of one that is not there: the end of a UTF-16 text."""
DRAWN_SMALL = 0.05
TYPED_FIELDS = {pdfium_c.FPDF_FORMFIELD_TEXTFIELD, pdfium_c.FPDF_FORMFIELD_COMBOBOX, pdfium_c.FPDF_FORMFIELD_LISTBOX}
WITHOUT_TEXT = {
    pdfium_c.FPDF_ANNOT_TEXT, pdfium_c.FPDF_ANNOT_LINK, pdfium_c.FPDF_ANNOT_POPUP, pdfium_c.FPDF_ANNOT_WIDGET,
    pdfium_c.FPDF_ANNOT_HIGHLIGHT, pdfium_c.FPDF_ANNOT_UNDERLINE, pdfium_c.FPDF_ANNOT_SQUIGGLY,
    pdfium_c.FPDF_ANNOT_STRIKEOUT, pdfium_c.FPDF_ANNOT_INK, pdfium_c.FPDF_ANNOT_SOUND, pdfium_c.FPDF_ANNOT_MOVIE,
    pdfium_c.FPDF_ANNOT_FILEATTACHMENT,
}  # fmt: skip
"""Annotations that show no text of their own; fields are read by their values."""


def has_drawn_text(page: pdfium.PdfPage) -> bool:
    """Whether annotations may show text: text boxes, stamps, lines with a caption, signatures."""
    for annotation in _annotations(page):
        kind = pdfium_c.FPDFAnnot_GetSubtype(annotation)
        if kind not in WITHOUT_TEXT:
            return True
        if kind == pdfium_c.FPDF_ANNOT_WIDGET and _field_type(page, annotation) == pdfium_c.FPDF_FORMFIELD_SIGNATURE:
            return True
    return False


def flatten(page: pdfium.PdfPage) -> bool:
    """Make annotations part of the page, in memory: only then does PDFium give their text. The page must be loaded anew."""
    if any(pdfium_c.FPDFAnnot_GetAP(annotation, NORMAL, None, 0) <= EMPTY for annotation in _annotations(page)):
        page.render(scale=DRAWN_SMALL, draw_annots=True)  # has PDFium draw those that no program has drawn yet
    return bool(pdfium_c.FPDFPage_Flatten(page, pdfium_c.FLAT_NORMALDISPLAY) == pdfium_c.FLATTEN_SUCCESS)


def extract_field_words(page: pdfium.PdfPage, transform: Transform) -> tuple[Word, ...]:
    """Extract the words typed into form fields, one line per field from 0: the text layer lacks them."""
    if page.formenv is None:
        return ()
    words: list[Word] = []
    line = 0
    for annotation in _annotations(page):
        if _field_type(page, annotation) in TYPED_FIELDS:
            texts, box = _field_value(page, annotation).split(), _field_box(annotation, transform)
            if box:
                words += [Word(text, _part(box, place, len(texts)), 100.0, line) for place, text in enumerate(texts)]
                line += 1
    return tuple(words)


def list_pinned(page: pdfium.PdfPage) -> list[str]:
    """List the names of the files that are pinned to a page."""
    return [
        read_name(pdfium_c.FPDFAnnot_GetFileAttachment(annotation))
        for annotation in _annotations(page)
        if pdfium_c.FPDFAnnot_GetSubtype(annotation) == pdfium_c.FPDF_ANNOT_FILEATTACHMENT
    ]


def _annotations(page: pdfium.PdfPage) -> Iterator[Any]:
    for index in range(pdfium_c.FPDFPage_GetAnnotCount(page)):
        annotation = pdfium_c.FPDFPage_GetAnnot(page, index)
        if annotation:
            try:
                yield annotation
            finally:
                pdfium_c.FPDFPage_CloseAnnot(annotation)


def _field_type(page: pdfium.PdfPage, annotation: Any) -> int:
    return int(pdfium_c.FPDFAnnot_GetFormFieldType(page.formenv, annotation)) if page.formenv else -1


def _field_value(page: pdfium.PdfPage, annotation: Any) -> str:
    size = pdfium_c.FPDFAnnot_GetFormFieldValue(page.formenv, annotation, None, 0)
    buffer = (pdfium_c.FPDF_WCHAR * (min(size, MAX_CHARACTERS) // 2))()
    pdfium_c.FPDFAnnot_GetFormFieldValue(page.formenv, annotation, buffer, ctypes.sizeof(buffer))
    return bytes(buffer).decode("utf-16-le", "ignore").rstrip("\0")


def _field_box(annotation: Any, transform: Transform) -> Box | None:
    rectangle = pdfium_c.FS_RECTF()
    if not pdfium_c.FPDFAnnot_GetRect(annotation, rectangle):
        return None
    return transform.convert(rectangle.left, rectangle.bottom, rectangle.right, rectangle.top)


def _part(box: Box, position: int, parts: int) -> Box:
    """Estimate the part of a field that one of its words takes, as if all were equally long."""
    width = (box.right - box.left) / parts
    return Box(box.left + position * width, box.top, box.left + (position + 1) * width, box.bottom)
