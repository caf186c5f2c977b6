"""Read a PDF page: by its text layer where that says what a person sees, by OCR where it does not."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

import cv2
import numpy as np

from sake_ray.data.ocr.strategy import PageReading
from sake_ray.data.pages.pdf.document import PdfPage
from sake_ray.data.pages.pdf.page_layer import PageLayer, read_layer
from sake_ray.data.pages.reading_order import join_words
from sake_ray.data.pages.text_layer import LayerQuality, assess_layer, is_layer_better, measure_agreement
from sake_ray.data.pages.unread_ink import find_lines, join_boxes
from sake_ray.data.pages.vocabulary import find_script, fold, list_plain
from sake_ray.data.pages.whole_words import mend_words
from sake_ray.data.stage_clock import stage
from sake_ray.domain.datatypes import Pixels
from sake_ray.domain.texts import Box, ReadingSource, Word, WordSource
from sake_ray.errors import Message, ReadingCrashed, ReadingTimeout

ReadImage = Callable[[Pixels], PageReading]
"""Reads a page image by the best of several attempts; it may turn the page, and gives the very image where it does not."""
ReadPlainly = Callable[[Pixels], Sequence[str]]
"""Reads a grey image once, as it is, for its words alone."""

# Over a page that is one picture, a layer with fewer words is taken for a stamp.
MIN_WORDS_OVER_PICTURE = 60
FULL_PICTURE_SHARE = 0.5
MIN_HIDDEN = 8
"""Words that nobody sees and that the page does not show elsewhere: fewer are the mark of a program (Powered by TCPDF)."""
MIN_UNREAD = 40.0
"""Letters without text that are worth a look: two short lines. A logo with its slogan has up to 60, its letter 1,000."""
UNREAD_SHARE, UNREAD_SHARE_OF_SCAN = 0.08, 0.3
"""Of the letters of the layer. A scanner that wrote one leaves out handwriting and stamps, and was not blind to the rest."""
WHOLE_REGION = 0.6
REGION_MARGIN = 0.015
MIN_REGION_CONFIDENCE = 50.0
SAMPLE_WORDS, MIN_SAMPLE_WORDS = 12, 4
MIN_SAMPLE_AGREEMENT = 0.7
SAMPLE_MARGIN = 0.006
SAMPLE_SCALE = 4 / 3  # from the resolution of the view to that of OCR


@dataclass(frozen=True, slots=True)
class PdfReading:
    """What was read of a page, where most of its words come from, and what there is to say of it."""

    reading: PageReading
    source: WordSource
    notes: tuple[Message, ...]


def read_pdf_page(page: PdfPage, *, read_image: ReadImage, read_plainly: ReadPlainly) -> PdfReading:
    """Read a page. Raises what the two ways to read an image raise."""
    with stage("layer"):
        layer = read_layer(page)
    reading, source = _read(page, layer, read_image, read_plainly)
    return PdfReading(reading, source, (*page.notes, *_note_hidden(layer.hidden, reading.words)))


def _read(
    page: PdfPage, layer: PageLayer, read_image: ReadImage, read_plainly: ReadPlainly
) -> tuple[PageReading, WordSource]:
    words = mend_words(layer.seen)
    taken = PageReading(words, layer.view, ReadingSource.TEXT_LAYER), WordSource.TEXT_LAYER
    if layer.picture_share >= FULL_PICTURE_SHARE and len(words) < MIN_WORDS_OVER_PICTURE:
        return _read_behind(page, layer, read_image)
    quality = assess_layer(words)
    if quality is LayerQuality.SHORT and layer.is_bare:
        return taken
    if quality in {LayerQuality.UNUSABLE, LayerQuality.SHORT}:
        return read_image(page.render_for_ocr()), WordSource.OCR
    try:
        if quality is LayerQuality.DOUBTFUL or not _fits_picture(layer, read_plainly):
            other = _read_behind(page, layer, read_image)
            return taken if is_layer_better(words, other[0].words) else other
        return _read_unread(page, layer, words, read_image)
    except (ReadingTimeout, ReadingCrashed):
        return taken  # what OCR could not tell is no reason to lose what the layer says


def _read_behind(page: PdfPage, layer: PageLayer, read_image: ReadImage) -> tuple[PageReading, WordSource]:
    """Read what the page shows without its text, and join both; all by OCR where the page had to be turned."""
    painted = mend_words(layer.painted)
    if assess_layer(painted) in {LayerQuality.UNUSABLE, LayerQuality.DOUBTFUL}:
        painted = ()
    bare = page.render_for_ocr(without=layer.texts if painted else ())
    reading = read_image(bare)
    if not painted:
        return reading, WordSource.OCR
    if reading.image is not bare:
        return read_image(page.render_for_ocr()), WordSource.OCR
    source = WordSource.OCR if len(reading.words) >= len(painted) else WordSource.TEXT_LAYER
    return PageReading(join_words(painted, reading.words), layer.view, reading.source), source


def _fits_picture(layer: PageLayer, read_plainly: ReadPlainly) -> bool:
    """Whether words that name what a picture shows are what it shows: a few lines of them are read for a sample.

    Not in scripts that OCR does not know here.
    """
    if not layer.over_ink or find_script("".join(word.text for word in layer.over_ink)) not in {"LATIN", None}:
        return True
    sample = _choose_sample(layer.over_ink)
    texts = [word.text for word in sample]
    if len(list_plain(texts)) < MIN_SAMPLE_WORDS:
        return True
    grey = cv2.cvtColor(
        _cut(layer.bare, join_boxes([word.box for word in sample], margin=SAMPLE_MARGIN)), cv2.COLOR_RGB2GRAY
    )
    enlarged = cv2.resize(grey, None, fx=SAMPLE_SCALE, fy=SAMPLE_SCALE, interpolation=cv2.INTER_CUBIC)
    return measure_agreement(texts, read_plainly(np.asarray(enlarged, np.uint8))) >= MIN_SAMPLE_AGREEMENT


def _choose_sample(words: Sequence[Word]) -> list[Word]:
    """Choose lines that follow each other, from a third of the page on, with enough words between them."""
    lines = [list(line) for _, line in groupby(words, key=lambda word: word.line)]
    start = len(lines) // 3
    sample: list[Word] = []
    for line in (*lines[start:], *reversed(lines[:start])):
        if len(list_plain([word.text for word in sample])) >= SAMPLE_WORDS:
            break
        sample += line
    return sample


def _read_unread(
    page: PdfPage, layer: PageLayer, words: tuple[Word, ...], read_image: ReadImage
) -> tuple[PageReading, WordSource]:
    """Read the part of the page that looks like text and has none in the layer, and join both."""
    taken = PageReading(words, layer.view, ReadingSource.TEXT_LAYER), WordSource.TEXT_LAYER
    lines = [] if layer.is_bare else find_lines(layer.bare, [word.box for word in words])
    unread, known = sum(line.letters for line in lines), sum(len(word.text) for word in words)
    if unread < max(MIN_UNREAD, known * (UNREAD_SHARE_OF_SCAN if layer.over_ink else UNREAD_SHARE)):
        return taken
    region = join_boxes([line.box for line in lines], margin=REGION_MARGIN)
    if (region.right - region.left) * (region.bottom - region.top) >= WHOLE_REGION:
        region = Box(0.0, 0.0, 1.0, 1.0)
    image = _cut(page.render_for_ocr(without=layer.texts), region)
    reading = read_image(image)
    if reading.image is not image:
        return (read_image(page.render_for_ocr()), WordSource.OCR) if unread > known else taken
    read = [
        replace(word, box=_place(word.box, region))
        for word in reading.words
        if unread > known or word.confidence >= MIN_REGION_CONFIDENCE
    ]
    source = WordSource.OCR if len(read) >= len(words) else WordSource.TEXT_LAYER
    return PageReading(join_words(words, read), layer.view, reading.source), source


def _cut(page: Pixels, box: Box) -> Pixels:
    height, width = page.shape[:2]
    left, top = int(box.left * width), int(box.top * height)
    part = page[top : max(top + 1, round(box.bottom * height)), left : max(left + 1, round(box.right * width))]
    return np.ascontiguousarray(part)


def _place(box: Box, region: Box) -> Box:
    """Convert a box on a part of the page to one on the page."""
    across, down = region.right - region.left, region.bottom - region.top
    return Box(
        region.left + box.left * across,
        region.top + box.top * down,
        min(1.0, region.left + box.right * across),
        min(1.0, region.top + box.bottom * down),
    )


def _note_hidden(hidden: Sequence[Word], words: Sequence[Word]) -> list[Message]:
    """Say that hidden words were ignored, where the page does not show them as well."""
    shown = {fold(word.text) for word in words}
    count = sum(fold(word.text) not in shown for word in hidden)
    return [Message("hidden-text-ignored", words=count)] if count >= MIN_HIDDEN else []
