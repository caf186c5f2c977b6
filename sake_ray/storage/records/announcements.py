"""Write down what webhooks are to be told, in the transaction that makes it true: it is told if, and only if, that commits."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import uuid4

import sqlalchemy as sa

from sake_ray.domain.accounts import PROBE_TEAM
from sake_ray.domain.documents import ENDED, SET_ASIDE, Status
from sake_ray.domain.webhooks import DeliveryStatus, WebhookEvent
from sake_ray.storage.records.clock import read_clock
from sake_ray.storage.records.tables import batches, deliveries, documents, webhooks

OPEN = sorted(set(Status) - ENDED - SET_ASIDE)
"""While a batch has a document of such a status, it is not completed."""
CHUNK_SIZE = 500


def announce_completion(connection: sa.Connection, batch: str) -> None:
    """Announce that a batch is completed, if that has just become so; it may become so again after a split or a retry.

    The caller has changed the status of its documents and holds its row: of two who complete the last two documents the second
    waits for it, and then sees what the first has done. In a statement of its own, as that sees what was committed by then.
    """
    left = sa.exists().where(documents.c.batch == batch, documents.c.status.in_([status.value for status in OPEN]))
    row = connection.execute(sa.select(batches.c.completed, batches.c.team, ~left).where(batches.c.uuid == batch)).one()
    before, team, completed = row
    if completed == before:
        return
    connection.execute(batches.update().where(batches.c.uuid == batch).values(completed=completed))
    if completed:
        _announce(connection, WebhookEvent.BATCH_COMPLETED, [{"team": team, "batch": batch}])


def announce_reviews(connection: sa.Connection, ids: Sequence[str]) -> None:
    """Announce those of the documents that await a review; none of them did before the caller changed them."""
    if not find_subscribers(connection, WebhookEvent.DOCUMENT_NEEDS_REVIEW):
        return
    for start in range(0, len(ids), CHUNK_SIZE):
        some = documents.c.id.in_(ids[start : start + CHUNK_SIZE])
        columns = documents.c.id.label("document"), documents.c.batch, documents.c.team
        awaiting = sa.select(*columns).where(some, documents.c.awaits_review).order_by(documents.c.id)
        found = [dict(row) for row in connection.execute(awaiting).mappings()]
        _announce(connection, WebhookEvent.DOCUMENT_NEEDS_REVIEW, found)


def announce_promotion(connection: sa.Connection, version: int) -> None:
    """Announce that a model version serves; that concerns every team."""
    _announce(connection, WebhookEvent.MODEL_PROMOTED, [{"version": version}])


def find_subscribers(connection: sa.Connection, event: WebhookEvent) -> Sequence[sa.Row[Any]]:
    """Find the webhooks that are told of such events: their ids and teams. There are few, and a list in JSON has no index."""
    columns: tuple[sa.ColumnElement[Any], ...] = webhooks.c.id, webhooks.c.team, webhooks.c.events
    found: Sequence[sa.Row[Any]] = connection.execute(sa.select(*columns).order_by(webhooks.c.id)).all()
    return [row for row in found if event.value in row.events]


def _announce(connection: sa.Connection, event: WebhookEvent, facts: Iterable[dict[str, Any]]) -> None:
    subscribers = find_subscribers(connection, event)
    if not subscribers:
        return
    now = read_clock(connection)
    common: dict[str, Any] = {"event": event.value, "occurred_at": now, "not_before": now, "attempts": 0}
    common |= {"status": DeliveryStatus.PENDING.value, "batch": None, "document": None, "version": None}
    rows = [
        common | {name: value for name, value in fact.items() if name != "team"} | _identify(one.id)
        for fact in facts
        for one in subscribers
        if _concerns(one.team, fact.get("team", one.team))
    ]
    if rows:
        connection.execute(deliveries.insert(), rows)


def _concerns(wanted: str | None, team: str | None) -> bool:
    """Whether a webhook is told of a team: all teams (None) are those of people."""
    return wanted == team or (wanted is None and team != PROBE_TEAM)


def _identify(webhook: str) -> dict[str, str]:
    return {"id": f"msg_{uuid4().hex}", "webhook": webhook}
