"""Accounts: who may sign in, with which role, in which team."""

import sys
from typing import Annotated

import typer

from sake_ray.cli.bootstrap import find_user_name, load_settings, open_home_records
from sake_ray.cli.terminal import report
from sake_ray.domain.accounts import Account, Role
from sake_ray.errors import NotFound

app = typer.Typer(no_args_is_help=True, help="Manage accounts: who may sign in, with which role, in which team.")

KeepPassword = Annotated[bool, typer.Option("--keep-password", help="Its owner need not change it first.")]
FromInput = Annotated[bool, typer.Option("--password-stdin", help="Read the password from standard input.")]


@app.command()
def add(
    name: Annotated[str, typer.Argument(help="Name to sign in with.")],
    role: Annotated[
        Role,
        typer.Option(
            metavar="<role>",
            help="user: own team; reviewer: its review queue, too; admin: all; ops: monitoring.",
        ),
    ] = Role.USER,
    team: Annotated[str, typer.Option(help="Team whose documents the user sees.")] = "office",
    password_stdin: FromInput = False,
    keep_password: KeepPassword = False,
) -> None:
    """Add an account.

    Without --password-stdin, asks for a password; without a terminal, generates one and prints it.
    """
    from sake_ray.serve.accounts import create_account
    from sake_ray.serve.auth import utc_now

    given = read_password(from_input=password_stdin)
    account = Account(name, role, team, must_change_password=not keep_password)
    password = create_account(open_home_records(load_settings()), account, given, by=find_user_name(), now=utc_now())
    if given is None:
        print(password)  # noqa: T201 - the result
    report(f"{name} may sign in as {role.value} of team {team}.")


@app.command("list")
def list_accounts() -> None:
    """List accounts: name, role, team, state."""
    for account in open_home_records(load_settings()).accounts.list().items:
        state = "disabled" if account.disabled else "active"
        print(f"{account.name}\t{account.role.value}\t{account.team}\t{state}")  # noqa: T201 - the result


@app.command()
def passwd(
    name: Annotated[str, typer.Argument(help="Name of the account.")],
    password_stdin: FromInput = False,
    keep_password: KeepPassword = False,
) -> None:
    """Change a password; existing sessions end at once."""
    from sake_ray.serve.accounts import set_password
    from sake_ray.serve.passwords import generate_password

    given = read_password(from_input=password_stdin)
    password = generate_password() if given is None else given
    set_password(open_home_records(load_settings()), name, password, must_change=not keep_password, by=find_user_name())
    if given is None:
        print(password)  # noqa: T201 - the result


@app.command()
def disable(name: Annotated[str, typer.Argument(help="Name of the account.")]) -> None:
    """Disable an account; its sessions end at once."""
    open_home_records(load_settings()).accounts.set_disabled(name, disabled=True, by=find_user_name())


@app.command()
def enable(name: Annotated[str, typer.Argument(help="Name of the account.")]) -> None:
    """Enable a disabled account."""
    open_home_records(load_settings()).accounts.set_disabled(name, disabled=False, by=find_user_name())


@app.command("documents")
def let_see_documents(
    name: Annotated[str, typer.Argument(help="Name of an account with the role ops.")],
    allow: Annotated[bool, typer.Option("--allow/--deny", help="Documents too, or figures only.")] = True,
) -> None:
    """Let ops see documents; at first they see figures only."""
    open_home_records(load_settings()).accounts.set_sees_documents(name, sees=allow, by=find_user_name())


@app.command("second-factor")
def second_factor(
    name: Annotated[str, typer.Argument(help="Name of the account.")],
    reset: Annotated[bool, typer.Option("--reset", help="Forget it, as when the phone is lost; sessions end.")] = False,
) -> None:
    """Say whether an account has a second factor, or reset it."""
    from sake_ray.serve.auth import utc_now

    records = open_home_records(load_settings())
    if reset:
        records.second_factors.reset(name, by=find_user_name(), now=utc_now())
        report(f"{name} has no second factor any more.")
        return
    found = records.accounts.find(name)
    if found is None:
        raise NotFound("account-not-found", name=name)
    factor = records.second_factors.find(name)
    codes = len(factor.recovery_codes) if factor else 0
    has = found[0].has_second_factor
    report(f"{name} has a second factor, and {codes} recovery codes." if has else f"{name} has no second factor.")


def read_password(*, from_input: bool) -> str | None:
    """Read a password; None where nobody can be asked for one."""
    if from_input:
        return sys.stdin.readline().rstrip("\r\n")
    if sys.stdin.isatty():
        return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True))
    return None
