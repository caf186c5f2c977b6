"""Present the figures of the service and its documents."""

from collections.abc import Sequence
from datetime import datetime

from sake_ray.domain.audit import AuditAction, AuditEntry
from sake_ray.domain.documents import SET_ASIDE, Status
from sake_ray.domain.jobs import JobState
from sake_ray.domain.promotions import DONE, Promotion
from sake_ray.domain.retries import Cause
from sake_ray.ledger import LOST as DOCUMENTS_LOST
from sake_ray.ledger import REMADE, SEVERITIES, TO_MEND
from sake_ray.ledger.rounds import ROUND
from sake_ray.ledger.whole import WHOLE
from sake_ray.schemas.monitoring import (
    AttemptsOut,
    ChangeOut,
    CorrectionsOut,
    FaultCountOut,
    FaultOut,
    HourOut,
    JobCountsOut,
    LedgerOut,
    MonitoringOut,
    SecondsOut,
    ServingOut,
    ToCheckOut,
    WatchedPlaceOut,
    WorkOut,
)
from sake_ray.storage.records import Records
from sake_ray.storage.records.figures import JobFigures
from sake_ray.storage.records.monitoring import CorrectionCount, WorkStatus

MAX_PROMOTIONS = 10
"""Among so many the newest that is completed is looked for."""
MAX_ENTRIES = 15
CHANGES = (
    AuditAction.MODEL_REGISTERED,
    AuditAction.MODEL_PROMOTED,
    AuditAction.MODEL_ROLLED_BACK,
    AuditAction.POLICY_CHANGED,
    AuditAction.REQUIRED_LABELS_CHANGED,
    AuditAction.RETENTION_CHANGED,
    AuditAction.ANSWERS_IMPORTED,
    AuditAction.JOB_STARTED,
    AuditAction.JOB_STOPPED,
    AuditAction.WEBHOOK_ADDED,
    AuditAction.WEBHOOK_REMOVED,
)
"""What may be why something is otherwise than before; who signs in and sees what is for the audit log only."""
MAX_EXAMPLES = 5
"""Faults of each kind that are shown."""
ORDER = {DOCUMENTS_LOST: 0, TO_MEND: 1, REMADE: 2}


def present_monitoring(records: Records, version: str | None, now: datetime) -> MonitoringOut:
    """Present all figures; `version` is the model version that serves, if any."""
    monitoring, promotions = records.monitoring, records.promotions.list(limit=MAX_PROMOTIONS).items
    classified, to_check = monitoring.count_review_rate(now)
    attempts = monitoring.count_failed_attempts(now)
    work = monitoring.count_documents(now)
    return MonitoringOut(
        at=now,
        work=present_work(work, now),
        model=ServingOut(version=version, since=find_since(promotions, version)),
        changes=[present_change(entry) for entry in records.audit.list_newest(CHANGES, limit=MAX_ENTRIES)],
        ended_by_hour=[HourOut(since=since, ended=ended) for since, ended in monitoring.count_ended_by_hour(now)],
        seconds=SecondsOut.model_validate(seconds) if (seconds := monitoring.measure_seconds(now)) else None,
        to_check=ToCheckOut(classified=classified, to_check=to_check, share=divide(to_check, classified)),
        corrections=[present_corrections(count) for count in monitoring.count_corrections(now)],
        attempts=AttemptsOut(
            lost=attempts[Cause.LOST],
            put_back=sum(count for cause, count in attempts.items() if cause is not Cause.LOST),
        ),
        jobs=present_job_counts(records.figures.measure_jobs(now)),
        ledger=present_ledger(records, sum(work.documents.values())),
        watched=[WatchedPlaceOut.model_validate(place) for place in records.watched.list_places(now)],
    )


def present_work(work: WorkStatus, now: datetime) -> WorkOut:
    """Present how many documents have which status."""
    # A file that was split counts as its parts.
    aside = sum(work.documents[status] for status in SET_ASIDE)
    return WorkOut(
        accepted=work.accepted - aside,
        completed=work.documents[Status.COMPLETED],
        failed=work.documents[Status.FAILED],
        needs_ops=work.documents[Status.NEEDS_OPS],
        in_work=work.documents[Status.IN_PROGRESS],
        waiting=work.documents[Status.PENDING],
        lost=work.lost,
        leases_expired=work.leases_expired,
        oldest_waits_since=work.oldest,
        oldest_waits_seconds=(now - work.oldest).total_seconds() if work.oldest else None,
    )


def present_ledger(records: Records, documents: int) -> LedgerOut:
    """Present what the checks of the ledger found, and when they were made."""
    faults = records.faults
    round_, whole, counts = faults.find_check(ROUND), faults.find_check(WHOLE), faults.count()
    kinds = sorted(counts, key=lambda kind: (ORDER.get(SEVERITIES.get(kind, TO_MEND), 0), kind))
    examples = [fault for kind in kinds for fault in faults.list(kinds=[kind], limit=MAX_EXAMPLES)]
    return LedgerOut(
        checked_at=round_.checked_at if round_ else None,
        checked=round_.documents if round_ else 0,
        documents=documents,
        round_since=round_.started_at if round_ else None,
        round_completed_at=round_.completed_at if round_ else None,
        whole_at=whole.completed_at if whole else None,
        faults=[FaultCountOut(kind=kind, severity=SEVERITIES.get(kind, TO_MEND), n=counts[kind]) for kind in kinds],
        examples=[
            FaultOut.from_domain(fault, detail=str(fault.message), params=fault.message.json_params)
            for fault in examples
        ],
    )


def present_change(entry: AuditEntry) -> ChangeOut:
    """Present what was done; of its details, which are for the audit log, only of which kind a job is."""
    is_job = entry.action == AuditAction.JOB_STARTED
    return ChangeOut.from_domain(entry, kind=entry.details.get("kind", "") if is_job else "")


def present_corrections(count: CorrectionCount) -> CorrectionsOut:
    """Present the corrections of a week."""
    return CorrectionsOut.from_domain(count, share=divide(count.corrected, count.answered))


def present_job_counts(jobs: Sequence[JobFigures]) -> JobCountsOut:
    """Present how many jobs are in which state, whatever their kind."""
    return JobCountsOut(**{state.value: sum(job.number for job in jobs if job.state is state) for state in JobState})


def find_since(promotions: Sequence[Promotion], version: str | None) -> datetime | None:
    """Find since when a version serves, if the newest completed promotion is that of this version."""
    done = [promotion for promotion in promotions if promotion.outcome == DONE]
    return done[0].at if done and str(done[0].version) == version else None


def divide(part: int, whole: int) -> float | None:
    """Divide; None for a share of nothing."""
    return part / whole if whole else None
