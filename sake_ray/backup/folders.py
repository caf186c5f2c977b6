"""Find the files of a folder in one order, and restore them with their rights and times."""

import os
import stat
import time
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from pathlib import Path, PurePosixPath

from sake_ray.backup.entries import Area, FileEntry
from sake_ray.errors import BackupDamaged, SetupError
from sake_ray.files import PART, atomic_path
from sake_ray.storage.objects import YOUNG_SECONDS

GIT, LOCK = ".git/", ".lock"


def find_files(folder: Path, *, without: Collection[Path] = (), inside: str = "") -> Iterator[tuple[str, Path]]:
    """Find files, links and empty folders, by path below the folder and in its order; no half-written ones and locks of git.

    Nothing where there is no such folder. Raises SetupError for a folder that may not be read.
    """
    try:
        with os.scandir(folder / inside) as found:
            names = sorted(entry.name + "/" * entry.is_dir(follow_symlinks=False) for entry in found)
    except (FileNotFoundError, NotADirectoryError):
        return
    except OSError as error:
        raise _unreadable(folder / inside, error) from error
    if inside and not names:
        yield inside, folder / inside
    for name in names:
        path = folder / inside / name
        # Outside git's folder a name like that may be anything: `dvc.lock` is what names a training's data.
        is_lock = name.endswith(LOCK) and f"/{GIT}" in f"/{inside}"
        if path in without or is_lock or name.endswith(PART):
            continue
        if name.endswith("/"):
            yield from find_files(folder, without=without, inside=inside + name)
        elif stat.S_ISREG(path.lstat().st_mode) or path.is_symlink():
            yield inside + name, path


def describe_file(area: Area, name: str, path: Path) -> FileEntry:
    """Describe a file, link or empty folder before it is read. Its stamp is empty while it is too young to tell."""
    if name.endswith("/"):
        return FileEntry(area, name)
    if path.is_symlink():
        return FileEntry(area, name, link=str(path.readlink()))
    found = path.stat()
    is_young = time.time() - found.st_mtime < YOUNG_SECONDS
    stamp = "" if is_young else f"{found.st_mtime_ns}:{found.st_size}:{found.st_ino}"
    return FileEntry(area, name, mode=stat.S_IMODE(found.st_mode), stamp=stamp, modified=found.st_mtime_ns)


def read_file(path: Path, block_bytes: int) -> Iterator[bytes]:
    """Read a file block by block. Raises SetupError when it may not be read."""
    try:
        with path.open("rb") as file:
            while block := file.read(block_bytes):
                yield block
    except FileNotFoundError:
        raise
    except OSError as error:
        raise _unreadable(path, error) from error


def find_place(folder: Path, name: str) -> Path:
    """Find where a file of this name goes below the folder, which the name must not leave, nor by a link among its folders.

    Raises BackupDamaged: whoever may write to the place of the backups may otherwise write anywhere.
    """
    parts = PurePosixPath(name).parts
    is_led_away = any((folder / part).is_symlink() for part in PurePosixPath(name).parents if part.name)
    if not parts or ".." in parts or parts[0] == "/" or is_led_away:
        raise BackupDamaged("backup-content-damaged", name=name)
    return folder / name


def restore_file(path: Path, entry: FileEntry, chunks: Iterable[bytes]) -> None:
    """Write a file, link or empty folder as the entry has it; whole, or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if entry.path.endswith("/"):
        path.mkdir(exist_ok=True)
        return
    if entry.link:
        with suppress(FileNotFoundError):
            path.unlink()
        path.symlink_to(entry.link)
        return
    with atomic_path(path) as part:
        # It must not be open to others for a moment either.
        with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:  # noqa: PTH123 - a descriptor
            file.writelines(chunks)
        part.chmod(entry.mode)
        if entry.modified:  # what people see of an image is when it was added
            os.utime(part, ns=(entry.modified, entry.modified))


def _unreadable(path: Path, error: OSError) -> SetupError:
    return SetupError("backup-file-unreadable", path=path, error=error.strerror or type(error).__name__)
