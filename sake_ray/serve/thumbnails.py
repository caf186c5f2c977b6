"""Make small pictures of training images; decoding happens in reading children, as everywhere."""

import logging
import os
import threading
import time
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager

from sake_ray.data.reading import Reader, ReadingOptions
from sake_ray.data.text_cache import thumbnail_key
from sake_ray.domain.texts import Recipe
from sake_ray.errors import ObjectMissing, SakeError
from sake_ray.storage.objects import ObjectStore
from sake_ray.workspace import TrainingImage

log = logging.getLogger(__name__)

AT_ONCE = min(2, os.cpu_count() or 1)
"""So many pictures are made at the same time; each takes a child of 200 MB."""
IDLE_SECONDS = 30.0
"""After so long without use the children end."""


class ThumbnailMaker:
    """A few reading children, started when they are needed."""

    def __init__(self, store: ObjectStore, options: ReadingOptions, recipe: Recipe) -> None:
        self.store, self.options, self.recipe = store, options, recipe
        self._room = threading.BoundedSemaphore(AT_ONCE)
        self._lock = threading.Lock()
        self._idle: list[Reader] = []
        self._used = 0.0
        self._wanted: deque[TrainingImage] = deque()
        self._preparing = False

    def thumbnail(self, image: TrainingImage) -> bytes:
        """The thumbnail of the first page, as JPEG: of its reading, if it was read, else made once and kept.

        Raises an UnreadableDocument or a LimitExceeded.
        """
        own = f"previews/{image.sha256[:2]}/{image.sha256}.jpg"
        for key in (thumbnail_key(image.sha256, self.recipe, 1), own):
            try:
                return self.store.get(key)
            except ObjectMissing:
                continue
        with self._borrowed() as reader:
            picture = reader.preview(image.path.read_bytes())
        self.store.put(own, picture)
        return picture

    def prepare(self, images: Sequence[TrainingImage]) -> None:
        """Have the thumbnails of images made that somebody will look at soon, one after the other; does not wait."""
        with self._lock:
            self._wanted.extend(images)
            if self._preparing or not self._wanted:
                return
            self._preparing = True
        threading.Thread(target=self._prepare, name="previews", daemon=True).start()

    def close(self) -> None:
        """End the children, after what they are at."""
        with self._lock:
            self._wanted.clear()
        with ExitStack() as room:
            for _ in range(AT_ONCE):
                room.enter_context(self._room)
            self._end_idle()

    def rest(self) -> None:
        """End the children when they have not been used for a while; does not wait."""
        if time.monotonic() - self._used <= IDLE_SECONDS:
            return
        self._end_idle()

    def _end_idle(self) -> None:
        with self._lock:
            idle, self._idle = self._idle, []
        for reader in idle:
            reader.close()

    def _prepare(self) -> None:
        while True:
            with self._lock:
                if not self._wanted:
                    self._preparing = False
                    return
                image = self._wanted.popleft()
            try:
                self.thumbnail(image)
            except (SakeError, OSError) as error:
                # Moved or removed meanwhile, or not to be decoded: whoever asks for it is told.
                log.info("preview not made", extra={"sha256": image.sha256, "error": str(error)})

    @contextmanager
    def _borrowed(self) -> Iterator[Reader]:
        """A child for the duration of the block; waits until there is room."""
        with self._room:
            with self._lock:
                reader = self._idle.pop() if self._idle else Reader(self.options)
            try:
                yield reader
            finally:
                with self._lock:
                    self._idle.append(reader)
                    self._used = time.monotonic()
