"""Manage webhooks, and look at what they were told."""

from collections.abc import Iterable

from sake_ray.client.connection import HttpConnection, segment
from sake_ray.domain.webhooks import DeliveryStatus, WebhookEvent
from sake_ray.schemas.webhooks import DeliveryList, DeliveryOut, WebhookList, WebhookMade


class WebhookCalls:
    """Calls about webhooks, for admins."""

    def __init__(self, connection: HttpConnection) -> None:
        self._connection = connection

    def list(self, *, cursor: str | None = None, page_size: int = 100) -> WebhookList:
        """List the webhooks, newest first."""
        params = {"cursor": cursor, "page_size": page_size}
        return self._connection.call(WebhookList, "GET", "/admin/webhooks", params=params)

    def add(
        self,
        url: str,
        *,
        team: str | None = None,
        events: Iterable[WebhookEvent] = tuple(WebhookEvent),
        key: str | None = None,
    ) -> WebhookMade:
        """Have an address told of events of a team (None: of all); only this answer has the secret of its signatures."""
        sent = {"url": url, "team": team, "events": [event.value for event in events]}
        return self._connection.call(WebhookMade, "POST", "/admin/webhooks", json=sent, key=key)

    def remove(self, id: str) -> None:
        """Remove a webhook with all its deliveries."""
        self._connection.send("DELETE", f"/admin/webhooks/{segment(id)}")

    def deliveries(
        self,
        *,
        webhook: str | None = None,
        status: DeliveryStatus | None = None,
        cursor: str | None = None,
        page_size: int = 100,
    ) -> DeliveryList:
        """List the deliveries that fit, newest first."""
        params = {"webhook": webhook, "status": status and status.value, "cursor": cursor, "page_size": page_size}
        return self._connection.call(DeliveryList, "GET", "/admin/deliveries", params=params)

    def resend(self, delivery: str, *, key: str | None = None) -> DeliveryOut:
        """Send a delivery again, under its id."""
        return self._connection.call(DeliveryOut, "POST", f"/admin/deliveries/{segment(delivery)}/resend", key=key)
