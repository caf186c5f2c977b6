"""Convert coordinates of a PDF page to shares of the rendered page."""

import ctypes
from dataclasses import dataclass
from typing import Any

import pypdfium2.raw as pdfium_c

from sake_ray.domain.texts import Box

# FPDF_PageToDevice answers in whole pixels of a page this large, so that a share is exact to a millionth.
FINE = 1_000_000
SPAN = 1000.0  # points between the places that are asked for


@dataclass(frozen=True, slots=True)
class Transform:
    """x' = a·x + c·y + e, y' = b·x + d·y + f, as PDF writes it."""

    a: float = 1.0
    b: float = 0.0
    c: float = 0.0
    d: float = 1.0
    e: float = 0.0
    f: float = 0.0

    def apply(self, x: float, y: float) -> tuple[float, float]:
        """Convert a point."""
        return self.a * x + self.c * y + self.e, self.b * x + self.d * y + self.f

    def after(self, first: "Transform") -> "Transform":
        """Combine: what `first` does, then this."""
        e, f = self.apply(first.e, first.f)
        return Transform(
            self.a * first.a + self.c * first.b,
            self.b * first.a + self.d * first.b,
            self.a * first.c + self.c * first.d,
            self.b * first.c + self.d * first.d,
            e,
            f,
        )

    def convert(self, left: float, bottom: float, right: float, top: float) -> Box:
        """Convert a rectangle to the one around its corners; its sides may lie beyond 0–1."""
        corners = [self.apply(x, y) for x in (left, right) for y in (bottom, top)]
        xs, ys = [x for x, _ in corners], [y for _, y in corners]
        return Box(min(xs), min(ys), max(xs), max(ys))


def measure_page(page: Any) -> Transform:
    """Find the transform from the page's own coordinates to the rendered page, crop box and rotation applied.

    One question of PDFium for each of three points, where each letter would take two.
    """
    e, f = _to_rendered(page, 0.0, 0.0)
    a, b = _to_rendered(page, SPAN, 0.0)
    c, d = _to_rendered(page, 0.0, SPAN)
    return Transform((a - e) / SPAN, (b - f) / SPAN, (c - e) / SPAN, (d - f) / SPAN, e, f)


def _to_rendered(page: Any, x: float, y: float) -> tuple[float, float]:
    across, down = ctypes.c_int(), ctypes.c_int()
    pdfium_c.FPDF_PageToDevice(page, 0, 0, FINE, FINE, 0, x, y, across, down)
    return across.value / FINE, down.value / FINE
