"""Show how far something slow is: a bar on a terminal, a line every ten seconds in a file."""

import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TextIO

from sake_ray.cli.terminal import report

if TYPE_CHECKING:
    from sake_ray.batch.progress import RunProgress

LINE_SECONDS = 10.0
MIN_SHARE = 0.02
"""Before so much of the work is done, nobody can tell how long the rest takes."""


class TimeLeft:
    """Estimates how long a run goes on, by how fast its work got done since the first report."""

    def __init__(self) -> None:
        self._first: tuple[float, float] | None = None

    def estimate(self, share: float, *, now: float) -> float | None:
        """Estimate the seconds that are left at this share of the work; None while that is a guess."""
        if self._first is None:
            self._first = now, share
        started, before = self._first
        if share - before < MIN_SHARE:
            return None
        return (now - started) * (1 - share) / (share - before)


def describe_run(progress: "RunProgress") -> str:
    """Say how far a classification is."""
    said = f"{progress.documents} of {progress.total} documents"
    return f"{said}, {progress.pages} page{'s' * (progress.pages > 1)} read" if progress.pages else said


def describe_duration(seconds: float) -> str:
    """Say a duration roughly, as it is known."""
    if seconds < 50:
        return f"about {max(10, round(seconds, -1)):.0f} seconds"
    for unit, size in (("minute", 60), ("hour", 3600)):
        if seconds < 50 * size or unit == "hour":
            count = max(1, round(seconds / size))
            return f"about {count} {unit}{'s' * (count > 1)}"
    raise AssertionError


class ProgressDisplay:
    """Shows how far something slow is, and lines beside it; `draw` is what a terminal has beyond lines."""

    def __init__(
        self, description: str, draw: Callable[[str, float], None] | None, write: Callable[[str], None]
    ) -> None:
        self._description, self._draw, self._write = description, draw, write
        self._left, self._lock = TimeLeft(), threading.Lock()
        self._said = self._written = ""

    def update(self, done: int, total: int) -> None:
        """Show how much of it is done; threads may call it at once."""
        self.show(f"{done} of {total}", done / total if total else 0.0)

    def show(self, said: str, share: float) -> None:
        """Show how far it is, in words and as a share of the work, 0–1, with the time that is left."""
        with self._lock:
            left = self._left.estimate(share, now=time.monotonic())
            self._said = said if left is None or share >= 1 else f"{said}; {describe_duration(left)} left"
            if self._draw:
                self._draw(self._said, share)

    def report(self, text: str) -> None:
        """Write a line."""
        self._write(text)

    def write_line(self) -> None:
        """Write how far it is as a line, unless it has not moved since."""
        with self._lock:
            if self._said != self._written:
                self._written = self._said
                self._write(f"{self._description}: {self._said}")


@contextmanager
def show_progress(
    description: str, *, stream: TextIO | None = None, line_seconds: float = LINE_SECONDS
) -> Iterator[ProgressDisplay]:
    """Show progress on standard error for the duration of the block."""
    if (stream or sys.stderr).isatty():
        with _show_bar(description) as display:
            yield display
        return
    display = ProgressDisplay(description, None, report)
    ended = threading.Event()

    def write_lines() -> None:
        while not ended.wait(line_seconds):
            display.write_line()

    writer = threading.Thread(target=write_lines, daemon=True)
    writer.start()
    try:
        yield display
    finally:
        ended.set()
        writer.join()


@contextmanager
def _show_bar(description: str) -> Iterator[ProgressDisplay]:
    from rich.console import Console  # most commands draw no bar
    from rich.progress import BarColumn, Progress, TextColumn

    console = Console(stderr=True)
    columns = (TextColumn(description), BarColumn(), TextColumn("{task.fields[said]}", markup=False))
    with Progress(*columns, console=console, transient=True, redirect_stdout=False, redirect_stderr=False) as bar:
        task = bar.add_task("", total=1.0, said="")
        yield ProgressDisplay(
            description,
            lambda said, share: bar.update(task, completed=share, said=said),
            lambda text: console.print(text, markup=False),
        )
