"""What a reader process finds around it: a folder of its own, and an environment without secrets."""

import fcntl
import os
import shutil
import tempfile
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

PREFIX = "sake-reader-"
PASSED_ON = {
    *("PATH", "HOME", "USER", "LOGNAME", "LANG", "LANGUAGE", "TZ", "VIRTUAL_ENV"),
    *("LD_LIBRARY_PATH", "LD_PRELOAD", "TESSDATA_PREFIX"),
}
PASSED_ON_BEGINNINGS = ("LC_", "PYTHON", "COV_", "COVERAGE_", "MALLOC_")
YOUNG_SECONDS = 60.0
"""A folder younger than this may not be locked yet."""


def make_environment(environment: Mapping[str, str], folder: str) -> dict[str, str]:
    """Pass on what programs need. The rest stays here: among it are passwords, of the database or a bucket for example."""
    passed_on = {
        name: value for name, value in environment.items() if name in PASSED_ON or name.startswith(PASSED_ON_BEGINNINGS)
    }
    return passed_on | {
        "OMP_THREAD_LIMIT": "1", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "TMPDIR": folder,
    }  # fmt: skip


class ScratchFolder:
    """A folder for one reader process, locked as long as the process that made it lives."""

    def __init__(self) -> None:
        """Make it, and remove those that processes left which were killed."""
        remove_abandoned(Path(tempfile.gettempdir()))
        self.path = Path(tempfile.mkdtemp(prefix=PREFIX))
        self._lock = os.open(self.path, os.O_RDONLY | os.O_DIRECTORY)
        fcntl.flock(self._lock, fcntl.LOCK_EX)

    def remove(self) -> None:
        """Remove it with what is in it."""
        shutil.rmtree(self.path, ignore_errors=True)
        os.close(self._lock)


def remove_abandoned(folder: Path) -> None:
    """Remove the scratch folders that nobody has locked; those of other users stay."""
    for path in folder.glob(f"{PREFIX}*"):
        with suppress(OSError):
            if path.is_symlink() or time.time() - path.stat().st_mtime < YOUNG_SECONDS:
                continue
            opened = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
            try:
                fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(path, ignore_errors=True)
            finally:
                os.close(opened)
