"""Hold the workspace: one writer at a time, known by name."""

import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sake_ray.errors import WorkspaceLocked
from sake_ray.files import try_lock

POLL_SECONDS, REPORT_SECONDS = 0.2, 1.0


@dataclass(frozen=True, slots=True)
class LockHolder:
    """Who holds the workspace, in which process, since when."""

    owner: str
    pid: int
    since: datetime


def ignore_wait(holder: LockHolder | None) -> None:
    """Wait in silence; the default of `on_wait`."""


@contextmanager
def hold(
    path: Path, owner: str, *, seconds: float, on_wait: Callable[[LockHolder | None], None] = ignore_wait
) -> Iterator[None]:
    """Hold the lock for the duration of the block; the kernel releases it however this process ends.

    Waits up to `seconds`, calling `on_wait` each second, which may raise. Raises WorkspaceLocked naming the owner.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+", encoding="utf-8") as lock:
        deadline, reported = time.monotonic() + seconds, 0.0
        while not try_lock(lock.fileno()):
            if time.monotonic() > deadline:
                raise _make_locked_error(_read(path))
            if time.monotonic() - reported > REPORT_SECONDS:
                reported = time.monotonic()
                on_wait(_read(path))
            time.sleep(POLL_SECONDS)
        lock.truncate(0)
        lock.write(json.dumps({"who": owner, "pid": os.getpid(), "since": datetime.now(UTC).isoformat()}))
        lock.flush()
        try:
            yield
        finally:
            lock.truncate(0)


def find_holder(path: Path) -> LockHolder | None:
    """Find who holds the lock; None when nobody does. What a killed holder wrote does not count: the kernel's lock does."""
    if not path.exists():
        return None
    with path.open(encoding="utf-8") as lock:
        if try_lock(lock.fileno(), shared=True):
            return None
    return _read(path)


def _read(path: Path) -> LockHolder | None:
    try:
        entry = json.loads(path.read_text(encoding="utf-8"))
        return LockHolder(str(entry["who"]), int(entry["pid"]), datetime.fromisoformat(entry["since"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None  # it has just been taken


def _make_locked_error(holder: LockHolder | None) -> WorkspaceLocked:
    if holder is None:
        return WorkspaceLocked("workspace-locked-by-unknown")
    return WorkspaceLocked("workspace-locked", holder=holder.owner, since=f"{holder.since:%H:%M}")
