"""Start jobs, and follow them."""

import asyncio
import time
from typing import Annotated

from fastapi import APIRouter, Path, Query, Response

from sake_ray.domain.jobs import Job, JobState
from sake_ray.jobs.bounded_log import read_piece
from sake_ray.schemas.jobs import JobIn, JobList, JobOut, LogOut
from sake_ray.serve.auth import utc_now
from sake_ray.serve.dependencies import AdminDep, ServicesDep
from sake_ray.serve.etags import UNCHANGED, KnownTags, is_known, make_etag, unchanged
from sake_ray.serve.executors import ADMIN
from sake_ray.serve.idempotency import StoredResponse, reply_to
from sake_ray.serve.idempotent_routes import AdminRoute, KeyedDep
from sake_ray.serve.job_options import validate_options
from sake_ray.serve.openapi import problem_responses
from sake_ray.serve.paging import PageDep

router = APIRouter(prefix="/admin/jobs", tags=["admin: jobs"], route_class=AdminRoute)

POLL_SECONDS = 0.3
CHUNK_BYTES = 256_000
NOT_ENDED = {JobState.QUEUED, JobState.RUNNING}
Number = Annotated[int, Path(ge=1, le=2_000_000_000)]


@router.get(
    "",
    summary="List the jobs",
    response_model=JobList,
    responses=UNCHANGED | problem_responses(401, 403, 422, 503),
)
def list_jobs(
    response: Response,
    services: ServicesDep,
    _: AdminDep,
    page: PageDep,
    state: Annotated[JobState | None, Query()] = None,
    known: KnownTags = None,
) -> JobList | Response:
    """List the jobs in a state, or all, newest first."""
    states = {state} if state else set()
    found = services.records.jobs.list(after=page.after, limit=page.limit, states=states)
    etag = make_etag(found)
    if is_known(etag, known):
        return unchanged(etag)
    response.headers["ETag"] = etag
    return JobList.model_validate(found)


@router.post("", status_code=202, summary="Start a job", responses=problem_responses(400, 401, 403, 413, 422, 503))
def start_job(response: Response, services: ServicesDep, account: AdminDep, new: JobIn, keyed: KeyedDep) -> JobOut:
    """Queue the job; it begins as soon as there is room."""
    options, now = validate_options(new.kind, new.options), utc_now()
    reply = reply_to(keyed, _present_started, now=now)
    job = services.records.jobs.add(new.kind, options, by=account.name, now=now, reply=reply)
    response.headers.update(_locate(job))
    return JobOut.model_validate(job)


@router.get(
    "/{number}",
    summary="How far a job is",
    response_model=JobOut,
    responses=UNCHANGED | problem_responses(401, 403, 404, 422, 503),
)
def get_job(
    response: Response, services: ServicesDep, _: AdminDep, number: Number, known: KnownTags = None
) -> JobOut | Response:
    """Tell where the job stands; with `If-None-Match` the answer is 304 until something changes."""
    found = services.records.jobs.get(number)
    etag = make_etag(found)
    if is_known(etag, known):
        return unchanged(etag)
    response.headers["ETag"] = etag
    return JobOut.model_validate(found)


@router.post("/{number}/stop", summary="Stop a job", responses=problem_responses(401, 403, 404, 422, 503))
def stop_job(services: ServicesDep, account: AdminDep, number: Number) -> JobOut:
    """Ask the job to stop; one that has not begun is stopped at once."""
    return JobOut.model_validate(services.records.jobs.request_abort(number, by=account.name, now=utc_now()))


@router.get("/{number}/log", summary="The log of a job", responses=problem_responses(401, 403, 404, 422, 503))
async def get_job_log(
    services: ServicesDep,
    _: AdminDep,
    number: Number,
    offset: Annotated[int, Query(ge=0, le=1 << 60)] = 0,
    wait: Annotated[float, Query(ge=0, le=20, description="Seconds to wait for something to be there.")] = 0,
) -> LogOut:
    """Send what there is from an offset on; piece by piece, since a log may be long."""
    path, end = services.admin.job_logs / f"{number}.log", time.monotonic() + wait
    while True:
        found = await ADMIN.run(services.records.jobs.get, number)
        text, after = await ADMIN.run(read_piece, path, offset, CHUNK_BYTES)
        over = found.state not in NOT_ENDED and not text
        if text or over or time.monotonic() >= end:
            return LogOut(text=text, offset=after, ended=over)
        await asyncio.sleep(POLL_SECONDS)


def _present_started(job: Job) -> StoredResponse:
    return StoredResponse.of_model(JobOut.model_validate(job), status=202, headers=_locate(job))


def _locate(job: Job) -> dict[str, str]:
    return {"location": f"/admin/jobs/{job.number}", "retry-after": "2"}
