"""Get the text and the page images of a document; what was deleted is made again by the part that reads documents."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import TypeVar

from sake_ray.data.stored_texts import fetch_page_image, fetch_text, find_page_image
from sake_ray.domain.documents import Document
from sake_ray.domain.texts import DocumentText
from sake_ray.errors import NotFound, ObjectMissing, OriginalDamaged, ReadingStalled, TextPending
from sake_ray.serve.dependencies import Services
from sake_ray.serve.executors import OBJECTS

Found = TypeVar("Found")


async def require_text(services: Services, document: Document) -> DocumentText:
    """Get the text; raises NotFound for a document that was not read, and what `OrchestratorService.remake` raises."""
    if not document.reading:
        raise NotFound("document-without-text")
    recipe, current = document.reading.recipe, services.admin.recipe
    pages = document.page_range
    find = partial(fetch_text, services.store, document.sha256, recipe, page_range=pages, current=current)
    text = await _find_or_remake(find, lambda: services.orchestrator.remake(document))
    if text is None:
        raise NotFound("document-without-text")
    return text


async def find_text(services: Services, document: Document) -> tuple[DocumentText | None, bool]:
    """Find the text, and tell whether it is being made again; None for one that was not read or cannot be made again."""
    try:
        return await require_text(services, document), False
    except TextPending:
        return None, True
    except (NotFound, ObjectMissing, OriginalDamaged, ReadingStalled):
        return None, False


async def require_page_image(services: Services, document: Document, number: int) -> str:
    """Get the key of the image of a page, from 1. Raises what `require_text` raises."""
    find = partial(find_page_image, small=False)
    return await _require_of_page(services, document, number, find, wait=True)


async def require_thumbnail(services: Services, document: Document, number: int) -> bytes:
    """Get the thumbnail of a page, from 1. Raises what `require_text` raises.

    One that is made again is not waited for: screens ask for many, and do without.
    """
    return await _require_of_page(services, document, number, partial(fetch_page_image, small=True), wait=False)


def differs(document: Document, text: DocumentText) -> bool:
    """Tell whether a text was made in another way than the one that the prediction was made from."""
    return document.recipe is not None and document.recipe != text.recipe


async def _require_of_page(
    services: Services, document: Document, number: int, find: Callable[..., Found | None], *, wait: bool
) -> Found:
    if not document.reading or number > document.reading.pages:
        raise NotFound("page-not-found", page=number)
    recipe, current = document.reading.recipe, services.admin.recipe
    # The images are those of the file.
    of_file = number + document.page_range.first - 1 if document.page_range else number
    find = partial(find, services.store, document.sha256, recipe, of_file, current=current)
    found = await _find_or_remake(find, lambda: services.orchestrator.remake(document, anew=True, wait=wait))
    if found is None:
        raise NotFound("page-not-found", page=number)
    return found


async def _find_or_remake(find: Callable[[], Found | None], remake: Callable[[], Awaitable[None]]) -> Found | None:
    """Find something that was read; where it is gone, once more after it was made again."""
    if (found := await OBJECTS.run(find)) is not None:
        return found
    await remake()
    return await OBJECTS.run(find)
