"""Webhooks, and what they were told."""

from typing import Annotated

from fastapi import APIRouter, Path, Query

from sake_ray.domain.listing import list_whole
from sake_ray.domain.webhooks import DeliveryStatus, Webhook
from sake_ray.schemas.webhooks import DeliveryList, DeliveryOut, WebhookIn, WebhookList, WebhookMade
from sake_ray.serve.accounts import check_team
from sake_ray.serve.auth import utc_now
from sake_ray.serve.dependencies import AdminDep, ServicesDep
from sake_ray.serve.executors import ADMIN, RECORDS
from sake_ray.serve.idempotency import StoredResponse, reply_to
from sake_ray.serve.idempotent_routes import IdempotentRoute, KeyedDep
from sake_ray.serve.openapi import problem_responses
from sake_ray.serve.paging import PageDep
from sake_ray.serve.webhooks import add_webhook, make_webhook
from sake_ray.storage.records import PendingReply

router = APIRouter(prefix="/admin", tags=["admin: webhooks"], route_class=IdempotentRoute)

WebhookId = Annotated[str, Path(pattern="^wh_[0-9a-f]{1,40}$")]
DeliveryId = Annotated[str, Path(pattern="^msg_[0-9a-f]{1,40}$")]


@router.get("/webhooks", summary="List the webhooks", responses=problem_responses(401, 403, 422, 503))
def list_webhooks(services: ServicesDep, _: AdminDep, page: PageDep) -> WebhookList:
    """List the webhooks, newest first, without their secrets."""
    return WebhookList.model_validate(services.records.webhooks.list(after=page.after, limit=page.limit))


@router.post(
    "/webhooks", status_code=201, summary="Add a webhook", responses=problem_responses(400, 401, 403, 413, 422, 503)
)
async def create_webhook(services: ServicesDep, admin: AdminDep, new: WebhookIn, keyed: KeyedDep) -> WebhookMade:
    """Have an address told of events from now on. The answer has the secret of its signatures, which is never shown again."""
    if new.team is not None:
        check_team(new.team)
    now = utc_now()
    # Resolving the host takes as long as its name servers take.
    webhook, secret = await ADMIN.run(
        make_webhook, services.webhooks, new.url, team=new.team, events=new.events, by=admin.name, now=now
    )
    made = WebhookMade.from_domain(webhook, secret=secret)
    reply: PendingReply[Webhook] | None = reply_to(keyed, lambda _: StoredResponse.of_model(made, status=201), now=now)
    await RECORDS.run(add_webhook, services.records, services.webhooks, webhook, secret, reply=reply)
    return made


@router.delete(
    "/webhooks/{id}", status_code=204, summary="Remove a webhook", responses=problem_responses(401, 403, 404, 422, 503)
)
def remove_webhook(services: ServicesDep, admin: AdminDep, id: WebhookId) -> None:
    """Remove a webhook with all its deliveries; nothing more is sent, but for what is on its way."""
    services.records.webhooks.remove(id, by=admin.name)


@router.get("/deliveries", summary="List what webhooks are told", responses=problem_responses(401, 403, 422, 503))
def list_deliveries(
    services: ServicesDep,
    _: AdminDep,
    page: PageDep,
    webhook: Annotated[str | None, Query(max_length=64)] = None,
    status: Annotated[DeliveryStatus | None, Query()] = None,
) -> DeliveryList:
    """List the deliveries that fit, newest first; those that ended are kept for 30 days."""
    if "\0" in (webhook or ""):
        return DeliveryList.model_validate(list_whole(()))
    found = services.records.deliveries.list(webhook=webhook, status=status, after=page.after, limit=page.limit)
    return DeliveryList.model_validate(found)


@router.post(
    "/deliveries/{id}/resend", summary="Send a delivery again", responses=problem_responses(401, 403, 404, 422, 503)
)
def resend_delivery(services: ServicesDep, admin: AdminDep, id: DeliveryId) -> DeliveryOut:
    """Send a delivery again, under its id, with all its attempts. One that is being sent just now is left alone."""
    return DeliveryOut.model_validate(
        services.records.deliveries.resend(id, by=admin.name, now=services.records.clock.now())
    )
