"""Tell those who run the installation how it goes."""

import asyncio
from datetime import datetime

from fastapi import APIRouter

from sake_ray.domain.documents import Status
from sake_ray.domain.jobs import JobState
from sake_ray.domain.promotions import Promotion
from sake_ray.errors import NoChampion
from sake_ray.promotion import DONE
from sake_ray.schemas.monitoring import (
    AttemptsOut,
    CorrectionsOut,
    HourOut,
    JobCountsOut,
    MonitoringOut,
    PolicyChangeOut,
    ServingOut,
    ToCheckOut,
    WorkOut,
)
from sake_ray.serve.auth import utc_now
from sake_ray.serve.dependencies import Given, MayWatch, Services, told
from sake_ray.serve.routes.models import show_promotion
from sake_ray.storage.records.queue import LOST, PUT_BACK

router = APIRouter(prefix="/admin", tags=["admin: monitoring"])
CHANGES = 10


@router.get("/monitoring", summary="How it goes", responses=told(401, 403, 503))
async def monitoring(parts: Given, _: MayWatch) -> MonitoringOut:
    """Look at everything; it answers while no model serves, too."""
    try:
        version: str | None = (await parts.predictor.serving()).model_version
    except NoChampion:
        version = None
    return await asyncio.to_thread(_look, parts, version, utc_now())


def _look(parts: Services, version: str | None, now: datetime) -> MonitoringOut:
    see, promotions = parts.records.monitoring, parts.records.promotions.log(limit=CHANGES)
    classified, to_check = see.checked_share(now)
    failed, jobs = see.failed_attempts(now), see.jobs(now)
    return MonitoringOut(
        at=now,
        work=_work(parts, now),
        model=ServingOut(version=version, since=_since(promotions, version)),
        promotions=[show_promotion(promotion) for promotion in promotions],
        policies=[
            PolicyChangeOut(version=p.version, threshold=p.threshold, at=p.at) for p in see.policies(limit=CHANGES)
        ],
        ended_by_hour=[HourOut(since=since, ended=ended) for since, ended in see.ended_by_hour(now)],
        to_check=ToCheckOut(classified=classified, to_check=to_check, share=_share(to_check, classified)),
        corrections=[
            CorrectionsOut(
                since=c.since, answered=c.answered, corrected=c.corrected, share=_share(c.corrected, c.answered)
            )
            for c in see.corrections(now)
        ],
        attempts=AttemptsOut(lost=failed[LOST], put_back=failed[PUT_BACK]),
        jobs=JobCountsOut(
            queued=jobs[JobState.QUEUED],
            running=jobs[JobState.RUNNING],
            failed=jobs[JobState.FAILED],
            stopped=jobs[JobState.STOPPED],
            succeeded=jobs[JobState.SUCCEEDED],
        ),
    )


def _work(parts: Services, now: datetime) -> WorkOut:
    work = parts.records.monitoring.work(now)
    accepted = sum(work.documents.values())
    return WorkOut(
        accepted=accepted,
        completed=work.documents[Status.COMPLETED],
        failed=work.documents[Status.FAILED],
        in_work=work.documents[Status.IN_PROGRESS],
        waiting=work.documents[Status.PENDING],
        lost=accepted - sum(work.documents[status] for status in Status),
        leases_expired=work.leases_expired,
        oldest_waits_since=work.oldest,
        oldest_waits_seconds=(now - work.oldest).total_seconds() if work.oldest else None,
    )


def _since(promotions: tuple[Promotion, ...], version: str | None) -> datetime | None:
    """When the version that serves was let to, if that is the newest thing that was done."""
    done = [promotion for promotion in promotions if promotion.outcome == DONE]
    return done[0].at if done and str(done[0].version) == version else None


def _share(some: int, of: int) -> float | None:
    return some / of if of else None
