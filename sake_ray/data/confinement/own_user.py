"""Run as a user of its own where root has started this process."""

import os
import pwd
import sys
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from sake_ray.data.confinement.kernel import (
    PR_SET_KEEPCAPS,
    NotPossible,
    call_libc,
    read_capabilities,
    set_capabilities,
)

NOBODY = 65534
CHOWN, DAC_OVERRIDE, DAC_READ_SEARCH, KILL, SETGID, SETUID = 0, 1, 2, 5, 6, 7
"""Capabilities, as in linux/capability.h."""
NEEDED = {"CHOWN": CHOWN, "DAC_OVERRIDE": DAC_OVERRIDE, "KILL": KILL, "SETGID": SETGID, "SETUID": SETUID}
"""What root must have for it. The parent is of the same kind: it could not end the process, or clear up, without them."""


@dataclass(frozen=True, slots=True)
class OwnUser:
    """The user to become, and the capabilities that stay."""

    uid: int
    gid: int
    capabilities: tuple[int, ...]


def find_own_user(folder: Path, readable: Iterable[Path]) -> OwnUser:
    """Find the user to become, `nobody`, and give it the folder; raises NotPossible.

    Where the program or its libraries are closed to others, as in a home of root, one capability stays: to read what is closed.
    What may be read at all is then up to Landlock.
    """
    held = read_capabilities()
    missing = [name for name, number in NEEDED.items() if not held >> number & 1]
    if missing:
        raise NotPossible(f"this root lacks {', '.join(missing)}")
    closed = next((path for path in [*readable, *_loaded_files()] if not _is_open(path)), None)
    if closed and not held >> DAC_READ_SEARCH & 1:
        raise NotPossible(f"only root may read {closed}")
    try:
        user = pwd.getpwnam("nobody")
        uid, gid = user.pw_uid, user.pw_gid
    except KeyError:
        uid = gid = NOBODY
    try:
        os.chown(folder, uid, -1)
        folder.chmod(0o770)  # for root's group: where becoming nobody fails, root without its rights goes on
    except OSError as error:
        raise NotPossible(f"chown: {error.strerror}") from error
    return OwnUser(uid, gid, (DAC_READ_SEARCH,) if closed else ())


def become(user: OwnUser) -> None:
    """Become this user for good; raises NotPossible."""
    groups = os.getresgid()
    try:
        os.setgroups([])
        os.setresgid(user.gid, user.gid, user.gid)
        call_libc("prctl", PR_SET_KEEPCAPS, 1, 0, 0, 0)
        os.setresuid(user.uid, user.uid, user.uid)
    except OSError as error:
        with suppress(OSError):
            os.setresgid(*groups)
        raise NotPossible(f"nobody: {error.strerror}") from error
    set_capabilities(*user.capabilities)


def _loaded_files() -> list[Path]:
    files = (getattr(module, "__file__", None) for module in list(sys.modules.values()))
    return [Path(file) for file in files if file]


def _is_open(path: Path) -> bool:
    """Whether everybody may read a path, or it is not there."""
    try:
        wanted = 0o5 if path.is_dir() else 0o4
        return path.stat().st_mode & wanted == wanted and all(parent.stat().st_mode & 1 for parent in path.parents)
    except OSError:
        return not path.exists()
