"""Write logs as one JSON object per line, with the ids of documents; never their text, never a token."""

import json
import logging
import sys
from datetime import UTC, datetime
from logging.handlers import RotatingFileHandler
from pathlib import Path

from sake_ray.errors import Message

OURS = "sake_ray"
FILE_BYTES, FILES = 10_000_000, 5
STANDARD = frozenset(vars(logging.makeLogRecord({})))


class JsonFormatter(logging.Formatter):
    """Formats a record as JSON: time, level, logger, event, and what `extra` holds; of a Message its code too."""

    def __init__(self, part: str) -> None:
        super().__init__()
        self.part = part

    def format(self, record: logging.LogRecord) -> str:
        """Format one line."""
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "part": self.part,
            "logger": record.name,
            "event": record.getMessage(),
        }
        line |= {name: value for name, value in vars(record).items() if name not in STANDARD and name != "message"}
        line |= {f"{name}_code": value.code for name, value in line.items() if isinstance(value, Message)}
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line, default=str, ensure_ascii=False)


def set_up_logs(part: str, *, folder: Path | None, level: str, to_stderr: bool = True) -> None:
    """Set up the logs of this process, called `part`: to standard error, and to a file in the folder, if any."""
    ours = logging.getLogger(OURS)
    ours.setLevel(level)
    ours.propagate = False
    ours.handlers.clear()
    handlers: list[logging.Handler] = [logging.StreamHandler(sys.stderr)] if to_stderr else []
    if folder:
        folder.mkdir(parents=True, exist_ok=True)
        handlers.append(RotatingFileHandler(folder / f"{part}.log", maxBytes=FILE_BYTES, backupCount=FILES))
    for handler in handlers:
        handler.setFormatter(JsonFormatter(part))
        ours.addHandler(handler)
