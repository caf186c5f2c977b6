"""Back everything up, list and verify backups, and remove old ones."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from sake_ray.cli.bootstrap import find_user_name, load_settings, make_backup_source, open_backups
from sake_ray.cli.terminal import report

if TYPE_CHECKING:
    from sake_ray.backup import Repository, Snapshot
    from sake_ray.settings import Settings

WAIT_SECONDS = 600.0


def backup(
    number: Annotated[int | None, typer.Argument(help="With --verify: the backup; otherwise all.")] = None,
    show: Annotated[bool, typer.Option("--list", help="List the backups: number, time, files, bytes.")] = False,
    verify: Annotated[bool, typer.Option("--verify", help="Read backups whole, and name what is damaged.")] = False,
    keep: Annotated[
        int | None, typer.Option(min=1, help="After it keep so many, the newest, and remove the others.")
    ] = None,
    wait: Annotated[
        float, typer.Option(min=0, help="Seconds to wait for a training to release the workspace.")
    ] = WAIT_SECONDS,
) -> None:
    """Back up records, objects, registry, workspace and keys, or list and verify backups.

    They go to SAKE_BACKUP_URL; only what is new is written. The service may be running. With --verify it ends with exit code 1
    when something is damaged.
    """
    settings = load_settings()
    repository = open_backups(settings)
    if show:
        _list(repository)
    elif verify:
        _verify(repository, number)
    elif number is not None:
        raise typer.BadParameter("A number goes with --verify.")
    else:
        _make(settings, repository, keep, wait)


def _make(settings: "Settings", repository: "Repository", keep: int | None, wait: float) -> None:
    from sake_ray.backup import ErasureNotes, check_restored, hold_repository, make_backup, note_backup, prune

    check_restored(settings.home)
    source, by = make_backup_source(settings), find_user_name()
    notes = ErasureNotes(repository)
    source.records.database.prepare()
    scratch = settings.home / "run"
    scratch.mkdir(parents=True, exist_ok=True)
    repository.prepare()
    with hold_repository(repository.store) as check_held:
        # Also those that a service without these settings has carried out.
        for erasure in source.records.erasures.list_unswept():
            notes.add(erasure)
        made = make_backup(source, repository, wait_seconds=wait, scratch=scratch, now=datetime.now(UTC))
        check_held()
        repository.commit(made)
        note_backup(source, made, by=by, now=datetime.now(UTC))
        print(_format(made))  # noqa: T201 - the result
        _report(settings, repository, made)
        if keep is not None:
            snapshots, chunks = prune(repository, keep=keep, check_held=check_held)
            report(f"Removed {snapshots} older backups, and {chunks} parts that no backup needs.")


def _report(settings: "Settings", repository: "Repository", made: "Snapshot") -> None:
    report(f"Backup {made.number}: {made.files} files, {made.bytes:,} bytes, of which {made.written:,} are new.")
    if made.erased:
        report(f"{made.erased} originals were erased while it was made.")
    if made.missing:
        report(f"{made.missing} originals that the records name are not in the store; `sake check` names them.")
    if made.mlflow:
        report(
            f"The MLflow server {made.mlflow} is not in it: back its database and artifacts up now, by its own means."
        )
    if not repository.seal.proof:
        report(
            "It is not encrypted, and has the keys of this home: who reads it can sign in as anybody (SAKE_BACKUP_KEY_FILE)."
        )
    elif settings.home in _parents(settings.backup_key_file):
        report("The key of the backups is in the home, which may be lost with it: keep a copy elsewhere.")


def _list(repository: "Repository") -> None:
    from sake_ray.errors import BackupDamaged

    repository.check()
    for number in repository.list_numbers():
        try:
            print(_format(repository.read_snapshot(number)))  # noqa: T201 - the result
        except BackupDamaged as error:
            print(f"{number}\tdamaged: {error}")  # noqa: T201


def _verify(repository: "Repository", number: int | None) -> None:
    from sake_ray.backup import ErasureNotes, Verification, hold_repository
    from sake_ray.errors import AlreadyRunning, StorageUnavailable

    repository.check()
    numbers = [repository.read_snapshot(number).number] if number is not None else list(repository.list_numbers())
    verification, damaged = Verification(repository), 0
    for damage in verification.verify(numbers):
        damaged += 1
        print(f"{damage.number}\t{damage.file}\t{damage.why}")  # noqa: T201 - the result
    if verification.is_damage_known:
        try:
            with hold_repository(repository.store):
                verification.set_aside()
        except (AlreadyRunning, StorageUnavailable) as held:
            report(f"What is damaged stays in its place, so that the next backup relies on it; verify again. {held}")
    for key, error in ErasureNotes(repository).find_damaged():  # they belong to all backups
        damaged += 1
        print(f"-\t{key}\t{error}")  # noqa: T201
    report(f"Read {len(numbers)} backups with {verification.files} files: {damaged} damaged.")
    if damaged:
        raise typer.Exit(1)


def _format(made: "Snapshot") -> str:
    return f"{made.number}\t{made.made_at:%Y-%m-%d %H:%M}\t{made.files}\t{made.bytes}"


def _parents(path: str) -> "tuple[object, ...]":
    from pathlib import Path

    return tuple(Path(path).expanduser().absolute().parents)
