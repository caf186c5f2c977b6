"""Start what is slow, and see how far it is."""

import asyncio
import codecs
import time
from pathlib import Path as File
from typing import Annotated

from fastapi import APIRouter, Path, Query, Response
from starlette.concurrency import run_in_threadpool

from sake_ray.domain.jobs import Job, JobState
from sake_ray.schemas.jobs import JobIn, JobOut, JobsOut, LogOut
from sake_ray.serve.auth import utc_now
from sake_ray.serve.dependencies import Admin, Given, PageNumber, told
from sake_ray.serve.job_options import check_job

router = APIRouter(prefix="/admin/jobs", tags=["admin: jobs"])

LOOK_SECONDS = 0.3
PIECE_BYTES = 256_000
OPEN = {JobState.QUEUED, JobState.RUNNING}
Number = Annotated[int, Path(ge=1, le=2_000_000_000)]


@router.get("", summary="List the jobs", responses=told(401, 403, 422, 503))
def jobs(
    parts: Given,
    _: Admin,
    state: Annotated[JobState | None, Query()] = None,
    page: PageNumber = 1,
    page_size: Annotated[int, Query(ge=1, le=200)] = 50,
) -> JobsOut:
    """List the jobs in a state, or all, newest first."""
    states = {state} if state else set()
    found = parts.records.jobs.all(limit=page_size, offset=(page - 1) * page_size, states=states)
    total = parts.records.jobs.count(states)
    return JobsOut(jobs=[show_job(job) for job in found], page=page, page_size=page_size, total=total)


@router.post("", status_code=202, summary="Start a job", responses=told(400, 401, 403, 413, 422, 503))
def start_job(response: Response, parts: Given, account: Admin, wanted: JobIn) -> JobOut:
    """Queue the job; it begins as soon as there is room."""
    options = check_job(wanted.kind, wanted.options)
    job = parts.records.jobs.add(wanted.kind, options, by=account.name, now=utc_now())
    response.headers.update({"Location": f"/admin/jobs/{job.number}", "Retry-After": "2"})
    return show_job(job)


@router.get("/{number}", summary="How far a job is", responses=told(401, 403, 404, 422, 503))
def job(parts: Given, _: Admin, number: Number) -> JobOut:
    """Tell where the job stands."""
    return show_job(parts.records.jobs.find(number))


@router.post("/{number}/stop", summary="Stop a job", responses=told(401, 403, 404, 422, 503))
def stop_job(parts: Given, _: Admin, number: Number) -> JobOut:
    """Ask the job to stop; one that has not begun is stopped at once."""
    return show_job(parts.records.jobs.ask_stop(number, now=utc_now()))


@router.get("/{number}/log", summary="The log of a job", responses=told(401, 403, 404, 422, 503))
async def job_log(
    parts: Given,
    _: Admin,
    number: Number,
    offset: Annotated[int, Query(ge=0, le=1 << 60)] = 0,
    wait: Annotated[float, Query(ge=0, le=20, description="Seconds to wait for something to be there.")] = 0,
) -> LogOut:
    """Send what there is from an offset on; piece by piece, since a log may be long."""
    path, end = parts.workshop.logs / f"{number}.log", time.monotonic() + wait
    while True:
        found = await run_in_threadpool(parts.records.jobs.find, number)
        piece = await run_in_threadpool(read_piece, path, offset)
        over = found.state not in OPEN and not piece.text
        if piece.text or over or time.monotonic() >= end:
            return piece.model_copy(update={"ended": over})
        await asyncio.sleep(LOOK_SECONDS)


def read_piece(path: File, offset: int) -> LogOut:
    """Read some of a log, never half a letter of it."""
    try:
        with path.open("rb") as log:
            log.seek(offset)
            data = log.read(PIECE_BYTES)
    except FileNotFoundError:
        data = b""
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    text = decoder.decode(data)
    return LogOut(text=text, offset=offset + len(data) - len(decoder.getstate()[0]), ended=False)


def show_job(job: Job) -> JobOut:
    """The job as it is sent."""
    return JobOut.model_validate({name: getattr(job, name) for name in JobOut.model_fields})
