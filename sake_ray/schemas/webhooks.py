"""Webhooks, and what they are told."""

from datetime import datetime
from typing import Any

from pydantic import AliasPath, Field

from sake_ray.domain.webhooks import DeliveryStatus, WebhookEvent
from sake_ray.schemas.base import RequestModel, ResponseModel
from sake_ray.schemas.listing import ListOut


class WebhookIn(RequestModel):
    """A webhook to add."""

    url: str = Field(min_length=1, max_length=2000, examples=["https://hr.example.com/hooks/sake"])
    team: str | None = Field(
        None, min_length=1, max_length=100, description="Only what concerns this team; null: all teams."
    )
    events: list[WebhookEvent] = Field(min_length=1, max_length=len(WebhookEvent), description="What it is told of.")


class WebhookOut(ResponseModel):
    """An address that is told of events."""

    id: str = Field(examples=["wh_5d41402abc4b2a76"])
    url: str
    team: str | None
    events: list[WebhookEvent]
    by: str = Field(description="The account that added it; at a terminal the user of the machine.")
    created_at: datetime


class WebhookMade(WebhookOut):
    """The webhook that was added."""

    secret: str = Field(description="What it checks signatures with, shown this once (Standard Webhooks).")


class WebhookList(ListOut[WebhookOut]):
    """Webhooks, newest first."""


class DeliveryOut(ResponseModel):
    """One event for one webhook."""

    id: str = Field(
        description="The header `webhook-id`, the same over all attempts.", examples=["msg_9e107d9d372bb682"]
    )
    webhook: str
    event: WebhookEvent
    occurred_at: datetime
    batch: str | None = Field(description="The uuid of the batch that it is about.")
    document: str | None = Field(description="The id of the document that it is about.")
    version: int | None = Field(description="The model version that it is about.")
    status: DeliveryStatus = Field(description="DEAD: it failed too often, and is tried again only when asked for.")
    attempts: int
    not_before: datetime | None = Field(
        description="When the next attempt may be made, or until when the one that runs may take; null when none is."
    )
    attempted_at: datetime | None
    response: int | None = Field(description="The status of the receiver's last answer; null when none came.")
    error: str = Field(description="Why the last attempt failed; empty when it did not.")
    error_code: str = Field(
        "",
        validation_alias=AliasPath("error", "code"),
        description="What that is known by.",
        examples=["webhook-refused"],
    )
    error_params: dict[str, Any] = Field(
        {},
        validation_alias=AliasPath("error", "json_params"),
        description="What it speaks of.",
        examples=[{"status": 500}],
    )


class DeliveryList(ListOut[DeliveryOut]):
    """Deliveries, newest first."""
