"""Submit documents."""

from collections.abc import Sequence

from fastapi import APIRouter, Request, Response
from starlette.exceptions import HTTPException

from sake_ray.domain.accounts import Account
from sake_ray.domain.documents import Batch
from sake_ray.domain.parts import SplitMode
from sake_ray.errors import Message, Overloaded
from sake_ray.schemas.uploads import SPLIT, PredictOut, Refused
from sake_ray.serve.dependencies import Services, ServicesDep, WriterDep
from sake_ray.serve.executors import UPLOADS
from sake_ray.serve.forms import read_form
from sake_ray.serve.guarded_route import GuardedRoute
from sake_ray.serve.idempotency import StoredResponse
from sake_ray.serve.idempotent_routes import KeyHeader, finish_regardless
from sake_ray.serve.intake import Receipt, Refusal
from sake_ray.serve.openapi import describe_form, problem_responses
from sake_ray.serve.problems import make_nothing_accepted, present_refusal, problem_of
from sake_ray.serve.uploads import SentDocuments, parse_form, parse_json
from sake_ray.tracing.spans import span

router = APIRouter(tags=["predict"], route_class=GuardedRoute)

MAX_UPLOADS = UPLOADS.threads
"""At the same time; each may take 200 MB on the disk, and one file at a time in memory."""
FIELD_BYTES = 4096
MAX_PARTS = 1000  # beyond, the form is not even counted
RETRY_SECONDS = "2"
uploads_running = 0

REFERENCE = {"type": "string", "minLength": 1, "maxLength": 200, "examples": ["Durand, Marie"]}
UUID = {"type": "string", "maxLength": 64, "description": "An own open batch to add to."}
MODE = {"type": "string", "enum": list(SplitMode), "description": SPLIT}
BODY = {
    "required": True,
    "content": {
        **describe_form({"reference": REFERENCE}, {"uuid": UUID, "split": MODE}),
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
async def submit_documents(
    request: Request,
    response: Response,
    services: ServicesDep,
    account: WriterDep,
    key: KeyHeader = None,
) -> PredictOut:
    """Accept up to 100 files: 200 MB as multipart, 30 MB as JSON. What is accepted is stored, and will be classified."""
    global uploads_running
    if uploads_running >= MAX_UPLOADS:
        raise Overloaded("too-many-uploads")
    uploads_running += 1
    try:
        with span("receive"):
            sent = await _read_upload(request)
    except BaseException:
        uploads_running -= 1
        await request.close()
        raise
    # From here on it is stored, also for a sender that hangs up: it will ask again.
    receipt = await finish_regardless(_store(request, services, account, sent, key))
    for refusal in receipt.refusals:
        services.instruments.count("uploads_refused", reason=refusal.error.code)
    if receipt.response is None:
        refused = _present_refusals(receipt.refusals)
        return problem_of(make_nothing_accepted(refused), request.url.path, refused=refused)  # type: ignore[return-value]
    if receipt.replayed:
        return receipt.response.replay()  # type: ignore[return-value]
    response.headers.update(receipt.response.headers)
    return PredictOut.model_validate_json(receipt.response.body)


async def _read_upload(request: Request) -> SentDocuments:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "multipart/form-data":
        return parse_form(await read_form(request, max_files=MAX_PARTS, max_part_size=FIELD_BYTES))
    if kind == "application/json":
        return await UPLOADS.run(parse_json, await request.body())
    raise HTTPException(415, Message("content-type-unsupported"))


async def _store(
    request: Request, services: Services, account: Account, sent: SentDocuments, key: str | None
) -> Receipt:
    """Store an upload, then close its files and free its slot."""
    global uploads_running
    try:
        return await UPLOADS.run(_accept, services, account, sent, key)
    finally:
        uploads_running -= 1
        await request.close()


def _accept(services: Services, account: Account, sent: SentDocuments, key: str | None) -> Receipt:
    now = services.records.clock.now()

    def present(batch: Batch, nb: int, refusals: Sequence[Refusal]) -> StoredResponse:
        message = f"{nb} document{'s' if nb > 1 else ''} accepted"
        if refusals:
            message += f", {len(refusals)} refused"
        refused = _present_refusals(refusals)
        predicted = PredictOut(
            message=message, reference=batch.reference, uuid=batch.uuid, nb=nb, time=now, refused=refused
        )
        headers = {"location": f"/predict/{batch.uuid}", "retry-after": RETRY_SECONDS}
        return StoredResponse.of_model(predicted, status=202, headers=headers)

    keyed = services.keys.open(account.name, key) if key else None
    return services.intake.accept(
        account,
        sent.reference,
        sent.uploads,
        uuid=sent.uuid,
        split=sent.split,
        keyed=keyed,
        present=present,
        now=now,
    )


def _present_refusals(refusals: Sequence[Refusal]) -> list[Refused]:
    return [present_refusal(refusal.name, refusal.error) for refusal in refusals]
