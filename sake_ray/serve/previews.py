"""Make small pictures of training images; decoding happens in a reading child, as everywhere."""

import threading
import time

from sake_ray.data.reading import Reader, ReadingOptions
from sake_ray.data.texts import thumbnail_key
from sake_ray.domain.texts import Recipe
from sake_ray.errors import ObjectMissing
from sake_ray.storage.objects import ObjectStore
from sake_ray.workspace import Image

IDLE_SECONDS = 30.0
"""After so long without use the child ends: it holds 200 MB."""


class Previews:
    """One reading child, started when it is needed."""

    def __init__(self, store: ObjectStore, options: ReadingOptions, recipe: Recipe) -> None:
        self.store, self.options, self.recipe = store, options, recipe
        self._lock = threading.Lock()
        self._reader: Reader | None = None
        self._used = 0.0

    def thumbnail(self, image: Image) -> bytes:
        """The thumbnail of the first page, as JPEG: of its reading, if it was read, else made once and kept.

        Raises an UnreadableDocument or a LimitExceeded.
        """
        own = f"previews/{image.sha256[:2]}/{image.sha256}.jpg"
        for key in (thumbnail_key(image.sha256, self.recipe, 1), own):
            try:
                return self.store.get(key)
            except ObjectMissing:
                continue
        with self._lock:
            self._reader = self._reader or Reader(self.options)
            self._used = time.monotonic()
            picture = self._reader.preview(image.path.read_bytes())
        self.store.put(own, picture)
        return picture

    def rest(self) -> None:
        """End the child when it has not been used for a while; does not wait."""
        if self._reader and time.monotonic() - self._used > IDLE_SECONDS and self._lock.acquire(blocking=False):
            try:
                self._reader.close()
                self._reader = None
            finally:
                self._lock.release()
