"""Read the pages of a document apart, each wherever there is a free CPU, and put them together again.

What was read of a document that is not complete yet lies in the store page by page. Whoever reads the last page that
lacked joins them: nobody has to remember who reads what, and a page that was read is not lost when another fails.
"""

import gzip
import json
from collections.abc import Iterator
from contextlib import suppress

from sake_ray.data.pages import media
from sake_ray.data.reading import Reader, to_document_text
from sake_ray.data.text_cache import (
    DAMAGE,
    fetch_pages,
    image_key,
    page_from_json,
    page_to_json,
    store_pages,
    thumbnail_key,
)
from sake_ray.domain.page_ranges import PageRange
from sake_ray.domain.progress import Progress, ignore_progress
from sake_ray.domain.texts import DocumentText, Page, Recipe
from sake_ray.errors import ObjectMissing
from sake_ray.storage.objects import ObjectStore

ENDING = ".json.gz"


def read_pages_apart(
    data: bytes,
    digest: str,
    wanted: PageRange,
    *,
    count: int,
    reader: Reader,
    store: ObjectStore,
    on_page: Progress = ignore_progress,
) -> DocumentText | None:
    """Read pages of a document of `count` pages; its text, when no other page of it is left to be read, else None.

    Pages that were read before are not read again. When several readers end at once, each may get the text. Raises what
    `Reader.read` and the store raise; the pages read until then remain.
    """
    recipe = reader.recipe
    if cached := fetch_pages(store, digest, recipe):
        return to_document_text(digest, *cached, recipe)

    def store_page(page: Page, image: bytes, thumbnail: bytes) -> None:
        store.put(image_key(digest, recipe, page.number), image)
        store.put(thumbnail_key(digest, recipe, page.number), thumbnail)
        store.put(
            loose_page_key(digest, recipe, page.number), gzip.compress(json.dumps(page_to_json(page)).encode(), mtime=0)
        )

    for lacking in _find_gaps(wanted, list_loose_pages(store, digest, recipe)):
        reader.read_range(data, lacking, on_page=on_page, on_page_read=store_page)
    if len(list_loose_pages(store, digest, recipe)) < count:
        return None
    pages = fetch_loose_pages(store, digest, recipe)
    if len(pages) < count and (cached := fetch_pages(store, digest, recipe)):
        return to_document_text(digest, *cached, recipe)  # another reader has joined and removed them meanwhile
    for lacking in _find_gaps(PageRange(1, count), pages):  # damaged ones, as a power cut leaves them
        pages |= {page.number: page for page in reader.read_range(data, lacking, on_page_read=store_page)}
    return _join_pages(store, digest, recipe, media.detect_media_type(data), pages)


def loose_page_key(sha256: str, recipe: Recipe, number: int) -> str:
    """The key of the words of page `number`, from 1, of an original that is not complete yet."""
    return f"{_prefix(sha256, recipe)}{number}{ENDING}"


def list_loose_pages(store: ObjectStore, sha256: str, recipe: Recipe) -> set[int]:
    """List the numbers of the pages that were read of a document that is not complete yet."""
    prefix = _prefix(sha256, recipe)
    names = (key.removeprefix(prefix).removesuffix(ENDING) for key in store.list(prefix))
    return {int(name) for name in names if name.isdecimal()}


def fetch_loose_pages(store: ObjectStore, sha256: str, recipe: Recipe) -> dict[int, Page]:
    """Fetch the pages that were read, by their numbers; damaged ones are left out."""
    pages: dict[int, Page] = {}
    for number in list_loose_pages(store, sha256, recipe):
        with suppress(ObjectMissing, *DAMAGE):
            content = json.loads(gzip.decompress(store.get(loose_page_key(sha256, recipe, number))))
            pages[number] = page_from_json(content)
    return pages


def _join_pages(
    store: ObjectStore, digest: str, recipe: Recipe, media_type: str, loose: dict[int, Page]
) -> DocumentText:
    pages = tuple(loose[number] for number in sorted(loose))
    store_pages(store, digest, recipe, media_type=media_type, pages=pages)
    for number in loose:
        store.delete(loose_page_key(digest, recipe, number))
    return to_document_text(digest, media_type, pages, recipe)


def _prefix(sha256: str, recipe: Recipe) -> str:
    return f"loose-pages/{recipe.reading}/{sha256[:2]}/{sha256}/"


def _find_gaps(wanted: PageRange, there: "set[int] | dict[int, Page]") -> Iterator[PageRange]:
    """Find the stretches of wanted pages that are not there."""
    first = None
    for number in range(wanted.first, wanted.last + 2):
        lacks = number in wanted and number not in there
        if lacks and first is None:
            first = number
        elif not lacks and first is not None:
            yield PageRange(first, number - 1)
            first = None
