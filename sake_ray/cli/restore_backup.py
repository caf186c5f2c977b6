"""Restore a backup."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from sake_ray.cli.bootstrap import (
    find_user_name,
    load_settings,
    make_backup_source,
    open_backups,
    open_eraser,
)
from sake_ray.cli.terminal import report


def restore_backup(
    number: Annotated[int | None, typer.Argument(help="The backup; the newest by default.")] = None,
) -> None:
    """Restore a backup into an empty home, store and database.

    They are those of SAKE_HOME, SAKE_OBJECTS_URL and SAKE_RECORDS_URL. What was erased since is erased again. When it is
    killed, run it again with the same number. Ends with exit code 1 when something of the backup is damaged: all else is
    restored.
    """
    from sake_ray.backup import ErasureNotes, restore
    from sake_ray.cli.service_state import lock_home

    settings = load_settings()
    repository, target = open_backups(settings), make_backup_source(settings)
    notes = ErasureNotes(repository.store, repository.seal)
    repository.check()
    snapshot = repository.read_snapshot(number)
    run = settings.home / "run"
    run.mkdir(parents=True, exist_ok=True)
    with lock_home(run):
        found = restore(target, repository, snapshot, notes, by=find_user_name())
        report(f"Restored {found.files} files of backup {snapshot.number}, of {snapshot.made_at:%Y-%m-%d %H:%M} UTC.")
        if found.erased:
            report(f"{found.erased} documents were erased since, and are erased again.")
        eraser = open_eraser(settings)
        while erasure := eraser.run_next(now=datetime.now(UTC)):
            if not erasure.is_erased:
                report(f"Erasure {erasure.number} waits: {erasure.error} The service goes on with it, or `sake erase`.")
    if snapshot.mlflow and not settings.mlflow_url:
        report(f"Its models are on the MLflow server {snapshot.mlflow}, which SAKE_MLFLOW_URL does not name.")
    for damage in found.damaged:
        print(f"{damage.file}\t{damage.why}")  # noqa: T201 - the result
    if found.damaged:
        report(f"{len(found.damaged)} files could not be restored; `sake check` says what to do about each.")
        raise typer.Exit(1)
