"""Wait for what happens elsewhere: in a process, in a log, in the records."""

import subprocess
import time
from collections.abc import Callable
from typing import TypeVar

import psutil

T = TypeVar("T")

PATIENCE = 400.0
"""Seconds after which what was to happen counts as never happening: other tests may have both CPUs."""


def wait_until(
    condition: Callable[[], T],
    *,
    timeout: float = PATIENCE,
    interval: float = 0.05,
    process: "subprocess.Popen[str] | subprocess.Popen[bytes] | None" = None,
    log: Callable[[], object] = lambda: "",
) -> T:
    """Ask until the answer is true, and return it.

    Fails after `timeout` seconds, or when `process` ends before, with what `log` returns.
    """
    end = time.monotonic() + timeout
    while not (answer := condition()):
        assert process is None or process.poll() is None, f"the process ended before: {log()}"
        assert time.monotonic() < end, f"it did not happen within {timeout:g} seconds: {log()}"
        time.sleep(interval)
    return answer


def has_ended(process: psutil.Process) -> bool:
    """Whether a process runs no more; it may still wait to be taken note of by its parent, or by the machine's first process."""
    try:
        return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:  # it went between the two questions
        return True
