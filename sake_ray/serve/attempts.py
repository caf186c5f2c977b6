"""Make one attempt at a document: have it read and classified, and record the outcome."""

import asyncio
import logging
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sake_ray.domain.documents import Claim, Document, ReadingSummary
from sake_ray.domain.texts import DocumentText
from sake_ray.domain.verdicts import Prediction
from sake_ray.errors import LeaseLost, Message, SakeError
from sake_ray.serve.search import extract_terms
from sake_ray.storage.records import QueueDepth, Records

log = logging.getLogger(__name__)

PAUSE, MAX_PAUSE = timedelta(seconds=1), timedelta(minutes=2)
"""A document whose attempt failed through no fault of its own waits twice as long each time, so that others go on."""

MAX_UNEXPECTED = 3
"""After so many unexpected failures the document is given up: it may be what provokes them."""


@dataclass(frozen=True, slots=True)
class PageProgress:
    """So many pages are read."""

    done: int
    pages: int


@dataclass(frozen=True, slots=True)
class ReadingResult:
    """The document is read."""

    text: DocumentText


@dataclass(frozen=True, slots=True)
class ReadingFailure:
    """The document itself is at fault; a sentence for its user."""

    message: Message


ReadingEvent = PageProgress | ReadingResult | ReadingFailure
Read = Callable[[Document], AsyncIterator[ReadingEvent]]
Classify = Callable[[DocumentText], Awaitable[Prediction]]


class OrchestratorObserver:
    """What the orchestrator reports to the metrics; this one drops it all."""

    def count_ended(self, status: str, label: str) -> None:
        """Count a document that ended."""

    def observe_stage(self, stage: str, seconds: float) -> None:
        """Observe how long a stage took."""

    def observe_ocr_confidence(self, confidence: float) -> None:
        """Observe the confidence of a document that was read by OCR."""

    def count_put_back(self) -> None:
        """Count an attempt that failed through no fault of the document."""

    def set_depth(self, depth: QueueDepth, now: datetime) -> None:
        """Set how much work waits."""


class AttemptRunner:
    """Makes attempts; the only place that turns an unexpected failure into a document's own."""

    def __init__(self, records: Records, *, read: Read, classify: Classify, observer: OrchestratorObserver) -> None:
        self.records, self.read, self.classify, self.observer = records, read, classify, observer
        self._unexpected: Counter[str] = Counter()

    async def run(self, claim: Claim) -> None:
        """Make one attempt at a document; whatever fails is recorded or logged, never raised."""
        started = time.monotonic()
        try:
            await self._attempt(claim)
        except LeaseLost:
            log.warning("late write refused", extra=ids_of(claim))
        except ConnectionError as error:
            await self._put_back(claim, str(error))
        except SakeError as error:
            await self._put_back(claim, f"{type(error).__name__}: {error}")
        except Exception:
            log.exception("attempt failed", extra=ids_of(claim))
            await self._give_up_or_put_back(claim)
        finally:
            self.observer.observe_stage("whole", time.monotonic() - started)

    async def _attempt(self, claim: Claim) -> None:
        started = time.monotonic()
        text: DocumentText | None = None
        async for event in self.read(claim.document):
            if isinstance(event, PageProgress):
                await asyncio.to_thread(self.records.queue.record_progress, claim, done=event.done, pages=event.pages)
            elif isinstance(event, ReadingFailure):
                await asyncio.to_thread(self.records.queue.fail, claim, event.message, now=datetime.now(UTC))
                self.observer.count_ended("FAILED", "")
                log.info("document failed", extra=ids_of(claim))
                return
            else:
                text = event.text
        if text is None:
            raise ConnectionError("the reading ended without a text")
        self.observer.observe_stage("read", time.monotonic() - started)
        if text.ocr_confidence is not None:
            self.observer.observe_ocr_confidence(text.ocr_confidence)
        started = time.monotonic()
        prediction = await self.classify(text)
        self.observer.observe_stage("classify", time.monotonic() - started)
        reading = ReadingSummary(len(text.pages), text.language, text.ocr_confidence, text.recipe)
        terms = await asyncio.to_thread(extract_terms, text)
        await asyncio.to_thread(
            self.records.queue.complete, claim, reading, prediction, terms=terms, now=datetime.now(UTC)
        )
        self.observer.count_ended("COMPLETED", prediction.verdict.label or "")
        log.info("document classified", extra=ids_of(claim) | {"label": prediction.verdict.label})

    async def _give_up_or_put_back(self, claim: Claim) -> None:
        self._unexpected[claim.document.id] += 1
        if self._unexpected[claim.document.id] < MAX_UNEXPECTED:
            await self._put_back(claim, "an unexpected failure; see the log")
            return
        del self._unexpected[claim.document.id]
        try:
            await asyncio.to_thread(self.records.queue.fail, claim, Message("reading-gave-up"), now=datetime.now(UTC))
            self.observer.count_ended("FAILED", "")
        except SakeError as error:
            log.warning("failing failed", extra=ids_of(claim) | {"error": error.message})

    async def _put_back(self, claim: Claim, reason: str) -> None:
        self.observer.count_put_back()
        log.warning("attempt put back", extra=ids_of(claim) | {"error": reason[:500]})
        now = datetime.now(UTC)
        later = now + min(PAUSE * 2 ** min(claim.attempt - 1, 10), MAX_PAUSE)
        try:
            await asyncio.to_thread(self.records.queue.requeue, claim, reason[:500], not_before=later, now=now)
        except SakeError as error:
            # Its lease will run out, and it is claimed again.
            log.warning("putting back failed", extra=ids_of(claim) | {"error": error.message})


def ids_of(claim: Claim) -> dict[str, object]:
    """List what identifies an attempt in the logs."""
    return {"batch": claim.document.batch, "document": claim.document.id, "attempt": claim.attempt}
