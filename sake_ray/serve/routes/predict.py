"""Submit documents."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Header, Request, Response
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException

from sake_ray.domain.accounts import Account
from sake_ray.domain.documents import Batch
from sake_ray.errors import Message, Overloaded
from sake_ray.schemas.uploads import PredictOut, Refused
from sake_ray.serve.auth import utc_now
from sake_ray.serve.dependencies import Services, ServicesDep, WriterDep
from sake_ray.serve.forms import read_form
from sake_ray.serve.intake import Receipt, Refusal
from sake_ray.serve.openapi import describe_form, problem_responses
from sake_ray.serve.problems import make_nothing_accepted, present_refusal, problem_of
from sake_ray.serve.uploads import SentDocuments, parse_form, parse_json

router = APIRouter(tags=["predict"])

MAX_UPLOADS = 8
"""At the same time; each may take 200 MB on the disk, and one file at a time in memory."""
FIELD_BYTES = 4096
MAX_PARTS = 1000  # beyond, the form is not even counted
RETRY_SECONDS = "2"
uploads_running = 0

REFERENCE = {"type": "string", "minLength": 1, "maxLength": 200, "examples": ["Durand, Marie"]}
UUID = {"type": "string", "maxLength": 64, "description": "An own open batch to add to."}
BODY = {
    "required": True,
    "content": {
        **describe_form({"reference": REFERENCE}, {"uuid": UUID}),
        "application/json": {"schema": {"$ref": "#/components/schemas/PredictIn"}},
    },
}


@router.post(
    "/predict",
    status_code=202,
    summary="Hand in documents",
    openapi_extra={"requestBody": BODY},
    responses=problem_responses(400, 401, 403, 404, 409, 413, 415, 422, 503),
)
async def predict(
    request: Request,
    response: Response,
    services: ServicesDep,
    account: WriterDep,
    key: Annotated[
        str | None,
        Header(
            alias="Idempotency-Key",
            min_length=1,
            max_length=200,
            description="Any text that is new for each upload: the upload is done once, however often it is sent.",
        ),
    ] = None,
) -> PredictOut:
    """Accept up to 100 files: 200 MB as multipart, 30 MB as JSON. What is accepted is stored, and will be classified."""
    global uploads_running
    if uploads_running >= MAX_UPLOADS:
        raise Overloaded("too-many-uploads")
    uploads_running += 1
    form: FormData | None = None
    try:
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind == "multipart/form-data":
            form = await read_form(request, max_files=MAX_PARTS, max_part_size=FIELD_BYTES)
            sent = parse_form(form)
        elif kind == "application/json":
            sent = await asyncio.to_thread(parse_json, await request.body())
        else:
            raise HTTPException(415, Message("content-type-unsupported"))
        receipt = await asyncio.to_thread(_accept, services, account, sent, key)
    finally:
        uploads_running -= 1
        if form:
            await form.close()
    if not receipt.accepted:
        refused = _present_refusals(receipt.refusals)
        return problem_of(make_nothing_accepted(refused), request.url.path, refused=refused)  # type: ignore[return-value]
    accepted = PredictOut.model_validate(receipt.response)
    response.headers.update({"Location": f"/predict/{accepted.uuid}", "Retry-After": RETRY_SECONDS})
    return accepted


def _accept(services: Services, account: Account, sent: SentDocuments, key: str | None) -> Receipt:
    now = utc_now()

    def present(batch: Batch, nb: int, refusals: Sequence[Refusal]) -> Mapping[str, Any]:
        message = f"{nb} document{'s' if nb > 1 else ''} accepted"
        if refusals:
            message += f", {len(refusals)} refused"
        refused = _present_refusals(refusals)
        predicted = PredictOut(
            message=message, reference=batch.reference, uuid=batch.uuid, nb=nb, time=now, refused=refused
        )
        return predicted.model_dump(mode="json")

    return services.intake.accept(
        account, sent.reference, sent.uploads, uuid=sent.uuid, key=key, present=present, now=now
    )


def _present_refusals(refusals: Sequence[Refusal]) -> list[Refused]:
    return [present_refusal(refusal.name, refusal.error) for refusal in refusals]
