"""Report the progress of slow work."""

from collections.abc import Callable

Progress = Callable[[int, int], None]
"""Called with (done, total)."""


def ignore_progress(done: int, total: int) -> None:
    """Drop the progress; the default of every `on_progress`."""
