"""Restore a backup."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from sake_ray.cli.bootstrap import (
    find_user_name,
    load_settings,
    make_backup_source,
    open_backups,
    open_eraser,
)
from sake_ray.cli.terminal import report

if TYPE_CHECKING:
    from sake_ray.backup import ErasureNotes


def restore_backup(
    number: Annotated[int | None, typer.Argument(help="The backup; the newest by default.")] = None,
    without_damaged_notes: Annotated[
        bool,
        typer.Option(
            "--without-damaged-notes", help="Go on without damaged notes of erasures: what they name may come back."
        ),
    ] = False,
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
    repository.check()
    snapshot = repository.read_snapshot(number)
    notes = ErasureNotes(repository, passes_over_damaged=without_damaged_notes)
    unread = _check_notes(notes)
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
    if unread:
        report(
            f"{unread} notes of erasures are damaged: what they name may be here again; erase it anew, by reference."
        )
    for damage in found.damaged:
        print(f"{damage.file}\t{damage.why}")  # noqa: T201 - the result
    if found.damaged:
        report(f"{len(found.damaged)} files could not be restored; `sake check` says what to do about each.")
    if found.damaged or unread:
        raise typer.Exit(1)


def _check_notes(notes: "ErasureNotes") -> int:
    """Name the damaged notes of erasures, and count them; raises BackupDamaged unless they are to be passed over.

    Before anything is restored: all would be loaded when the first of them is come to.
    """
    damaged = list(notes.find_damaged())
    for key, error in damaged:
        print(f"{key}\t{error}")  # noqa: T201 - the result
    if damaged and not notes.passes_over_damaged:
        raise damaged[0][1]
    return len(damaged)
