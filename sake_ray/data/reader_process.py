"""The reader process: decodes one document after another, and may be killed at any moment.

Requests come on standard input, answers go to what was standard output: a line of JSON, then the bytes it announces. The
parent is `reading.Reader`. PDFium, Pillow, OpenCV and Tesseract run only here, under a memory limit.
"""

import json
import os
import resource
import shutil
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from functools import partial
from typing import IO, Any

import cv2
import numpy as np

from sake_ray.data.ocr.opening import OcrEngines, open_engines
from sake_ray.data.ocr.strategy import PageReading, read_page_image
from sake_ray.data.ocr.tesseract import AUTOMATIC
from sake_ray.data.pages import media
from sake_ray.data.pages.images import count_tiff_pages, decode_images
from sake_ray.data.pages.pdf.document import open_pdf
from sake_ray.data.pages.whole_words import mend_words
from sake_ray.data.pdf_reading import read_pdf_page
from sake_ray.data.text_cache import page_to_json
from sake_ray.domain.datatypes import Pixels
from sake_ray.domain.limits import Limits
from sake_ray.domain.page_ranges import PageRange, Survey
from sake_ray.domain.texts import Page, WordSource
from sake_ray.errors import MemoryExceeded, Message, ReadingTimeout, SakeError, read_templates

IMAGE_LONG_SIDE, THUMBNAIL_LONG_SIDE = 2000, 320
# A receipt many times as long as wide stays wide enough to be read by people, up to what a JPEG and a browser can show.
IMAGE_SHORT_SIDE, IMAGE_MAX_SIDE = 600, 16_000
IMAGE_QUALITY, THUMBNAIL_QUALITY = 80, 75
COLOUR_SATURATION, COLOUR_VALUE = 50, 60
MIN_CHARACTERS = 20
"""A page of a PDF with fewer characters in its layer is counted as a scan."""


@dataclass(frozen=True, slots=True)
class RenderedPage:
    """A page with its image and its thumbnail as JPEG."""

    page: Page
    image: bytes
    thumbnail: bytes


def read_pages(
    data: bytes, engines: OcrEngines, *, limits: Limits, wanted: PageRange | None = None
) -> Iterator[tuple[int, RenderedPage]]:
    """Read the pages in order, or the wanted ones of them, as (number of pages, page)."""
    media_type = media.detect_media_type(data)
    if media_type == media.PDF:
        for count, page in open_pdf(data, limits=limits, wanted=wanted):
            read_image = partial(_read_image, engines=engines, number=page.number, limits=limits)
            read = read_pdf_page(page, read_image=read_image, read_plainly=partial(_read_plainly, engines, limits))
            yield count, _render(page.number, read.reading, read.source, read.notes)
    else:
        images = decode_images(data, media_type, limits=limits, wanted=wanted)
        for number, (count, image) in enumerate(images, start=wanted.first if wanted else 1):
            reading = _read_image(image, engines=engines, number=number, limits=limits)
            words = mend_words(reading.words)
            yield count, _render(number, replace(reading, words=words), WordSource.OCR)


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


def make_thumbnail(data: bytes, *, limits: Limits) -> bytes:
    """Make a thumbnail of the first page as JPEG, before it is turned upright."""
    media_type = media.detect_media_type(data)
    if media_type == media.PDF:
        pages = open_pdf(data, limits=limits)  # bound to a name, because its end closes the document
        _, page = next(pages)
        image = page.render_view()
    else:
        _, image = next(decode_images(data, media_type, limits=limits))
    return _jpeg(_shrink(image, THUMBNAIL_LONG_SIDE), THUMBNAIL_QUALITY)


def _read_image(image: Pixels, *, engines: OcrEngines, number: int, limits: Limits) -> PageReading:
    try:
        return read_page_image(image, engines, seconds=limits.page_seconds)
    except ReadingTimeout as error:
        raise ReadingTimeout("page-timeout", page=number, seconds=limits.page_seconds) from error


def _read_plainly(engines: OcrEngines, limits: Limits, grey: Pixels) -> list[str]:
    engine = engines.plain or engines.second
    assert engine
    return [word.text for word in engine.read(grey, segmentation=AUTOMATIC, seconds=limits.page_seconds)]


def _render(number: int, reading: PageReading, source: WordSource, notes: tuple[Message, ...] = ()) -> RenderedPage:
    sides = reading.image.shape[:2]
    long_side = max(IMAGE_LONG_SIDE, min(IMAGE_MAX_SIDE, round(IMAGE_SHORT_SIDE * max(sides) / min(sides))))
    image = _drop_colourless(_shrink(reading.image, long_side))
    height, width = image.shape[:2]
    small = _shrink(image, THUMBNAIL_LONG_SIDE)
    page = Page(number, width, height, reading.words, source, round(_colour_share(small), 4), notes)
    return RenderedPage(page, _jpeg(image, IMAGE_QUALITY), _jpeg(small, THUMBNAIL_QUALITY))


def _drop_colourless(image: Pixels) -> Pixels:
    """Take one channel where all are the same, as on a page of black text: the rest costs half as much then."""
    red, green, blue = cv2.split(image)
    is_grey = cv2.norm(red, green, cv2.NORM_INF) == 0 and cv2.norm(green, blue, cv2.NORM_INF) == 0
    return np.asarray(red, np.uint8) if is_grey else image


def _shrink(image: Pixels, long_side: int) -> Pixels:
    # OpenCV halves several times as fast as it shrinks by any other factor.
    while max(image.shape[:2]) >= 4 * long_side and min(image.shape[:2]) >= 2:
        width, height = image.shape[1] // 2, image.shape[0] // 2
        even = image[: 2 * height, : 2 * width]
        image = np.asarray(cv2.resize(even, (width, height), interpolation=cv2.INTER_AREA), np.uint8)
    factor = long_side / max(image.shape[:2])
    if factor >= 1:
        return image
    size = (max(1, round(image.shape[1] * factor)), max(1, round(image.shape[0] * factor)))
    return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), np.uint8)


def _colour_share(image: Pixels) -> float:
    if image.ndim == 2:
        return 0.0
    hsv = cv2.cvtColor(image, cv2.COLOR_RGB2HSV)
    return float(((hsv[..., 1] > COLOUR_SATURATION) & (hsv[..., 2] > COLOUR_VALUE)).mean())


def _jpeg(image: Pixels, quality: int) -> bytes:
    # Turned round by OpenCV: as a view of NumPy it costs twice as much as compressing it.
    pixels = image if image.ndim == 2 else cv2.cvtColor(image, cv2.COLOR_RGB2BGR)
    return bytes(cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, quality])[1])


def main() -> None:
    """Serve the requests of the parent until it closes the pipe."""
    requests, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a C library prints must not land among the answers
    options = json.loads(requests.readline())
    limits = Limits(**options["limits"])
    _exit_with_parent(options["alive"], options["folder"])
    cv2.setNumThreads(1)
    read_templates()  # while there is memory for it
    ceiling = limits.memory_mb * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (ceiling, ceiling))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        engines = open_engines(
            options["engine"], options["second_engine"], languages=options["languages"], tessdata=options["tessdata"]
        )
    except SakeError as error:
        _answer(answers, {"error": error.message.to_json()})
        return
    _answer(answers, {"engine": engines.name, "version": engines.version})
    while line := requests.readline():
        request = json.loads(line)
        data = requests.read(request["bytes"])
        if request.get("preview"):
            _serve(answers, limits, partial(_answer_preview, data, limits, answers))
        elif request.get("survey"):
            _serve(answers, limits, partial(_answer_survey, data, limits, answers))
        else:
            wanted = PageRange(*request["wanted"]) if "wanted" in request else None
            _serve(answers, limits, partial(_answer_pages, data, wanted, engines, limits, answers))


def _answer_pages(
    data: bytes, wanted: PageRange | None, engines: OcrEngines, limits: Limits, answers: IO[bytes]
) -> None:
    for count, read in read_pages(data, engines, limits=limits, wanted=wanted):
        header = {
            "pages": count,
            "page": page_to_json(read.page),
            "image": len(read.image),
            "thumbnail": len(read.thumbnail),
        }
        _answer(answers, header, read.image, read.thumbnail)
    _answer(answers, {"done": True})


def _answer_survey(data: bytes, limits: Limits, answers: IO[bytes]) -> None:
    _answer(answers, {"survey": asdict(survey_document(data, limits=limits))})


def _answer_preview(data: bytes, limits: Limits, answers: IO[bytes]) -> None:
    thumbnail = make_thumbnail(data, limits=limits)
    _answer(answers, {"thumbnail": len(thumbnail)}, thumbnail)


def _serve(answers: IO[bytes], limits: Limits, serve: Callable[[], None]) -> None:
    try:
        serve()
    except SakeError as error:
        _answer(answers, {"error": error.message.to_json()})
    except (MemoryError, cv2.error) as error:
        if isinstance(error, cv2.error) and error.code != cv2.Error.StsNoMem:
            raise
        failure = MemoryExceeded("memory-exceeded", limit=limits.memory_mb)
        _answer(answers, {"error": failure.message.to_json()})


def _answer(answers: IO[bytes], header: dict[str, Any], *parts: bytes) -> None:
    answers.write(json.dumps(header).encode() + b"\n")
    for part in parts:
        answers.write(part)
    answers.flush()


def _exit_with_parent(alive: int, folder: str) -> None:
    """End this process and its Tesseract as soon as the parent's end of the pipe closes, however the parent died."""

    def wait() -> None:
        while True:
            if not os.read(alive, 1):
                shutil.rmtree(folder, ignore_errors=True)
                os.killpg(0, signal.SIGKILL)
            time.sleep(0.1)

    threading.Thread(target=wait, daemon=True).start()


if __name__ == "__main__":
    main()
