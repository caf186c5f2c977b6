"""Open a PDF page by page: render it, and take the text layer apart."""

import math
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace

import numpy as np
import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from sake_ray.data.long_pages import measure_sheet
from sake_ray.data.pages.pdf.annotations import extract_field_words, flatten, has_drawn_text, list_pinned
from sake_ray.data.pages.pdf.attachments import describe_attachments, list_attached
from sake_ray.data.pages.pdf.geometry import Transform, measure_page
from sake_ray.data.pages.pdf.layer_words import LayerWord, WordExtractor
from sake_ray.data.pages.pdf.objects import PageObjects, TextObject, hide_texts, list_objects
from sake_ray.data.pages.visibility import PlacedWord, Visibility, classify_words, clip_box, is_on_page, is_one_tone
from sake_ray.domain.datatypes import Pixels
from sake_ray.domain.limits import Limits
from sake_ray.domain.page_ranges import PageRange
from sake_ray.domain.texts import Box, Word
from sake_ray.errors import Message, PasswordNeeded, TooManyPages, UnreadableDocument

VIEW_DPI = 150  # for the image of a page with a text layer, good on a screen
VIEW_LONG_SIDE = 2000
VIEW_MAX_SIDE = 16_000  # of a long page: more is not shown
OCR_DPI = 200
# A card-sized page rendered at 200 dpi would be too small to read; a poster too large to be worth it.
OCR_LONG_SIDE = (1800, 3600)
OCR_MAX_SIDE = 60_000  # of a long page: a receipt of seven metres, and no thread of a page made thick
POINTS_PER_INCH = 72


@dataclass(frozen=True, slots=True)
class PageLayer:
    """The text layer of a page, taken apart, with the page as it looks and as it looks without its words.

    `seen` are the words that count: those `painted`, which a person sees as text, and those `over_ink`, which name what a
    picture or curves show, as scanners write them. `hidden` are seen by nobody. All are in the order of the layer.
    `picture_share` is the share of the page under its pictures, 0–1. `is_bare` means that nothing is left of the page without
    the words. `texts` are the objects that draw them.
    """

    seen: tuple[Word, ...]
    painted: tuple[Word, ...]
    over_ink: tuple[Word, ...]
    hidden: tuple[Word, ...]
    view: Pixels
    bare: Pixels
    picture_share: float
    is_bare: bool
    texts: tuple[TextObject, ...]


@dataclass(slots=True)
class PdfPage:
    """A page of an open document; only one may be in use at a time, since PDFium is not thread-safe.

    `notes` say what is attached to it, or to the document if it is the first one. `field_words` are what was typed into fields.
    """

    number: int
    page: pdfium.PdfPage
    limits: Limits
    notes: Sequence[Message] = ()
    field_words: tuple[Word, ...] = ()

    def render(self, *, dpi: int, long_side: tuple[int, int], max_side: float = math.inf) -> Pixels:
        """Render as RGB, within the pixel limit; `long_side` bounds the longer side in pixels, of a long page that of a sheet."""
        width, height = self.page.get_size()
        scale = dpi / POINTS_PER_INCH
        sheet = measure_sheet(width, height)
        scale = min(max(scale, long_side[0] / sheet), long_side[1] / sheet)
        scale = min(scale, max_side / max(width, height), math.sqrt(self.limits.max_pixels / (width * height)))
        try:
            bitmap = self.page.render(scale=scale, rev_byteorder=True, draw_annots=True, may_draw_forms=True)
            return np.array(bitmap.to_numpy()[:, :, :3])
        except pdfium.PdfiumError as error:
            raise UnreadableDocument("pdf-damaged") from error

    def render_view(self) -> Pixels:
        """Render for people's eyes."""
        return self.render(dpi=VIEW_DPI, long_side=(0, VIEW_LONG_SIDE), max_side=VIEW_MAX_SIDE)

    def render_for_ocr(self, *, without: Sequence[TextObject] = ()) -> Pixels:
        """Render for OCR, without some of the texts."""
        with hide_texts(without):
            return self.render(dpi=OCR_DPI, long_side=OCR_LONG_SIDE, max_side=OCR_MAX_SIDE)

    def count_characters(self) -> int:
        """Count the characters of the text layer, whatever they are worth."""
        try:
            layer = self.page.get_textpage()
        except pdfium.PdfiumError:
            return 0
        try:
            return int(layer.count_chars())
        finally:
            layer.close()

    def read_layer(self) -> PageLayer:
        """Take the text layer apart: what is seen, what a scanner wrote, what is hidden."""
        transform = measure_page(self.page)
        objects = list_objects(self.page, transform)
        words = self._extract_words(transform)
        view = self.render_view()
        blank = np.full_like(view, 255)
        nothing_else = not objects.pictures and not objects.others and not pdfium_c.FPDFPage_GetAnnotCount(self.page)
        owners = find_owners(words)
        drawn: dict[int, list[TextObject]] = {}
        for address, owner in owners.items():
            if address in objects.texts:
                drawn.setdefault(owner, []).append(objects.texts[address])

        def draw(without: Set[int]) -> Pixels:
            hidden = [text for owner in without for text in drawn.get(owner, ())]
            if nothing_else and len(hidden) == len(objects.texts):
                return blank
            with hide_texts(hidden):
                return self.render_view()

        found, bare = classify_words([_place(word, owners, objects) for word in words], view, draw)
        sorted_words = [(_clip(word.word), visibility) for word, visibility in zip(words, found, strict=True)]
        parts = {kind: tuple(word for word, of in sorted_words if of is kind) for kind in Visibility}
        seen = tuple(word for word, of in sorted_words if of is not Visibility.HIDDEN)
        fields = _place_fields(self.field_words, seen)
        return PageLayer(
            seen=(*seen, *fields),
            painted=(*parts[Visibility.PAINTED], *fields),
            over_ink=parts[Visibility.OVER_INK],
            hidden=parts[Visibility.HIDDEN],
            view=view,
            bare=bare,
            picture_share=objects.measure_picture_share(),
            is_bare=bare is blank or is_one_tone(bare),
            texts=tuple(text for texts in drawn.values() for text in texts),
        )

    def _extract_words(self, transform: Transform) -> tuple[LayerWord, ...]:
        try:
            layer = self.page.get_textpage()
        except pdfium.PdfiumError:
            return ()
        try:
            return tuple(WordExtractor(layer, transform, self.page.get_size()).extract())
        finally:
            layer.close()


def open_pdf(data: bytes, *, limits: Limits, wanted: PageRange | None = None) -> Iterator[tuple[int, PdfPage]]:
    """Open the pages in order, or the wanted ones of them, as (number of pages, page).

    A document that is only flagged as encrypted opens without a password. Raises PasswordNeeded, TooManyPages and
    UnreadableDocument.
    """
    with _open(data) as document:
        count = len(document)
        if count == 0:
            raise UnreadableDocument("pdf-without-pages")
        if count > limits.max_pages:
            raise TooManyPages("too-many-pages", pages=count, limit=limits.max_pages)
        if document.get_formtype() != pdfium_c.FORMTYPE_NONE:
            document.init_forms()  # what was typed into the fields is drawn only then
        for index in range(count):
            if wanted and index + 1 not in wanted:
                continue
            page = _open_page(document, index, limits)
            yield count, page
            page.page.close()


def _open(data: bytes) -> pdfium.PdfDocument:
    try:
        return pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        code = getattr(error, "err_code", None)
        if code == pdfium_c.FPDF_ERR_PASSWORD:
            raise PasswordNeeded("password-needed") from error
        if code == pdfium_c.FPDF_ERR_SECURITY:
            raise PasswordNeeded("pdf-for-recipients" if b"PubSec" in data else "pdf-protected") from error
        raise UnreadableDocument("pdf-damaged") from error


def _open_page(document: pdfium.PdfDocument, index: int, limits: Limits) -> PdfPage:
    page = _load_page(document, index)
    attached = [*(list_attached(document) if index == 0 else ()), *list_pinned(page)]
    fields = extract_field_words(page, measure_page(page))
    if has_drawn_text(page) and flatten(page):
        page.close()
        page = _load_page(document, index)
    return PdfPage(index + 1, page, limits, describe_attachments(attached), fields)


def _load_page(document: pdfium.PdfDocument, index: int) -> pdfium.PdfPage:
    try:
        page = document[index]
    except pdfium.PdfiumError as error:
        raise UnreadableDocument("pdf-page-damaged", page=index + 1) from error
    if min(page.get_size()) < 1:
        raise UnreadableDocument("pdf-page-without-size", page=index + 1)
    return page


def find_owners(words: Sequence[LayerWord]) -> dict[int, int]:
    """Find for each object that draws letters the one that stands for it: those that draw a word together have the same."""
    owners: dict[int, int] = {}

    def find(address: int) -> int:
        while (owner := owners.setdefault(address, address)) != address:
            address = owner
        return address

    for word in words:
        first = find(word.addresses[0])
        for address in word.addresses[1:]:
            owners[find(address)] = first
    return {address: find(address) for address in list(owners)}


def _clip(word: Word) -> Word:
    box = word.box
    if box.left >= 0 and box.top >= 0 and box.right <= 1 and box.bottom <= 1:
        return word
    return replace(word, box=clip_box(box))


def _place(word: LayerWord, owners: Mapping[int, int], objects: PageObjects) -> PlacedWord:
    first, box = word.addresses[0], word.word.box
    text = objects.texts.get(first)
    covered = text is not None and any(
        picture.order > text.order and _holds(picture.box, box) for picture in objects.pictures
    )
    return PlacedWord(box, owners[first], text is not None and text.unpainted, covered, word.size)


def _holds(picture: Box, word: Box) -> bool:
    across, down = (word.left + word.right) / 2, (word.top + word.bottom) / 2
    return picture.left <= across <= picture.right and picture.top <= down <= picture.bottom


def _place_fields(fields: Sequence[Word], painted: Sequence[Word]) -> tuple[Word, ...]:
    """Put the fields behind the layer, without those that are part of it because annotations were."""
    line = painted[-1].line + 1 if painted else 0
    drawn: dict[str, list[Box]] = {}
    for word in painted:
        drawn.setdefault(word.text, []).append(word.box)
    return tuple(
        replace(word, box=clip_box(word.box), line=line + word.line)
        for word in fields
        if is_on_page(word.box) and not any(_touch(word.box, box) for box in drawn.get(word.text, ()))
    )


def _touch(one: Box, other: Box) -> bool:
    return min(one.right, other.right) >= max(one.left, other.left) and min(one.bottom, other.bottom) >= max(
        one.top, other.top
    )
