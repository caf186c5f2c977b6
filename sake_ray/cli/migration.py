"""Bring the tables of the records to this version of the program, or back for an earlier one."""

from typing import Annotated

import typer

from sake_ray.cli.bootstrap import connect_records, load_settings


def migrate(
    revision: Annotated[
        str, typer.Option(help="Revision to go to. An older one loses what its tables cannot hold.")
    ] = "",
) -> None:
    """Bring the tables of the records to this version, or back for an earlier one.

    `sake up` and `sake prepare` do it as well; no other command does. End the service first, and back the records up.
    """
    from sake_ray.cli.service_state import lock_home

    settings = load_settings()
    run = settings.home / "run"
    run.mkdir(parents=True, exist_ok=True)
    with lock_home(run):
        reached = connect_records(settings).database.migrate(revision)
    print(f"The records are at revision {reached}.")  # noqa: T201 - the result
