"""Tell whoever wants to know how long the storage takes, and when it fails."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

from sake_ray.errors import StorageUnavailable
from sake_ray.storage.objects import ObjectStore

READ, WRITE = "read", "write"
StorageObserver = Callable[[str, float, bool], None]
"""Called with (read or write, the seconds that it took, whether the storage failed)."""


class ObservedStore(ObjectStore):
    """Passes everything on to a store, and tells the observer; an object that is missing is no failure."""

    def __init__(self, store: ObjectStore, observer: StorageObserver) -> None:
        self.store, self._observer = store, observer

    def __repr__(self) -> str:
        return repr(self.store)

    def put(self, key: str, data: bytes, *, durable: bool = False) -> None:
        with self._observe(WRITE):
            self.store.put(key, data, durable=durable)

    def get(self, key: str) -> bytes:
        with self._observe(READ):
            return self.store.get(key)

    def get_range(self, key: str, start: int, length: int) -> bytes:
        with self._observe(READ):
            return self.store.get_range(key, start, length)

    def exists(self, key: str) -> bool:
        with self._observe(READ):
            return self.store.exists(key)

    def list(self, prefix: str = "") -> Iterator[str]:
        return self.store.list(prefix)  # which takes as long as whoever takes its keys

    def list_sizes(self, prefix: str = "") -> Iterator[tuple[str, int]]:
        return self.store.list_sizes(prefix)

    def list_versions(self, prefix: str = "") -> Iterator[tuple[str, int, str]]:
        return self.store.list_versions(prefix)

    def delete(self, key: str) -> None:
        with self._observe(WRITE):
            self.store.delete(key)

    def erase(self, key: str) -> None:
        with self._observe(WRITE):
            self.store.erase(key)

    def list_folders(self, folder: str) -> Sequence[str]:
        with self._observe(READ):
            return self.store.list_folders(folder)

    def size(self, key: str) -> int:
        with self._observe(READ):
            return self.store.size(key)

    def modified(self, key: str) -> datetime:
        with self._observe(READ):
            return self.store.modified(key)

    @contextmanager
    def _observe(self, operation: str) -> Iterator[None]:
        began, failed = time.monotonic(), False
        try:
            yield
        except StorageUnavailable:
            failed = True
            raise
        finally:
            self._observer(operation, time.monotonic() - began, failed)
