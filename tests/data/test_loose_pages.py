"""Pages read apart: together they are the document, and none is read twice."""

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from sake_ray.data.loose_pages import list_loose_pages, loose_page_key, read_pages_apart
from sake_ray.data.reader_client import OnPageRead, ignore_page
from sake_ray.data.reading import Reader, ReadingOptions, read_document
from sake_ray.data.text_cache import fetch_pages, image_key, thumbnail_key
from sake_ray.domain.limits import Limits
from sake_ray.domain.page_ranges import PageRange, Survey
from sake_ray.domain.progress import Progress, ignore_progress
from sake_ray.domain.texts import Page
from sake_ray.errors import ReadingTimeout, TooManyPages
from sake_ray.storage.objects import FolderStore
from sake_ray.synthetic.sheet import Sheet, sheets_to_pdf
from tests.pages import letter, png

PAGES = 4


def scan(number: int) -> Image.Image:
    return letter((f"Letter {number} about the invoice", "Total amount due on Monday")).render(100)


@pytest.fixture(scope="module")
def tiff() -> bytes:
    """A scan of several pages."""
    buffer = BytesIO()
    first, *rest = (scan(number) for number in range(PAGES))
    first.save(buffer, "TIFF", save_all=True, append_images=rest, compression="tiff_lzw")
    return buffer.getvalue()


@pytest.fixture(scope="module")
def mixed_pdf() -> bytes:
    """A PDF of pages with text and a scan."""
    picture = Sheet()
    picture.picture(0, 0, 210, 297, scan(9))
    return sheets_to_pdf([letter(), picture, letter(("Facture numéro 12", "Total à payer avant le 3 mars"))])


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    """Where pages and texts go."""
    return FolderStore(tmp_path / "objects")


def digest_of(data: bytes, reader: Reader) -> str:
    return reader.read(data).sha256


@pytest.mark.parametrize("ranges", [[(1, 1), (2, 2), (3, 3), (4, 4)], [(3, 4), (1, 2)], [(1, 4)]])
def test_a_scan_read_in_ranges_is_the_scan_read_whole(
    reader: Reader, store: FolderStore, tiff: bytes, ranges: list[tuple[int, int]], tmp_path: Path
) -> None:
    whole = read_document(tiff, reader=reader, store=FolderStore(tmp_path / "whole"))
    texts = [
        read_pages_apart(tiff, whole.sha256, PageRange(*each), count=PAGES, reader=reader, store=store)
        for each in ranges
    ]
    assert texts == [None] * (len(ranges) - 1) + [whole]
    assert fetch_pages(store, whole.sha256, whole.recipe) == ("image/tiff", whole.pages)
    for number in range(1, PAGES + 1):
        for key in (image_key, thumbnail_key):
            name = key(whole.sha256, whole.recipe, number)
            assert store.get(name) == FolderStore(tmp_path / "whole").get(name)
    assert list(store.list("loose-pages/")) == []


def test_a_pdf_of_text_and_scans_read_by_pages_is_the_one_read_whole(
    reader: Reader, store: FolderStore, mixed_pdf: bytes
) -> None:
    whole = reader.read(mixed_pdf)
    for number in (2, 3, 1):
        text = read_pages_apart(mixed_pdf, whole.sha256, PageRange(number, number), count=3, reader=reader, store=store)
    assert text == whole


def test_a_page_that_was_read_is_not_read_again(reader: Reader, store: FolderStore, tiff: bytes) -> None:
    digest = digest_of(tiff, reader)
    read_pages_apart(tiff, digest, PageRange(2, 3), count=PAGES, reader=reader, store=store)
    numbers: list[int] = []
    text = read_pages_apart(
        tiff, digest, PageRange(1, PAGES), count=PAGES, reader=reader, store=store,
        on_page=lambda done, pages: numbers.append(done),
    )  # fmt: skip
    assert text is not None
    assert len(numbers) == 2


def test_a_damaged_page_is_read_anew(reader: Reader, store: FolderStore, tiff: bytes) -> None:
    whole = reader.read(tiff)
    for number in range(1, PAGES):
        read_pages_apart(tiff, whole.sha256, PageRange(number, number), count=PAGES, reader=reader, store=store)
    store.put(loose_page_key(whole.sha256, whole.recipe, 2), b"\x1f\x8b half a page")
    last = PageRange(PAGES, PAGES)
    assert read_pages_apart(tiff, whole.sha256, last, count=PAGES, reader=reader, store=store) == whole


class TiringReader(Reader):
    """Reads one page, and has no time for the next."""

    def read_range(
        self,
        data: bytes,
        wanted: PageRange | None,
        *,
        on_page: Progress = ignore_progress,
        on_page_read: OnPageRead = ignore_page,
    ) -> tuple[Page, ...]:
        assert wanted
        super().read_range(data, PageRange(wanted.first, wanted.first), on_page=on_page, on_page_read=on_page_read)
        raise ReadingTimeout("page-timeout", page=wanted.first + 1, seconds=1)


def test_pages_read_before_a_limit_remain(store: FolderStore, tiff: bytes) -> None:
    with TiringReader() as tiring:
        with pytest.raises(ReadingTimeout):
            read_pages_apart(tiff, "ab" * 32, PageRange(1, 3), count=PAGES, reader=tiring, store=store)
        assert list_loose_pages(store, "ab" * 32, tiring.recipe) == {1}


def test_a_tiff_that_claims_to_be_huge_is_surveyed_and_leaves_the_process_alone() -> None:
    buffer = BytesIO()
    Image.new("1", (20_000, 20_000)).save(buffer, "TIFF", compression="group4")
    with Reader() as reader:
        assert reader.survey(buffer.getvalue()) == Survey(1, 1)


def test_a_survey_counts_pages_and_scans(reader: Reader, tiff: bytes, mixed_pdf: bytes) -> None:
    assert reader.survey(tiff) == Survey(PAGES, PAGES)
    assert reader.survey(mixed_pdf) == Survey(3, 1)
    assert reader.survey(png(scan(1))) == Survey(1, 1)


def test_a_survey_refuses_what_reading_refuses(tiff: bytes) -> None:
    with Reader(ReadingOptions(limits=Limits(max_pages=2))) as strict, pytest.raises(TooManyPages):
        strict.survey(tiff)
