"""API keys: which programs may do what, for which team."""

from datetime import datetime
from typing import Annotated

import typer

from sake_ray.cli.bootstrap import find_user_name, load_settings, open_home_records
from sake_ray.cli.terminal import report
from sake_ray.domain.api_keys import ApiKey, Scope

SCOPES_HELP = f"What it opens, given once for each: {', '.join(Scope)}."
app = typer.Typer(no_args_is_help=True, help="Manage API keys: which programs may do what, for which team.")


@app.command()
def add(
    name: Annotated[str, typer.Argument(help="Which program has the key; never given twice.")],
    scopes: Annotated[list[Scope], typer.Option("--scope", metavar="<scope>", help=SCOPES_HELP)],
    team: Annotated[str, typer.Option(help="Team for which it acts, as a user does.")] = "office",
    days: Annotated[int, typer.Option(help="Days after which it expires.")] = 365,
) -> None:
    """Make an API key and print it, this once."""
    from sake_ray.serve.api_keys import prepare_api_key, store_api_key
    from sake_ray.serve.auth import utc_now

    new = prepare_api_key(name, team=team, scopes=scopes, days=days, by=find_user_name(), now=utc_now())
    store_api_key(open_home_records(load_settings()), new)
    print(new.secret)  # noqa: T201 - the result
    report(f"{name} may use {', '.join(new.key.scopes)} of team {team} until {new.key.expires_at:%Y-%m-%d}.")


@app.command("list")
def list_api_keys() -> None:
    """List API keys: name, team, scopes, expiry, last use, state."""
    from sake_ray.serve.auth import utc_now

    now = utc_now()
    for key in open_home_records(load_settings()).api_keys.list().items:
        seen = f"{key.seen_at:%Y-%m-%d %H:%M}" if key.seen_at else "never used"
        expires = f"{key.expires_at:%Y-%m-%d}"
        print(f"{key.name}\t{key.team}\t{' '.join(key.scopes)}\t{expires}\t{seen}\t{_state(key, now)}")  # noqa: T201 - the result


@app.command()
def revoke(name: Annotated[str, typer.Argument(help="Name of the key.")]) -> None:
    """Revoke an API key; it is refused from the next request on."""
    from sake_ray.serve.auth import utc_now

    open_home_records(load_settings()).api_keys.revoke(name, by=find_user_name(), now=utc_now())


def _state(key: ApiKey, now: datetime) -> str:
    if key.revoked_at:
        return "revoked"
    return "active" if key.expires_at > now else "expired"
