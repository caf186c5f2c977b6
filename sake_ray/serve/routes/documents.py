"""Documents: their text, words, pages and explanation; and the answers to them."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from sake_ray.data.originals import check_original
from sake_ray.data.pages.media import ENDINGS
from sake_ray.domain.accounts import Account
from sake_ray.domain.answers import Answer
from sake_ray.domain.audit import AuditAction
from sake_ray.domain.documents import Status
from sake_ray.domain.listing import list_whole
from sake_ray.domain.texts import DocumentText
from sake_ray.errors import NotFound
from sake_ray.schemas.answers import AnswerIn, AnswerOut, LabelsOut
from sake_ray.schemas.documents import DocumentDetail, DocumentList, DocumentRow
from sake_ray.schemas.words import ExplanationOut, PageOut, WordsOut
from sake_ray.serve.answers import list_answers, record_answer
from sake_ray.serve.auth import utc_now
from sake_ray.serve.dependencies import (
    AccountDep,
    MonitoringDep,
    ReaderDep,
    Services,
    ServicesDep,
    WriterDep,
)
from sake_ray.serve.document_filters import DocumentFilterDep
from sake_ray.serve.downloads import SANDBOX, cache_headers, send_object
from sake_ray.serve.etags import UNCHANGED, KnownTags, is_known, make_etag, unchanged
from sake_ray.serve.executors import OBJECTS, RECORDS
from sake_ray.serve.idempotency import StoredResponse, reply_to
from sake_ray.serve.idempotent_routes import IdempotentRoute, KeyedDep
from sake_ray.serve.openapi import BINARY, IMAGE_RESPONSE, PART_RESPONSES, problem_responses
from sake_ray.serve.paging import PageDep
from sake_ray.serve.presenters.documents import present_detail
from sake_ray.serve.texts import differs, find_text, require_page_image, require_text, require_thumbnail
from sake_ray.serve.visible_documents import find_document, find_to_see

router = APIRouter(tags=["documents"], route_class=IdempotentRoute)

Id = Annotated[str, Path(min_length=1, max_length=64)]
Text = Annotated[str | None, Query(max_length=200)]


@router.get("/documents", summary="List documents", responses=problem_responses(401, 422, 503))
def list_documents(services: ServicesDep, wanted: DocumentFilterDep, page: PageDep) -> DocumentList:
    """List the documents that fit, newest first."""
    if wanted is None:
        return DocumentList.model_validate(list_whole(()))
    return DocumentList.model_validate(services.records.documents.list(wanted, after=page.after, limit=page.limit))


@router.get(
    "/documents/{id}",
    summary="A document with its text",
    response_model=DocumentDetail,
    responses=UNCHANGED | problem_responses(401, 403, 404, 422, 503),
)
async def get_document(
    response: Response, services: ServicesDep, account: ReaderDep, id: Id, known: KnownTags = None
) -> DocumentDetail | Response:
    """Show everything known of a document; with `If-None-Match` the answer is 304 until something changes."""
    # Before the rest is read, so that what is sent is never older than its ETag.
    etag = await RECORDS.run(_tag, services, account, id)
    if is_known(etag, known):
        return unchanged(etag)
    found = await RECORDS.run(find_to_see, services, account, id)
    is_split = found.parent is not None or found.status is Status.SPLIT
    parts = await RECORDS.run(services.records.splits.list_parts, found.root) if is_split else ()
    text, pending = await find_text(services, found)
    # A text that is missing may be made again, of which the records know nothing.
    if text or not found.reading:
        response.headers["ETag"] = etag
    return await OBJECTS.run(present_detail, found, text, parts=parts, pending=pending)


@router.get(
    "/documents/{id}/words",
    summary="The words, each with its place",
    responses=problem_responses(401, 403, 404, 422, 503),
)
async def get_document_words(services: ServicesDep, account: ReaderDep, id: Id) -> WordsOut:
    """List the words page by page. A text that was deleted is read again: 503 with Retry-After while that takes longer."""
    found = await RECORDS.run(find_to_see, services, account, id)
    text = await require_text(services, found)
    return await OBJECTS.run(_present_words, text, recipe_differs=differs(found, text))


@router.get(
    "/documents/{id}/explanation",
    summary="The words that decided",
    responses=problem_responses(401, 403, 404, 422, 503),
)
async def explain_document(services: ServicesDep, account: ReaderDep, id: Id, label: Text = None) -> ExplanationOut:
    """Explain the label, or another one, by the model that made the prediction."""
    found = await RECORDS.run(find_to_see, services, account, id)
    if not found.prediction:
        raise NotFound("no-prediction-to-explain")
    text = await require_text(services, found)
    explained, version = await services.predictor.explain(found, label)
    return ExplanationOut.from_domain(explained, model_version=version, recipe_differs=differs(found, text))


@router.get(
    "/documents/{id}/original",
    summary="The bytes as they were handed in",
    response_class=Response,
    responses={
        200: {"content": dict.fromkeys(ENDINGS, BINARY), "description": "The file."},
        **PART_RESPONSES,
        **problem_responses(401, 403, 404, 416, 422, 503),
    },
)
async def get_document_original(request: Request, services: ServicesDep, account: ReaderDep, id: Id) -> Response:
    """Send the original as a download, or a range of it."""
    found = await RECORDS.run(find_document, services, account, id)
    subject = f"document:{found.id}"
    await RECORDS.run(services.records.audit.add, AuditAction.ORIGINAL_DOWNLOADED, by=account.name, subject=subject)
    # No browser is to guess the type: it is the one that the content has, and the name is ours.
    name = f"{found.id}{found.original[found.original.rfind('.') :] if '.' in found.original else ''}"
    headers = SANDBOX | {"Content-Disposition": f'attachment; filename="{name}"'}
    check = partial(check_original, services.store, found.original, found.sha256)
    return await send_object(
        request, services.store, found.original, check=check, media_type=found.media_type, headers=headers
    )


@router.get(
    "/documents/{id}/pages/{n}",
    summary="The image of a page",
    response_class=Response,
    responses={**IMAGE_RESPONSE, **PART_RESPONSES, **problem_responses(401, 403, 404, 416, 422, 503)},
)
async def get_document_page(
    request: Request, services: ServicesDep, account: ReaderDep, id: Id, n: Annotated[int, Path(ge=1, le=100_000)]
) -> Response:
    """Send the upright image of a page, numbered from 1."""
    found = await RECORDS.run(find_to_see, services, account, id)
    key = await require_page_image(services, found, n)
    return await send_object(request, services.store, key, media_type="image/jpeg", headers=SANDBOX)


@router.get(
    "/documents/{id}/pages/{n}/thumbnail",
    summary="The thumbnail of a page",
    response_class=Response,
    responses={**IMAGE_RESPONSE, **UNCHANGED, **problem_responses(401, 403, 404, 422, 503)},
)
async def get_document_thumbnail(
    request: Request, services: ServicesDep, account: ReaderDep, id: Id, n: Annotated[int, Path(ge=1, le=100_000)]
) -> Response:
    """Send the thumbnail of a page, numbered from 1."""
    found = await RECORDS.run(find_document, services, account, id)
    picture = await require_thumbnail(services, found, n)
    headers = SANDBOX | cache_headers(make_etag(picture))
    if is_known(headers["ETag"], request.headers.get("If-None-Match")):
        return Response(status_code=304, headers=headers)
    return Response(picture, media_type="image/jpeg", headers=headers)


@router.post(
    "/documents/{id}/answers",
    status_code=201,
    summary="Say what a document is",
    responses=problem_responses(400, 401, 403, 404, 413, 422, 503),
)
async def answer_document(
    services: ServicesDep, account: WriterDep, id: Id, sent: AnswerIn, keyed: KeyedDep
) -> AnswerOut:
    """Keep an answer; earlier ones stay, the newest counts."""
    labels = (await services.predictor.get_status()).labels
    found = await RECORDS.run(find_document, services, account, id)
    now = utc_now()
    reply = reply_to(keyed, _present_answer, now=now)
    recorded = await RECORDS.run(
        record_answer, services.records, found, sent.answer, labels=labels, account=account, now=now, reply=reply
    )
    return AnswerOut.model_validate(recorded)


@router.post(
    "/documents/{id}/retry",
    summary="Try a document again that needs ops",
    responses=problem_responses(401, 403, 404, 422, 503),
)
def retry_document(services: ServicesDep, account: MonitoringDep, id: Id) -> DocumentRow:
    """Let new attempts be made at a document that was left to ops. Any other stays as it is, so asking twice is asking once."""
    found = find_document(services, account, id)
    services.records.queue.retry([found.id], by=account.name, now=services.records.clock.now())
    return DocumentRow.model_validate(find_document(services, account, id))


@router.get(
    "/labels", summary="What a document can be, and what can be answered", responses=problem_responses(401, 503)
)
async def list_labels(services: ServicesDep, _: AccountDep) -> LabelsOut:
    """List the labels of the model that serves."""
    known = (await services.predictor.get_status()).labels
    return LabelsOut(labels=list(known), answers=list_answers(known))


def _present_answer(recorded: Answer) -> StoredResponse:
    return StoredResponse.of_model(AnswerOut.model_validate(recorded), status=201)


def _tag(services: Services, account: Account, id: str) -> str:
    """Make the ETag of a document for whoever may see it, without loading it."""
    if "\0" in id:
        raise NotFound("no-such-document")
    services.records.documents.check_visible(id, team=account.visible_team)
    return make_etag(services.records.etags.of_document(id))


def _present_words(text: DocumentText, *, recipe_differs: bool) -> WordsOut:
    return WordsOut(pages=[PageOut.model_validate(page) for page in text.pages], recipe_differs=recipe_differs)
