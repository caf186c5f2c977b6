"""Follow work in another process: poll it while it runs, and describe its failure."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def polling(poll: Callable[[], None], *, seconds: float) -> Iterator[None]:
    """Call `poll` every so many seconds, for the duration of the block."""
    over = threading.Event()

    def run() -> None:
        while not over.wait(seconds):
            poll()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def last_line(error: BaseException) -> str:
    """Describe a worker's failure without its traceback: by the last line of the message."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[-1] if lines else type(error).__name__
