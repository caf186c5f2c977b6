"""Open, make and move files below a folder without ever leaving it by a symbolic link, also while somebody changes it.

Every step goes from an open folder to a name in it, and follows no link. All functions raise OSError.
"""

import errno
import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath

FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


@contextmanager
def open_root(root: Path) -> Iterator[int]:
    """Open the folder itself, which may be reached by a link, for the duration of the block."""
    descriptor = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


@contextmanager
def open_folder(root: int, path: str, *, make: bool = False) -> Iterator[int]:
    """Open a folder below another for the duration of the block; with `make`, with those that are missing."""
    descriptor = os.dup(root)
    try:
        for part in PurePosixPath(path).parts:
            made = make and _make_folder(descriptor, part)
            below = os.open(part, FOLDER, dir_fd=descriptor)
            os.close(descriptor)
            descriptor = below
            if made:
                _grant(descriptor, _rights_of(root))
        yield descriptor
    finally:
        os.close(descriptor)


def version_of(status: os.stat_result) -> str:
    """What differs when a file is changed or replaced by another."""
    return f"{status.st_size}-{status.st_mtime_ns}"


def read_file(root: int, path: str, max_bytes: int) -> tuple[bytes, str]:
    """Read at most so many bytes of an ordinary file; also return the version it had, before and after."""
    folder, name = os.path.split(path)
    with open_folder(root, folder) as parent:
        descriptor = os.open(name, FILE, dir_fd=parent)
        with os.fdopen(descriptor, "rb") as file:
            before = os.fstat(descriptor)
            if not stat.S_ISREG(before.st_mode):
                raise OSError(errno.EINVAL, "it is no ordinary file", path)
            data = file.read(max_bytes)
            after = os.fstat(descriptor)
    return data, version_of(before) if version_of(before) == version_of(after) else ""


def write_file(root: int, path: str, text: str) -> None:
    """Write a text file, in place of one of that name."""
    folder, name = os.path.split(path)
    with open_folder(root, folder, make=True) as parent:
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC
        descriptor = os.open(name, flags, 0o600, dir_fd=parent)
        with os.fdopen(descriptor, "w", encoding="utf-8", errors="replace") as file:
            file.write(text)
            _grant(file.fileno(), _rights_of(root) & 0o666)


def remove_file(root: int, path: str) -> None:
    """Remove a file; a missing one is fine."""
    folder, name = os.path.split(path)
    with suppress(FileNotFoundError), open_folder(root, folder) as parent:
        os.unlink(name, dir_fd=parent)


def move_file(root: int, path: str, target: str, *, version: str) -> bool:
    """Move a file to a path that is free; False when it is gone, or stays since it is not of that version any more.

    It is looked at after it was moved, when nobody can put another in its place.
    """
    (source, name), (folder, new) = os.path.split(path), os.path.split(target)
    with open_folder(root, source) as parent, open_folder(root, folder, make=True) as goal:
        try:
            os.rename(name, new, src_dir_fd=parent, dst_dir_fd=goal)
        except FileNotFoundError:  # another watcher has
            return False
        if version_of(os.stat(new, dir_fd=goal, follow_symlinks=False)) == version:
            return True
        back = free_name(name, lambda one: _exists(parent, one))
        os.rename(new, back, src_dir_fd=goal, dst_dir_fd=parent)
    return False


def exists(root: int, path: str) -> bool:
    """Whether there is anything under that path."""
    folder, name = os.path.split(path)
    try:
        with open_folder(root, folder) as parent:
            return _exists(parent, name)
    except FileNotFoundError:
        return False


def free_name(path: str, is_taken: Callable[[str], bool]) -> str:
    """The path, or with a number before its ending where it is taken."""
    ending = PurePosixPath(path).suffix
    stem, number, found = path.removesuffix(ending), 1, path
    while is_taken(found):
        number += 1
        found = f"{stem} ({number}){ending}"
    return found


def _make_folder(parent: int, name: str) -> bool:
    try:
        os.mkdir(name, 0o700, dir_fd=parent)
    except FileExistsError:
        return False
    return True


def _rights_of(descriptor: int) -> int:
    return stat.S_IMODE(os.fstat(descriptor).st_mode)


def _grant(descriptor: int, rights: int) -> None:
    """Let those read it who may read the place: what this process writes is its own otherwise."""
    with suppress(PermissionError):  # some network file systems have their own
        os.fchmod(descriptor, rights)


def _exists(parent: int, name: str) -> bool:
    try:
        os.stat(name, dir_fd=parent, follow_symlinks=False)
    except FileNotFoundError:
        return False
    return True
