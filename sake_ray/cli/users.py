"""Accounts: who may sign in, as what, for which team."""

import secrets
import sys
from typing import Annotated

import typer

from sake_ray.cli.bootstrap import records_of
from sake_ray.domain.accounts import Account, Role
from sake_ray.settings import read_settings
from sake_ray.storage.records import Records

app = typer.Typer(no_args_is_help=True, help="Accounts: who may sign in, as what, for which team.")

FromInput = Annotated[bool, typer.Option("--password-stdin", help="Read the password from standard input.")]


@app.command()
def add(
    name: Annotated[str, typer.Argument(help="The name to sign in with.")],
    role: Annotated[
        Role, typer.Option(help="user: own team's documents; admin: everything; ops: watches.")
    ] = Role.USER,
    team: Annotated[str, typer.Option(help="The agency whose documents a user sees.")] = "office",
    password_stdin: FromInput = False,
) -> None:
    """Make an account. Without --password-stdin it asks for a password, or prints a generated one where nobody can be asked."""
    from sake_ray.serve.accounts import create_account
    from sake_ray.serve.auth import utc_now

    given = _password(from_input=password_stdin)
    password = create_account(_records(), Account(name, role, team), given, now=utc_now())
    if given is None:
        print(password)  # noqa: T201 - the result
    print(f"{name} may sign in as {role.value} of team {team}.", file=sys.stderr)  # noqa: T201


@app.command("list")
def list_accounts() -> None:
    """List the accounts."""
    for account in _records().accounts.all():
        state = "disabled" if account.disabled else "active"
        print(f"{account.name}\t{account.role.value}\t{account.team}\t{state}")  # noqa: T201 - the result


@app.command()
def passwd(name: Annotated[str, typer.Argument(help="Whose password.")], password_stdin: FromInput = False) -> None:
    """Change a password; the tokens made before end at once."""
    from sake_ray.serve.auth import hash_password

    given = _password(from_input=password_stdin)
    password = secrets.token_urlsafe(15) if given is None else given
    _records().accounts.set_password(name, hash_password(password))
    if given is None:
        print(password)  # noqa: T201 - the result


@app.command()
def disable(name: Annotated[str, typer.Argument(help="Who may no longer sign in.")]) -> None:
    """Shut an account out; its tokens end at once."""
    _records().accounts.set_disabled(name, disabled=True)


@app.command()
def enable(name: Annotated[str, typer.Argument(help="Who may sign in again.")]) -> None:
    """Let a disabled account in again."""
    _records().accounts.set_disabled(name, disabled=False)


def _records() -> Records:
    settings = read_settings()
    settings.home.mkdir(parents=True, exist_ok=True)
    return records_of(settings)


def _password(*, from_input: bool) -> str | None:
    """The password, or None where nobody can be asked for one."""
    if from_input:
        return sys.stdin.readline().rstrip("\r\n")
    if sys.stdin.isatty():
        return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True))
    return None
