"""The deployment that reads documents."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

from sake_ray.data.originals import fetch_original
from sake_ray.data.reading import MAX_CRASHES, Reader, read_document, to_document_text
from sake_ray.data.stored_texts import fetch_text, select_pages
from sake_ray.data.text_cache import reading_key
from sake_ray.domain.documents import Document
from sake_ray.domain.texts import DocumentText, ReadingSource, WordSource, combine_sources
from sake_ray.domain.traces import continuing
from sake_ray.errors import DOCUMENT_FAULTS
from sake_ray.files import keep_files_private
from sake_ray.logs import set_up_logs
from sake_ray.metrics import Exporter
from sake_ray.serve.attempts import PageProgress, ReadingEvent, ReadingFailure, ReadingResult
from sake_ray.serve.config import ServiceConfig
from sake_ray.serve.exports import export_text
from sake_ray.serve.metrics import open_instruments
from sake_ray.serve.service_metrics import count_page, set_confinement
from sake_ray.storage.objects import ObjectStore
from sake_ray.tracing.spans import set_up_tracing, span

log = logging.getLogger(__name__)

STUCK_SECONDS = 60.0


class Etl:
    """Reads documents, one at a time, in its reading child."""

    def __init__(self, config: ServiceConfig) -> None:
        keep_files_private()
        set_up_logs("etl", folder=config.logs, level=config.log_level)
        set_up_tracing("etl", config.otlp_endpoint)
        self.instruments = open_instruments(Exporter.ETL)
        self.config = config.observe_storage(self.instruments)
        self.reader = Reader(config.reading)
        # One thread: a caller that went away must not bring a second child to life.
        self.thread = ThreadPoolExecutor(1, "reading")
        self._reading_since: float | None = None
        # A document may crash the child so often, and a page takes at most so long each time.
        self._max_seconds = MAX_CRASHES * config.reading.limits.page_patience + STUCK_SECONDS

    async def check_health(self) -> None:
        """Raise when a reading has not got on for longer than any limit, so that Serve replaces this replica; renew gauges."""
        if self._reading_since is not None and time.monotonic() - self._reading_since > self._max_seconds:
            raise RuntimeError("the reading is stuck")
        if self.reader.missing_layers is not None:
            set_confinement(self.instruments, self.reader.missing_layers)

    async def read(self, document: Document, anew: bool = False, traceparent: str = "") -> AsyncIterator[ReadingEvent]:
        """Yield the pages as they are read, then the text, or what is wrong with the document.

        `anew` reads it although its text is there, for its page images.
        """
        loop = asyncio.get_running_loop()
        events: asyncio.Queue[ReadingEvent | None] = asyncio.Queue()

        def send(event: ReadingEvent | None) -> None:
            with suppress(RuntimeError):  # the loop is gone when the replica ends
                loop.call_soon_threadsafe(events.put_nowait, event)

        def work() -> None:
            try:
                with continuing(traceparent, batch=document.batch, document=document.id, attempt=document.attempt):
                    send(self._read(document, anew, on_page=lambda done, pages: send(PageProgress(done, pages))))
            finally:
                send(None)

        task = loop.run_in_executor(self.thread, work)
        while (event := await events.get()) is not None:
            yield event
        await task

    def _read(self, document: Document, anew: bool, on_page: Callable[[int, int], None]) -> ReadingEvent:
        began = time.monotonic()
        with span("reading", document=document.id, attempt=document.attempt) as opened:
            event = self._try_to_read(document, anew, on_page)
            if isinstance(event, ReadingFailure):
                opened.failed = True
                opened.say(error=event.message.code)
            elif isinstance(event, ReadingResult):
                facts = _describe(event.text)
                opened.say(**facts)
                log.info("document read", extra=facts | {"seconds": round(time.monotonic() - began, 3)})
        return event

    def _try_to_read(self, document: Document, anew: bool, on_page: Callable[[int, int], None]) -> ReadingEvent:
        def note_page(done: int, pages: int) -> None:
            self._reading_since = time.monotonic()
            on_page(done, pages)

        sources: list[ReadingSource] = []

        def note_measured(source: ReadingSource, seconds: float) -> None:
            sources.append(source)
            count_page(self.instruments, source, seconds)

        if document.page_range and not anew and (known := self._fetch_part(document)):
            for _ in known.pages:
                note_measured(ReadingSource.CACHE, 0.0)
            _export(self.config.store, document, known)
            return ReadingResult(known, ReadingSource.CACHE)
        self._reading_since = time.monotonic()
        try:
            with span("fetch", bytes=document.size):
                original = fetch_original(self.config.store, document.original, document.sha256)
            text = read_document(
                original,
                reader=self.reader,
                store=self.config.store,
                team=document.team,
                on_page=note_page,
                on_page_measured=note_measured,
                anew=anew,
            )
        except DOCUMENT_FAULTS as error:
            return ReadingFailure(error.message)
        finally:
            self._reading_since = None
        if document.page_range:
            pages = select_pages(text.pages, document.page_range)
            text = to_document_text(text.sha256, text.media_type, pages, text.recipe)
        _export(self.config.store, document, text)
        return ReadingResult(text, combine_sources(sources))

    def _fetch_part(self, document: Document) -> DocumentText | None:
        """Fetch the text of a part: its file was read for the document that was split. None where that is lost."""
        store, recipe = self.config.store, self.reader.recipe
        if not store.exists(reading_key(document.sha256, recipe, document.team)):
            return None
        return fetch_text(store, document.sha256, recipe, page_range=document.page_range)

    def __del__(self) -> None:
        self.reader.close()


def _export(store: ObjectStore, document: Document, text: DocumentText) -> None:
    with span("export"):
        export_text(store, document, text)


def _describe(text: DocumentText) -> dict[str, int]:
    by_ocr = sum(page.source is WordSource.OCR for page in text.pages)
    return {"pages": len(text.pages), "pages_by_ocr": by_ocr, "words": len(text.words)}
