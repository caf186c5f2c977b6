"""Read a document: its bytes in, its pages of words out, whatever the bytes are."""

import logging
from collections.abc import Callable
from hashlib import sha256
from types import TracebackType
from typing import TypeVar

from sake_ray import errors
from sake_ray.data.cleaning import CLEANING_VERSION, clean_words
from sake_ray.data.pages import media
from sake_ray.data.reader_client import KeepPage, ReaderProcess, ReaderProcessDied, ReadingOptions, keep_nothing
from sake_ray.data.text_cache import fetch_pages, image_key, store_pages, thumbnail_key
from sake_ray.domain.progress import Progress, ignore_progress
from sake_ray.domain.texts import DocumentText, Page, Recipe
from sake_ray.storage.objects import ObjectStore

__all__ = ["READING_VERSION", "Reader", "ReadingOptions", "read_document", "to_document_text"]

T = TypeVar("T")
log = logging.getLogger(__name__)

READING_VERSION = 1
CRASHES = 3
"""So many times a document may crash the child before it is called unreadable."""
DOCUMENTS_A_CHILD = 200  # then a new one: what the C libraries leak goes with the old


class Reader:
    """Reads documents one at a time in a child process of its own, which is started when needed and replaced when it dies.

    Not for use from two threads at once.
    """

    def __init__(self, options: ReadingOptions = ReadingOptions()) -> None:  # noqa: B008 - a frozen value
        self.options = options
        self._child: ReaderProcess | None = None
        self._recipe: Recipe | None = None

    def __enter__(self) -> "Reader":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the child and what it left in the temporary folder."""
        if self._child:
            self._child.kill()
            self._child = None

    @property
    def recipe(self) -> Recipe:
        """How this reader reads; asks the child for the engine's version the first time."""
        if self._recipe is None:
            child = self._living_child()
            self._recipe = Recipe(
                child.engine, child.version, self.options.languages, READING_VERSION, CLEANING_VERSION
            )
        return self._recipe

    def read(
        self, data: bytes, *, on_page: Progress = ignore_progress, keep_page: KeepPage = keep_nothing
    ) -> DocumentText:
        """Read one document, telling `on_page` (pages done, pages) and handing each page's pictures to `keep_page`.

        Raises an UnreadableDocument or a LimitExceeded. A crash of the child is tried again, up to three times in all; a
        timeout never is.
        """
        limits = self.options.limits
        if len(data) > limits.max_bytes:
            raise errors.FileTooLarge(
                f"The file has {len(data):,} bytes; the limit is {limits.max_bytes:,} ({limits.max_bytes / 1e6:g} MB)."
            )
        media_type = media.tell_media_type(data)
        recipe = self.recipe
        pages = self._patiently(data, media_type, lambda child: child.read(data, on_page, keep_page))
        return to_document_text(sha256(data).hexdigest(), media_type, pages, recipe)

    def preview(self, data: bytes) -> bytes:
        """A thumbnail of the first page as JPEG, without reading it; raises what `read` raises."""
        media_type = media.tell_media_type(data)
        return self._patiently(data, media_type, lambda child: child.preview(data))

    def _patiently(self, data: bytes, media_type: str, ask: Callable[[ReaderProcess], T]) -> T:
        """Ask a child, and another when it dies."""
        limits = self.options.limits
        for _ in range(CRASHES):
            try:
                return ask(self._living_child())
            except ReaderProcessDied:
                log.warning("reading child died", extra={"sha256": sha256(data).hexdigest(), "media_type": media_type})
                self.close()
            except BaseException:
                self._drop_if_busy()
                raise
        raise errors.ReadingCrashed(
            f"Decoding this file crashed {CRASHES} times; it is damaged, or needs more than {limits.memory_mb} MB. "
            "Print it to PDF again, or scan it anew."
        )

    def _living_child(self) -> "ReaderProcess":
        if self._child and (self._child.documents >= DOCUMENTS_A_CHILD or not self._child.is_idle()):
            self.close()
        return self._child or self._start_child()

    def _start_child(self) -> "ReaderProcess":
        for _ in range(CRASHES):
            try:
                self._child = ReaderProcess(self.options)
                return self._child
            except ReaderProcessDied:
                log.warning("reading child did not start")
        raise errors.SetupError(
            "The reading process does not start; see whether the memory limit SAKE_READ_MEMORY_MB is too low."
        )

    def _drop_if_busy(self) -> None:
        if self._child and not self._child.is_idle():
            self.close()


def read_document(
    data: bytes, *, reader: Reader, store: ObjectStore, on_page: Progress = ignore_progress
) -> DocumentText:
    """Read a document, or fetch what an earlier reading of the same bytes by the same recipe has kept.

    Page images, thumbnails and words are stored. Raises what `Reader.read` and the store raise; nothing is kept of a failure.
    """
    digest = sha256(data).hexdigest()
    recipe = reader.recipe
    if kept := fetch_pages(store, digest, recipe):
        return to_document_text(digest, *kept, recipe)

    def keep_page(number: int, image: bytes, thumbnail: bytes) -> None:
        store.put(image_key(digest, recipe, number), image)
        store.put(thumbnail_key(digest, recipe, number), thumbnail)

    text = reader.read(data, on_page=on_page, keep_page=keep_page)
    store_pages(store, digest, recipe, media_type=text.media_type, pages=text.pages)
    return text


def to_document_text(digest: str, media_type: str, pages: tuple[Page, ...], recipe: Recipe) -> DocumentText:
    """Clean the words of the pages and put the whole together."""
    cleaned = clean_words([word.text for page in pages for word in page.words])
    return DocumentText(digest, media_type, pages, cleaned.tokens, cleaned.language, recipe)
