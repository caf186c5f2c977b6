"""Webhooks: add one with its secret, word what it is told, and sign that as Standard Webhooks do.

https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

import base64
import binascii
import hmac
import json
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sake_ray.domain.webhooks import Delivery, Webhook, WebhookEvent, WebhookRules
from sake_ray.serve.sealing import Seal, SealBroken
from sake_ray.serve.webhook_sending import check_url, find_addresses
from sake_ray.storage.records import PendingReply, Records

SECRET_PREFIX, SECRET_BYTES = "whsec_", 32


@dataclass(frozen=True, slots=True)
class WebhookParts:
    """What webhooks are made with: where they may lead, and the seal of their secrets."""

    rules: WebhookRules
    seal: Seal


def make_webhook_parts(rules: WebhookRules, installation_secret: str) -> WebhookParts:
    """Put the parts together; secrets are sealed under a key made of the installation's own."""
    return WebhookParts(rules, Seal(installation_secret, "webhooks"))


def make_webhook(
    parts: WebhookParts, url: str, *, team: str | None, events: Iterable[WebhookEvent], by: str, now: datetime
) -> tuple[Webhook, str]:
    """Make a webhook with its secret, after looking where it leads; raises InputError."""
    find_addresses(check_url(url, parts.rules), parts.rules)
    id = f"wh_{secrets.token_hex(8)}"
    secret = SECRET_PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()
    return Webhook(
        id, url, team or None, tuple(event for event in WebhookEvent if event in set(events)), by, now
    ), secret


def add_webhook(
    records: Records, parts: WebhookParts, webhook: Webhook, secret: str, *, reply: PendingReply[Webhook] | None = None
) -> None:
    """Record a webhook; its secret is sealed from then on, and never shown again."""
    records.webhooks.add(webhook, secret=parts.seal.close(secret), reply=reply)


def write_payload(delivery: Delivery) -> bytes:
    """Write what the receiver is told: ids only. References, file names and what documents say may tell of people."""
    data = {"batch": delivery.batch, "document": delivery.document, "version": delivery.version}
    told = {name: value for name, value in data.items() if value is not None}
    content = {"type": delivery.event.value, "timestamp": delivery.occurred_at.isoformat(), "data": told}
    return json.dumps(content, separators=(",", ":")).encode()


def make_headers(delivery: Delivery, secret: str, body: bytes, *, now: datetime) -> dict[str, str]:
    """Make the headers by which the receiver knows what it is sent, by whom and when."""
    moment = str(int(now.timestamp()))
    signature = sign(secret, delivery.id, moment, body)
    return {"webhook-id": delivery.id, "webhook-timestamp": moment, "webhook-signature": signature}


def sign(secret: str, id: str, moment: str, body: bytes) -> str:
    """Sign a body with its id and the seconds of Unix time it is sent at (HMAC-SHA256)."""
    key = base64.b64decode(secret.removeprefix(SECRET_PREFIX))
    digest = hmac.digest(key, b".".join((id.encode(), moment.encode(), body)), "sha256")
    return "v1," + base64.b64encode(digest).decode()


def open_secret(parts: WebhookParts, sealed: str) -> str | None:
    """Open a sealed secret; None when this installation's own secret is another now."""
    try:
        secret = parts.seal.open(sealed)
        base64.b64decode(secret.removeprefix(SECRET_PREFIX), validate=True)
    except (SealBroken, binascii.Error):
        return None
    return secret
