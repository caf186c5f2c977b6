"""List what a PDF page is drawn of: texts, pictures and the rest, in the order of drawing."""

import ctypes
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pypdfium2.raw as pdfium_c
from numpy.typing import NDArray

from sake_ray.data.pages.pdf.geometry import Transform
from sake_ray.domain.texts import Box

MAX_DEPTH = 8
MAX_OBJECTS = 200_000
UNPAINTED_MODES = {pdfium_c.FPDF_TEXTRENDERMODE_INVISIBLE, pdfium_c.FPDF_TEXTRENDERMODE_CLIP}
RASTER = 100
"""Rows and columns of the raster on which the pictures of a page are added up."""


@dataclass(frozen=True, slots=True)
class TextObject:
    """One run of text: its handle, its place in the order of drawing, and whether it paints nothing by itself."""

    handle: Any
    order: int
    unpainted: bool


@dataclass(frozen=True, slots=True)
class PictureObject:
    """One picture: its place in the order of drawing, and where it lies."""

    order: int
    box: Box


@dataclass(frozen=True)
class PageObjects:
    """The texts of a page by address, its pictures, and how many objects are neither."""

    texts: Mapping[int, TextObject]
    pictures: Sequence[PictureObject]
    others: int

    @cached_property
    def _places(self) -> NDArray[np.float64]:
        """Order, left, top, right and bottom of each picture: a page may have thousands, and as many words."""
        rows = [(one.order, one.box.left, one.box.top, one.box.right, one.box.bottom) for one in self.pictures]
        return np.array(rows).reshape(-1, 5)

    def is_under_picture(self, text: TextObject, across: float, down: float) -> bool:
        """Whether a picture is drawn over a place of a text later."""
        order, left, top, right, bottom = self._places.T
        over = (left <= across) & (across <= right) & (top <= down) & (down <= bottom)
        return bool(np.any(over & (order > text.order)))

    def measure_picture_share(self) -> float:
        """Measure the share of the page that its pictures cover together, 0–1: scanners cut a page into strips."""
        raster = np.zeros((RASTER, RASTER), bool)
        for picture in self.pictures:
            left, top, right, bottom = (
                round(RASTER * min(1.0, max(0.0, side)))
                for side in (picture.box.left, picture.box.top, picture.box.right, picture.box.bottom)
            )
            raster[top:bottom, left:right] = True
        return float(raster.mean())


def list_objects(page: Any, transform: Transform) -> PageObjects:
    """List the objects of a page and of the forms that it draws."""
    texts: dict[int, TextObject] = {}
    pictures: list[PictureObject] = []
    others = 0
    for order, (handle, kind, placed) in enumerate(_walk_page(page, transform)):
        if kind == pdfium_c.FPDF_PAGEOBJ_TEXT:
            texts[address_of(handle)] = TextObject(handle, order, _is_unpainted(handle))
        elif kind == pdfium_c.FPDF_PAGEOBJ_IMAGE:
            if box := _bounds(handle, placed):
                pictures.append(PictureObject(order, box))
            else:
                others += 1
        else:
            others += 1
    return PageObjects(texts, pictures, others)


@contextmanager
def hide_texts(texts: Sequence[TextObject]) -> Iterator[None]:
    """Have the page drawn without these texts."""
    for text in texts:
        pdfium_c.FPDFPageObj_SetIsActive(text.handle, False)
    try:
        yield
    finally:
        for text in texts:
            pdfium_c.FPDFPageObj_SetIsActive(text.handle, True)


def address_of(handle: Any) -> int:
    """The address by which PDFium knows an object; 0 for none."""
    return ctypes.cast(handle, ctypes.c_void_p).value or 0


def _walk_page(page: Any, transform: Transform) -> Iterator[tuple[Any, int, Transform]]:
    left = MAX_OBJECTS
    levels: list[tuple[Any, int, Any, Transform]] = [
        (page, pdfium_c.FPDFPage_CountObjects(page), pdfium_c.FPDFPage_GetObject, transform)
    ]
    places = [0]
    while levels and left > 0:
        holder, count, get_object, placed = levels[-1]
        if places[-1] >= count:
            levels.pop(), places.pop()
            continue
        handle = get_object(holder, places[-1])
        places[-1] += 1
        left -= 1
        if not handle:
            continue
        kind = pdfium_c.FPDFPageObj_GetType(handle)
        if kind != pdfium_c.FPDF_PAGEOBJ_FORM:
            yield handle, kind, placed
        elif len(levels) < MAX_DEPTH and left > 0:
            inner = pdfium_c.FPDFFormObj_CountObjects(handle)
            levels.append((handle, inner, pdfium_c.FPDFFormObj_GetObject, placed.after(_matrix(handle))))
            places.append(0)
        else:
            yield handle, kind, placed  # not looked into, but something that is drawn


def _matrix(handle: Any) -> Transform:
    matrix = pdfium_c.FS_MATRIX()
    if not pdfium_c.FPDFPageObj_GetMatrix(handle, matrix):
        return Transform()
    return Transform(matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f)


def _bounds(handle: Any, placed: Transform) -> Box | None:
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    if not pdfium_c.FPDFPageObj_GetBounds(handle, left, bottom, right, top):
        return None
    return placed.convert(left.value, bottom.value, right.value, top.value)


def _is_unpainted(handle: Any) -> bool:
    mode = pdfium_c.FPDFTextObj_GetTextRenderMode(handle)
    if mode in UNPAINTED_MODES:
        return True
    read_colour = (
        pdfium_c.FPDFPageObj_GetStrokeColor
        if mode == pdfium_c.FPDF_TEXTRENDERMODE_STROKE
        else pdfium_c.FPDFPageObj_GetFillColor
    )
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    return bool(read_colour(handle, red, green, blue, alpha)) and alpha.value == 0
