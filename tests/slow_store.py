"""A store that takes as long as a test wants."""

import threading
from pathlib import Path

from sake_ray.storage.objects import FolderStore


class SlowStore(FolderStore):
    """A folder whose every put begins when it may."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self.begun, self.go = threading.Event(), threading.Event()

    def put(self, key: str, data: bytes, *, durable: bool = False) -> None:
        self.begun.set()
        assert self.go.wait(300)
        super().put(key, data, durable=durable)
