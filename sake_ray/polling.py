"""Look at something every few seconds beside other work, and describe how work in another process failed."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def polling(
    poll: Callable[[], None], *, seconds: float, at_once: bool = False, patience: float | None = None
) -> Iterator[None]:
    """Call `poll` every so many seconds, for the duration of the block; `at_once` for the first time, too.

    At the end of the block a call that is under way is waited for, at most `patience` seconds if given.
    """
    over = threading.Event()

    def run() -> None:
        if at_once:
            poll()
        while not over.wait(seconds):
            poll()

    thread = threading.Thread(target=run, name="polling", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join(patience)


def last_line(error: BaseException) -> str:
    """Describe a worker's failure without its traceback: by the last line of the message."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[-1] if lines else type(error).__name__
