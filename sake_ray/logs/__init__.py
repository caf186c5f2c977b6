"""Write logs as one JSON object per line, with the ids of documents; never their text or names, never a token."""

import json
import logging
import sys
import traceback
from datetime import UTC, datetime
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any

from sake_ray.domain.traces import find_trace_id, log_ids, request_id
from sake_ray.errors import Message, SakeError
from sake_ray.logs.bounds import FILE_BYTES, FILES, take_name

OURS, SERVES = "sake_ray", "ray.serve"
"""Our loggers, and the one of Ray Serve, which logs whatever a deployment raises."""
STANDARD = frozenset(vars(logging.makeLogRecord({})))


class JsonFormatter(logging.Formatter):
    """Formats a record as JSON: time, level, logger, event, the ids of what is in work, and what `extra` holds.

    Of a Message its code too.
    """

    def __init__(self, part: str, *, quotes_errors: bool = False) -> None:
        """`quotes_errors` adds what exceptions say, which may be of a document."""
        super().__init__()
        self.part, self.quotes_errors = part, quotes_errors

    def format(self, record: logging.LogRecord) -> str:
        """Format one line."""
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "part": self.part,
            "logger": record.name,
            "event": record.getMessage(),
        }
        line |= log_ids.get()
        line |= {name: value for name, value in vars(record).items() if name not in STANDARD and name != "message"}
        line |= {f"{name}_code": value.code for name, value in line.items() if isinstance(value, Message)}
        for name, value in (("request_id", request_id.get()), ("trace_id", find_trace_id())):
            if value:
                line.setdefault(name, value)
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line, default=str, ensure_ascii=False)

    def formatException(self, ei: Any) -> str:
        """Format an exception; by default without what it says, since exceptions quote what they were given."""
        if self.quotes_errors or ei[1] is None:
            return super().formatException(ei)
        return describe_error(ei[1])


def describe_error(error: BaseException, seen: frozenset[int] = frozenset()) -> str:
    """Describe where it happened and which kinds of exceptions they were, the first cause first, without what they say.

    `seen` has the ids of those that are described already.
    """
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    seen |= {id(error)}
    before = [describe_error(cause, seen), "which led to:"] if cause is not None and id(cause) not in seen else []
    inner = error.exceptions if isinstance(error, BaseExceptionGroup) else ()
    parts = [describe_error(part, seen) for part in inner if id(part) not in seen]
    kind = f"{type(error).__module__}.{type(error).__qualname__}".removeprefix("builtins.")
    code = f" ({error.code})" if isinstance(error, SakeError) else ""
    frames = [line.rstrip("\n") for line in traceback.format_tb(error.__traceback__)]
    return "\n".join([*before, "Traceback (most recent call last):", *frames, kind + code, *parts])


class WithoutWords(logging.Filter):
    """Leaves out what exceptions say, on a logger of somebody else's."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Describe the exception, so that no formatter does."""
        if record.exc_info and record.exc_info[1] is not None:
            record.exc_text = describe_error(record.exc_info[1])
        return True


def set_up_logs(part: str, *, folder: Path | None, level: str, to_stderr: bool = True) -> None:
    """Set up the logs of this process, called `part`: to standard error, and to a file in the folder, if any.

    Each of several processes of a part has a file of its own. None grows beyond `FILE_BYTES`; so many of before are kept.
    """
    ours = logging.getLogger(OURS)
    ours.setLevel(level)
    ours.propagate = False
    ours.handlers.clear()
    handlers: list[logging.Handler] = [logging.StreamHandler(sys.stderr)] if to_stderr else []
    if folder:
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{take_name(folder, part)}.log"
        handlers.append(RotatingFileHandler(path, maxBytes=FILE_BYTES, backupCount=FILES, encoding="utf-8"))
    for handler in handlers:
        handler.setFormatter(JsonFormatter(part, quotes_errors=level == "DEBUG"))
        ours.addHandler(handler)
    if level != "DEBUG":
        logging.getLogger(SERVES).addFilter(WithoutWords())
