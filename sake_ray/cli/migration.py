"""Bring the tables of the records to this version of the program, or back for an earlier one; or move to other stores."""

from pathlib import Path
from typing import Annotated

import typer

from sake_ray.cli.bootstrap import connect_records, load_settings
from sake_ray.errors import InputError


def migrate(
    revision: Annotated[
        str, typer.Option(help="Revision to go to. An older one loses what its tables cannot hold.")
    ] = "",
    to: Annotated[
        Path | None,
        typer.Option(help="File of settings (KEY=VALUE): move records and objects to the places that it names."),
    ] = None,
) -> None:
    """Bring the tables of the records to this version, or back; or move records and objects.

    `sake up` and `sake prepare` change tables as well; no other command does. End the service first, and back the records up.
    """
    from sake_ray.cli.service_state import lock_home

    settings = load_settings()
    if to is not None:
        if revision:
            raise InputError("move-with-revision")
        from sake_ray.cli.moving import move_home

        move_home(settings, to)
        return
    run = settings.home / "run"
    run.mkdir(parents=True, exist_ok=True)
    with lock_home(run):
        reached = connect_records(settings).database.migrate(revision)
    print(f"The records are at revision {reached}.")  # noqa: T201 - the result
