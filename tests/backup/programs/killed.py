"""Back up, or restore, and be killed at a moment: before the so-manyth time that a store is asked for something."""

import os
import signal
import sys
from pathlib import Path

from sake_ray.backup import Repository, read_seal
from sake_ray.storage.objects import FolderStore
from tests.backup.small import Small


class KilledStore(FolderStore):
    """Kills this process at a moment: when an object whose key begins with that is put, or fetched, the so-manyth time."""

    left, prefix = 0, ""

    def put(self, key: str, data: bytes, *, durable: bool = False) -> None:
        self._count(key)
        super().put(key, data, durable=durable)

    def get(self, key: str) -> bytes:
        self._count(key)
        return super().get(key)

    def _count(self, key: str) -> None:
        if key.startswith(self.prefix):
            self.left -= 1
            if self.left == 0:
                os.kill(os.getpid(), signal.SIGKILL)


def main(what: str, home: str, backups: str, prefix: str, times: str) -> None:
    """Do it."""
    store = KilledStore(Path(backups))
    small = Small(Path(home), Repository(store, read_seal(None)))
    store.left, store.prefix = int(times), prefix
    small.back_up() if what == "backup" else small.restore()


if __name__ == "__main__":
    main(*sys.argv[1:])
