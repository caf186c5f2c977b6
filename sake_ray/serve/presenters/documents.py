"""Show documents, batches and pages as they travel over HTTP."""

from dataclasses import asdict
from typing import Any

from sake_ray.domain.documents import Batch, Document
from sake_ray.domain.texts import Page
from sake_ray.schemas.batches import BatchOut
from sake_ray.schemas.documents import DocumentDetail, DocumentOut, DocumentRow, RecipeOut
from sake_ray.schemas.review import ReviewRow
from sake_ray.schemas.words import PageOut, WordOut


def show_document(document: Document) -> DocumentOut:
    """Show a document as the screens want it."""
    return DocumentOut(**_fields(document))


def show_row(document: Document) -> DocumentRow:
    """Show a document with where it came from."""
    return DocumentRow(**_fields(document), **_origin(document))


def show_review(document: Document, *, drawn: bool) -> ReviewRow:
    """Show a document that waits for an answer."""
    margin = document.prediction.verdict.margin if document.prediction else None
    return ReviewRow(**_fields(document), **_origin(document), margin=margin, random=drawn)


def show_detail(document: Document, *, text: str | None, cleaned_text: str | None) -> DocumentDetail:
    """Show a document with its text."""
    recipe = document.reading.recipe if document.reading else None
    return DocumentDetail(
        **_fields(document),
        **_origin(document),
        media_type=document.media_type,
        size=document.size,
        sha256=document.sha256,
        text=text,
        cleaned_text=cleaned_text,
        recipe=RecipeOut(**asdict(recipe)) if recipe else None,
    )


def show_batch(batch: Batch) -> BatchOut:
    """Show a batch with its documents."""
    return BatchOut(
        uuid=batch.uuid,
        reference=batch.reference,
        status=batch.status,
        submitted_at=batch.submitted_at,
        n_files=len(batch.documents),
        documents=[show_document(document) for document in batch.documents],
    )


def show_page(page: Page) -> PageOut:
    """Show a page of words."""
    words = [
        WordOut(text=w.text, box=(w.box.left, w.box.top, w.box.right, w.box.bottom), confidence=w.confidence)
        for w in page.words
    ]
    return PageOut(number=page.number, width=page.width, height=page.height, source=page.source.value, words=words)


def _fields(document: Document) -> dict[str, Any]:
    prediction, reading = document.prediction, document.reading
    verdict = prediction.verdict if prediction else None
    return {
        "id": document.id,
        "name": document.name,
        "status": document.status,
        "pages": document.pages,
        "pages_done": document.pages_done,
        "error": document.error,
        "label": verdict.label if verdict else None,
        "confidence": verdict.confidence if verdict else None,
        "probabilities": dict(verdict.probabilities) if verdict else {},
        "needs_review": verdict.needs_review if verdict else None,
        "language": reading.language if reading else None,
        "ocr_confidence": reading.ocr_confidence if reading else None,
        "model_version": prediction.model_version if prediction else None,
        "model_hash": prediction.model_hash if prediction else None,
        "policy_version": prediction.policy_version if prediction else None,
        "answer": document.answer,
    }


def _origin(document: Document) -> dict[str, Any]:
    return {"uuid": document.batch, "reference": document.reference, "submitted_at": document.submitted_at}
