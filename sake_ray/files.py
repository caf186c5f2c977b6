"""Write files whole or not at all, and lock them."""

import errno
import fcntl
import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

PRIVATE = 0o077
"""The rights that nobody but the owner of a file has."""
LITTER = {"thumbs.db", "ehthumbs.db", "desktop.ini", ".ds_store"}
PART = ".part"
"""How the name of a file ends while it is written; what a kill leaves behind is known by it."""


def keep_files_private() -> int:
    """Let nobody else read what this process writes from now on, and what it starts; return its umask from before."""
    return os.umask(PRIVATE)


@contextmanager
def atomic_path(path: Path, *, sync: bool = False, part: Path | None = None) -> Iterator[Path]:
    """Give a path to write to; when the block ends well, that file takes the place of `path`.

    With `sync` its content is on the disk before it does, and its name before this returns. `part` is that path, in the same
    folder; the default is the same for all processes, `unique_part` is for files that several write at once.
    """
    part = part or path.with_name(path.name + PART)
    try:
        yield part
        if sync:
            _sync(part)
        part.replace(path)
    except BaseException:
        with suppress(OSError):
            part.unlink()
        raise
    if sync:
        sync_folder(path.parent)


def write_atomically(path: Path, content: str | bytes, *, sync: bool = False, part: Path | None = None) -> None:
    """Write a file whole or not at all, text as UTF-8; for `sync` and `part` see `atomic_path`."""
    with atomic_path(path, sync=sync, part=part) as unfinished:
        unfinished.write_bytes(content.encode() if isinstance(content, str) else content)


def read_regular_file(path: Path, max_bytes: int) -> bytes:
    """Read at most so many bytes of a file. Raises OSError, also for what is no file, and would keep its reader waiting."""
    # Without waiting for somebody to write to a fifo; a socket cannot be opened.
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError(errno.EINVAL, "it is no ordinary file", str(path))
        with open(descriptor, "rb", closefd=False) as file:
            return file.read(max_bytes)
    finally:
        os.close(descriptor)


def is_ordinary(path: Path) -> bool:
    """Whether it is a file, or nobody can tell; a fifo or socket is none."""
    try:
        return stat.S_ISREG(path.stat().st_mode)
    except OSError:
        return True


def is_litter(name: str) -> bool:
    """Whether a file of this name or path is what desktops and offices leave in folders, and nobody's document."""
    last = name.rpartition("/")[2].lower()
    return last in LITTER or last.startswith("~$")


def unique_part(path: Path) -> Path:
    """A path for `atomic_path` that no other process or thread is given."""
    return path.with_name(f"{path.name}.{secrets.token_hex(4)}{PART}")


def sync_folder(folder: Path) -> None:
    """Put the names in a folder on the disk."""
    _sync(folder)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def try_lock(descriptor: int, *, shared: bool = False) -> bool:
    """Lock an open file without waiting, until it is closed; False when another has it.

    For locks inside files that also hold something. Any other lock is a `filelock.FileLock`.
    """
    try:
        fcntl.flock(descriptor, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
