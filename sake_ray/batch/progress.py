"""Tell how far a run is, page by page, and what share of its work is done."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RunProgress:
    """How far a run is: documents that have their result, pages that were read now, and the share of the work, 0–1."""

    documents: int
    total: int
    pages: int
    share: float


OnRunProgress = Callable[[RunProgress], None]


def ignore_run_progress(progress: RunProgress) -> None:
    """Drop it."""


class ProgressTracker:
    """Counts the work of a run. `estimates` are the CPU seconds each source may take; several threads may report."""

    def __init__(self, estimates: Sequence[float], on_progress: OnRunProgress) -> None:
        self._estimates, self._on_progress = estimates, on_progress
        self._all = sum(estimates) or 1.0
        self._shares = [0.0] * len(estimates)
        self._work = 0.0
        self._documents = self._pages = 0
        self._lock = threading.Lock()

    def add_pages(self, index: int, pages: int, count: int) -> None:
        """Pages of a source were read, of so many."""
        with self._lock:
            self._pages += pages
            # What a crash made to be read again counts once.
            self._move(index, min(1.0, self._shares[index] + pages / count))
        self.report()

    def finish(self, index: int) -> None:
        """A source has its result."""
        with self._lock:
            self._documents += 1
            self._move(index, 1.0)

    def report(self) -> None:
        """Report how far the run is."""
        share = min(1.0, self._work / self._all)
        self._on_progress(RunProgress(self._documents, len(self._shares), self._pages, share))

    def _move(self, index: int, share: float) -> None:
        self._work += (share - self._shares[index]) * self._estimates[index]
        self._shares[index] = share
