"""Receipts and screenshots many times as long as wide: read in slices, each word once."""

from collections import Counter
from dataclasses import replace
from io import BytesIO
from itertools import pairwise

import numpy as np
import pytest

from sake_ray.data.ocr.blank import is_blank
from sake_ray.data.ocr.slices import is_long, plan_slices
from sake_ray.data.reading import Reader
from sake_ray.domain.datatypes import Pixels
from sake_ray.domain.texts import WordSource
from sake_ray.synthetic.sheet import Sheet, sheets_to_pdf
from tests.pages import png

ARTICLES = [f"ARTICLE {'ABCDEFGHJK'[number // 10]}{'LMNPRSTUVX'[number % 10]} {number:03},50" for number in range(96)]
TOTAL = "TOTAL TTC 4713,21"


def receipt() -> Sheet:
    """A receipt of 80 mm by 680 mm whose lines are all different."""
    sheet = Sheet(80, 680)
    for number, line in enumerate([*ARTICLES, TOTAL]):
        sheet.text(6, 8 + 6.8 * number, line, font="DejaVuSansMono", size=10)
    return sheet


def grey_of(sheet: Sheet, dpi: int = 150) -> Pixels:
    return np.asarray(sheet.render(dpi).convert("L"))


def test_a_receipt_is_long_and_a_sheet_of_paper_is_not() -> None:
    assert is_long(grey_of(receipt()))
    assert not is_long(np.zeros((3508, 2480), np.uint8))
    assert not is_long(np.zeros((1500, 300), np.uint8))  # small enough to be read at once


@pytest.mark.parametrize("axis", [0, 1])
def test_slices_count_every_pixel_once_and_show_more(axis: int) -> None:
    grey = grey_of(receipt())
    grey = grey if axis == 0 else np.ascontiguousarray(grey.T)
    slices = list(plan_slices(grey, axis))
    assert len(slices) > 2
    assert [part.counts[0] for part in slices] == [0, *(part.counts[1] for part in slices[:-1])]
    assert slices[-1].counts[1] == grey.shape[axis]
    for one, other in pairwise(slices):
        assert one.shown[1] > other.shown[0]


def test_slices_end_where_nothing_is_written() -> None:
    grey = grey_of(receipt())
    for part in list(plan_slices(grey, 0))[:-1]:
        assert grey[part.counts[1]].min() > 200


@pytest.mark.parametrize("turn", [0, 90])
def test_each_word_of_a_long_receipt_is_read_once(reader: Reader, turn: int) -> None:
    text = reader.read(png(receipt().render(150).rotate(turn, expand=True)))
    found = Counter(word.text for word in text.words)
    amounts = [line.split()[-1] for line in ARTICLES]
    assert sum(found[amount] == 1 for amount in amounts) > 0.95 * len(amounts)
    assert max(found[amount] for amount in amounts) == 1
    assert {"TOTAL", "TTC", "4713,21"} <= found.keys()
    assert text.pages[0].height > text.pages[0].width
    by_place = sorted((word for word in text.words if word.text in amounts), key=lambda word: word.box.top)
    assert [word.text for word in by_place] == sorted(word.text for word in by_place)
    assert [word.line for word in by_place] == sorted(word.line for word in by_place)


@pytest.mark.parametrize("length", [680, 4000])
def test_the_text_layer_of_a_long_page_is_seen_as_that_of_a_sheet(reader: Reader, length: int) -> None:
    text = reader.read(sheets_to_pdf([replace(receipt(), height=length)]))
    (page,) = text.pages
    assert page.source is WordSource.TEXT_LAYER
    assert {line.split()[-1] for line in ARTICLES} <= {word.text for word in page.words}
    assert page.notes == ()
    assert page.width > 300  # of 80 mm: people can read it, too


def test_a_long_scan_in_a_pdf_is_read_like_its_picture(reader: Reader) -> None:
    buffer = BytesIO()
    receipt().render(150).convert("L").save(buffer, "PDF", resolution=150)
    text = reader.read(buffer.getvalue())
    found = {word.text for word in text.words}
    amounts = {line.split()[-1] for line in ARTICLES}
    assert text.pages[0].source is WordSource.OCR
    assert len(amounts & found) > 0.9 * len(amounts)


def test_a_long_page_with_little_on_it_is_not_blank() -> None:
    sheet = Sheet(80, 2000)
    sheet.text(6, 900, "FACTURE 2026-114", font="DejaVuSansMono", size=9)
    assert not is_blank(grey_of(sheet))
    assert is_blank(grey_of(Sheet(80, 2000)))
