"""Put the searchable PDF of a document together from its page images and its words.

All pages are images, also of a PDF that has text of its own. So it is the same for every format and for parts of a file; its text
is what was read, without what an original hides; and nothing of a stranger's file is in it that could do anything. The original
is there beside it. The PDF is kept nowhere, so that there is nothing to erase; making it again is quick.
"""

import os
import tempfile
from collections.abc import Iterator
from functools import partial
from hashlib import sha256
from pathlib import Path
from threading import BoundedSemaphore

from sake_ray.data.searchable_pdf import write_searchable_pdf
from sake_ray.data.stored_texts import fetch_page_image
from sake_ray.domain.documents import Document
from sake_ray.domain.texts import DocumentText, Page, Recipe
from sake_ray.errors import NotFound, Overloaded
from sake_ray.serve.dependencies import Services
from sake_ray.serve.downloads import Source
from sake_ray.serve.executors import PDFS
from sake_ray.serve.texts import require_page_image, require_text
from sake_ray.storage.objects import ObjectStore, unavailable

MAX_FILES = 24
"""PDFs that are written or on their way at once: one that is fetched slowly takes room on the disk meanwhile."""
MAX_TRIES = 3
"""Of putting it together, each after a page image that was missing has been made again."""


class PageImageMissing(Exception):
    """The image of a page is gone, and has to be made again; says of which."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


_room = BoundedSemaphore(MAX_FILES)


class TemporaryFile:
    """A file without a name, gone with whoever reads it; knows the hash of what was written.

    Raises Overloaded when there are too many already.
    """

    def __init__(self) -> None:
        self._has_room = _room.acquire(blocking=False)
        if not self._has_room:
            raise Overloaded("too-many-requests")
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - it lives as long as this object
        self._hash, self.size = sha256(), 0

    def write(self, data: bytes) -> int:
        """Append bytes."""
        self._hash.update(data)
        self.size += len(data)
        return self._file.write(data)

    def read(self, start: int, count: int) -> bytes:
        """Read so many bytes from a place on; any thread may."""
        return os.pread(self._file.fileno(), count, start)

    def to_source(self) -> Source:
        """End the writing; the source keeps the file alive."""
        self._file.flush()
        return Source(f'"{self._hash.hexdigest()[:32]}"', self.size, self.read)

    def __del__(self) -> None:
        if hasattr(self, "_file"):
            self._file.close()
        if self._has_room:
            _room.release()


async def make_searchable_pdf(services: Services, document: Document) -> Source:
    """Make the PDF; raises what `require_text` and `require_page_image` raise, such as TextPending."""
    text = await require_text(services, document)
    for _ in range(MAX_TRIES):
        try:
            return await PDFS.run(_write, services.store, document, text, services.admin.recipe)
        except PageImageMissing as missing:
            number = missing.number
            await require_page_image(services, document, number)
    raise NotFound("page-not-found", page=number)


def _write(store: ObjectStore, document: Document, text: DocumentText, current: Recipe) -> Source:
    pages = _fetch_pages(store, document, text, current)
    try:
        file = TemporaryFile()
        write_searchable_pdf(file, pages, language=text.language)
        return file.to_source()
    except OSError as error:  # the disk of temporary files is full
        raise unavailable(Path(tempfile.gettempdir()), error) from error


def _fetch_pages(
    store: ObjectStore, document: Document, text: DocumentText, current: Recipe
) -> Iterator[tuple[Page, bytes]]:
    """Fetch one page after the other, as they are written."""
    recipe = document.reading.recipe if document.reading else text.recipe
    first = document.page_range.first if document.page_range else 1
    fetch = partial(fetch_page_image, store, document.sha256, recipe, small=False, current=current)
    for page in text.pages:
        image = fetch(page.number + first - 1)  # the images are those of the file
        if image is None:
            raise PageImageMissing(page.number)
        yield page, image
