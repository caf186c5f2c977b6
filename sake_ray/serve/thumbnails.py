"""Make thumbnails of training images; decoding happens in reading children, as everywhere."""

import logging
import os
import threading
import time
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager

from sake_ray.data.reading import Reader, ReadingOptions
from sake_ray.data.text_cache import fetch_image, thumbnail_key
from sake_ray.domain.texts import Recipe
from sake_ray.errors import SakeError
from sake_ray.storage.objects import ObjectStore
from sake_ray.workspace import TrainingImage

log = logging.getLogger(__name__)

MAX_READERS = min(2, os.cpu_count() or 1)
"""Thumbnails that are made at the same time; each takes a child of 200 MB."""
IDLE_SECONDS = 30.0
"""The children end when they have not been used for so long."""


class ThumbnailMaker:
    """Makes thumbnails in a few reading children, which are started when they are needed."""

    def __init__(self, store: ObjectStore, options: ReadingOptions, recipe: Recipe) -> None:
        self.store, self.options, self.recipe = store, options, recipe
        self._free = threading.BoundedSemaphore(MAX_READERS)
        self._lock = threading.Lock()
        self._idle: list[Reader] = []
        self._last_used = 0.0
        self._queue: deque[TrainingImage] = deque()
        self._preparing = False

    def get(self, image: TrainingImage) -> bytes:
        """Get the thumbnail of the first page as JPEG: that of its reading, if it was read, else one that is made once.

        Raises UnreadableDocument, LimitExceeded.
        """
        own = f"previews/{image.sha256[:2]}/{image.sha256}.jpg"
        for key in (thumbnail_key(image.sha256, self.recipe, 1), own):
            if (known := fetch_image(self.store, key)) is not None:
                return known
        with self._borrow_reader() as reader:
            picture = reader.preview(image.path.read_bytes())
        self.store.put(own, picture)
        return picture

    def prepare(self, images: Sequence[TrainingImage]) -> None:
        """Make the thumbnails of images that will be looked at soon, one by one, in the background."""
        with self._lock:
            self._queue.extend(images)
            if self._preparing or not self._queue:
                return
            self._preparing = True
        threading.Thread(target=self._prepare, name="previews", daemon=True).start()

    def close(self) -> None:
        """End the children, once they have finished."""
        with self._lock:
            self._queue.clear()
        with ExitStack() as stack:
            for _ in range(MAX_READERS):
                stack.enter_context(self._free)
            self._close_readers()

    def close_idle(self) -> None:
        """End the children if they have not been used for a while; does not wait for busy ones."""
        if time.monotonic() - self._last_used <= IDLE_SECONDS:
            return
        self._close_readers()

    def _close_readers(self) -> None:
        with self._lock:
            idle, self._idle = self._idle, []
        for reader in idle:
            reader.close()

    def _prepare(self) -> None:
        while True:
            with self._lock:
                if not self._queue:
                    self._preparing = False
                    return
                image = self._queue.popleft()
            try:
                self.get(image)
            except (SakeError, OSError) as error:
                # Moved or removed meanwhile, or cannot be decoded: whoever opens it gets the error.
                log.info("preview not made", extra={"sha256": image.sha256, "error": str(error)})

    @contextmanager
    def _borrow_reader(self) -> Iterator[Reader]:
        """Lend a child for the duration of the block; waits until one is free."""
        with self._free:
            with self._lock:
                reader = self._idle.pop() if self._idle else Reader(self.options)
            try:
                yield reader
            finally:
                with self._lock:
                    self._idle.append(reader)
                    self._last_used = time.monotonic()
