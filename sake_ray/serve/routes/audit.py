"""Read the audit log."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Query

from sake_ray.domain.audit import AuditAction
from sake_ray.schemas.audit import AuditEntryList
from sake_ray.serve.dependencies import AdminDep, ServicesDep
from sake_ray.serve.guarded_route import GuardedRoute
from sake_ray.serve.openapi import problem_responses
from sake_ray.serve.paging import PageDep
from sake_ray.storage.records import AuditFilter

router = APIRouter(prefix="/admin", tags=["admin: audit"], route_class=GuardedRoute)

Text = Annotated[str | None, Query(max_length=200)]
Moment = Annotated[datetime | None, Query(description="With a time zone, or in UTC.")]


@router.get("/audit", summary="Who did what", responses=problem_responses(401, 403, 422, 503))
def list_audit_entries(
    services: ServicesDep,
    _: AdminDep,
    page: PageDep,
    by: Text = None,
    action: Annotated[AuditAction | None, Query()] = None,
    subject: Text = None,
    since: Moment = None,
    until: Moment = None,
) -> AuditEntryList:
    """List the entries that fit, newest first. `sake audit verify` checks that none was changed."""
    wanted = AuditFilter(_clean(by), action.value if action else None, _clean(subject), _utc(since), _utc(until))
    return AuditEntryList.model_validate(services.records.audit.list(wanted, after=page.after, limit=page.limit))


def _clean(text: str | None) -> str | None:
    """PostgreSQL has no text with a NUL, so that nothing can equal it."""
    return text.replace("\0", "\N{REPLACEMENT CHARACTER}") if text is not None else None


def _utc(moment: datetime | None) -> datetime | None:
    return moment.replace(tzinfo=UTC) if moment is not None and moment.tzinfo is None else moment
