"""Hand out what webhooks are to be told, one attempt at a time, and record how each attempt ended."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from sake_ray.domain.audit import AuditAction
from sake_ray.domain.listing import Listing
from sake_ray.domain.webhooks import Delivery, DeliveryStatus, WebhookEvent
from sake_ray.errors import NOTHING, Message, NotFound
from sake_ray.storage.records.audit import append_entry
from sake_ray.storage.records.conflicts import repeatable
from sake_ray.storage.records.database import Database
from sake_ray.storage.records.list_order import ListOrder
from sake_ray.storage.records.locks import delete_unlocked
from sake_ray.storage.records.message_columns import to_columns
from sake_ray.storage.records.tables import deliveries, webhooks

NEWEST_FIRST = ListOrder("deliveries", (deliveries.c.number,))
KEPT = timedelta(days=30)
"""How long a delivery that has ended can be looked up and sent again."""


@dataclass(frozen=True, slots=True)
class DeliveryClaim:
    """One attempt at a delivery: where to, with which sealed secret; nobody else makes one until `until`."""

    delivery: Delivery
    url: str
    secret: str
    until: datetime


@dataclass(frozen=True, slots=True)
class DeliveryBacklog:
    """How many deliveries wait and how many are dead, when the oldest that waits occurred, and how many that wait have failed."""

    waiting: int
    dead: int
    oldest: datetime | None
    failing: int = 0


class Deliveries:
    """What webhooks are told."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def list_due(self, now: datetime) -> tuple[str, ...]:
        """List the webhooks to which something is due, those first that have waited longest; without locking anything."""
        first = sa.select(sa.func.min(deliveries.c.not_before)).where(deliveries.c.webhook == webhooks.c.id, _WAITING)
        due = first.correlate(webhooks).scalar_subquery()
        query = sa.select(webhooks.c.id).where(due <= now).order_by(due, webhooks.c.id)
        with self.database.transaction(reads_only=True) as connection:
            return tuple(connection.execute(query).scalars())

    @repeatable
    def claim(self, webhook: str, *, lease: timedelta, now: datetime) -> DeliveryClaim | None:
        """Claim what has been due to a webhook for longest; None when nothing is."""
        query = (
            sa.select(deliveries)
            .where(deliveries.c.webhook == webhook, _WAITING, deliveries.c.not_before <= now)
            .order_by(deliveries.c.not_before, deliveries.c.number)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        until = now + lease
        with self.database.transaction() as connection:
            to = connection.execute(sa.select(webhooks).where(webhooks.c.id == webhook)).one_or_none()
            row = connection.execute(query).one_or_none() if to else None
            if to is None or row is None:
                return None
            begun = {"attempts": row.attempts + 1, "attempted_at": now, "not_before": until, **_NO_ERROR}
            begun_row = deliveries.update().where(deliveries.c.number == row.number).values(**begun)
            claimed = connection.execute(begun_row.returning(deliveries)).one()
        return DeliveryClaim(_delivery(claimed), to.url, to.secret, until)

    @repeatable
    def complete(self, claim: DeliveryClaim, *, response: int) -> None:
        """Record that the receiver has it. True however late it comes, unless it was removed."""
        done = {"status": DeliveryStatus.DELIVERED.value, "response": response, **_NO_ERROR}
        with self.database.transaction() as connection:
            connection.execute(deliveries.update().where(deliveries.c.id == claim.delivery.id).values(**done))

    @repeatable
    def fail(self, claim: DeliveryClaim, error: Message, *, response: int | None, not_before: datetime | None) -> None:
        """Record why an attempt failed, and when the next may be made (None: never). Nothing when another has claimed it."""
        ended: dict[str, Any] = {"response": response, **to_columns(error, "error")}
        ended |= {"not_before": not_before} if not_before else {"status": DeliveryStatus.DEAD.value}
        held = (deliveries.c.id == claim.delivery.id, deliveries.c.not_before == claim.until, _WAITING)
        with self.database.transaction() as connection:
            connection.execute(deliveries.update().where(*held).values(**ended))

    @repeatable
    def resend(self, id: str, *, by: str, now: datetime) -> Delivery:
        """Have a delivery sent again at once, with all its attempts, under the same id; raises NotFound.

        One that is being sent just now is left alone.
        """
        again = {"status": DeliveryStatus.PENDING.value, "attempts": 0, "not_before": now}
        # While an attempt is running, its lease ends in the future, like the pause after one that failed: that has an error.
        idle = sa.or_(~_WAITING, deliveries.c.not_before <= now, deliveries.c.error != "")
        one = sa.select(deliveries).where(deliveries.c.id == id)
        with self.database.transaction() as connection:
            changed = connection.execute(
                deliveries.update().where(deliveries.c.id == id, idle).values(**again)
            ).rowcount
            row = connection.execute(one).one_or_none()
            if row is None:
                raise NotFound("delivery-not-found", delivery=id)
            if changed:
                append_entry(connection, AuditAction.DELIVERY_RESENT, by=by, at=now, subject=f"delivery:{id}")
        return _delivery(row)

    @repeatable
    def purge(self, *, now: datetime) -> None:
        """Delete what ended long ago, and what is left of webhooks that were removed."""
        gone = deliveries.c.webhook.not_in(sa.select(webhooks.c.id))
        old = sa.and_(deliveries.c.occurred_at < now - KEPT, ~_WAITING)
        with self.database.transaction() as connection:
            delete_unlocked(connection, deliveries, sa.or_(gone, old))

    def list(
        self,
        *,
        webhook: str | None = None,
        status: DeliveryStatus | None = None,
        after: str | None = None,
        limit: int = 100,
    ) -> Listing[Delivery]:
        """List the deliveries that fit, newest first; raises InputError for a cursor of another list."""
        query = sa.select(deliveries)
        if webhook is not None:
            query = query.where(deliveries.c.webhook == webhook)
        if status is not None:
            query = query.where(deliveries.c.status == status.value)
        with self.database.transaction(reads_only=True) as connection:
            return NEWEST_FIRST.list_rows(connection, query, after=after, limit=limit).map(_delivery)

    def measure_backlog(self) -> DeliveryBacklog:
        """Count what waits and what is dead, for the gauges."""
        dead = deliveries.c.status == DeliveryStatus.DEAD.value
        # While an attempt is running, the error of the one before is empty.
        failed = (deliveries.c.attempts > 1) | (deliveries.c.error != "")
        failing = sa.func.sum(sa.case((failed, 1), else_=0))
        waiting = sa.select(sa.func.count(), sa.func.min(deliveries.c.occurred_at), failing).where(_WAITING)
        with self.database.transaction(reads_only=True) as connection:
            number, oldest, failures = connection.execute(waiting).one()
            dead_number = connection.execute(sa.select(sa.func.count()).where(dead)).scalar_one()
        return DeliveryBacklog(int(number), int(dead_number), oldest, int(failures or 0))


_NO_ERROR = to_columns(NOTHING, "error")
# As it is written in the partial index, so that both databases use that.
_WAITING = deliveries.c.status == sa.literal_column("'PENDING'")


def _delivery(row: sa.Row[Any]) -> Delivery:
    return Delivery(
        id=row.id,
        webhook=row.webhook,
        event=WebhookEvent(row.event),
        occurred_at=row.occurred_at,
        batch=row.batch,
        document=row.document,
        version=row.version,
        status=DeliveryStatus(row.status),
        attempts=row.attempts,
        not_before=row.not_before if row.status == DeliveryStatus.PENDING.value else None,
        attempted_at=row.attempted_at,
        response=row.response,
        error=Message.restore(row.error, row.error_code, row.error_params),
    )
