"""Close an existing home to everybody but its owner, and name other folders of ours that are open."""

import os
import stat
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sake_ray.cli.terminal import report
from sake_ray.files import PRIVATE

if TYPE_CHECKING:
    from sake_ray.settings import Settings

READ_ONLY = 0o444
"""How git and DVC keep what never changes; with another mode DVC would compute every checksum again."""
WITHOUT_FOLLOWING = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK


@dataclass
class Closing:
    """How many files and folders were closed, and how many could not be."""

    closed: int = 0
    failed: int = 0


def close_home(settings: "Settings") -> None:
    """Close the home where others may look into it, and say so; say which other folders of ours others may read."""
    found = close_folder(settings.home)
    if found.closed:
        report(f"Others on this machine could read {settings.home}; it is closed to them now ({found.closed} entries).")
    if found.failed:
        report(
            f"Others on this machine may be able to read {settings.home}: {found.failed} entries belong to another user; "
            f"`chmod -R go= {settings.home}` as that user closes them."
        )
    for name in ("objects_url", "dvc_remote", "git_remote"):
        place = Path(str(getattr(settings, name)).removeprefix("file://"))
        if is_open(place):
            report(
                f"Others on this machine can read SAKE_{name.upper()}={place}; unless that is meant, `chmod -R go= {place}`."
            )


def close_folder(folder: Path) -> Closing:
    """Take all rights of others to a folder and everything in it; links in it are not followed.

    The folder itself comes first. An entry of it is closed after everything in it: one that is closed needs no second look, also
    after a kill, so that a home in order costs nothing.
    """
    found = Closing()
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        _close(descriptor, found)
        _close_entries(descriptor, found, every=False)
    finally:
        os.close(descriptor)
    return found


def is_open(folder: Path) -> bool:
    """Whether others may do anything in a folder of this machine."""
    with suppress(OSError):
        return folder.is_dir() and folder != Path() and bool(folder.stat().st_mode & PRIVATE)
    return False


def _close_entries(folder: int, found: Closing, *, every: bool) -> None:
    """Close the entries of an open folder, with all that is in them; `every`: also look into those that are closed."""
    with os.scandir(folder) as entries:
        for entry in entries:
            try:
                mode = entry.stat(follow_symlinks=False).st_mode
            except FileNotFoundError:
                continue
            is_folder = stat.S_ISDIR(mode)
            if is_folder:
                is_shut = not every and not mode & PRIVATE
            else:
                is_shut = not stat.S_ISREG(mode) or not mode & PRIVATE or stat.S_IMODE(mode) == READ_ONLY
            if is_shut:
                continue
            try:
                # By descriptor: what somebody replaces by a link meanwhile is not followed.
                descriptor = os.open(entry.name, WITHOUT_FOLLOWING, dir_fd=folder)
            except FileNotFoundError:
                continue
            except OSError:
                found.failed += 1
                continue
            try:
                if is_folder:
                    _close_entries(descriptor, found, every=True)
                _close(descriptor, found)
            finally:
                os.close(descriptor)


def _close(descriptor: int, found: Closing) -> None:
    mode = stat.S_IMODE(os.fstat(descriptor).st_mode)
    if not mode & PRIVATE:
        return
    try:
        os.fchmod(descriptor, mode & ~PRIVATE)
        found.closed += 1
    except PermissionError:
        found.failed += 1
