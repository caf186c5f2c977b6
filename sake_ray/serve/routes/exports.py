"""Results as files: lists as CSV or JSON lines, and a document as a searchable PDF."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response
from starlette.responses import StreamingResponse

from sake_ray.domain.audit import AuditAction
from sake_ray.errors import NotFound
from sake_ray.serve.dependencies import AccountDep, ReaderDep, ServicesDep
from sake_ray.serve.document_filters import DocumentFilterDep
from sake_ray.serve.downloads import SANDBOX, send_file
from sake_ray.serve.executors import RECORDS
from sake_ray.serve.guarded_route import GuardedRoute
from sake_ray.serve.openapi import BINARY, PART_RESPONSES, problem_responses
from sake_ray.serve.result_exports import ExportFormat, NextChunk, read_batch, read_list, write_results
from sake_ray.serve.searchable_pdfs import make_searchable_pdf
from sake_ray.serve.visible_documents import find_document

router = APIRouter(tags=["exports"], route_class=GuardedRoute)

Format = Annotated[
    ExportFormat, Query(description="csv: one line a document, for a spreadsheet too; jsonl: all of each.")
]
Id = Annotated[str, Path(min_length=1, max_length=64)]
RESULTS: dict[int | str, dict[str, Any]] = {
    200: {
        "content": {"text/csv": {"schema": {"type": "string"}}, "application/x-ndjson": {"schema": {"type": "string"}}},
        "description": "The documents, one a line.",
    }
}
PDF: dict[int | str, dict[str, Any]] = {200: {"content": {"application/pdf": BINARY}, "description": "The PDF."}}


@router.get(
    "/batches/{uuid}/export",
    summary="The results of a batch as a file",
    response_class=Response,
    responses=RESULTS | problem_responses(401, 404, 422, 503),
)
async def export_batch(
    services: ServicesDep, account: AccountDep, uuid: Id, format: Format = ExportFormat.CSV
) -> Response:
    """Send the documents of a batch in the order they came, all of them at once. The ones that have not ended are there, too."""
    if "\0" in uuid:
        raise NotFound("batch-not-found", batch=uuid)
    await RECORDS.run(services.records.batches.get, uuid, team=account.visible_team)
    subject = f"batch:{uuid}"
    await RECORDS.run(services.records.audit.add, AuditAction.RESULTS_EXPORTED, by=account.name, subject=subject)
    return await _send(read_batch(services.records, uuid), format, uuid)


@router.get(
    "/documents/export",
    summary="The results of all documents that fit, as a file",
    response_class=Response,
    responses=RESULTS | problem_responses(401, 422, 503),
)
async def export_documents(
    services: ServicesDep, account: AccountDep, wanted: DocumentFilterDep, format: Format = ExportFormat.CSV
) -> Response:
    """Send the documents that `GET /documents` lists, newest first, all of them at once: those of a reference, for instance."""
    await RECORDS.run(services.records.audit.add, AuditAction.RESULTS_EXPORTED, by=account.name)
    return await _send(read_list(services.records, wanted), format, "documents")


@router.get(
    "/documents/{id}/searchable.pdf",
    summary="The document as a searchable PDF",
    response_class=Response,
    responses={**PDF, **PART_RESPONSES, **problem_responses(401, 403, 404, 416, 422, 503)},
)
async def get_searchable_pdf(request: Request, services: ServicesDep, account: ReaderDep, id: Id) -> Response:
    """Send the page images as a PDF with the words that were read invisibly in their places, or a range of it."""
    found = await RECORDS.run(find_document, services, account, id)
    source = await make_searchable_pdf(services, found)
    subject, action = f"document:{found.id}", AuditAction.SEARCHABLE_PDF_DOWNLOADED
    await RECORDS.run(services.records.audit.add, action, by=account.name, subject=subject)
    headers = SANDBOX | {"Content-Disposition": f'attachment; filename="{found.id}.pdf"'}
    return await send_file(request, source, media_type="application/pdf", headers=headers)


async def _send(read: NextChunk, form: ExportFormat, name: str) -> Response:
    pieces = write_results(read, form)
    # Before the answer begins: what the records refuse is a problem, not a file that breaks off.
    first = await anext(pieces)

    async def send() -> Any:
        yield first
        async for piece in pieces:
            yield piece

    headers = SANDBOX | {
        "Content-Disposition": f'attachment; filename="{name}.{form.value}"',
        "Cache-Control": "no-store",
    }
    return StreamingResponse(send(), headers=headers, media_type=form.media_type)
