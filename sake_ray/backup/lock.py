"""Let one backup at a time work in a repository, from whatever machine: what another is about to name must not be removed."""

import json
import secrets
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta

import psutil

from sake_ray.errors import AlreadyRunning, ObjectMissing, StorageError
from sake_ray.jobs.processes import is_alive
from sake_ray.storage.objects import ObjectStore

LOCKS = "locks/"
RENEWED_SECONDS = 60.0
LEFT_AFTER = timedelta(minutes=10)
"""So much older than ours, by the clock of the store, a lock of another machine is what a kill has left."""


@contextmanager
def hold_repository(store: ObjectStore) -> Iterator[Callable[[], None]]:
    """Hold the repository; gives what to call before something that cannot be undone. Raises AlreadyRunning.

    Of two that begin at the same moment, one or both are refused.
    """
    me = psutil.Process()
    key = f"{LOCKS}{secrets.token_hex(8)}"
    content = json.dumps({"host": socket.gethostname(), "pid": me.pid, "started": me.create_time()}).encode()
    store.put(key, content)
    ended = threading.Event()
    renewal = threading.Thread(target=_renew, args=(store, key, content, ended), daemon=True)
    try:
        for other in [other for other in store.list(LOCKS) if other != key]:
            if not _is_left(store, other, key):
                raise AlreadyRunning("backup-already-running")
            store.delete(other)
        renewal.start()
        yield lambda: _check_held(store, key)
    finally:
        ended.set()
        if renewal.ident:
            renewal.join()
        with suppress(StorageError):
            store.delete(key)


def _renew(store: ObjectStore, key: str, content: bytes, ended: threading.Event) -> None:
    while not ended.wait(RENEWED_SECONDS):
        with suppress(StorageError):
            if store.exists(key):
                store.put(key, content)


def _check_held(store: ObjectStore, key: str) -> None:
    """Raise AlreadyRunning when another has taken this one for left."""
    if not store.exists(key):
        raise AlreadyRunning("backup-already-running")


def _is_left(store: ObjectStore, other: str, own: str) -> bool:
    try:
        holder = json.loads(store.get(other))
        if holder["host"] == socket.gethostname():
            return not is_alive(int(holder["pid"]), float(holder["started"]))
        return store.modified(own) - store.modified(other) > LEFT_AFTER
    except ObjectMissing:
        return True
    except (ValueError, KeyError, TypeError):
        return store.modified(own) - store.modified(other) > LEFT_AFTER
