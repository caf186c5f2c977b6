"""Confine this process: what decodes the files of strangers gets at nothing but their bytes and its own programs.

Whoever takes over the process by a fault of a decoder finds no network, no file but the libraries that it runs on, no right that
the process did not have, and no other process. Each layer stands by itself: where the machine forbids one, the others stay.
"""

import os
import shutil
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeVar

from sake_ray.data.confinement.kernel import (
    NotPossible,
    forbid_new_privileges,
    leave_network,
    read_capabilities,
    set_capabilities,
)
from sake_ray.data.confinement.landlock import FileRules
from sake_ray.data.confinement.own_user import become, find_own_user
from sake_ray.data.confinement.seccomp import refuse_attacks

T = TypeVar("T")

LAYERS = ("privileges", "network", "calls", "user", "files", "programs")
"""No new privileges; no network; no calls of attacks; a user of its own where root starts it; no files but its programs; no
programs to start, where the engine is none (see `reader_process.py`)."""
SYSTEM = (
    *("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/etc/ld.so.cache", "/etc/ld.so.conf", "/etc/ld.so.conf.d"),
    *("/etc/fonts", "/etc/localtime", "/etc/passwd", "/etc/group", "/etc/nsswitch.conf", "/etc/ssl/openssl.cnf"),
    *("/proc/self", "/proc/cpuinfo", "/proc/meminfo", "/proc/sys/vm", "/sys/devices/system", "/sys/bus/pci/devices"),
    *("/dev/urandom", "/dev/random", "/dev/zero"),
)
"""What libraries read of the system: nothing that is anybody's."""


def confine(folder: Path, *, readable: Iterable[Path] = ()) -> dict[str, str]:
    """Confine this process, which must have one thread, for good; return the layers that are not possible, each with why.

    It may write into `folder` only, and read that, the system's libraries, those of Python, and what is `readable`.
    """
    missing: dict[str, str] = {}

    def attempt(layer: str, step: Callable[[], T]) -> T | None:
        try:
            return step()
        except NotPossible as error:
            missing[layer] = str(error)
            return None

    programs = [*find_programs(), *readable]
    is_root = os.geteuid() == 0
    # First what needs the rights that are given up then.
    rules = attempt("files", lambda: _prepare(programs, folder))
    user = attempt("user", lambda: find_own_user(folder, programs)) if is_root else None
    attempt("privileges", forbid_new_privileges)
    attempt("calls", refuse_attacks)
    if "calls" in missing:
        attempt("network", leave_network)
    if user:
        attempt("user", lambda: become(user))
    if (not user or "user" in missing) and read_capabilities():  # also those that a network of its own comes with
        attempt("privileges", set_capabilities)
    if rules:
        attempt("files", rules.enforce)
    return missing


def find_programs() -> list[Path]:
    """Find what Python and the program need for running; not the folder that the process was started in."""
    ours = Path(__file__).parents[2]
    started_in = {Path(), Path.cwd(), ours.parent}
    libraries = [Path(entry) for entry in sys.path if Path(entry) not in started_in]
    tesseract = shutil.which("tesseract")
    around = [Path(tesseract).resolve().parents[1]] if tesseract else []
    own = [Path(folder) for folder in os.environ.get("LD_LIBRARY_PATH", "").split(":") if folder]
    return [Path(sys.prefix), Path(sys.base_prefix), ours, *libraries, *around, *own]


def _prepare(programs: Iterable[Path], folder: Path) -> FileRules:
    return FileRules(readable=[*map(Path, SYSTEM), *programs], writable=[folder, Path(os.devnull)])
