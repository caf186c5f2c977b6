"""All that there is of a person, as a download."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Response
from starlette.responses import StreamingResponse

from sake_ray.domain.audit import AuditAction
from sake_ray.erasure import make_pseudonym
from sake_ray.errors import NotFound
from sake_ray.serve.dependencies import ReaderDep, Services, ServicesDep
from sake_ray.serve.downloads import SANDBOX
from sake_ray.serve.executors import RECORDS
from sake_ray.serve.guarded_route import ObjectsRoute
from sake_ray.serve.openapi import BINARY, problem_responses
from sake_ray.serve.person_data import count_documents, pack_reference, send_on_threads

router = APIRouter(tags=["references"], route_class=ObjectsRoute)

Reference = Annotated[str, Path(description="The reference; any character, percent-encoded.")]
Team = Annotated[str | None, Query(max_length=100, description="For admin and ops: of this team only.")]
HEADERS = SANDBOX | {"Content-Disposition": 'attachment; filename="data.zip"', "Cache-Control": "no-store"}


@router.get(
    "/references/{reference:reference}/data.zip",
    summary="All that there is of a reference, as a ZIP",
    response_class=Response,
    responses={
        200: {"content": {"application/zip": BINARY}, "description": "originals/, texts/ and data.json."},
        **problem_responses(401, 403, 404, 422, 503),
    },
)
async def get_reference_data(
    services: ServicesDep, account: ReaderDep, reference: Reference, team: Team = None
) -> StreamingResponse:
    """Send originals, texts, predictions, answers and times; it is packed while it is sent, whatever its size."""
    wanted = account.visible_team or team
    await RECORDS.run(_note, services, account.name, reference, wanted)
    pieces = pack_reference(services.records, services.store, reference, team=wanted, current=services.admin.recipe)
    return StreamingResponse(send_on_threads(pieces), media_type="application/zip", headers=HEADERS)


def _note(services: Services, account: str, reference: str, team: str | None) -> None:
    """Note in the audit log who took it; by a hash of the reference, which the log never names. Raises NotFound."""
    found = 0
    if "\0" not in f"{reference}{team}":
        found = count_documents(services.records, reference, team)
    if not found:
        raise NotFound("reference-not-found", reference=reference)
    subject = f"reference:{make_pseudonym(services.keys.secret, reference)}"
    services.records.audit.add(AuditAction.REFERENCE_DOWNLOADED, by=account, subject=subject, documents=found)
