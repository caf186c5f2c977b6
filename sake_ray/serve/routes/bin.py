"""The bin: documents that somebody deleted, and may restore until they are erased."""

from typing import Annotated

from fastapi import APIRouter, Path

from sake_ray.domain.accounts import Account
from sake_ray.domain.documents import Document
from sake_ray.schemas.documents import DocumentRow
from sake_ray.serve.dependencies import Services, ServicesDep, WriterDep
from sake_ray.serve.idempotent_routes import IdempotentRoute
from sake_ray.serve.openapi import problem_responses
from sake_ray.serve.visible_documents import find_document

router = APIRouter(tags=["documents"], route_class=IdempotentRoute)

Id = Annotated[str, Path(min_length=1, max_length=64)]


@router.delete(
    "/documents/{id}", summary="Put a document into the bin", responses=problem_responses(401, 403, 404, 422, 503)
)
def remove_document(services: ServicesDep, account: WriterDep, id: Id) -> DocumentRow:
    """Put a document, with its parts, into the bin; a part alone is refused. `GET /documents?status=BINNED` lists the bin.

    For some days (`SAKE_BIN_DAYS`) it can be restored; then it is erased for good.
    """
    found = find_document(services, account, id)
    services.records.bin.put(found, by=account.name, now=services.records.clock.now())
    return _present(services, account, found)


@router.post(
    "/documents/{id}/restore", summary="Restore a document", responses=problem_responses(401, 403, 404, 422, 503)
)
def restore_document(services: ServicesDep, account: WriterDep, id: Id) -> DocumentRow:
    """Take a document out of the bin, as it was. Any other stays as it is, so asking twice is asking once."""
    found = find_document(services, account, id)
    services.records.bin.restore(found, by=account.name, now=services.records.clock.now())
    return _present(services, account, found)


def _present(services: Services, account: Account, document: Document) -> DocumentRow:
    return DocumentRow.model_validate(find_document(services, account, document.id))
