"""A searchable PDF shows the page images, and has the words that were read in their places."""

import io
import tracemalloc
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pikepdf
import pypdfium2 as pdfium
import pytest
from PIL import Image

from sake_ray.data.reading import Reader, read_document
from sake_ray.data.searchable_pdf import measure_jpeg, measure_paper, write_searchable_pdf
from sake_ray.data.stored_texts import fetch_page_image
from sake_ray.domain.texts import Box, Page, Word, WordSource
from sake_ray.errors import UnreadableDocument
from sake_ray.storage.objects import FolderStore
from tests.resources.hostile.pdf_bytes import one_page
from tests.resources.layered import CV, CV_SHOWN

WORDS = ("Reçu", "n°42", "le", "Œuvre", "Ελληνικά", "Русский", "中文字", "ﬁn", "naïve", "𝒳😀", "e\u0301t\u00e9", "x")


def jpeg(width: int, height: int, *, mode: str = "RGB", noise: int = 0) -> bytes:
    random = np.random.default_rng(noise)
    image = Image.fromarray(random.integers(0, 256 if noise else 1, (height, width, 3), np.uint8) ^ 200).convert(mode)
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=90)
    return buffer.getvalue()


def make_page(words: tuple[str, ...] = WORDS, *, number: int = 1, columns: int = 3) -> Page:
    """Words in rows, each with a box of its own size."""
    placed = tuple(
        Word(text, Box(x, y, x + 0.1 + 0.01 * place, y + 0.02 + 0.001 * place), 90.0, place // columns)
        for place, text in enumerate(words)
        for x, y in [(0.05 + 0.3 * (place % columns), 0.1 + 0.1 * (place // columns))]
    )
    return Page(number, 1240, 1754, placed, WordSource.OCR)


def write(*pages: tuple[Page, bytes], language: str = "fr") -> bytes:
    buffer = io.BytesIO()
    write_searchable_pdf(buffer, pages, language=language)
    return buffer.getvalue()


def fold(text: str) -> str:
    """Without what PDFium makes of ligatures and of accents that are letters of their own."""
    return unicodedata.normalize("NFKC", text)


def find_boxes(page: pdfium.PdfPage) -> Iterator[tuple[str, Box]]:
    """The words that PDFium finds, each with the box around its letters as shares of the page."""
    layer, (width, height) = page.get_textpage(), page.get_size()
    letters: list[tuple[str, tuple[float, float, float, float]]] = []
    for index in range(layer.count_chars() + 1):
        letter = layer.get_text_range(index, 1) if index < layer.count_chars() else " "
        if letter.strip("\r\n "):
            letters.append((letter, layer.get_charbox(index)))
        elif letters:
            lefts, bottoms, rights, tops = zip(*(box for _, box in letters), strict=True)
            box = Box(min(lefts) / width, 1 - max(tops) / height, max(rights) / width, 1 - min(bottoms) / height)
            yield "".join(one for one, _ in letters), box
            letters = []


@pytest.mark.parametrize(("width", "height"), [(1240, 1754), (2000, 1414), (600, 9000), (800, 500)])
def test_words_are_found_in_their_places(width: int, height: int) -> None:
    plain = ("Reçu", "n°42", "le", "Œuvre", "Ελληνικά", "Русский", "naïve", "x")
    page = make_page(plain)
    with pdfium.PdfDocument(write((page, jpeg(width, height)))) as document:
        found = dict(find_boxes(document[0]))
    assert list(found) == list(plain)
    for word in page.words:
        box = found[word.text]
        for side in ("left", "top", "right", "bottom"):
            assert getattr(box, side) == pytest.approx(getattr(word.box, side), abs=0.004), (word.text, side)


def test_letters_of_every_script_are_copied_as_they_were_read() -> None:
    with pdfium.PdfDocument(write((make_page(), jpeg(100, 140)))) as document:
        copied = document[0].get_textpage().get_text_range().split()
    assert list(map(fold, copied)) == list(map(fold, WORDS))


def test_lines_are_copied_as_lines() -> None:
    with pdfium.PdfDocument(write((make_page(("a", "b", "c", "d", "e", "f")), jpeg(100, 140)))) as document:
        assert document[0].get_textpage().get_text_range().split("\r\n") == ["a b c ", "d e f "]


@pytest.mark.parametrize("mode", ["RGB", "L"])
def test_page_looks_like_its_image(mode: str) -> None:
    image = jpeg(620, 877, mode=mode)
    with pdfium.PdfDocument(write((make_page(), image))) as document:
        shown = document[0].render(scale=150 / 72).to_pil().convert("RGB").resize((620, 877))
    difference = np.abs(np.asarray(shown, float) - np.asarray(Image.open(io.BytesIO(image)).convert("RGB"), float))
    assert difference.mean() < 1


def test_image_is_in_it_byte_for_byte() -> None:
    image = jpeg(620, 877, noise=1)
    with pikepdf.open(io.BytesIO(write((make_page(), image)))) as document:
        assert document.pages[0].Resources.XObject.P.read_raw_bytes() == image


def test_it_is_a_sound_pdf() -> None:
    pages = [(make_page(number=number), jpeg(100, 140)) for number in (1, 2, 3)]
    with pikepdf.open(io.BytesIO(write(*pages))) as document:
        assert document.check_pdf_syntax() == []
        assert (len(document.pages), str(document.Root.Lang)) == (3, "fr")
        assert document.pages[0].Resources.Font.F.DescendantFonts[0].FontDescriptor.FontFile2.Length1 > 0


def test_its_font_can_be_loaded() -> None:
    """By FreeType, as viewers do."""
    from PIL import ImageFont

    from sake_ray.data.invisible_font import make_font

    assert ImageFont.truetype(io.BytesIO(make_font()), 20).getmask("x").getbbox() is None


def test_same_pages_are_the_same_bytes() -> None:
    assert write((make_page(), jpeg(100, 140))) == write((make_page(), jpeg(100, 140)))


def test_page_without_words_is_there() -> None:
    with pdfium.PdfDocument(write((make_page(()), jpeg(100, 140)), (make_page(number=2), jpeg(100, 140)))) as document:
        assert [page.get_textpage().get_text_range() == "" for page in document] == [True, False]


def test_word_that_has_no_width_or_no_letters_is_left_out() -> None:
    odd = (
        Word("flat", Box(0.1, 0.1, 0.1, 0.2), 90.0, 0),
        Word("\0\ud800", Box(0.1, 0.1, 0.2, 0.2), 90.0, 0),
        Word("seen", Box(0.1, 0.1, 0.2, 0.2), 90.0, 0),
    )
    page = Page(1, 100, 140, odd, WordSource.OCR)
    with pdfium.PdfDocument(write((page, jpeg(100, 140)))) as document:
        assert document[0].get_textpage().get_text_range().strip() == "seen"


def test_three_hundred_pages_take_the_memory_of_one(tmp_path: Path) -> None:
    image = jpeg(1240, 1754, noise=1)

    def pages() -> Iterator[tuple[Page, bytes]]:
        for number in range(1, 301):
            yield make_page(number=number), bytes(bytearray(image))

    with (tmp_path / "long.pdf").open("wb") as file:
        tracemalloc.start()
        try:
            write_searchable_pdf(file, pages())
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
    assert peak < 5 * len(image)

    assert (tmp_path / "long.pdf").stat().st_size > 300 * len(image)
    with pdfium.PdfDocument(tmp_path / "long.pdf") as document:
        assert len(document) == 300
        assert len(document[299].get_textpage().get_text_range().split()) == len(WORDS)


@pytest.mark.parametrize(
    "image", [b"", b"\xff\xd8\xff\xd9", b"%PDF-1.5", jpeg(10, 10)[:100], jpeg(10, 10, mode="CMYK")]
)
def test_what_is_no_page_image_is_refused(image: bytes) -> None:
    with pytest.raises(UnreadableDocument):
        measure_jpeg(image)


def test_paper_is_a_sheet_at_most_unless_it_is_long() -> None:
    assert [round(side) for side in measure_paper(1414, 2000)] == [595, 842]
    assert measure_paper(620, 877) == pytest.approx((297.6, 420.96))
    width, height = measure_paper(600, 16_000)
    assert (round(width), round(height)) == (288, 7680)


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_turned_page_is_upright_with_its_words_where_they_are_seen(reader: Reader, tmp_path: Path, turn: int) -> None:
    store, original = FolderStore(tmp_path), one_page(CV_SHOWN, page=b"/Rotate %d" % turn)
    text = read_document(original, reader=reader, store=store)
    image = fetch_page_image(store, text.sha256, text.recipe, 1, small=False)
    assert image
    with pdfium.PdfDocument(write((text.pages[0], image))) as document, pdfium.PdfDocument(original) as before:
        page = document[0]
        found = dict(find_boxes(page))
        assert set(" ".join(CV).replace(",", "").replace(":", "").split()) <= {word.strip(",:") for word in found}
        shape = [side / max(page.get_size()) for side in page.get_size()]
        assert shape == pytest.approx([side / max(before[0].get_size()) for side in before[0].get_size()], abs=0.01)
        dark = np.asarray(page.render(scale=2).to_pil().convert("L")) < 128
    height, width = dark.shape
    for word, box in found.items():
        inside = dark[
            int(box.top * height) : int(box.bottom * height) + 1, int(box.left * width) : int(box.right * width) + 1
        ]
        assert inside.any(), word
