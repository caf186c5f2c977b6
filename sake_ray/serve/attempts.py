"""Make one attempt at a document: have it read and classified, and record the outcome."""

import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sake_ray.domain.documents import Claim, Document, ReadingSummary, Status
from sake_ray.domain.parts import SplitMode, select_sure
from sake_ray.domain.retries import Cause
from sake_ray.domain.texts import DocumentText, ReadingSource
from sake_ray.domain.traces import continuing, find_document_trace
from sake_ray.domain.verdicts import Prediction, Verdict
from sake_ray.errors import LeaseLost, Message, NoChampion, Overloaded, SakeError, SetupError, StorageUnavailable
from sake_ray.serve.attempt_spans import open_attempt, record_waiting
from sake_ray.serve.executors import Executor
from sake_ray.serve.figures import Figure
from sake_ray.serve.search import extract_terms
from sake_ray.storage.records import DeliveryBacklog, QueueDepth, Records, WatchedPlace
from sake_ray.tracing.spans import TraceSpan, span

log = logging.getLogger(__name__)

OF_THE_SERVICE = (StorageUnavailable, NoChampion, Overloaded, SetupError)
"""Errors that any document would meet at that moment; every other one of ours speaks of the document that met it."""


@dataclass(frozen=True, slots=True)
class PageProgress:
    """So many pages are read."""

    done: int
    pages: int


@dataclass(frozen=True, slots=True)
class ReadingResult:
    """The document is read, and how."""

    text: DocumentText
    source: ReadingSource = ReadingSource.CACHE


@dataclass(frozen=True, slots=True)
class ReadingFailure:
    """The document itself is at fault; a sentence for its user."""

    message: Message


ReadingEvent = PageProgress | ReadingResult | ReadingFailure
Read = Callable[[Document], AsyncIterator[ReadingEvent]]
Classify = Callable[[DocumentText, SplitMode], Awaitable[Prediction]]


class OrchestratorObserver:
    """What the orchestrator reports to the metrics; this one drops it all."""

    def count_completed(
        self, document: Document, text: DocumentText, verdict: Verdict, source: ReadingSource, seconds: float
    ) -> None:
        """Count a document that was classified, and observe what is known of it; so many seconds after it was handed in."""

    def count_failed(self, reason: str) -> None:
        """Count a document that failed through its own fault, for which the reason is a code."""

    def count_left_to_ops(self) -> None:
        """Count a document that is no longer tried."""

    def observe_stage(self, stage: str, seconds: float) -> None:
        """Observe how long a stage took."""

    def count_put_back(self, cause: str) -> None:
        """Count an attempt that failed through no fault of the document."""

    def count_repeated(self) -> None:
        """Count an attempt that is not the first at its document."""

    def count_lost(self, leases: int) -> None:
        """Count leases that were found expired."""

    def set_figures(self, figures: Sequence[Figure]) -> None:
        """Set what was gathered from the records."""

    def count_orphans(self, removed: int) -> None:
        """Count originals of dead uploads that were removed."""

    def count_erased(self, cause: str, documents: int) -> None:
        """Count documents that were erased because they were in the bin for long, or old."""

    def set_oldest_document(self, seconds: float) -> None:
        """Set how long ago the oldest document was handed in."""

    def set_depth(self, depth: QueueDepth, now: datetime) -> None:
        """Set how much work waits."""

    def set_ledger(self, checked_at: datetime | None, checked: int, faults: Mapping[str, int]) -> None:
        """Set when the ledger was last checked, how many documents were in this round, and the faults by kind."""

    def set_failing_exports(self, batches: int) -> None:
        """Set how many batches have exports that are due and failed the last time."""

    def set_outdated(self, documents: int) -> None:
        """Set how many open documents carry an older policy than the newest."""

    def count_delivery(self, outcome: str) -> None:
        """Count an attempt to tell a webhook something: delivered, failed, or dead when it was the last."""

    def set_deliveries(self, backlog: DeliveryBacklog, now: datetime) -> None:
        """Set what webhooks have not been told yet."""

    def set_watched(self, places: Sequence[WatchedPlace], now: datetime) -> None:
        """Set how the watched places fare."""


class AttemptRunner:
    """Makes attempts, and tells why one failed. What follows from that is the queue's to decide: it counts in the records."""

    def __init__(self, records: Records, *, read: Read, classify: Classify, observer: OrchestratorObserver) -> None:
        self.records, self.read, self.classify, self.observer = records, read, classify, observer
        self._records, self._terms = Executor("attempts", 4), Executor("terms", 1)

    async def run(self, claim: Claim) -> None:
        """Make one attempt at a document; whatever fails is recorded or logged, never raised."""
        started = time.monotonic()
        above = find_document_trace(claim.document.trace_id, claim.document.root)
        waited = record_waiting(claim, above)
        if claim.attempt > 1:
            self.observer.count_repeated()
        elif claim.document.parent is None:  # a part has waited for whoever split its file
            self.observer.observe_stage("wait", waited)
        document = claim.document
        ids = {"batch": document.batch, "document": document.id, "attempt": claim.attempt}
        with continuing(above.to_header(), **ids), open_attempt(claim) as attempt:
            log.info("attempt started", extra={"waited_seconds": round(waited, 3)})
            try:
                await self._attempt(claim, attempt)
            except LeaseLost:
                attempt.say(outcome="late")
                log.warning("late write refused")
            except Exception as error:
                await self._put_back(claim, error, attempt)
            finally:
                self.observer.observe_stage("whole", time.monotonic() - started)

    async def _attempt(self, claim: Claim, attempt: TraceSpan) -> None:
        started = time.monotonic()
        read = await self._read(claim)
        if isinstance(read, ReadingFailure):
            await self._records.run(self._fail, claim, read.message)
            self.observer.count_failed(read.message.code)
            attempt.say(outcome="failed", error=read.message.code)
            log.info("document failed", extra={"cause": read.message.code})
            return
        text = read.text
        self.observer.observe_stage("read", time.monotonic() - started)
        classifying = time.monotonic()
        with span("classify"):
            prediction = await self.classify(text, claim.document.split)
        self.observer.observe_stage("classify", time.monotonic() - classifying)
        with span("complete"):
            completed_at = await self._complete(claim, text, prediction)
        verdict = prediction.verdict
        seconds = max(0.0, (completed_at - claim.document.submitted_at).total_seconds())
        self.observer.count_completed(claim.document, text, verdict, read.source, seconds)
        attempt.say(outcome="completed", label=verdict.label, pages=len(text.pages), needs_review=verdict.needs_review)
        facts = {"label": verdict.label, "confidence": verdict.confidence, "needs_review": verdict.needs_review}
        log.info("document classified", extra=facts | {"seconds": _seconds_since(started)})

    async def _read(self, claim: Claim) -> ReadingResult | ReadingFailure:
        """Have the document read by a reader, which may have to become free first."""
        result: ReadingResult | None = None
        with span("read") as opened:
            async for event in self.read(claim.document):
                if isinstance(event, PageProgress):
                    # The last page is recorded with the result, which follows at once: most documents have no other.
                    if event.done < event.pages:
                        await self._records.run(
                            self.records.queue.record_progress, claim, done=event.done, pages=event.pages
                        )
                elif isinstance(event, ReadingFailure):
                    opened.failed = True
                    return event
                else:
                    result = event
            if result is None:
                raise ConnectionError("the reading ended without a text")
            return result

    async def _complete(self, claim: Claim, text: DocumentText, prediction: Prediction) -> datetime:
        reading = ReadingSummary(
            len(text.pages), text.language, text.ocr_confidence, text.recipe, text.notes, len(text.words)
        )
        terms = await self._terms.run(extract_terms, text)
        is_auto = claim.document.split is SplitMode.AUTO
        ranges = select_sure(prediction.verdict.parts) if is_auto else ()

        def complete() -> datetime:
            now = self.records.clock.now()
            self.records.queue.complete(claim, reading, prediction, terms=terms, ranges=ranges, now=now)
            return now

        return await self._records.run(complete)

    async def _put_back(self, claim: Claim, error: Exception, attempt: TraceSpan) -> None:
        cause, message = find_cause(error)
        attempt.failed = True
        attempt.say(outcome="put-back", cause=cause.name, error=message.code)
        self.observer.count_put_back(cause.name)
        detail = f"{type(error).__name__}: {error}"[:500]
        known = isinstance(error, SakeError | ConnectionError)
        # The words of an unforeseen error may quote the document: they are for the records only.
        facts = {"cause": cause.name, "error": detail if known else type(error).__name__}
        log.warning("attempt put back", extra=facts, exc_info=None if known else error)
        try:
            status = await self._records.run(self._requeue, claim, cause, message, detail)
        except SakeError as failure:
            # Its lease will run out, and it is claimed again.
            log.warning("putting back failed", extra={"error": failure.message})
            return
        if status is Status.NEEDS_OPS:
            self.observer.count_left_to_ops()

    def _fail(self, claim: Claim, error: Message) -> None:
        self.records.queue.fail(claim, error, now=self.records.clock.now())

    def _requeue(self, claim: Claim, cause: Cause, error: Message, detail: str) -> Status:
        return self.records.queue.requeue(claim, cause, error, detail=detail, now=self.records.clock.now())


def _seconds_since(started: float) -> float:
    return round(time.monotonic() - started, 3)


def find_cause(error: Exception) -> tuple[Cause, Message]:
    """Find why an attempt failed, and the sentence for whoever looks at the document: folders and addresses are for the log."""
    if isinstance(error, OSError | MemoryError):  # the replica was lost, or lacks disk or memory
        return Cause.LOST, Message("attempt-lost")
    if isinstance(error, StorageUnavailable):
        return Cause.SERVICE, Message("storage-failed")
    if isinstance(error, SakeError):
        return Cause.SERVICE if isinstance(error, OF_THE_SERVICE) else Cause.DOCUMENT, error.message
    return Cause.UNEXPECTED, Message("attempt-unexpected")
