"""Process the queue: claim documents, have attempts made, renew leases; keep exports and index up to date, tell webhooks."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta
from uuid import uuid4

from sake_ray.domain.documents import Claim, Document
from sake_ray.domain.erasures import ErasureCause
from sake_ray.domain.texts import Recipe
from sake_ray.erasure import Eraser
from sake_ray.erasure.retention import RetentionRounds
from sake_ray.errors import NotFound, ObjectMissing, OriginalDamaged, ReadingStalled, SakeError
from sake_ray.ledger import Installation
from sake_ray.ledger.rounds import check_next
from sake_ray.serve.attempts import AttemptRunner, Classify, OrchestratorObserver, Read
from sake_ray.serve.executors import Executor
from sake_ray.serve.exports import export_batch
from sake_ray.serve.figures import Figure, FigureGatherer, Places
from sake_ray.serve.originals import collect_orphans
from sake_ray.serve.policy_rounds import PolicyRounds
from sake_ray.serve.search import index_texts, index_without_words
from sake_ray.serve.webhook_rounds import WebhookRounds
from sake_ray.serve.webhooks import WebhookParts
from sake_ray.storage.objects import ObjectStore
from sake_ray.storage.records import ExportClaim, Records
from sake_ray.storage.records.clock import MAX_LEASE
from sake_ray.storage.records.clock_watch import ClockWatch
from sake_ray.storage.records.faults import CheckState

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=30)
RENEW_SECONDS = 8.0
IDLE_SECONDS = 0.25
RETRY_SECONDS = 2.0
CHECK_SECONDS = 60.0
FIGURE_SECONDS, FIGURES_GOOD_FOR = 60.0, 200.0
"""How often figures are gathered, and for how long they are exported: without the records they vanish, and are not wrong."""
COLLECT_SECONDS = 600.0
ERASE_SECONDS = 5.0
INDEX_CHUNK = 50
EXPORT_LEASE = timedelta(minutes=2)
"""Longer than exporting a batch takes. After it another attempt is made: the orchestrator was killed, or the store hangs."""
EXPORT_PAUSE, MAX_EXPORT_PAUSE = timedelta(seconds=2), timedelta(minutes=10)
"""A batch whose exports failed waits twice as long each time, so that the others go on."""
EXPORT_REST = 9
"""A batch rests so many times as long as its exports took: a large one that changes all the time takes a tenth of the thread."""
EXPORTS_A_ROUND = 20


class Orchestrator:
    """Keeps up to `max_in_work` documents in work; whatever kills it, another goes on when the leases have run out."""

    def __init__(
        self,
        records: Records,
        store: ObjectStore,
        *,
        read: Read,
        classify: Classify,
        max_in_work: int,
        observer: OrchestratorObserver,
        recipe: Recipe | None = None,
        remake: Callable[[Document], Awaitable[None]] | None = None,
        webhooks: WebhookParts | None = None,
        eraser: Eraser | None = None,
        bin_days: float = 30,
        retention_months: int = 0,
        places: Places = Places(),  # noqa: B008 - frozen
    ) -> None:
        """`recipe` is the one by which `remake` makes a text again.

        Without `webhooks` none of them is told anything, and without an `eraser` others go on with erasures.
        """
        self.bin_days = timedelta(days=bin_days)
        self.retention = RetentionRounds(records, default_months=retention_months)
        self.recipe, self.remake, self.eraser = recipe, remake, eraser
        self.records, self.store, self.max_in_work, self.observer = records, store, max_in_work, observer
        self.runner = AttemptRunner(records, read=read, classify=classify, observer=observer)
        self.worker = uuid4().hex
        self.last_round = time.monotonic()
        self._running: dict[asyncio.Task[None], Claim] = {}
        self.policy_rounds = PolicyRounds(records)
        self.webhook_rounds = WebhookRounds(records, webhooks, observer) if webhooks else None
        self.installation = Installation(records, store, recipe)
        self.gatherer = FigureGatherer(records, places)
        self._figures: Sequence[Figure] = ()
        self._figures_at = -FIGURES_GOOD_FOR
        self._checked: CheckState | None = None
        self._faults: Mapping[str, int] = {}
        self._claiming = Executor("claim", 1)
        self._clock = ClockWatch(records.clock.now, settling=LEASE, on_set_back=self._bring_back)
        self._has_begun = False

    async def run(self) -> None:
        """Work until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._claim_forever())
            group.create_task(self._repeat(self._renew, RENEW_SECONDS))
            group.create_task(self._repeat(self._export, 1.0))
            group.create_task(self._repeat(self.measure, 5.0))
            group.create_task(self._repeat(self.gather_figures, FIGURE_SECONDS))
            group.create_task(self._repeat(self.apply_policy, 5.0))
            group.create_task(self._repeat(self.tell_webhooks, 5.0))
            group.create_task(self._repeat(self.check_ledger, CHECK_SECONDS))
            group.create_task(self._repeat(self.collect_orphans, COLLECT_SECONDS))
            group.create_task(self._repeat(self.erase, ERASE_SECONDS))
            group.create_task(self._index_missing())

    async def _claim_forever(self) -> None:
        while True:
            try:
                claims = await self._claiming.run(self._claim)
            except SakeError as error:
                log.error("claiming failed", extra={"error": error.message})
                await asyncio.sleep(RETRY_SECONDS)
                continue
            self.last_round = time.monotonic()
            for claim in claims:
                task = asyncio.create_task(self.runner.run(claim))
                self._running[task] = claim
                task.add_done_callback(self._running.pop)
            if len(self._running) >= self.max_in_work:
                await asyncio.wait(self._running, timeout=RETRY_SECONDS, return_when=asyncio.FIRST_COMPLETED)
            elif not claims:
                await asyncio.sleep(IDLE_SECONDS)

    def _claim(self) -> tuple[Claim, ...]:
        look, free = self._clock.look(), self.max_in_work - len(self._running)
        now = look.now
        if not self._has_begun:
            # It may have been set back while nobody looked.
            self.records.clock.bring_back(now, lease=LEASE)
            self._has_begun = True
        takes_lost, count_lost = look.is_settled, self.observer.count_lost
        if free <= 0 or not self.records.queue.has_claimable(now, takes_lost=takes_lost):
            return ()
        claim = self.records.queue.claim
        return claim(self.worker, limit=free, lease=LEASE, now=now, takes_lost=takes_lost, on_lost=count_lost)

    def _bring_back(self, now: datetime) -> None:
        self.records.clock.bring_back(now, lease=LEASE, pause=timedelta(0))

    async def _repeat(self, step: Callable[[], float | None], seconds: float) -> None:
        """Take the step again and again, on a thread that only this step uses: leases are renewed while an export hangs.

        A step that returns a number sets the pause before the next one.
        """
        executor = Executor(step.__name__.strip("_"), 1)
        while True:
            pause: float | None = None
            try:
                pause = await executor.run(step)
            except SakeError as error:
                log.error("round failed", extra={"step": step.__name__, "error": error.message})
            await asyncio.sleep(seconds if pause is None else pause)

    async def _index_missing(self) -> None:
        """Index what was recorded before there was an index, beside the work; a kill loses the last few documents of it."""
        executor = Executor("index_missing", 1)
        after: str | None = ""
        while after is not None:
            try:
                after = await self._index_chunk(executor, after)
            except SakeError as error:
                log.error("indexing failed", extra={"error": error.message})
                await asyncio.sleep(RETRY_SECONDS)

    async def _index_chunk(self, executor: Executor, after: str) -> str | None:
        """Index some documents; return the id to continue after, None when all are done."""
        found = await executor.run(self.records.search.list_missing, after=after, limit=INDEX_CHUNK)
        without_text = await executor.run(self._index_texts, found)
        remade = [document for document in without_text if await self._is_remade(document)]
        gone = await executor.run(self._index_texts, remade)
        await executor.run(index_without_words, self.records, gone)
        return found[-1].id if found else None

    def _index_texts(self, found: Sequence[Document]) -> tuple[Document, ...]:
        return index_texts(self.records, self.store, found, current=self.recipe)

    async def _is_remade(self, document: Document) -> bool:
        """Have a text made again, if it can be; False when the next start is to try it again."""
        try:
            if self.remake:
                await self.remake(document)
        except ReadingStalled:
            return False
        except (NotFound, ObjectMissing, OriginalDamaged):
            pass
        return True

    def _renew(self) -> None:
        claims = list(self._running.values())
        if claims:
            self.records.queue.renew(claims, lease=LEASE, now=self.records.clock.now())

    def _export(self) -> None:
        for _ in range(EXPORTS_A_ROUND):
            now = self.records.clock.now()
            if not self.records.exports.has_due(now):
                return
            claim = self.records.exports.claim(lease=EXPORT_LEASE, now=now)
            if claim:
                self._export_one(claim)

    def _export_one(self, claim: ExportClaim) -> None:
        began = time.monotonic()
        try:
            export_batch(self.records, self.store, claim.batch)
        except Exception as error:
            # Whatever it is, it must stop neither the other exports nor the orchestrator.
            unforeseen = not isinstance(error, SakeError)
            reason = f"{type(error).__name__}: {error}"[:500]
            said = type(error).__name__ if unforeseen else reason  # the words may quote a document
            ids = {"batch": claim.batch, "attempt": claim.attempt, "error": said}
            log.error("export failed", extra=ids, exc_info=unforeseen)
            pause = min(EXPORT_PAUSE * 2 ** min(claim.attempt - 1, 10), MAX_EXPORT_PAUSE)
            self.records.exports.fail(claim, reason, not_before=self.records.clock.now() + pause)
        else:
            rest = timedelta(seconds=EXPORT_REST * (time.monotonic() - began))
            self.records.exports.complete(claim, now=self.records.clock.now(), pause=rest)

    def apply_policy(self) -> float:
        """Bring a few open documents under the newest policy; return the seconds before the next few."""
        return self.policy_rounds.run_next()

    def tell_webhooks(self) -> float | None:
        """Begin to deliver what is due to webhooks; return the seconds until the next look."""
        return self.webhook_rounds.run_next() if self.webhook_rounds else None

    def collect_orphans(self) -> None:
        """Remove the originals of uploads that died; not while the clock is distrusted, by which they did."""
        look = self._clock.look()
        if look.is_settled:
            self.observer.count_orphans(collect_orphans(self.records, self.store, now=look.now))

    def erase(self) -> None:
        """Erase a few documents that are in the bin for long, or old; and go on with all erasures.

        After the clock was set nothing becomes old for a quarter of an hour: it may have been a mistake that is corrected soon.
        """
        try:
            if self.eraser:
                look = self._clock.look()
                now = look.now
                if look.steady_seconds >= MAX_LEASE.total_seconds():
                    binned = self.eraser.empty_bin(self.bin_days, now=now)
                    self.observer.count_erased(ErasureCause.BIN.value, binned)
                    self.observer.count_erased(ErasureCause.RETENTION.value, self.retention.run_next(now=now))
                oldest = self.records.retention.find_oldest()
                self.observer.set_oldest_document((now - oldest).total_seconds() if oldest else 0.0)
            while self.eraser and self.eraser.run_next(now=self.records.clock.now()):
                pass
        except SakeError:
            raise
        except Exception:
            log.exception("erasure failed")  # whatever it is, documents go on being processed

    def measure(self) -> None:
        """Report how much waits, whose exports fail, how watched places fare, and what the last check found."""
        self.records.counts.fold()
        now = self.records.clock.now()
        self.observer.set_depth(self.records.queue.measure_depth(), now)
        self.observer.set_failing_exports(self.records.exports.count_failing())
        self.observer.set_outdated(self.policy_rounds.outdated)
        self.observer.set_deliveries(self.records.deliveries.measure_backlog(), now)
        self.observer.set_watched(self.records.watched.list_places(now), now)
        if time.monotonic() - self._figures_at < FIGURES_GOOD_FOR:
            self.observer.set_figures(self._figures)
        if self._checked:
            self.observer.set_ledger(self._checked.checked_at, self._checked.documents, self._faults)

    def gather_figures(self) -> None:
        """Gather from the records what takes longer to count."""
        try:
            self._figures = self.gatherer.gather(self.records.clock.now())
            self._figures_at = time.monotonic()
        except SakeError:
            raise
        except Exception:
            log.exception("figures not gathered")  # whatever it is, documents go on being processed

    def check_ledger(self) -> None:
        """Check the next few documents, batches, uploads and objects against each other."""
        try:
            self._checked = check_next(self.installation, now=self.records.clock.now())
        except SakeError:
            raise
        except Exception:
            log.exception("check failed")  # whatever it is, documents go on being processed
        faults = self.records.faults.count()
        if faults != self._faults:
            log.warning("ledger checked", extra={"faults": faults})
        self._faults = faults
