"""Tell when a reading has cost too much CPU time, or has got too little of the machine for too long."""

import os
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from sake_ray.domain.limits import Limits
from sake_ray.errors import ReadingStalled, ReadingTimeout

# The process enforces the limit of a page itself; the parent ends it when it is stuck in native code.
GRACE_SECONDS = 2.0
TICKS = os.sysconf("SC_CLK_TCK")
# Fields of /proc/PID/stat behind the name: CPU time of the process, and of its children that have ended.
CPU_FIELDS = slice(11, 15)


class ReadingClock:
    """The time that a reader process and its children spend on one document, from now on."""

    def __init__(self, pid: int, limits: Limits) -> None:
        self._pid, self._limits = pid, limits
        self._document_started, self._document_cpu = time.monotonic(), measure_cpu(pid)
        self.begin_page(1)

    def begin_page(self, page: int) -> None:
        """Begin the page of that number."""
        self._page = page
        self._page_started, self._page_cpu = time.monotonic(), measure_cpu(self._pid)

    def check(self) -> None:
        """Raise ReadingTimeout when page or document cost too much CPU time, ReadingStalled when they last too long."""
        limits, cpu, now = self._limits, measure_cpu(self._pid), time.monotonic()
        page_spent, document_spent = cpu - self._page_cpu, cpu - self._document_cpu
        if page_spent > limits.page_seconds + GRACE_SECONDS or document_spent > limits.document_seconds:
            raise ReadingTimeout(
                "document-timeout",
                page=self._page,
                page_seconds=limits.page_seconds,
                document_seconds=limits.document_seconds,
            )
        for started, patience in (
            (self._page_started, limits.page_patience),
            (self._document_started, limits.document_patience),
        ):
            if now - started > patience:
                raise ReadingStalled("reading-stalled", page=self._page, seconds=now - started)


def measure_cpu(pid: int) -> float:
    """Measure the CPU seconds that a process and its children have used so far; 0 for one that has ended."""
    # The process before its children: one that ends in between is missed for a moment, rather than counted twice.
    return _read_cpu(pid) + sum(_read_cpu(child) for child in _list_children(pid))


def _read_cpu(pid: int) -> float:
    with suppress(OSError):
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        return sum(map(int, fields[CPU_FIELDS])) / TICKS
    return 0.0


def _list_children(pid: int) -> Iterator[int]:
    for threads in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):  # the thread has ended
            yield from map(int, threads.read_text(encoding="ascii").split())
