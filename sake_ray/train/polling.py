"""Look after work that goes on elsewhere: now and then while it does, and at what it said when it failed."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def looking(look: Callable[[], None], *, seconds: float) -> Iterator[None]:
    """Look every so many seconds, for the duration of the block."""
    over = threading.Event()

    def run() -> None:
        while not over.wait(seconds):
            look()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def last_line(error: BaseException) -> str:
    """What was wrong in a worker, without the way there."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[-1] if lines else type(error).__name__
