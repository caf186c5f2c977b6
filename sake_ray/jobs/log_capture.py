"""Copy all output of a process and its children to a log."""

import os
import select
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import TextIOWrapper
from pathlib import Path

from sake_ray.jobs.bounded_log import append_output

COPY_SECONDS = 0.5
"""How long it takes at most until output is copied."""
CHUNK = 65_536


@contextmanager
def capture_output(log: Path) -> Iterator[None]:
    """Copy what is written to file descriptors 1 and 2 to the log and to standard error, for the duration of the block.

    Whatever has left this process is copied before the block ends, and at once: this process may be killed. Of a long log the
    beginning and the end are kept. Raises OSError when the log cannot be opened.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab+", buffering=0) as file:
        _flush()
        out, err = os.dup(1), os.dup(2)
        reader, writer = os.pipe()
        over = threading.Event()
        copier = threading.Thread(target=_copy, args=(reader, log, file.fileno(), err, over), name="log", daemon=True)
        copier.start()
        for descriptor in (1, 2):
            os.dup2(writer, descriptor)
        os.close(writer)
        try:
            with _line_buffering():
                yield
        finally:
            _flush()
            os.dup2(out, 1)
            os.dup2(err, 2)
            over.set()
            copier.join()
            for descriptor in (out, err, reader):
                os.close(descriptor)


def write_error(text: str) -> None:
    """Write to file descriptor 2, wherever Python's own standard error leads."""
    _flush()
    _write(2, text.encode("utf-8", "replace"))


def _copy(reader: int, log: Path, target: int, error: int, over: threading.Event) -> None:
    """Copy until the end; a process that outlives the block holds the pipe open, so that it may never come."""
    poll = select.poll()
    poll.register(reader, select.POLLIN)
    while True:
        last = over.is_set()
        if poll.poll(0 if last else 1000 * COPY_SECONDS):
            chunk = os.read(reader, CHUNK)
            if not chunk:
                return
            append_output(log, target, chunk)
            _write(error, chunk)
        elif last:
            return


def _write(target: int, chunk: bytes) -> None:
    # A closed terminal must not hold up the work.
    with suppress(OSError):
        while chunk:
            chunk = chunk[os.write(target, chunk) :]


@contextmanager
def _line_buffering() -> Iterator[None]:
    """Have Python write every line at once: what it buffers is lost when the process is killed."""
    streams = [stream for stream in (sys.stdout, sys.stderr) if isinstance(stream, TextIOWrapper)]
    before = [stream.line_buffering for stream in streams]
    for stream in streams:
        stream.reconfigure(line_buffering=True)
    try:
        yield
    finally:
        for stream, buffering in zip(streams, before, strict=True):
            stream.reconfigure(line_buffering=buffering)


def _flush() -> None:
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):
            stream.flush()
