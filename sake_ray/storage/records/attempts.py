"""End attempts, and draw the consequence of one that failed through no fault of its document."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from sake_ray.domain.documents import Claim, Document, Status
from sake_ray.domain.retries import Cause, find_pause
from sake_ray.errors import Message
from sake_ray.storage.records.announcements import announce_completion
from sake_ray.storage.records.message_columns import to_columns
from sake_ray.storage.records.tables import attempts, batches, documents

log = logging.getLogger(__name__)


def end_attempt(
    connection: sa.Connection, document: str, attempt: int, outcome: str, now: datetime, remark: str = ""
) -> None:
    """End an attempt that is still running."""
    connection.execute(
        attempts.update()
        .where(attempts.c.document == document, attempts.c.attempt == attempt, attempts.c.outcome.is_(None))
        .values(outcome=outcome, remark=remark, ended_at=now)
    )


def end_lost(connection: sa.Connection, row: sa.Row[Any], now: datetime) -> Status:
    """End an attempt whose lease has expired; return IN_PROGRESS when the next one may begin now, else the new status."""
    end_attempt(connection, row.id, row.attempt, Cause.LOST.value, now)
    pause = find_next_pause(connection, row, Cause.LOST, now)
    connection.execute(
        documents.update()
        .where(documents.c.id == row.id)
        .values(lease_until=None, pages_done=0, **to_columns(Message("attempt-lost"), "error"))
    )
    if pause is not None and row.lease_until + pause <= now:
        return Status.IN_PROGRESS
    return wait(connection, row.id, None if pause is None else row.lease_until + pause)


def find_attempts(connection: sa.Connection, wanted: Sequence[tuple[str, int]]) -> dict[str, sa.Row[Any]]:
    """Find one attempt each of some documents, by document and number; the result is by document."""
    if not wanted:
        return {}
    columns = [attempts.c[name] for name in ("document", "started_at", "ended_at", "outcome", "remark")]
    query = sa.select(*columns).where(sa.tuple_(attempts.c.document, attempts.c.attempt).in_(wanted))
    return {row.document: row for row in connection.execute(query)}


def to_claim(document: Document, row: sa.Row[Any], before: sa.Row[Any] | None, now: datetime) -> Claim:
    """Make the claim of a document whose row was claimed; `before` is the attempt before it."""
    if before is None or before.ended_at is None:
        return Claim(document, row.attempt + 1, row.not_before, claimed_at=now)
    # Whoever fails says why; nobody has remarked on an attempt whose lease ran out.
    is_lost = before.outcome == Cause.LOST.value and not before.remark
    return Claim(document, row.attempt + 1, before.ended_at, before.started_at if is_lost else None, now)


def find_next_pause(connection: sa.Connection, row: sa.Row[Any], cause: Cause, now: datetime) -> timedelta | None:
    """Count the attempts that failed for this cause since ops last asked for new ones; None when there were enough."""
    counted = sa.select(sa.func.count(), sa.func.min(attempts.c.ended_at)).where(
        attempts.c.document == row.id,
        attempts.c.attempt > row.attempts_forgiven,
        attempts.c.outcome == cause.value,
    )
    failures, first = connection.execute(counted).one()
    pause = find_pause(cause, failures, now - first) if failures else timedelta(0)
    if pause is None:
        log.error("document needs ops", extra={"document": row.id, "cause": cause.name, "attempts": failures})
    return pause


def wait(connection: sa.Connection, document: str, not_before: datetime | None) -> Status:
    """Have a document wait for its next attempt, or without one for ops; the caller counts that change of its batch."""
    change: dict[str, Any] = {"status": Status.NEEDS_OPS.value}
    if not_before is not None:
        change = {"status": Status.PENDING.value, "not_before": not_before}
    connection.execute(documents.update().where(documents.c.id == document).values(**change))
    return Status(change["status"])


def count_change(connection: sa.Connection, *uuids: str) -> None:
    """Have the exports of these batches be due again, and announce those that are completed now.

    The caller has changed their documents before.
    """
    for uuid in sorted(set(uuids)):  # in one order, so that two of these never wait for each other
        connection.execute(batches.update().where(batches.c.uuid == uuid).values(changes=batches.c.changes + 1))
        announce_completion(connection, uuid)
