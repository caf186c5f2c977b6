"""Get the text and the page images of a document; what was deleted is made again by the part that reads documents."""

from sake_ray.data.stored_texts import fetch_text, find_page_image
from sake_ray.domain.documents import Document
from sake_ray.domain.texts import DocumentText
from sake_ray.errors import NotFound, ObjectMissing, OriginalDamaged, ReadingStalled, TextPending
from sake_ray.serve.dependencies import Services
from sake_ray.serve.executors import OBJECTS


async def require_text(services: Services, document: Document) -> DocumentText:
    """Get the text; raises NotFound for a document that was not read, and what `OrchestratorService.remake` raises."""
    if not document.reading:
        raise NotFound("document-without-text")
    for last in (False, True):
        text = await OBJECTS.run(
            fetch_text, services.store, document.sha256, document.reading.recipe, current=services.admin.recipe
        )
        if text or last:
            break
        await services.orchestrator.remake(document)
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


async def require_page_image(services: Services, document: Document, number: int, *, small: bool) -> str:
    """Get the key of the image or thumbnail of a page, from 1.

    A thumbnail is not waited for: screens ask for many, and do without. Raises what `require_text` raises.
    """
    if not document.reading or number > document.reading.pages:
        raise NotFound("page-not-found", page=number)
    for last in (False, True):
        key = await OBJECTS.run(
            find_page_image,
            services.store,
            document.sha256,
            document.reading.recipe,
            number,
            small=small,
            current=services.admin.recipe,
        )
        if key or last:
            break
        await services.orchestrator.remake(document, anew=True, wait=not small)
    if key is None:
        raise NotFound("page-not-found", page=number)
    return key


def differs(document: Document, text: DocumentText) -> bool:
    """Tell whether a text was made in another way than the one that the prediction was made from."""
    return document.recipe is not None and document.recipe != text.recipe
