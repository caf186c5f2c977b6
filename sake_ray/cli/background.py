"""Do work in threads that do not keep the command from ending."""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

T = TypeVar("T")


def start_in_background(work: Callable[[], T]) -> Future[T]:
    """Do the work in a daemon thread: whatever it makes can be cut off at any point."""
    future: Future[T] = Future()

    def run() -> None:
        try:
            future.set_result(work())
        except BaseException as error:
            future.set_exception(error)

    threading.Thread(target=run, daemon=True).start()
    return future


def wait_for(future: Future[T], stop: threading.Event) -> T | None:
    """Wait for the result; None when the command is stopped first. Raises what the work raised."""
    while not stop.is_set():
        if future.done():
            return future.result()
        stop.wait(0.1)
    return None
