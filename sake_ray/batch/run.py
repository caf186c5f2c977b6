"""Classify many files: the journal answers first, then the text cache; readers of this machine or Ray read the rest."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from sake_ray.batch.classification import ClassifiedSource, classify_cached, classify_outcomes
from sake_ray.batch.journal import ResultJournal
from sake_ray.batch.progress import OnRunProgress, ProgressTracker
from sake_ray.batch.result import ClassificationResult
from sake_ray.batch.results import SourceResults, find_known, list_known
from sake_ray.classifier import Classifier
from sake_ray.data.document_claims import ClaimTable
from sake_ray.data.local_reading import read_locally
from sake_ray.data.portion_reader import OutcomeKind, PortionReader
from sake_ray.data.portions import Portion, PortionSource, estimate_source, plan_portions
from sake_ray.data.reading import Reader
from sake_ray.data.sources import RecentBytes, S3Endpoint, SourceFile, hash_sources
from sake_ray.domain.verdicts import Policy
from sake_ray.storage.objects import ObjectStore

MAX_EXAMINED = 500
"""So many sources are looked at one by one, here; with more of them it is the workers of Ray that look."""


@dataclass(frozen=True, slots=True)
class ClassificationContext:
    """What a run works with; `open_ray` connects to Ray for the duration of a block.

    Reading that takes at most `local_seconds` of CPU time is done without Ray, by `cpus` readers, of which `reader` is the first.
    """

    model_version: str
    model_sha256: str
    classifier: Classifier
    policy: Policy
    reader: Reader
    store: ObjectStore
    buckets: S3Endpoint
    cpus: int
    local_seconds: float
    open_ray: Callable[[], AbstractContextManager[None]]

    @property
    def max_bytes(self) -> int:
        """The bytes that a document may have."""
        return self.reader.options.limits.max_bytes

    @property
    def max_pages(self) -> int:
        """The pages that a document may have."""
        return self.reader.options.limits.max_pages


def classify_files(
    sources: Sequence[SourceFile],
    context: ClassificationContext,
    *,
    journal_path: Path | None,
    retry_failed: bool,
    on_progress: OnRunProgress,
    on_stage: Callable[[str], None],
) -> list[ClassificationResult]:
    """Classify the sources; results in their order. An interrupted run goes on from its journal.

    Raises AlreadyRunning when another run writes that journal, SetupError when Ray cannot be had.
    """
    tracker = ProgressTracker([estimate_source(source, max_pages=context.max_pages) for source in sources], on_progress)
    results = SourceResults(sources, context.model_version, tracker)
    with _open_journal(journal_path, context) as journal:
        run = ClassificationRun(results, context, journal, retry_failed)
        look, read = (run.examine, run.read_waiting) if len(sources) <= MAX_EXAMINED else (run.recall, run.read_missing)
        look()
        if results.done:
            on_stage(f"{results.done} of {len(sources)} documents are known from an earlier run.")
        tracker.report()
        read()
    return results.all()


class ClassificationRun:
    """One run: what it works with, and what it has so far."""

    def __init__(
        self,
        results: SourceResults,
        context: ClassificationContext,
        journal: ResultJournal | None,
        retry_failed: bool,
    ) -> None:
        self.results, self.context, self.journal, self.retry_failed = results, context, journal, retry_failed
        self._fetch = RecentBytes(context.buckets, max_bytes=context.max_bytes)
        self._seconds: defaultdict[int, float] = defaultdict(float)

    def examine(self) -> None:
        """Look at the bytes of every source, for what an earlier run finished."""
        digests = hash_sources(self.results.sources, fetch=self._fetch, max_bytes=self.context.max_bytes)
        find_known(self.results, digests, self.journal, retry_failed=self.retry_failed)

    def recall(self) -> None:
        """Look only at the files of this machine that the journal knows; objects are left to the workers."""
        sources, known = self.results.sources, list_known(self.results, self.journal, retry_failed=self.retry_failed)
        indexes = [index for index in known if not sources[index].is_object]
        looked_at = [sources[index] for index in indexes]
        digests = hash_sources(looked_at, fetch=self._fetch, max_bytes=self.context.max_bytes)
        for index, digest in zip(indexes, digests, strict=True):
            self._put_known(index, digest)

    def read_waiting(self) -> None:
        """Classify what examined sources still wait for: from the text cache, here, or on Ray."""
        self._take_cached()
        if self.results.waiting:
            portions, is_little = self._survey()
            if is_little:
                self._read_here(portions)
            else:
                self._read_on_ray(portions)

    def read_missing(self) -> None:
        """Have Ray read and classify every source that has no result; nothing is started when all have."""
        if missing := self.results.missing():
            self._read_on_ray(plan_portions(missing, cpus=self.context.cpus, max_pages=self.context.max_pages))

    def _take_cached(self) -> None:
        digests = list(self.results.waiting)
        context = self.context
        cached = classify_cached(
            digests, context.classifier, policy=context.policy, store=context.store, recipe=context.reader.recipe
        )
        for place, result in cached:
            self.results.settle(digests[place], result, self.journal)

    def _survey(self) -> tuple[list[Portion], bool]:
        """Divide the waiting sources into portions, and tell whether that is little work; if not, the survey ends early."""
        context = self.context
        waiting = [(indexes[0], self.results.sources[indexes[0]]) for indexes in self.results.waiting.values()]
        reads = PortionReader(context.reader, context.store, fetch=self._fetch, claims=ClaimTable(), known={})
        portions: list[Portion] = []
        seconds = 0.0
        for place, (index, source) in enumerate(waiting):
            if seconds > context.local_seconds:
                return portions + plan_portions(waiting[place:], cpus=context.cpus, max_pages=context.max_pages), False
            guess = estimate_source(source, max_pages=context.max_pages)
            divided = reads.survey(Portion((PortionSource(index, source.location),), guess))
            seconds += sum(portion.seconds for portion in divided)
            portions += divided
        return portions, seconds <= context.local_seconds

    def _read_here(self, portions: Sequence[Portion]) -> None:
        context, tracker = self.context, self.results.tracker
        outcomes = read_locally(
            portions,
            reader=context.reader,
            cpus=context.cpus,
            store=context.store,
            fetch=self._fetch,
            on_page=lambda index, count: tracker.add_pages(index, 1, count),
        )
        for outcome in outcomes:
            for classified in classify_outcomes([outcome], context.classifier, context.policy):
                self._take(classified)

    def _read_on_ray(self, portions: Sequence[Portion]) -> None:
        context, tracker = self.context, self.results.tracker
        context.reader.close()  # the workers have their own
        with context.open_ray():
            # Ray reads its environment when it is imported, so not earlier.
            from sake_ray.batch.pipeline import classify_portions

            for classified in classify_portions(
                portions,
                context.classifier,
                policy=context.policy,
                options=context.reader.options,
                store=context.store,
                buckets=context.buckets,
                known=list_known(self.results, self.journal, retry_failed=self.retry_failed),
            ):
                outcome = classified.outcome
                self._take(classified)
                if outcome.kind is OutcomeKind.READ or outcome.kind is OutcomeKind.PAGES:
                    tracker.add_pages(outcome.index, outcome.pages, outcome.count)

    def _take(self, classified: ClassifiedSource) -> None:
        """Take what came of a source in one portion."""
        outcome, result = classified.outcome, classified.result
        index = outcome.index
        self._seconds[index] += outcome.seconds
        if outcome.kind is OutcomeKind.KNOWN:
            self._put_known(index, outcome.sha256)
            self.results.tracker.report()
            return
        digest = self.results.identify(index, outcome.sha256, self.journal)
        if result:
            result = replace(result, seconds=round(self._seconds[index], 3))
            self.results.settle(digest, result, self.journal)

    def _put_known(self, index: int, digest: str) -> None:
        """Put the result that an earlier run had for these bytes, if it had one."""
        path = self.results.sources[index].path
        known = self.journal.find(path, digest, retry_failed=self.retry_failed) if self.journal else None
        if known:
            self.results.put(index, known)


@contextmanager
def _open_journal(path: Path | None, context: ClassificationContext) -> Iterator[ResultJournal | None]:
    """Hold the journal for this run; without a path there is none."""
    if path is None:
        yield None
        return
    made_by = f"{context.model_sha256}/{context.policy.name}"
    with ResultJournal(path, model=made_by, recipe=context.reader.recipe.name).open() as journal:
        yield journal
