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
from dataclasses import dataclass, replace
from functools import partial
from typing import IO, Any

import cv2
import numpy as np

from sake_ray.data.ocr.engines import AUTOMATIC, OcrEngine, open_engine
from sake_ray.data.ocr.strategy import PageReading, read_page_image
from sake_ray.data.pages import media
from sake_ray.data.pages.images import decode_images
from sake_ray.data.pages.pdf.document import open_pdf
from sake_ray.data.pages.whole_words import mend_words
from sake_ray.data.pdf_reading import read_pdf_page
from sake_ray.data.text_cache import page_to_json
from sake_ray.domain.datatypes import Pixels
from sake_ray.domain.limits import Limits
from sake_ray.domain.texts import Page, WordSource
from sake_ray.errors import MemoryExceeded, Message, ReadingTimeout, SakeError, read_templates

IMAGE_LONG_SIDE, THUMBNAIL_LONG_SIDE = 2000, 320
IMAGE_QUALITY, THUMBNAIL_QUALITY = 80, 75
COLOUR_SATURATION, COLOUR_VALUE = 50, 60


@dataclass(frozen=True, slots=True)
class RenderedPage:
    """A page with its image and its thumbnail as JPEG."""

    page: Page
    image: bytes
    thumbnail: bytes


def read_pages(data: bytes, engine: OcrEngine, *, limits: Limits) -> Iterator[tuple[int, RenderedPage]]:
    """Read the pages in order, as (number of pages, page)."""
    media_type = media.detect_media_type(data)
    if media_type == media.PDF:
        for count, page in open_pdf(data, limits=limits):
            read_image = partial(_read_image, engine=engine, number=page.number, limits=limits)
            read = read_pdf_page(page, read_image=read_image, read_plainly=partial(_read_plainly, engine, limits))
            yield count, _render(page.number, read.reading, read.source, read.notes)
    else:
        for number, (count, image) in enumerate(decode_images(data, media_type, limits=limits), start=1):
            reading = _read_image(image, engine=engine, number=number, limits=limits)
            words = mend_words(reading.words)
            yield count, _render(number, replace(reading, words=words), WordSource.OCR)


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


def _read_image(image: Pixels, *, engine: OcrEngine, number: int, limits: Limits) -> PageReading:
    try:
        return read_page_image(image, engine, seconds=limits.page_seconds)
    except ReadingTimeout as error:
        raise ReadingTimeout("page-timeout", page=number, seconds=limits.page_seconds) from error


def _read_plainly(engine: OcrEngine, limits: Limits, grey: Pixels) -> list[str]:
    return [word.text for word in engine.read(grey, segmentation=AUTOMATIC, seconds=limits.page_seconds)]


def _render(number: int, reading: PageReading, source: WordSource, notes: tuple[Message, ...] = ()) -> RenderedPage:
    image = _shrink(reading.image, IMAGE_LONG_SIDE)
    height, width = image.shape[:2]
    small = _shrink(image, THUMBNAIL_LONG_SIDE)
    page = Page(number, width, height, reading.words, source, round(_colour_share(small), 4), notes)
    return RenderedPage(page, _jpeg(image, IMAGE_QUALITY), _jpeg(small, THUMBNAIL_QUALITY))


def _shrink(image: Pixels, long_side: int) -> Pixels:
    factor = long_side / max(image.shape[:2])
    if factor >= 1:
        return image
    size = (max(1, round(image.shape[1] * factor)), max(1, round(image.shape[0] * factor)))
    return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), np.uint8)


def _colour_share(image: Pixels) -> float:
    hsv = cv2.cvtColor(image, cv2.COLOR_RGB2HSV)
    return float(((hsv[..., 1] > COLOUR_SATURATION) & (hsv[..., 2] > COLOUR_VALUE)).mean())


def _jpeg(image: Pixels, quality: int) -> bytes:
    return bytes(cv2.imencode(".jpg", image[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, quality])[1])


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
        engine = open_engine(options["engine"], languages=options["languages"], tessdata=options["tessdata"])
    except SakeError as error:
        _answer(answers, {"error": error.message.to_json()})
        return
    _answer(answers, {"engine": engine.name, "version": engine.version})
    while line := requests.readline():
        request = json.loads(line)
        data = requests.read(request["bytes"])
        if request.get("preview"):
            _serve(answers, limits, partial(_answer_preview, data, limits, answers))
        else:
            _serve(answers, limits, partial(_answer_pages, data, engine, limits, answers))


def _answer_pages(data: bytes, engine: OcrEngine, limits: Limits, answers: IO[bytes]) -> None:
    for count, read in read_pages(data, engine, limits=limits):
        header = {
            "pages": count,
            "page": page_to_json(read.page),
            "image": len(read.image),
            "thumbnail": len(read.thumbnail),
        }
        _answer(answers, header, read.image, read.thumbnail)
    _answer(answers, {"done": True})


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
