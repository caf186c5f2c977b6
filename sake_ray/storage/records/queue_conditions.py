"""Which documents wait, are in work, or may be claimed, as SQL."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from sake_ray.domain.documents import Claim, Status
from sake_ray.storage.records.tables import IN_QUEUE, documents


def select_claimable(now: datetime, *, takes_lost: bool = True) -> sa.Select[Any]:
    """Select what may be claimed, oldest first: what waits or whose lease has expired, and need not wait for its next attempt."""
    names = ("id", "batch", "attempt", "attempts_forgiven", "status", "lease_until", "not_before")
    lost = documents.c.lease_until < now if takes_lost else sa.false()
    # Written so that SQLite, which does not know how many there are, looks into no other index than that of the queue.
    free = sa.case((documents.c.status == Status.IN_PROGRESS.value, lost), else_=sa.true())
    return (
        sa.select(*(documents.c[name] for name in names))
        .where(sa.text(IN_QUEUE), free, documents.c.not_before <= now)
        .order_by(documents.c.submitted_at, documents.c.batch, documents.c.position)
    )


def find_oldest(connection: sa.Connection) -> datetime | None:
    """Find since when the oldest document waits or is in work, in the caller's transaction."""
    since = sa.select(documents.c.submitted_at).where(sa.text(IN_QUEUE))
    order = documents.c.submitted_at, documents.c.batch, documents.c.position
    found: datetime | None = connection.execute(since.order_by(*order).limit(1)).scalar()
    return found


def is_expired(now: datetime) -> sa.ColumnElement[bool]:
    """Whether a document is in work whose lease has expired."""
    return (documents.c.status == Status.IN_PROGRESS.value) & (documents.c.lease_until < now)


def update_held(claim: Claim) -> sa.Update:
    """The update that finds nothing once another attempt has started, or this one has ended."""
    return documents.update().where(
        documents.c.id == claim.document.id,
        documents.c.attempt == claim.attempt,
        documents.c.status == Status.IN_PROGRESS.value,
    )
