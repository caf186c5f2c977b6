"""Find what was read of a document before: its text and its page images, as they are or as they were made again."""

from collections.abc import Iterator
from dataclasses import replace

from sake_ray.data.cleaning import CLEANING_VERSION
from sake_ray.data.reading import to_document_text
from sake_ray.data.text_cache import fetch_image, fetch_pages, image_key, is_image_whole, thumbnail_key
from sake_ray.domain.page_ranges import PageRange
from sake_ray.domain.texts import DocumentText, Page, Recipe, renumber
from sake_ray.storage.objects import ObjectStore


def fetch_text(
    store: ObjectStore,
    sha256: str,
    recipe: Recipe,
    *,
    page_range: PageRange | None = None,
    current: Recipe | None = None,
) -> DocumentText | None:
    """Fetch the text of these bytes, or of some pages: by this recipe, or else by the current one, by which it is made again.

    The recipe in the text says how it was made. None without it, or when it is damaged.
    """
    for reading in _list_readings(recipe, current):
        if cached := fetch_pages(store, sha256, reading):
            media_type, pages = cached
            # Cleaned here and now, whatever cleaned it when it was classified.
            cleaned = replace(reading, cleaning_version=CLEANING_VERSION)
            return to_document_text(sha256, media_type, select_pages(pages, page_range), cleaned)
    return None


def find_page_image(
    store: ObjectStore, sha256: str, recipe: Recipe, number: int, *, small: bool, current: Recipe | None = None
) -> str | None:
    """Find the key of the image or thumbnail of page `number`, from 1, made by this recipe or else by the current one."""
    make_key = thumbnail_key if small else image_key
    keys = (make_key(sha256, reading, number) for reading in _list_readings(recipe, current))
    return next((key for key in keys if is_image_whole(store, key)), None)


def fetch_page_image(
    store: ObjectStore, sha256: str, recipe: Recipe, number: int, *, small: bool, current: Recipe | None = None
) -> bytes | None:
    """Fetch the image or thumbnail of page `number`, from 1, by this recipe or else by the current one."""
    make_key = thumbnail_key if small else image_key
    keys = (make_key(sha256, reading, number) for reading in _list_readings(recipe, current))
    return next((image for key in keys if (image := fetch_image(store, key)) is not None), None)


def select_pages(pages: tuple[Page, ...], page_range: PageRange | None) -> tuple[Page, ...]:
    """Select the pages of a part, numbered from 1; without a range all pages."""
    return renumber(pages[page_range.first - 1 : page_range.last]) if page_range else pages


def _list_readings(recipe: Recipe, current: Recipe | None) -> Iterator[Recipe]:
    yield recipe
    if current is not None and current.reading != recipe.reading:
        yield current
