"""What a command and its terminal tell each other, beside results: lines on standard error, and signals."""

import logging
import signal
import sys
import threading
from typing import Any


class LogFormatter(logging.Formatter):
    """Formats a record for people; `quotes_errors` adds what exceptions say, which may be of a document."""

    def __init__(self, *, quotes_errors: bool) -> None:
        super().__init__("%(levelname)s %(name)s: %(message)s")
        self.quotes_errors = quotes_errors

    def format(self, record: logging.LogRecord) -> str:
        """Format one record; not as another handler has formatted its exception."""
        record.exc_text = None
        return super().format(record)

    def formatException(self, ei: Any) -> str:
        """Format an exception: where it happened and of what kind it is."""
        if self.quotes_errors or ei[1] is None:
            return super().formatException(ei)
        from sake_ray.logs import describe_error  # most commands log no exception

        return describe_error(ei[1])


def make_log_handler(level: str) -> logging.Handler:
    """Write what is logged at this level at least to standard error, which may be a file: only DEBUG quotes exceptions."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setLevel(level)
    handler.setFormatter(LogFormatter(quotes_errors=level == "DEBUG"))
    return handler


def report(text: str) -> None:
    """Write a line to standard error."""
    print(text, file=sys.stderr, flush=True)  # noqa: T201 - the edge


def stop_on_signals(stop: threading.Event) -> None:
    """Set the event when the command is interrupted or told to end."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
