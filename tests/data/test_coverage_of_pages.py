"""Whether a reading left text out, which its confidence does not tell."""

import numpy as np

from sake_ray.data.ocr.coverage import misses_text
from sake_ray.data.ocr.engines import RecognizedWord
from sake_ray.domain.datatypes import Pixels
from sake_ray.synthetic.sheet import Sheet

ROWS = range(20)
PIXELS_PER_MM = 150 / 25.4


def price_list() -> Pixels:
    """Twenty rows: an article on the left, its price on the right, and a logo above."""
    sheet = Sheet()
    sheet.block(20, 8, 30, 12, fill=(40, 40, 90))
    for row in ROWS:
        sheet.text(20, 30 + 10 * row, "Article de bureau", font="LiberationSans-Regular", size=12)
        sheet.text(150, 30 + 10 * row, "1 234,50 EUR", font="LiberationSans-Regular", size=12)
    return np.asarray(sheet.render(150).convert("L"))


def boxes(left: float, right: float) -> list[RecognizedWord]:
    """A word over each row from one millimetre to another."""

    def pixels(millimetres: float) -> int:
        return round(millimetres * PIXELS_PER_MM)

    return [
        RecognizedWord("x", pixels(left), pixels(29 + 10 * row), pixels(right), pixels(36 + 10 * row), 95, row)
        for row in ROWS
    ]


def test_a_column_without_words_is_missed() -> None:
    assert misses_text(price_list(), boxes(19, 60))
    assert misses_text(price_list(), boxes(149, 185))


def test_a_page_whose_text_has_words_misses_nothing() -> None:
    assert not misses_text(price_list(), boxes(19, 60) + boxes(149, 185))


def test_a_logo_and_a_few_marks_are_no_missed_text() -> None:
    sheet = Sheet()
    sheet.block(20, 8, 30, 12, fill=(40, 40, 90))
    sheet.text(20, 200, "Fait à Lyon", font="LiberationSans-Regular", size=12)
    assert not misses_text(np.asarray(sheet.render(150).convert("L")), [])
