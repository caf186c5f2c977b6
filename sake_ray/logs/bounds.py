"""Keep the logs of a home within bounds, however long it runs and whoever writes them."""

import fcntl
import os
import shutil
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

FILE_BYTES, FILES = 10_000_000, 5
"""The size at which a log is begun anew, and how many of before are kept."""
MAX_PARTS = 1000

_taken: dict[tuple[Path, str], str] = {}
"""The names that this process has; their locks are held as long as it lives."""


def take_name(folder: Path, part: str) -> str:
    """Take a name in the folder that no other living process has: the part itself, or PART-2, PART-3.

    Two processes that begin one file anew would lose each other's lines, and one that is named by its number leaves a file for
    each start.
    """
    if known := _taken.get((folder, part)):
        return known
    for number in range(1, MAX_PARTS):
        name = part if number == 1 else f"{part}-{number}"
        try:
            lock = os.open(folder / f".{name}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError:
            break
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(lock)
        except OSError:  # a file system that knows no locks
            os.close(lock)
            break
        else:
            return _taken.setdefault((folder, part), name)
    return f"{part}-{os.getpid()}"


def rotate_in_place(path: Path, *, most: int = FILE_BYTES, files: int = FILES) -> bool:
    """Begin a log anew that another program holds open for appending, if it is too long; return whether it was.

    What is there is copied to PATH.1, and the files of before move up. A line that is written in between may be lost.
    """
    try:
        if path.stat().st_size <= most:
            return False
    except OSError:
        return False
    with suppress(OSError):  # a full disk: what cannot be copied must not grow on all the same
        for number in range(files - 1, 0, -1):
            with suppress(FileNotFoundError):
                path.with_name(f"{path.name}.{number}").replace(path.with_name(f"{path.name}.{number + 1}"))
        shutil.copyfile(path, path.with_name(f"{path.name}.1"))
    with suppress(OSError):
        os.truncate(path, 0)
    return True


def remove_oldest(paths: Iterable[Path], *, most: int) -> int:
    """Remove those files that were written longest ago, until the others have at most so many bytes; return how many."""
    known: list[tuple[float, int, Path]] = []
    for path in paths:
        with suppress(OSError):
            state = path.stat()
            known.append((state.st_mtime, state.st_size, path))
    total, removed = 0, 0
    for _, size, path in sorted(known, reverse=True):
        total += size
        if total > most:
            path.unlink(missing_ok=True)
            removed += 1
    return removed
