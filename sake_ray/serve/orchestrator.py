"""Work off the queue: claim documents, have them read and classified, record what came of it."""

import asyncio
import logging
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from sake_ray.domain.documents import Claim, Document, ReadingSummary
from sake_ray.domain.texts import DocumentText
from sake_ray.domain.verdicts import Prediction
from sake_ray.errors import LeaseLost, SakeError
from sake_ray.serve.exports import export_batch
from sake_ray.serve.search import index_missing, terms_of_text
from sake_ray.storage.objects import ObjectStore
from sake_ray.storage.records import QueueDepth, Records

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=30)
RENEW_SECONDS = 8.0
IDLE_SECONDS = 0.25
TROUBLE_SECONDS = 2.0
PAUSE, LONGEST_PAUSE = timedelta(seconds=1), timedelta(minutes=2)
"""A document whose attempt failed through no fault of its own waits twice as long each time, so that others go on."""

REAPPLIED_AT_ONCE = 200
EVERYBODY_KNOWS = timedelta(minutes=2)

SURPRISES = 3
"""So many failures that nobody foresaw, and the document is given up: it may be what provokes them."""
GAVE_UP = (
    "Reading this document failed three times in an unforeseen way. Tell ops; print it to PDF again, or scan it anew."
)


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

    sentence: str


News = PageProgress | ReadingResult | ReadingFailure
Read = Callable[[Document], AsyncIterator[News]]
Classify = Callable[[DocumentText], Awaitable[Prediction]]


class OrchestratorObserver:
    """What the orchestrator tells the metrics; by itself it keeps nothing."""

    def ended(self, status: str, label: str) -> None:
        """A document ended."""

    def took(self, stage: str, seconds: float) -> None:
        """A stage took so long."""

    def read(self, ocr_confidence: float) -> None:
        """A document was read by OCR with that confidence."""

    def put_back(self) -> None:
        """An attempt failed through no fault of the document."""

    def depth(self, depth: QueueDepth, now: datetime) -> None:
        """So much work waits."""


class Orchestrator:
    """Keeps up to `at_once` documents in work; whatever kills it, another goes on when the leases have run out."""

    def __init__(
        self,
        records: Records,
        store: ObjectStore,
        *,
        read: Read,
        classify: Classify,
        at_once: int,
        watch: OrchestratorObserver,
    ) -> None:
        self.records, self.store = records, store
        self.read, self.classify, self.at_once, self.watch = read, classify, at_once, watch
        self.worker = uuid4().hex
        self._running: dict[asyncio.Task[None], Claim] = {}
        self._surprises: Counter[str] = Counter()
        self._applied = 0
        self.last_round = time.monotonic()

    async def run(self) -> None:
        """Work until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._claim_forever())
            group.create_task(self._forever(self._renew, RENEW_SECONDS))
            group.create_task(self._forever(self._export, 1.0))
            group.create_task(self._forever(self._measure, 5.0))
            group.create_task(self._forever(self.apply_policy, 5.0))
            group.create_task(self._catch_up())

    async def _claim_forever(self) -> None:
        while True:
            try:
                claims = await asyncio.to_thread(self._claim)
            except SakeError as error:
                log.error("claiming failed", extra={"error": str(error)})
                await asyncio.sleep(TROUBLE_SECONDS)
                continue
            self.last_round = time.monotonic()
            for claim in claims:
                task = asyncio.create_task(self._work(claim))
                self._running[task] = claim
                task.add_done_callback(self._running.pop)
            if len(self._running) >= self.at_once:
                await asyncio.wait(self._running, timeout=TROUBLE_SECONDS, return_when=asyncio.FIRST_COMPLETED)
            elif not claims:
                await asyncio.sleep(IDLE_SECONDS)

    def _claim(self) -> tuple[Claim, ...]:
        free, now = self.at_once - len(self._running), datetime.now(UTC)
        if free <= 0 or not self.records.queue.anything_waits(now):
            return ()
        return self.records.queue.claim(self.worker, most=free, lease=LEASE, now=now)

    async def _work(self, claim: Claim) -> None:
        """Make one attempt at a document; the only place that turns an unexpected failure into a document's own."""
        started = time.monotonic()
        try:
            await self._attempt(claim)
        except LeaseLost:
            log.warning("late write refused", extra=_ids(claim))
        except ConnectionError as error:
            await self._put_back(claim, str(error))
        except SakeError as error:
            await self._put_back(claim, f"{type(error).__name__}: {error}")
        except Exception:
            log.exception("attempt failed", extra=_ids(claim))
            await self._give_up_or_put_back(claim)
        finally:
            self.watch.took("whole", time.monotonic() - started)

    async def _attempt(self, claim: Claim) -> None:
        started = time.monotonic()
        text: DocumentText | None = None
        async for news in self.read(claim.document):
            if isinstance(news, PageProgress):
                await asyncio.to_thread(self.records.queue.progress, claim, done=news.done, pages=news.pages)
            elif isinstance(news, ReadingFailure):
                await asyncio.to_thread(self.records.queue.fail, claim, news.sentence, now=datetime.now(UTC))
                self.watch.ended("FAILED", "")
                log.info("document failed", extra=_ids(claim))
                return
            else:
                text = news.text
        if text is None:
            raise ConnectionError("the reading ended without a text")
        self.watch.took("read", time.monotonic() - started)
        if text.ocr_confidence is not None:
            self.watch.read(text.ocr_confidence)
        started = time.monotonic()
        prediction = await self.classify(text)
        self.watch.took("classify", time.monotonic() - started)
        reading = ReadingSummary(len(text.pages), text.language, text.ocr_confidence, text.recipe)
        terms = await asyncio.to_thread(terms_of_text, text)
        await asyncio.to_thread(
            self.records.queue.complete, claim, reading, prediction, terms=terms, now=datetime.now(UTC)
        )
        self.watch.ended("COMPLETED", prediction.verdict.label or "")
        log.info("document classified", extra=_ids(claim) | {"label": prediction.verdict.label})

    async def _give_up_or_put_back(self, claim: Claim) -> None:
        self._surprises[claim.document.id] += 1
        if self._surprises[claim.document.id] < SURPRISES:
            await self._put_back(claim, "an unexpected failure; see the log")
            return
        del self._surprises[claim.document.id]
        try:
            await asyncio.to_thread(self.records.queue.fail, claim, GAVE_UP, now=datetime.now(UTC))
            self.watch.ended("FAILED", "")
        except SakeError as error:
            log.warning("failing failed", extra=_ids(claim) | {"error": str(error)})

    async def _put_back(self, claim: Claim, why: str) -> None:
        self.watch.put_back()
        log.warning("attempt put back", extra=_ids(claim) | {"error": why[:500]})
        now = datetime.now(UTC)
        later = now + min(PAUSE * 2 ** min(claim.attempt - 1, 10), LONGEST_PAUSE)
        try:
            await asyncio.to_thread(self.records.queue.put_back, claim, why[:500], not_before=later, now=now)
        except SakeError as error:
            # Its lease will run out, and it is claimed again.
            log.warning("putting back failed", extra=_ids(claim) | {"error": str(error)})

    async def _forever(self, step: Callable[[], None], seconds: float) -> None:
        while True:
            try:
                await asyncio.to_thread(step)
            except SakeError as error:
                log.error("round failed", extra={"step": step.__name__, "error": str(error)})
            await asyncio.sleep(seconds)

    async def _catch_up(self) -> None:
        """Index what was recorded before there was an index, beside the work; a kill loses the last few documents of it."""
        after: str | None = ""
        while after is not None:
            try:
                after = await asyncio.to_thread(index_missing, self.records, self.store, after=after)
            except SakeError as error:
                log.error("indexing failed", extra={"error": str(error)})
                await asyncio.sleep(TROUBLE_SECONDS)

    def _renew(self) -> None:
        claims = list(self._running.values())
        if claims:
            self.records.queue.renew(claims, lease=LEASE, now=datetime.now(UTC))

    def _export(self) -> None:
        for uuid, changes in self.records.documents.due_exports():
            export_batch(self.records, self.store, uuid)
            self.records.documents.exported(uuid, changes)

    def apply_policy(self) -> None:
        """Bring what is open under the newest policy; for a while, since a predictor may not have heard of it yet."""
        policy = self.records.policies.newest()
        if policy is None or policy.version == self._applied:
            return
        while self.records.policies.reapply(policy, limit=REAPPLIED_AT_ONCE, now=datetime.now(UTC)):
            pass
        if policy.since and datetime.now(UTC) - policy.since > EVERYBODY_KNOWS:
            self._applied = policy.version

    def _measure(self) -> None:
        self.watch.depth(self.records.queue.depth(), datetime.now(UTC))


def _ids(claim: Claim) -> dict[str, object]:
    return {"batch": claim.document.batch, "document": claim.document.id, "attempt": claim.attempt}
