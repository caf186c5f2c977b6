"""Gather the results of a run: each source has its own in its place, copies share one, and the journal knows it first."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from sake_ray.batch.journal import ResultJournal
from sake_ray.batch.progress import ProgressTracker
from sake_ray.batch.result import ClassificationResult
from sake_ray.data.sources import SourceFile
from sake_ray.domain.documents import Status
from sake_ray.errors import PASSING_FAULTS, Message, to_error

UNREAD = "unread "
"""Stands before the number of a source whose bytes could not be read, in place of their digest."""


class SourceResults:
    """The results of a run, in the order of its sources.

    Copies of the same bytes wait under one digest, and share one result.
    """

    def __init__(self, sources: Sequence[SourceFile], model_version: str, tracker: ProgressTracker) -> None:
        self.sources, self.tracker = sources, tracker
        self.waiting: dict[str, list[int]] = {}
        self.done = 0
        self._digests: dict[int, str] = {}
        self._settled: dict[str, ClassificationResult] = {}
        self._results: list[ClassificationResult | None] = [None] * len(sources)
        self._model_version = model_version

    def put(self, index: int, result: ClassificationResult) -> None:
        """Put the result of one source in its place."""
        if self._results[index] is None:
            self._results[index] = result
            self.done += 1
            self.tracker.finish(index)

    def identify(self, index: int, sha256: str, journal: ResultJournal | None) -> str:
        """Name the bytes of a source; what copies of them have got, it gets at once. Returns the digest it waits under."""
        if index not in self._digests:
            digest = self._digests[index] = sha256 or f"{UNREAD}{index}"
            if digest in self._settled:
                self._put_own(index, digest, journal)
            else:
                self.waiting.setdefault(digest, []).append(index)
        return self._digests[index]

    def settle(self, digest: str, result: ClassificationResult, journal: ResultJournal | None) -> None:
        """Put a result in the place of every copy of these bytes, and write it to the journal first."""
        self._settled.setdefault(digest, result)
        for index in self.waiting.pop(digest, []):
            self._put_own(index, digest, journal)
        self.tracker.report()

    def _put_own(self, index: int, digest: str, journal: ResultJournal | None) -> None:
        own = replace(self._settled[digest], path=self.sources[index].path, model_version=self._model_version)
        if own.status == Status.FAILED:
            own = replace(own, sha256="" if digest.startswith(UNREAD) else digest)
        # What is not the document's own fault is tried again by the next run.
        if journal and not (own.status == Status.FAILED and is_passing(own.error)):
            journal.add(own)
        self.put(index, own)

    def missing(self) -> list[tuple[int, SourceFile]]:
        """The sources without a result, as (index, source)."""
        return [(index, self.sources[index]) for index, result in enumerate(self._results) if result is None]

    def all(self) -> list[ClassificationResult]:
        """The results that are there."""
        return [result for result in self._results if result is not None]


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
            results.identify(index, digest, journal)


def list_known(
    results: SourceResults, journal: ResultJournal | None, *, retry_failed: bool
) -> Mapping[int, frozenset[str]]:
    """List the digests that an earlier run finished under the path of each source without a result, by its index."""
    digests = journal.list_digests(retry_failed=retry_failed) if journal else {}
    return {index: frozenset(digests[source.path]) for index, source in results.missing() if source.path in digests}


def is_passing(error: str) -> bool:
    """Tell whether an error is no fault of the document, so that another run may do better."""
    if not isinstance(error, Message):
        return False
    return error.code == "attempt-unexpected" or isinstance(to_error(error), PASSING_FAULTS)
