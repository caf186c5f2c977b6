"""Classify many files: the journal answers first, then the text cache; Ray reads the rest."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from sake_ray.batch.classification import classify_cached
from sake_ray.batch.journal import ResultJournal
from sake_ray.batch.result import ClassificationResult
from sake_ray.classifier import Classifier
from sake_ray.data.reading import ReadingOptions
from sake_ray.data.sources import S3Endpoint, SourceFile, hash_sources
from sake_ray.domain.documents import Status
from sake_ray.domain.progress import Progress
from sake_ray.domain.texts import Recipe
from sake_ray.domain.verdicts import Policy
from sake_ray.errors import PASSING_FAULTS, Message, to_error
from sake_ray.storage.objects import ObjectStore

UNREAD = "unread "
"""Stands before the number of a source whose bytes could not be read, in place of their digest."""


@dataclass(frozen=True, slots=True)
class ClassificationContext:
    """What a run works with; `open_ray` connects to Ray for the duration of a block."""

    model_version: str
    model_sha256: str
    classifier: Classifier
    policy: Policy
    options: ReadingOptions
    recipe: Recipe
    store: ObjectStore
    buckets: S3Endpoint
    open_ray: Callable[[], AbstractContextManager[None]]


class SourceResults:
    """The results of a run, in the order of its sources.

    Copies of the same bytes wait under one digest, and share one result.
    """

    def __init__(self, sources: Sequence[SourceFile], model_version: str, on_progress: Progress) -> None:
        self.sources = sources
        self.waiting: dict[str, list[int]] = {}
        self.done = 0
        self._results: list[ClassificationResult | None] = [None] * len(sources)
        self._model_version = model_version
        self._on_progress = on_progress

    def put(self, index: int, result: ClassificationResult) -> None:
        """Put the result of one source in its place."""
        self._results[index] = result
        self.done += 1

    def settle(self, digest: str, result: ClassificationResult, journal: ResultJournal | None) -> None:
        """Put a result in the place of every copy of these bytes, and write it to the journal first."""
        for index in self.waiting.pop(digest):
            own = replace(result, path=self.sources[index].path, model_version=self._model_version)
            if own.status == Status.FAILED:
                own = replace(own, sha256="" if digest.startswith(UNREAD) else digest)
            # What is not the document's own fault is tried again by the next run.
            if journal and not (own.status == Status.FAILED and is_passing(own.error)):
                journal.add(own)
            self.put(index, own)
        self.report()

    def report(self) -> None:
        """Report how many sources have their result."""
        self._on_progress(self.done, len(self.sources))

    def all(self) -> list[ClassificationResult]:
        """The results that are there."""
        return [result for result in self._results if result is not None]


def classify_files(
    sources: Sequence[SourceFile],
    context: ClassificationContext,
    *,
    journal_path: Path | None,
    retry_failed: bool,
    on_progress: Progress,
    on_stage: Callable[[str], None],
) -> list[ClassificationResult]:
    """Classify the sources; results in their order. An interrupted run goes on from its journal.

    Raises AlreadyRunning when another run writes that journal, SetupError when Ray cannot be had.
    """
    results = SourceResults(sources, context.model_version, on_progress)
    with _open_journal(journal_path, context) as journal:
        digests = hash_sources(sources, buckets=context.buckets, max_bytes=context.options.limits.max_bytes)
        find_known(results, digests, journal, retry_failed=retry_failed)
        if results.done:
            on_stage(f"{results.done} of {len(sources)} documents are known from an earlier run.")
        results.report()
        take_cached(results, context, journal)
        read_rest(results, context, journal)
    return results.all()


def find_known(
    results: SourceResults, digests: Iterable[str], journal: ResultJournal | None, *, retry_failed: bool
) -> None:
    """Take from the journal what an earlier run finished; everything else waits, under the digest of its bytes."""
    for index, digest in enumerate(digests):
        path = results.sources[index].path
        known = journal.find(path, digest, retry_failed=retry_failed) if journal else None
        if known:
            results.put(index, known)
        else:
            results.waiting.setdefault(digest or f"{UNREAD}{index}", []).append(index)


def take_cached(results: SourceResults, context: ClassificationContext, journal: ResultJournal | None) -> None:
    """Classify what was read before, without Ray."""
    digests = list(results.waiting)
    cached = classify_cached(
        digests, context.classifier, policy=context.policy, store=context.store, recipe=context.recipe
    )
    for place, result in cached:
        results.settle(digests[place], result, journal)


def read_rest(results: SourceResults, context: ClassificationContext, journal: ResultJournal | None) -> None:
    """Have Ray read and classify what still waits; nothing is started when nothing does."""
    if not results.waiting:
        return
    digests = list(results.waiting)
    firsts = [results.sources[indexes[0]] for indexes in results.waiting.values()]
    with context.open_ray():
        # Ray reads its environment when it is imported, so not earlier.
        from sake_ray.batch.pipeline import classify_sources

        for place, result in classify_sources(
            firsts,
            context.classifier,
            policy=context.policy,
            options=context.options,
            store=context.store,
            buckets=context.buckets,
        ):
            results.settle(digests[place], result, journal)


def is_passing(error: str) -> bool:
    """Tell whether an error is no fault of the document, so that another run may do better."""
    if not isinstance(error, Message):
        return False
    return error.code == "attempt-unexpected" or isinstance(to_error(error), PASSING_FAULTS)


@contextmanager
def _open_journal(path: Path | None, context: ClassificationContext) -> Iterator[ResultJournal | None]:
    """Hold the journal for this run; without a path there is none."""
    if path is None:
        yield None
        return
    made_by = f"{context.model_sha256}/{context.policy.name}"
    with ResultJournal(path, model=made_by, recipe=context.recipe.name).open() as journal:
        yield journal
