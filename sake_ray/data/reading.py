"""Read a document: turn its bytes into pages of words."""

import logging
from collections.abc import Callable
from functools import cache
from hashlib import sha256
from types import TracebackType
from typing import TypeVar

from sake_ray import errors
from sake_ray.data.cleaning import CLEANING_VERSION, clean_words
from sake_ray.data.pages import media
from sake_ray.data.reader_client import (
    OnPageMeasured,
    OnPageRead,
    ReaderProcess,
    ReaderProcessDied,
    ReadingOptions,
    ignore_measurement,
    ignore_page,
)
from sake_ray.data.text_cache import fetch_pages, image_key, reading_key, store_pages, thumbnail_key
from sake_ray.domain.page_ranges import PageRange, Survey
from sake_ray.domain.progress import Progress, ignore_progress
from sake_ray.domain.texts import DocumentText, Page, ReadingSource, Recipe
from sake_ray.storage.objects import ObjectStore
from sake_ray.tracing.spans import span

__all__ = ["READING_VERSION", "Reader", "ReadingOptions", "read_document", "to_document_text"]

T = TypeVar("T")
log = logging.getLogger(__name__)

READING_VERSION = 2
MAX_CRASHES = 3
"""How often a document may crash the reader process before it is called unreadable."""
MAX_DOCUMENTS_PER_PROCESS = 200  # then a new one, which frees what the C libraries leak


class Reader:
    """Reads documents one at a time in a process of its own, which is started when needed and replaced when it dies.

    Not for use from two threads at once.
    """

    def __init__(self, options: ReadingOptions = ReadingOptions()) -> None:  # noqa: B008 - a frozen value
        self.options = options
        self._process: ReaderProcess | None = None
        self._recipe: Recipe | None = None
        self.missing_layers: dict[str, str] | None = None
        """The layers of the process's confinement that this machine does not allow, each with why; None until one has started."""

    def __enter__(self) -> "Reader":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the process and delete its temporary files."""
        if self._process:
            self._process.kill()
            self._process = None

    @property
    def recipe(self) -> Recipe:
        """The recipe of this reader; starts the process the first time, to learn the engine's version."""
        if self._recipe is None:
            process = self._running_process()
            self._recipe = Recipe(
                process.engine, process.version, self.options.languages, READING_VERSION, CLEANING_VERSION
            )
        return self._recipe

    def read(
        self,
        data: bytes,
        *,
        on_page: Progress = ignore_progress,
        on_page_read: OnPageRead = ignore_page,
        on_page_measured: OnPageMeasured = ignore_measurement,
    ) -> DocumentText:
        """Read a document, calling `on_page` (pages done, pages) and the others after each page.

        Raises UnreadableDocument or LimitExceeded. A crash of the process is retried, up to three attempts in all; a
        timeout is not.
        """
        recipe = self.recipe
        pages = self.read_range(
            data, None, on_page=on_page, on_page_read=on_page_read, on_page_measured=on_page_measured
        )
        return to_document_text(sha256(data).hexdigest(), media.detect_media_type(data), pages, recipe)

    def read_range(
        self,
        data: bytes,
        wanted: PageRange | None,
        *,
        on_page: Progress = ignore_progress,
        on_page_read: OnPageRead = ignore_page,
        on_page_measured: OnPageMeasured = ignore_measurement,
    ) -> tuple[Page, ...]:
        """Read the wanted pages of a document, or all; otherwise like `read`."""
        limits = self.options.limits
        if len(data) > limits.max_bytes:
            raise errors.FileTooLarge(
                "file-too-large", bytes=len(data), limit=limits.max_bytes, megabytes=limits.max_bytes / 1e6
            )
        media_type = media.detect_media_type(data)
        return self._with_retries(
            data, media_type, lambda process: process.read(data, wanted, on_page, on_page_read, on_page_measured)
        )

    def survey(self, data: bytes) -> Survey:
        """Count the pages and the scans among them, without reading any; raises what `read` raises."""
        media_type = media.detect_media_type(data)
        if media_type not in media.SEVERAL_PAGES:
            return Survey(1, 1)
        return self._with_retries(data, media_type, lambda process: process.survey(data))

    def measure_cpu(self) -> float:
        """Measure the CPU seconds that the process of now has used; 0 without one."""
        return self._process.measure_cpu() if self._process else 0.0

    def preview(self, data: bytes) -> bytes:
        """Make a thumbnail of the first page as JPEG, without reading it; raises what `read` raises."""
        media_type = media.detect_media_type(data)
        return self._with_retries(data, media_type, lambda process: process.preview(data))

    def _with_retries(self, data: bytes, media_type: str, ask: Callable[[ReaderProcess], T]) -> T:
        """Ask the process, and a new one when it dies."""
        limits = self.options.limits
        for _ in range(MAX_CRASHES):
            try:
                return ask(self._running_process())
            except ReaderProcessDied:
                log.warning("reader process died", extra={"sha256": sha256(data).hexdigest(), "media_type": media_type})
                self.close()
            except BaseException:
                self._close_if_busy()
                raise
        raise errors.ReadingCrashed("reading-crashed", crashes=MAX_CRASHES, limit=limits.memory_mb)

    def _running_process(self) -> "ReaderProcess":
        if self._process and (self._process.documents >= MAX_DOCUMENTS_PER_PROCESS or not self._process.is_idle()):
            self.close()
        return self._process or self._start_process()

    def _start_process(self) -> "ReaderProcess":
        for _ in range(MAX_CRASHES):
            try:
                self._process = ReaderProcess(self.options)
                self.missing_layers = self._process.missing
                _tell_missing_layers(tuple(sorted(self._process.missing.items())))
                return self._process
            except ReaderProcessDied:
                log.warning("reader process did not start")
        raise errors.SetupError("reader-does-not-start")

    def _close_if_busy(self) -> None:
        if self._process and not self._process.is_idle():
            self.close()


@cache
def _tell_missing_layers(missing: tuple[tuple[str, str], ...]) -> None:
    """Log once for each process what is not possible."""
    if missing:
        log.warning("reader process is not fully confined", extra={"missing": dict(missing)})


def read_document(
    data: bytes,
    *,
    reader: Reader,
    store: ObjectStore,
    team: str = "",
    on_page: Progress = ignore_progress,
    on_page_measured: OnPageMeasured = ignore_measurement,
    anew: bool = False,
) -> DocumentText:
    """Read a document, or fetch its pages from the text cache when these bytes were read by the same recipe before.

    For a `team` only what was read for that team counts: how long a reading takes must not tell it what others have.
    `anew` reads it in any case, because its page images are gone. Page images, thumbnails and words are stored. Raises what
    `Reader.read` and the store raise; failures are not cached.
    """
    digest = sha256(data).hexdigest()
    recipe = reader.recipe
    note = reading_key(digest, recipe, team) if team else ""
    known = not anew and (not note or store.exists(note))
    if known:
        with span("look up") as looked:
            cached = fetch_pages(store, digest, recipe)
            looked.say(cached=cached is not None)
        if cached:
            for _ in cached[1]:
                on_page_measured(ReadingSource.CACHE, 0.0)
            return to_document_text(digest, *cached, recipe)

    def store_images(page: Page, image: bytes, thumbnail: bytes) -> None:
        store.put(image_key(digest, recipe, page.number), image)
        store.put(thumbnail_key(digest, recipe, page.number), thumbnail)

    text = reader.read(data, on_page=on_page, on_page_read=store_images, on_page_measured=on_page_measured)
    with span("store"):
        store_pages(store, digest, recipe, media_type=text.media_type, pages=text.pages)
        if note:
            store.put(note, b"")
    return text


def to_document_text(digest: str, media_type: str, pages: tuple[Page, ...], recipe: Recipe) -> DocumentText:
    """Clean the words of the pages, and combine both into a DocumentText."""
    cleaned = clean_words([word.text for page in pages for word in page.words])
    return DocumentText(digest, media_type, pages, cleaned.tokens, cleaned.language, recipe)
