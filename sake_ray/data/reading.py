"""Read a document: its bytes in, its pages of words out, whatever the bytes are."""

import json
import logging
import os
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from types import TracebackType
from typing import Any

from sake_ray import errors
from sake_ray.data.cleaning import CLEANING_VERSION, clean_words
from sake_ray.data.pages import media
from sake_ray.data.texts import fetch_pages, image_key, page_from_json, store_pages, thumbnail_key
from sake_ray.domain import DocumentText, Limits, Page, Progress, Recipe, ignore_progress
from sake_ray.storage.objects import ObjectStore

log = logging.getLogger(__name__)

READING_VERSION = 1
CRASHES = 3
"""So many times a document may crash the child before it is called unreadable."""
DOCUMENTS_A_CHILD = 200  # then a new one: what the C libraries leak goes with the old
# The child keeps the limits itself; the parent ends it when it is stuck in native code.
GRACE_SECONDS = 2.0
START_SECONDS = 60.0
CHUNK = 1 << 20

KeepPage = Callable[[int, bytes, bytes], None]
"""Called with (page number, image as JPEG, thumbnail as JPEG)."""


def keep_nothing(number: int, image: bytes, thumbnail: bytes) -> None:
    """Drop the page image; the default of `read`."""


@dataclass(frozen=True, slots=True)
class ReadingOptions:
    """How to read; plain values, so that they can be sent to any worker."""

    limits: Limits = field(default_factory=Limits)
    engine: str = "pytesseract"
    languages: str = "fra+eng"
    tessdata: str | None = None


class ChildDied(Exception):
    """The reading child ended while it was working; never leaves this module."""


class Reader:
    """Reads documents one at a time in a child process of its own, which is started when needed and replaced when it dies.

    Not for use from two threads at once.
    """

    def __init__(self, options: ReadingOptions = ReadingOptions()) -> None:
        self.options = options
        self._child: _Child | None = None
        self._recipe: Recipe | None = None

    def __enter__(self) -> "Reader":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the child and what it left in the temporary folder."""
        if self._child:
            self._child.kill()
            self._child = None

    @property
    def recipe(self) -> Recipe:
        """How this reader reads; asks the child for the engine's version the first time."""
        if self._recipe is None:
            child = self._living_child()
            self._recipe = Recipe(
                child.engine, child.version, self.options.languages, READING_VERSION, CLEANING_VERSION
            )
        return self._recipe

    def read(
        self, data: bytes, *, on_page: Progress = ignore_progress, keep_page: KeepPage = keep_nothing
    ) -> DocumentText:
        """Read one document, telling `on_page` (pages done, pages) and handing each page's pictures to `keep_page`.

        Raises an UnreadableDocument or a LimitExceeded. A crash of the child is tried again, up to three times in all; a
        timeout never is.
        """
        limits = self.options.limits
        if len(data) > limits.max_bytes:
            raise errors.FileTooLarge(
                f"The file has {len(data):,} bytes; the limit is {limits.max_bytes:,} ({limits.max_bytes / 1e6:g} MB)."
            )
        media_type = media.tell_media_type(data)
        recipe = self.recipe
        for _ in range(CRASHES):
            try:
                pages = self._living_child().read(data, on_page, keep_page)
                return to_document_text(sha256(data).hexdigest(), media_type, pages, recipe)
            except ChildDied:
                log.warning("reading child died", extra={"sha256": sha256(data).hexdigest(), "media_type": media_type})
                self.close()
            except BaseException:
                self._drop_if_busy()
                raise
        raise errors.ReadingCrashed(
            f"Decoding this file crashed {CRASHES} times; it is damaged, or needs more than {limits.memory_mb} MB. "
            "Print it to PDF again, or scan it anew."
        )

    def _living_child(self) -> "_Child":
        if self._child and (self._child.documents >= DOCUMENTS_A_CHILD or not self._child.is_idle()):
            self.close()
        return self._child or self._start_child()

    def _start_child(self) -> "_Child":
        for _ in range(CRASHES):
            try:
                self._child = _Child(self.options)
                return self._child
            except ChildDied:
                log.warning("reading child did not start")
        raise errors.SetupError(
            "The reading process does not start; see whether the memory limit SAKE_READ_MEMORY_MB is too low."
        )

    def _drop_if_busy(self) -> None:
        if self._child and not self._child.is_idle():
            self.close()


def read_document(
    data: bytes, *, reader: Reader, store: ObjectStore, on_page: Progress = ignore_progress
) -> DocumentText:
    """Read a document, or fetch what an earlier reading of the same bytes by the same recipe has kept.

    Page images, thumbnails and words are stored. Raises what `Reader.read` and the store raise; nothing is kept of a failure.
    """
    digest = sha256(data).hexdigest()
    recipe = reader.recipe
    if kept := fetch_pages(store, digest, recipe):
        return to_document_text(digest, *kept, recipe)

    def keep_page(number: int, image: bytes, thumbnail: bytes) -> None:
        store.put(image_key(digest, recipe, number), image)
        store.put(thumbnail_key(digest, recipe, number), thumbnail)

    text = reader.read(data, on_page=on_page, keep_page=keep_page)
    store_pages(store, digest, recipe, media_type=text.media_type, pages=text.pages)
    return text


def to_document_text(digest: str, media_type: str, pages: tuple[Page, ...], recipe: Recipe) -> DocumentText:
    """Clean the words of the pages and put the whole together."""
    cleaned = clean_words([word.text for page in pages for word in page.words])
    return DocumentText(digest, media_type, pages, cleaned.tokens, cleaned.language, recipe)


class _Child:
    """One reading child and the pipes to it."""

    def __init__(self, options: ReadingOptions) -> None:
        self.options = options
        self.documents = 0
        self._busy = False
        self._buffer = bytearray()
        self._folder = tempfile.mkdtemp(prefix="sake-read-")
        alive, self._alive = os.pipe()
        environment = os.environ | {
            "OMP_THREAD_LIMIT": "1", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "TMPDIR": self._folder,
        }  # fmt: skip
        self._process = subprocess.Popen(
            [sys.executable, "-m", "sake_ray.data.child"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
            pass_fds=(alive,),
            start_new_session=True,
        )
        os.close(alive)
        assert self._process.stdout is not None
        assert self._process.stdin is not None
        self._answers, self._requests = self._process.stdout, self._process.stdin
        started = time.monotonic()
        try:
            self._send(asdict(options) | {"alive": alive, "folder": self._folder}, b"")
            greeting = self._header(deadline=started + START_SECONDS)
        except (ChildDied, errors.ReadingTimeout) as error:
            self.kill()
            raise ChildDied from error
        if "error" in greeting:
            self.kill()
            raise getattr(errors, greeting["error"])(greeting["sentence"])
        self.engine, self.version = str(greeting["engine"]), str(greeting["version"])

    def is_idle(self) -> bool:
        """Whether the child lives and owes no answer."""
        return not self._busy and self._process.poll() is None

    def read(self, data: bytes, on_page: Progress, keep_page: KeepPage) -> tuple[Page, ...]:
        """Have the child read one document; raises ChildDied, or the error that the child names."""
        limits = self.options.limits
        self._busy = True
        self.documents += 1
        self._send({"bytes": len(data)}, data)
        end = time.monotonic() + limits.document_seconds
        pages: list[Page] = []
        while True:
            page_end = time.monotonic() + limits.page_seconds + GRACE_SECONDS
            header = self._header(deadline=min(page_end, end), page=len(pages) + 1)
            if "page" not in header:
                break
            image, thumbnail = (self._exactly(header[part], deadline=end) for part in ("image", "thumbnail"))
            page = page_from_json(header["page"])
            keep_page(page.number, image, thumbnail)
            pages.append(page)
            on_page(len(pages), header["pages"])
        self._busy = False
        if "error" in header:
            raise getattr(errors, header["error"])(header["sentence"])
        return tuple(pages)

    def kill(self) -> None:
        """End the child with its Tesseract, at once."""
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        for pipe in (self._answers, self._requests):
            with suppress(OSError):  # unsent bytes in a broken pipe
                pipe.close()
        os.close(self._alive)
        shutil.rmtree(self._folder, ignore_errors=True)

    def _send(self, header: Mapping[str, object], data: bytes) -> None:
        try:
            self._requests.write(json.dumps(header).encode() + b"\n" + data)
            self._requests.flush()
        except OSError as error:
            raise ChildDied from error

    def _header(self, *, deadline: float, page: int = 0) -> dict[str, Any]:
        while (end := self._buffer.find(b"\n")) < 0:
            self._fill(deadline, page)
        line = bytes(self._buffer[:end])
        del self._buffer[: end + 1]
        header: dict[str, Any] = json.loads(line)
        return header

    def _exactly(self, size: int, *, deadline: float) -> bytes:
        while len(self._buffer) < size:
            self._fill(deadline, 0)
        part = bytes(self._buffer[:size])
        del self._buffer[:size]
        return part

    def _fill(self, deadline: float, page: int) -> None:
        remaining = deadline - time.monotonic()
        if remaining <= 0 or not select.select([self._answers], [], [], remaining)[0]:
            limits = self.options.limits
            raise errors.ReadingTimeout(
                f"Reading took too long at page {page}; the limits are {limits.page_seconds:g} seconds a page and "
                f"{limits.document_seconds:g} seconds a document. Split the document, or scan it anew."
            )
        chunk = os.read(self._answers.fileno(), CHUNK)
        if not chunk:
            raise ChildDied
        self._buffer += chunk
