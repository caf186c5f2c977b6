"""Show how far a classification is: a bar on a terminal, a line every ten seconds in a file."""

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


def describe_progress(progress: "RunProgress", left: float | None) -> str:
    """Say how far a run is."""
    said = f"{progress.documents} of {progress.total} documents"
    if progress.pages:
        said += f", {progress.pages} page{'s' * (progress.pages > 1)} read"
    return said if left is None or progress.share >= 1 else f"{said}; {describe_duration(left)} left"


def describe_duration(seconds: float) -> str:
    """Say a duration roughly, as it is known."""
    if seconds < 50:
        return f"about {max(10, round(seconds, -1)):.0f} seconds"
    for unit, size in (("minute", 60), ("hour", 3600)):
        if seconds < 50 * size or unit == "hour":
            count = max(1, round(seconds / size))
            return f"about {count} {unit}{'s' * (count > 1)}"
    raise AssertionError


class RunDisplay:
    """Shows progress and stages; `draw` is what a terminal has beyond lines."""

    def __init__(self, draw: Callable[[str, float], None] | None, write: Callable[[str], None]) -> None:
        self._draw, self._write = draw, write
        self._left, self._lock = TimeLeft(), threading.Lock()
        self._said = self._written = ""

    def update(self, progress: "RunProgress") -> None:
        """Show how far the run is; threads may call it at once."""
        with self._lock:
            self._said = describe_progress(progress, self._left.estimate(progress.share, now=time.monotonic()))
            if self._draw:
                self._draw(self._said, progress.share)

    def report(self, text: str) -> None:
        """Write a line."""
        self._write(text)

    def write_line(self) -> None:
        """Write how far the run is as a line, unless it has not moved since."""
        with self._lock:
            if self._said != self._written:
                self._written = self._said
                self._write(f"Classifying: {self._said}")


@contextmanager
def show_run(stream: TextIO | None = None, *, line_seconds: float = LINE_SECONDS) -> Iterator[RunDisplay]:
    """Show a run on standard error for the duration of the block."""
    if (stream or sys.stderr).isatty():
        with _show_bar() as display:
            yield display
        return
    display = RunDisplay(None, report)
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
def _show_bar() -> Iterator[RunDisplay]:
    from rich.console import Console  # most commands draw no bar
    from rich.progress import BarColumn, Progress, TextColumn

    console = Console(stderr=True)
    columns = (TextColumn("Classifying"), BarColumn(), TextColumn("{task.fields[said]}", markup=False))
    with Progress(*columns, console=console, transient=True, redirect_stdout=False, redirect_stderr=False) as bar:
        task = bar.add_task("", total=1.0, said="")
        yield RunDisplay(
            lambda said, share: bar.update(task, completed=share, said=said),
            lambda text: console.print(text, markup=False),
        )
