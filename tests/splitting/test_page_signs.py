"""What a page says of its place in a document."""

import pytest

from sake_ray.domain.texts import Page, Word, WordSource
from sake_ray.splitting.page_signs import PageNumber, PageSigns
from tests.handmade import A4, make_words


def signs(text: str) -> PageSigns:
    return PageSigns(Page(1, *A4, make_words(text), WordSource.OCR))


def at_the_foot(text: str) -> PageSigns:
    """A page with text in its upper half and a line at its lower edge."""
    above = "\n".join(f"line of text number {n}" for n in range(1, 20))
    return signs(above + "\n" * 30 + text)


@pytest.mark.parametrize(
    ("line", "number"),
    [
        ("Page 2/3", PageNumber(2, 3)),
        ("page 2 sur 3", PageNumber(2, 3)),
        ("Page 2 of 3", PageNumber(2, 3)),
        ("Seite 1 von 4", PageNumber(1, 4)),
        ("Feuillet 2", PageNumber(2)),
        ("p. 7", PageNumber(7)),
        ("2/3", PageNumber(2, 3)),
        ("- 2 -", PageNumber(2)),
        ("4", PageNumber(4)),
        ("Page 5/3", None),
        ("12/05/2024", None),
        ("Page 2,50 €", None),
        ("nothing here", None),
    ],
)
def test_page_numbers_are_told_from_other_numbers(line: str, number: PageNumber | None) -> None:
    assert at_the_foot(line).number == number


def test_a_lone_number_counts_at_the_edge_only() -> None:
    assert signs("\n" * 20 + "3" + "\n" * 5 + "text\n" * 20).number is None


@pytest.mark.parametrize(
    "text", ["FACTURE N° 2024-118", "Invoice number: 2024-118", "Réf. : 2024-118", "Invoice # 2024-118"]
)
def test_the_number_of_a_document_is_found_behind_its_word(text: str) -> None:
    assert signs(text).identifiers == {"2024118"}


def test_a_blank_page_may_have_specks() -> None:
    assert signs("").is_blank
    assert signs("- . ,\n|").is_blank
    assert not signs("Total 12 EUR").is_blank


def test_a_separating_sheet_is_known_by_its_word() -> None:
    assert signs("DOCUMENT SEPARATOR").is_separator
    assert signs("Intercalaire").is_separator
    assert not signs("Les séparateurs de câble sont livrés " + "avec le reste " * 10).is_separator


def test_a_zone_is_read_without_its_blanks() -> None:
    assert signs("P<GBRSMITH<<JAMES <<<<<<<<<<<<<<\nJames Smith").zone == "P<GBRSMITH<<JAMES<<<<<<<<<<<<<<"
    assert signs("James Smith").zone == ""


def test_words_without_places_have_no_look() -> None:
    """Texts of the first model and of CSV files have no boxes."""
    assert make_words("a b")[0].box
    page = PageSigns(Page(1, *A4, (Word("Total", make_words("x")[0].box, 90.0, 0),), WordSource.OCR))
    assert page.headline == 1.0
