"""Keep the log of a job within bounds while it is written, and read it on from where somebody has come to.

Of a long log the beginning and the end are kept, with a line between them that says how much is left out. They are on disk at any
time: of a process that is killed the last words matter most. An offset counts whatever was ever written, also what is left out by
now, so that it stays good, and who keeps up misses nothing. Only a kill in the midst of shortening leaves some of the end, a
megabyte or so, there twice, and counted twice.

Two may write at once: an attempt that has lost its job lives on for a moment. Whoever appends shares the lock with readers, and
whoever shortens has it alone.
"""

import codecs
import fcntl
import os
import re
from contextlib import suppress
from pathlib import Path

HEAD_BYTES, TAIL_BYTES = 16_000_000, 1_000_000
"""So much of the beginning is kept, and so much of the end at least; of the end twice as much at most."""
CHARACTER_BYTES = 4
"""No character is longer."""
LEFT_OUT = re.compile(rb"\n\[([0-9]{1,18}) bytes are left out\]\n")
"""What stands between the two."""


def append_output(log: Path, descriptor: int, output: bytes) -> None:
    """Append to a log, which is open there for reading and appending, and keep it within bounds."""
    with suppress(OSError):  # a full disk must not hold up the work
        _lock(descriptor, fcntl.LOCK_SH)
        try:
            while output:
                output = output[os.write(descriptor, output) :]
        finally:
            _lock(descriptor, fcntl.LOCK_UN)
    _shorten(log)


def _shorten(log: Path) -> None:
    """Leave out what is neither at the beginning nor at the end of a log that has become too long."""
    # Whoever else reads or appends may not hold up the work: the next time will do.
    with suppress(OSError), log.open("r+b", buffering=0) as file:
        descriptor = file.fileno()
        _lock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        size = os.fstat(descriptor).st_size  # which somebody else may have changed until now
        if size <= HEAD_BYTES + 2 * TAIL_BYTES:
            return
        left_out, gap = _find_gap(descriptor)
        tail = os.pread(descriptor, TAIL_BYTES, size - TAIL_BYTES)
        tail = tail[tail.find(b"\n", 0, TAIL_BYTES // 2) + 1 :]  # from the beginning of a line, where there are lines
        left_out += size - HEAD_BYTES - gap - len(tail)
        end = b"\n[%d bytes are left out]\n%b" % (left_out, tail)
        # In this order a kill in between repeats something, and loses nothing.
        if os.pwrite(descriptor, end, HEAD_BYTES) == len(end):
            os.ftruncate(descriptor, HEAD_BYTES + len(end))


def read_piece(log: Path, offset: int, most: int) -> tuple[str, int]:
    """Read what a log has from an offset on, up to about so many bytes; return it, and the offset of what comes next.

    A piece ends between two characters. It is empty where nothing more is there yet.
    """
    most = max(most, CHARACTER_BYTES)  # with less, a long character would look like the end
    with suppress(FileNotFoundError), log.open("rb") as file:
        _lock(file.fileno(), fcntl.LOCK_SH)
        said, is_whole = b"", False
        left_out, gap = _find_gap(file.fileno())
        if not left_out:
            file.seek(offset)
        elif offset < HEAD_BYTES:
            file.seek(offset)
            most = min(most, HEAD_BYTES - offset)
            is_whole = most == HEAD_BYTES - offset  # whatever follows is no part of its last character
        else:
            if offset < HEAD_BYTES + left_out:
                said, offset = os.pread(file.fileno(), gap, HEAD_BYTES), HEAD_BYTES + left_out
            file.seek(offset - left_out + gap)
        content = file.read(most)
        decoder = codecs.getincrementaldecoder("utf-8")("replace")
        text = said.decode() + decoder.decode(content, is_whole)
        return text, offset + len(content) - len(decoder.getstate()[0])
    return "", offset


def _find_gap(descriptor: int) -> tuple[int, int]:
    """How many bytes are left out, and how long the line is that says so."""
    found = LEFT_OUT.match(os.pread(descriptor, 64, HEAD_BYTES))
    return (int(found[1]), len(found[0])) if found else (0, 0)


def _lock(descriptor: int, how: int) -> None:
    """Lock a file until it is closed or unlocked. Raises BlockingIOError where `how` says not to wait."""
    try:
        fcntl.flock(descriptor, how)
    except BlockingIOError:
        raise
    except OSError:  # a file system that knows no locks
        return
