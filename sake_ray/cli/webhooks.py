"""Webhooks: which addresses are told of what, and what they were told."""

from typing import TYPE_CHECKING, Annotated

import typer

from sake_ray.cli.bootstrap import find_token_key, find_user_name, list_all, load_settings, open_home_records
from sake_ray.cli.terminal import report
from sake_ray.domain.webhooks import DeliveryStatus, WebhookEvent

if TYPE_CHECKING:
    from sake_ray.domain.webhooks import Delivery

app = typer.Typer(no_args_is_help=True, help="Manage webhooks: which addresses are told of what.")


@app.command()
def add(
    url: Annotated[str, typer.Argument(help="Address to tell, https://host/path.")],
    team: Annotated[str | None, typer.Option(help="Only what concerns this team; without it all teams.")] = None,
    event: Annotated[
        list[WebhookEvent] | None,
        typer.Option(metavar="EVENT", help="batch.completed, document.needs_review, model.promoted; all without it."),
    ] = None,
) -> None:
    """Add a webhook, and print the secret that it checks signatures with. It is never shown again."""
    from sake_ray.serve.accounts import check_team
    from sake_ray.serve.auth import utc_now
    from sake_ray.serve.tokens import load_key
    from sake_ray.serve.webhooks import add_webhook, make_webhook, make_webhook_parts

    if team is not None:
        check_team(team)
    settings = load_settings()
    records = open_home_records(settings)
    parts = make_webhook_parts(settings.webhook_rules, load_key(find_token_key(settings)))
    events = event or list(WebhookEvent)
    webhook, secret = make_webhook(parts, url, team=team, events=events, by=find_user_name(), now=utc_now())
    add_webhook(records, parts, webhook, secret)
    print(secret)  # noqa: T201 - the result
    report(f"{webhook.id} is told of {', '.join(webhook.events)} of {team or 'all teams'}.")


@app.command("list")
def list_webhooks() -> None:
    """List webhooks, newest first: id, team, events, address."""
    for webhook in list_all(open_home_records(load_settings()).webhooks.list):
        events = ", ".join(webhook.events)
        print(f"{webhook.id}\t{webhook.team or 'all teams'}\t{events}\t{webhook.url}")  # noqa: T201 - the result


@app.command()
def remove(id: Annotated[str, typer.Argument(help="Id of the webhook, as `sake webhook list` prints it.")]) -> None:
    """Remove a webhook with all its deliveries."""
    open_home_records(load_settings()).webhooks.remove(id, by=find_user_name())


@app.command()
def deliveries(
    webhook: Annotated[str | None, typer.Option(help="Only those of this webhook.")] = None,
    status: Annotated[
        DeliveryStatus | None, typer.Option(metavar="STATUS", help="PENDING, DELIVERED, or DEAD: failed too often.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="The most that are listed.")] = 100,
) -> None:
    """List deliveries, newest first: id, webhook, event, what it is about, time, status, attempts, reason."""
    for delivery in (
        open_home_records(load_settings()).deliveries.list(webhook=webhook, status=status, limit=limit).items
    ):
        print("\t".join(_describe(delivery)))  # noqa: T201 - the result


@app.command()
def resend(ids: Annotated[list[str], typer.Argument(metavar="ID...", help="Deliveries to send again.")]) -> None:
    """Send deliveries again, each under its id, with all their attempts."""

    records = open_home_records(load_settings())
    for id in ids:
        records.deliveries.resend(id, by=find_user_name(), now=records.clock.now())
    report(f"{len(ids)} {'delivery is' if len(ids) == 1 else 'deliveries are'} sent again by the service.")


def _describe(delivery: "Delivery") -> tuple[str, ...]:
    about = delivery.document or delivery.batch or f"version {delivery.version}"
    at = delivery.occurred_at.isoformat(timespec="seconds")
    ended = (delivery.status.value, str(delivery.attempts), str(delivery.error))
    return (delivery.id, delivery.webhook, delivery.event.value, about, at, *ended)
