"""Look at documents: their text, words, pages, why they were classified so; and correct them."""

import asyncio
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Response

from sake_ray.data.pages.media import ENDINGS
from sake_ray.data.reading import to_document_text
from sake_ray.data.text_cache import fetch_pages, image_key, thumbnail_key
from sake_ray.domain.accounts import Account
from sake_ray.domain.documents import Document
from sake_ray.domain.texts import DocumentText
from sake_ray.errors import NotFound
from sake_ray.schemas.answers import AnswerIn, AnswerOut, LabelsOut
from sake_ray.schemas.documents import DocumentDetail, DocumentsOut
from sake_ray.schemas.words import ExplanationOut, WeightOut, WordsOut
from sake_ray.serve.answers import give_answer, possible_answers
from sake_ray.serve.auth import utc_now
from sake_ray.serve.dependencies import Given, MayWrite, PageNumber, Services, SignedIn, told
from sake_ray.serve.document_filters import Fitting
from sake_ray.serve.exports import cleaned_text
from sake_ray.serve.presenters.documents import show_detail, show_page, show_row

router = APIRouter(tags=["documents"])

Id = Annotated[str, Path(min_length=1, max_length=64)]
Text = Annotated[str | None, Query(max_length=200)]
BYTES = {"schema": {"type": "string", "format": "binary"}}
IMAGE: dict[int | str, dict[str, Any]] = {200: {"content": {"image/jpeg": BYTES}, "description": "The image, upright."}}
NO_SNIFFING = {"Content-Security-Policy": "sandbox; default-src 'none'"}


@router.get("/documents", summary="List documents", responses=told(401, 422, 503))
def documents(
    parts: Given,
    fitting: Fitting,
    page: PageNumber = 1,
    page_size: Annotated[int, Query(ge=1, le=200)] = 50,
) -> DocumentsOut:
    """List the documents that fit, newest first."""
    found: tuple[Document, ...] = ()
    total = 0
    if fitting:
        found, total = parts.records.documents.list(fitting, limit=page_size, offset=(page - 1) * page_size)
    return DocumentsOut(documents=[show_row(d) for d in found], page=page, page_size=page_size, total=total)


@router.get("/documents/{id}", summary="A document with its text", responses=told(401, 404, 422, 503))
def document(parts: Given, account: SignedIn, id: Id) -> DocumentDetail:
    """Show everything known of a document."""
    found = _find(parts, account, id)
    text = _find_text(parts, found)
    if text is None:
        return show_detail(found, text=None, cleaned_text=None)
    return show_detail(found, text=text.text, cleaned_text=cleaned_text(text))


@router.get("/documents/{id}/words", summary="The words, each with its place", responses=told(401, 404, 422, 503))
def words(parts: Given, account: SignedIn, id: Id) -> WordsOut:
    """List the words page by page."""
    return WordsOut(pages=[show_page(page) for page in _text_of(parts, _find(parts, account, id)).pages])


@router.get(
    "/documents/{id}/explanation",
    summary="The words that decided",
    responses=told(401, 404, 422, 503),
)
async def explanation(parts: Given, account: SignedIn, id: Id, label: Text = None) -> ExplanationOut:
    """Explain the label, or another one, by the model that made the prediction."""
    found = await asyncio.to_thread(_find, parts, account, id)
    if not found.prediction:
        raise NotFound("This document has no prediction to explain.")
    explained, version = await parts.predictor.explain(found, label)
    return ExplanationOut(
        label=explained.label,
        model_version=version,
        score=explained.score,
        words=[WeightOut(word=w.word, text=w.text, weight=w.weight) for w in explained.words],
        other_words=explained.other_words,
        cues=dict(explained.cues),
        bias=explained.bias,
    )


@router.get(
    "/documents/{id}/original",
    summary="The bytes as they were handed in",
    response_class=Response,
    responses={
        200: {"content": dict.fromkeys(ENDINGS, BYTES), "description": "The file."},
        **told(401, 404, 422, 503),
    },
)
def original(parts: Given, account: SignedIn, id: Id) -> Response:
    """Send the original as a download."""
    found = _find(parts, account, id)
    data = parts.store.get(found.original)
    # The name is the user's; the type is what the content was told to be, and no browser is to guess.
    name = f"{found.id}{found.original[found.original.rfind('.') :] if '.' in found.original else ''}"
    headers = NO_SNIFFING | {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(data, media_type=found.media_type, headers=headers)


@router.get(
    "/documents/{id}/pages/{n}",
    summary="The image of a page",
    response_class=Response,
    responses={**IMAGE, **told(401, 404, 422, 503)},
)
def page_image(parts: Given, account: SignedIn, id: Id, n: Annotated[int, Path(ge=1, le=100_000)]) -> Response:
    """Send the upright image of a page, numbered from 1."""
    return _picture(parts, _find(parts, account, id), n, small=False)


@router.get(
    "/documents/{id}/pages/{n}/thumbnail",
    summary="The thumbnail of a page",
    response_class=Response,
    responses={**IMAGE, **told(401, 404, 422, 503)},
)
def page_thumbnail(parts: Given, account: SignedIn, id: Id, n: Annotated[int, Path(ge=1, le=100_000)]) -> Response:
    """Send the thumbnail of a page, numbered from 1."""
    return _picture(parts, _find(parts, account, id), n, small=True)


@router.post(
    "/documents/{id}/answers",
    status_code=201,
    summary="Say what a document is",
    responses=told(400, 401, 403, 404, 413, 422, 503),
)
async def answer(parts: Given, account: MayWrite, id: Id, said: AnswerIn) -> AnswerOut:
    """Keep an answer; earlier ones stay, the newest counts."""
    labels = (await parts.predictor.serving()).labels
    found = await asyncio.to_thread(_find, parts, account, id)
    kept = await asyncio.to_thread(
        give_answer, parts.records, found, said.answer, labels=labels, account=account, now=utc_now()
    )
    return AnswerOut(document=kept.document, answer=kept.answer, by=kept.by, at=kept.at)


@router.get("/labels", summary="What a document can be, and what can be answered", responses=told(401, 503))
async def labels(parts: Given, _: SignedIn) -> LabelsOut:
    """List the labels of the model that serves."""
    known = (await parts.predictor.serving()).labels
    return LabelsOut(labels=list(known), answers=possible_answers(known))


def _find(parts: Services, account: Account, id: str) -> Document:
    if "\0" in id:
        raise NotFound("There is no such document.")
    return parts.records.documents.get(id, team=account.sees_team)


def _text_of(parts: Services, found: Document) -> DocumentText:
    text = _find_text(parts, found)
    if text is None:
        raise NotFound("This document has no text: it is not read yet, or could not be.")
    return text


def _find_text(parts: Services, found: Document) -> DocumentText | None:
    kept = fetch_pages(parts.store, found.sha256, found.reading.recipe) if found.reading else None
    return to_document_text(found.sha256, *kept, found.reading.recipe) if found.reading and kept else None


def _picture(parts: Services, found: Document, number: int, *, small: bool) -> Response:
    if not found.reading or number > found.reading.pages:
        raise NotFound(f"This document has no page {number}, or is not read yet.")
    key = (thumbnail_key if small else image_key)(found.sha256, found.reading.recipe, number)
    return Response(parts.store.get(key), media_type="image/jpeg", headers=NO_SNIFFING)
