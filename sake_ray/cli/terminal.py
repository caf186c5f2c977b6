"""Write to the terminal what is no result: everything that goes to standard error."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID


def report(text: str) -> None:
    """Write a line to standard error."""
    print(text, file=sys.stderr, flush=True)  # noqa: T201 - the edge


class ProgressBar:
    """A bar that shows how far something slow is, with lines above it."""

    def __init__(self, progress: "Progress", task: "TaskID") -> None:
        self._progress = progress
        self._task = task

    def update(self, done: int, total: int) -> None:
        """Show how much is done."""
        self._progress.update(self._task, completed=done, total=total)

    def report(self, text: str) -> None:
        """Write a line above the bar."""
        self._progress.console.print(text, markup=False)


@contextmanager
def show_progress(description: str) -> Iterator[ProgressBar]:
    """Show a progress bar on standard error for the duration of the block."""
    from rich.console import Console  # most commands draw no bar
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, redirect_stdout=False, redirect_stderr=False) as progress:
        yield ProgressBar(progress, progress.add_task(description, total=None))
