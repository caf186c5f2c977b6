"""Read the pages of a document in this process; survey it, and preview it, without reading any."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial

from sake_ray.data.ocr.engines import measure_own_cpu
from sake_ray.data.ocr.opening import OcrEngines
from sake_ray.data.ocr.strategy import PageReading, read_page_image
from sake_ray.data.ocr.tesseract import AUTOMATIC
from sake_ray.data.pages import media
from sake_ray.data.pages.images import count_tiff_pages, decode_images
from sake_ray.data.pages.page_images import make_images, make_thumbnail
from sake_ray.data.pages.pdf.document import open_pdf
from sake_ray.data.pages.whole_words import mend_words
from sake_ray.data.pdf_reading import read_pdf_page
from sake_ray.data.stage_clock import stage, timing
from sake_ray.domain.datatypes import Pixels
from sake_ray.domain.limits import Limits
from sake_ray.domain.page_ranges import PageRange, Survey
from sake_ray.domain.texts import Page, ReadingSource, WordSource
from sake_ray.errors import Message, ReadingTimeout

MIN_CHARACTERS = 20
"""A page of a PDF with fewer characters in its layer is counted as a scan."""


@dataclass(frozen=True, slots=True)
class RenderedPage:
    """A page with its image and its thumbnail as JPEG, and what it was read by."""

    page: Page
    image: bytes
    thumbnail: bytes
    source: ReadingSource


def read_pages(
    data: bytes, engines: OcrEngines, *, limits: Limits, wanted: PageRange | None = None
) -> Iterator[tuple[int, RenderedPage]]:
    """Read the pages in order, or the wanted ones of them, as (number of pages, page)."""
    media_type = media.detect_media_type(data)
    if media_type == media.PDF:
        for count, page in timing("open", open_pdf(data, limits=limits, wanted=wanted)):
            budget = PageBudget(page.number, limits.page_seconds)
            read = read_pdf_page(
                page,
                read_image=partial(_read_image, engines=engines, budget=budget),
                read_plainly=partial(_read_plainly, engines, budget),
            )
            yield count, _render(page.number, read.reading, read.source, read.notes)
    else:
        images = timing("decode", decode_images(data, media_type, limits=limits, wanted=wanted))
        for number, (count, image) in enumerate(images, start=wanted.first if wanted else 1):
            reading = _read_image(image, engines=engines, budget=PageBudget(number, limits.page_seconds))
            yield count, _render(number, reading, WordSource.OCR)


def survey_document(data: bytes, *, limits: Limits) -> Survey:
    """Count the pages, and estimate from three of them how many are scans; raises what reading the document would."""
    media_type = media.detect_media_type(data)
    if media_type == media.TIFF:
        count = count_tiff_pages(data, limits=limits)
        return Survey(count, count)
    if media_type != media.PDF:
        return Survey(1, 1)
    count, is_scan = _probe_page(data, 1, limits)
    probed = [is_scan] + [_probe_page(data, number, limits)[1] for number in {(count + 1) // 2, count} - {1}]
    return Survey(count, round(count * sum(probed) / len(probed)))


def _probe_page(data: bytes, number: int, limits: Limits) -> tuple[int, bool]:
    pages = open_pdf(
        data, limits=limits, wanted=PageRange(number, number)
    )  # a name, because its end closes the document
    count, page = next(pages)
    return count, page.count_characters() < MIN_CHARACTERS


def make_preview(data: bytes, *, limits: Limits) -> bytes:
    """Make a thumbnail of the first page as JPEG, before it is turned upright."""
    media_type = media.detect_media_type(data)
    if media_type == media.PDF:
        pages = open_pdf(data, limits=limits)  # bound to a name, because its end closes the document
        _, page = next(pages)
        image = page.render_view()
    else:
        _, image = next(decode_images(data, media_type, limits=limits))
    return make_thumbnail(image)


class PageBudget:
    """The CPU seconds that a page has, however often it is looked at."""

    def __init__(self, number: int, seconds: float) -> None:
        self.number, self.seconds, self._started = number, seconds, measure_own_cpu()

    @property
    def left(self) -> float:
        """What is left of them; raises ReadingTimeout where nothing is."""
        left = self.seconds - (measure_own_cpu() - self._started)
        if left <= 0:
            raise self.timeout()
        return left

    def timeout(self) -> ReadingTimeout:
        """Make the error that says so."""
        return ReadingTimeout("page-timeout", page=self.number, seconds=self.seconds)


def _read_image(image: Pixels, *, engines: OcrEngines, budget: PageBudget) -> PageReading:
    try:
        reading = read_page_image(image, engines, seconds=budget.left)
    except ReadingTimeout as error:
        raise budget.timeout() from error
    return replace(reading, words=mend_words(reading.words))


def _read_plainly(engines: OcrEngines, budget: PageBudget, grey: Pixels) -> list[str]:
    engine = engines.plain or engines.second
    assert engine
    return [word.text for word in engine.read(grey, segmentation=AUTOMATIC, seconds=budget.left)]


def _render(number: int, reading: PageReading, source: WordSource, notes: tuple[Message, ...] = ()) -> RenderedPage:
    with stage("encode"):
        made = make_images(reading.image)
    page = Page(number, made.width, made.height, reading.words, source, made.colour, notes)
    return RenderedPage(page, made.image, made.thumbnail, reading.source)
