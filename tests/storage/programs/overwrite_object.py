"""Overwrite one object of a folder with As and Bs, until killed."""

import sys
from pathlib import Path

from sake_ray.storage.objects import FolderStore

store, size = FolderStore(Path(sys.argv[1])), int(sys.argv[2])
print("ready", flush=True)
while True:
    for letter in b"AB":
        store.put("a/value", bytes([letter]) * size)
