"""What a command and its terminal tell each other, beside results: lines on standard error, and signals."""

import signal
import sys
import threading


def report(text: str) -> None:
    """Write a line to standard error."""
    print(text, file=sys.stderr, flush=True)  # noqa: T201 - the edge


def stop_on_signals(stop: threading.Event) -> None:
    """Set the event when the command is interrupted or told to end."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
