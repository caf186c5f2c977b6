"""Copy all output of a process and its children to a log."""

import os
import select
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import TextIOWrapper
from pathlib import Path

HEAD_BYTES, TAIL_BYTES = 16_000_000, 1_000_000
"""So much of the beginning and of the end of a log is kept."""
COPY_SECONDS = 0.5
"""How long it takes at most until output is copied."""
CHUNK = 65_536


@contextmanager
def capture_output(log: Path) -> Iterator[None]:
    """Copy what is written to file descriptors 1 and 2 to the log and to standard error, for the duration of the block.

    Whatever has left this process is copied before the block ends. Of a long log the beginning and the end are kept. Raises
    OSError when the log cannot be opened.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab", buffering=0) as file:
        _flush()
        out, err = os.dup(1), os.dup(2)
        reader, writer = os.pipe()
        over = threading.Event()
        bounded = BoundedLog(file.fileno(), os.fstat(file.fileno()).st_size)
        copier = threading.Thread(target=_copy, args=(reader, bounded, err, over), name="log", daemon=True)
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
            bounded.end()
            for descriptor in (out, err, reader):
                os.close(descriptor)


def write_error(text: str) -> None:
    """Write to file descriptor 2, wherever Python's own standard error leads."""
    _flush()
    _write(2, text.encode("utf-8", "replace"))


class BoundedLog:
    """Writes to a file until it is long; of the rest the end is kept, and written at last."""

    def __init__(self, descriptor: int, size: int) -> None:
        self._descriptor, self._room = descriptor, max(0, HEAD_BYTES - size)
        self._tail, self._left_out = bytearray(), 0

    def write(self, chunk: bytes) -> None:
        """Write what there is room for, and keep the end of the rest."""
        fits, rest = chunk[: self._room], chunk[self._room :]
        self._room -= len(fits)
        _write(self._descriptor, fits)
        self._tail += rest
        if surplus := max(0, len(self._tail) - TAIL_BYTES):
            self._left_out += surplus
            del self._tail[:surplus]

    def end(self) -> None:
        """Write the end."""
        if self._left_out:
            _write(self._descriptor, f"\n[{self._left_out} bytes are left out]\n".encode())
        _write(self._descriptor, bytes(self._tail))
        self._tail.clear()


def _copy(reader: int, log: BoundedLog, error: int, over: threading.Event) -> None:
    """Copy until the end; a process that outlives the block holds the pipe open, so that it may never come."""
    poll = select.poll()
    poll.register(reader, select.POLLIN)
    while True:
        last = over.is_set()
        if poll.poll(0 if last else 1000 * COPY_SECONDS):
            chunk = os.read(reader, CHUNK)
            if not chunk:
                return
            log.write(chunk)
            _write(error, chunk)
        elif last:
            return


def _write(target: int, chunk: bytes) -> None:
    # A full disk or a closed terminal must not hold up the work.
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
