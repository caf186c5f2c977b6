"""Take the text layer of a page apart: what is seen, what a scanner wrote, what is hidden."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, replace

import numpy as np
import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from sake_ray.data.pages.pdf.document import PdfPage
from sake_ray.data.pages.pdf.geometry import Transform, measure_page
from sake_ray.data.pages.pdf.layer_words import LayerWord, WordExtractor
from sake_ray.data.pages.pdf.objects import PageObjects, TextObject, hide_texts, list_objects
from sake_ray.data.pages.visibility import PlacedWord, Visibility, classify_words, clip_box, is_on_page, is_one_tone
from sake_ray.domain.datatypes import Pixels
from sake_ray.domain.texts import Box, Word


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


def read_layer(page: PdfPage) -> PageLayer:
    """Take the text layer apart: what is seen, what a scanner wrote, what is hidden."""
    transform = measure_page(page.page)
    objects = list_objects(page.page, transform)
    words = _extract_words(page, transform)
    view = page.render_view()
    blank = np.full_like(view, 255)
    nothing_else = not objects.pictures and not objects.others and not pdfium_c.FPDFPage_GetAnnotCount(page.page)
    owners = _find_owners(words)
    drawn: dict[int, list[TextObject]] = {}
    for address, owner in owners.items():
        if address in objects.texts:
            drawn.setdefault(owner, []).append(objects.texts[address])

    def draw(without: Set[int]) -> Pixels:
        hidden = [text for owner in without for text in drawn.get(owner, ())]
        if not hidden and not nothing_else:
            return view
        if nothing_else and len(hidden) == len(objects.texts):
            return blank
        with hide_texts(hidden):
            return page.render_view()

    found, bare = classify_words([_place(word, owners, objects) for word in words], view, draw)
    sorted_words = [(_clip(word.word), visibility) for word, visibility in zip(words, found, strict=True)]
    parts = {kind: tuple(word for word, of in sorted_words if of is kind) for kind in Visibility}
    seen = tuple(word for word, of in sorted_words if of is not Visibility.HIDDEN)
    fields = _place_fields(page.field_words, seen)
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


def _extract_words(page: PdfPage, transform: Transform) -> tuple[LayerWord, ...]:
    try:
        layer = page.page.get_textpage()
    except pdfium.PdfiumError:
        return ()
    try:
        return tuple(WordExtractor(layer, transform, page.page.get_size()).extract())
    finally:
        layer.close()


def _find_owners(words: Sequence[LayerWord]) -> dict[int, int]:
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
    covered = text is not None and objects.is_under_picture(
        text, (box.left + box.right) / 2, (box.top + box.bottom) / 2
    )
    return PlacedWord(box, owners[first], text is not None and text.unpainted, covered, word.size)


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
