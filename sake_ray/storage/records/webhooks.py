"""Store which addresses are told of what."""

from typing import Any

import sqlalchemy as sa

from sake_ray.domain.audit import AuditAction
from sake_ray.domain.listing import Listing
from sake_ray.domain.webhooks import Webhook, WebhookEvent
from sake_ray.errors import NotFound
from sake_ray.storage.records.audit import append_entry
from sake_ray.storage.records.conflicts import repeatable
from sake_ray.storage.records.database import Database
from sake_ray.storage.records.idempotency import PendingReply, save_reply
from sake_ray.storage.records.list_order import ListOrder
from sake_ray.storage.records.locks import lock_rows
from sake_ray.storage.records.tables import deliveries, webhooks

NEWEST_FIRST = ListOrder("webhooks", (webhooks.c.created_at, webhooks.c.id))


class Webhooks:
    """The webhooks."""

    def __init__(self, database: Database) -> None:
        self.database = database

    @repeatable
    def add(self, webhook: Webhook, *, secret: str, reply: PendingReply[Webhook] | None = None) -> None:
        """Add a webhook with its secret, which is sealed: who reads the records must not be able to sign."""
        row = {name: getattr(webhook, name) for name in ("id", "url", "team", "by", "created_at")}
        row |= {"events": [event.value for event in webhook.events], "secret": secret}
        with self.database.transaction() as connection:
            save_reply(connection, reply, webhook)
            connection.execute(webhooks.insert().values(**row))
            # Without the address: whoever knows some of them, as of chat programs, may write there.
            append_entry(
                connection,
                AuditAction.WEBHOOK_ADDED,
                by=webhook.by,
                at=webhook.created_at,
                subject=f"webhook:{webhook.id}",
                team=webhook.team,
                events=", ".join(webhook.events),
            )

    @repeatable
    def remove(self, id: str, *, by: str) -> None:
        """Remove a webhook and all its deliveries; raises NotFound."""
        with self.database.transaction() as connection:
            if not connection.execute(webhooks.delete().where(webhooks.c.id == id)).rowcount:
                raise NotFound("webhook-not-found", webhook=id)
            lock_rows(connection, deliveries, deliveries.c.webhook == id)
            connection.execute(deliveries.delete().where(deliveries.c.webhook == id))
            append_entry(connection, AuditAction.WEBHOOK_REMOVED, by=by, subject=f"webhook:{id}")

    def list(self, *, after: str | None = None, limit: int = 100) -> Listing[Webhook]:
        """List the webhooks, newest first; raises InputError for a cursor of another list."""
        with self.database.transaction(reads_only=True) as connection:
            return NEWEST_FIRST.list_rows(connection, sa.select(webhooks), after=after, limit=limit).map(_webhook)


def _webhook(row: sa.Row[Any]) -> Webhook:
    events = tuple(WebhookEvent(event) for event in row.events)
    return Webhook(row.id, row.url, row.team, events, row.by, row.created_at)
