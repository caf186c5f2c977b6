"""Move the records and objects of a home to the places that a file of settings names, with the service paused."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sake_ray.cli.bootstrap import find_objects, find_records, open_objects, open_records
from sake_ray.cli.moved_places import (
    BROUGHT,
    FILE,
    find_note,
    make_note,
    name_place,
    note_moved,
    read_moved,
    remove_note,
)
from sake_ray.cli.progress_display import show_progress
from sake_ray.cli.service_state import lock_home
from sake_ray.cli.terminal import report
from sake_ray.errors import InputError, SetupError
from sake_ray.settings import Settings

if TYPE_CHECKING:
    from sake_ray.storage.moving import ObjectSum
    from sake_ray.storage.objects import ObjectStore
    from sake_ray.storage.records.database import Database
    from sake_ray.storage.records.moved_tables import TableSum

PLACES = ("records_url", "objects_url", "s3_endpoint", "s3_region")
"""The settings that say where records and objects are."""


@dataclass(frozen=True, slots=True)
class MoveTarget:
    """Where a home moves to: what of it moves, and as what the place is known in the note of the home."""

    records: "Database | None"
    objects: "ObjectStore | None"

    @property
    def name(self) -> str:
        """The places without passwords."""
        return f"{self.records!r} {self.objects!r}"


def move_home(settings: Settings, file: Path) -> None:
    """Move what the file names another place for, go on where a killed move stopped, and print what has moved.

    Raises AlreadyRunning while a service runs on the home, SetupError when a target is not empty or the home has moved,
    StorageError when both differ.
    """
    from sake_ray.storage.moving import finish_objects
    from sake_ray.storage.records.moving import finish_records

    named = read_env_file(file)
    target = find_target(settings, named, file)
    run = settings.home / "run"
    run.mkdir(parents=True, exist_ok=True)
    with lock_home(run):
        moved = _name_moved(settings, target)
        # Killed at its very end: all was there, and since then nobody could open what is here.
        if not (find_note(run, target.name) and moved.items() <= read_moved(settings.home).items()):
            _copy_all(settings, target, run, moved)
        if target.objects:
            finish_objects(target.objects)
        if target.records:
            finish_records(target.records)
        remove_note(run)
    report(f"All of it is there. From now on use the settings of {file}; what is in {settings.home} is as it was.")
    _report_rest(settings, named)


def _copy_all(settings: Settings, target: MoveTarget, run: Path, moved: dict[str, str]) -> None:
    """Copy and compare objects and records, and remember that they have moved."""
    from sake_ray.storage.moving import claim_store, move_objects
    from sake_ray.storage.records.moving import begin_records, claim_target, hold_records, move_records

    database, source = open_records(settings).database, open_objects(settings) if target.objects else None
    with hold_records(database) as records:
        move = find_note(run, target.name) or make_note(run, target.name)
        # Both are looked at before anything is written to either.
        if target.records:
            claim_target(target.records, move)
        if target.objects:
            claim_store(target.objects, move)
        if target.records:
            begin_records(target.records, move)
        if source and target.objects:
            with show_progress("Moving objects") as shown:
                _print_objects(move_objects(source, target.objects, move, run / BROUGHT, on_progress=shown.update))
        if target.records:
            with show_progress("Moving records") as shown:
                _print_tables(move_records(records, target.records, move, on_progress=shown.update))
        note_moved(settings.home, moved)


def read_env_file(file: Path) -> Mapping[str, str]:
    """Read the variables of a file as a shell writes them; raises InputError."""
    from dotenv import dotenv_values

    try:
        with file.open(encoding="utf-8") as lines:
            found = dotenv_values(stream=lines, interpolate=False)
    except (OSError, UnicodeDecodeError) as error:
        reason = (error.strerror or "?") if isinstance(error, OSError) else "it is not text"
        raise InputError("move-file-unreadable", file=file, error=reason) from error
    return {name: value for name, value in found.items() if value is not None}


def find_target(settings: Settings, named: Mapping[str, str], file: Path) -> MoveTarget:
    """Find what moves where: what the file does not name stays where it is. Raises InputError when nothing moves."""
    from sake_ray.storage.objects import open_store
    from sake_ray.storage.records.database import Database

    values = {name: named[f"SAKE_{name.upper()}"] for name in PLACES if f"SAKE_{name.upper()}" in named}
    there = settings.model_copy(update=values)
    records = objects = None
    if there.records_url != settings.records_url:
        if settings.records_url and not settings.records_url.startswith("sqlite"):
            raise SetupError("move-records-from-server")
        records = Database(there.records_url)
        if records.is_sqlite:
            raise SetupError("move-to-sqlite", target=repr(records))
    if (there.objects_url, there.s3_endpoint) != (settings.objects_url, settings.s3_endpoint) and there.objects_url:
        objects = open_store(
            there.objects_url,
            endpoint=there.s3_endpoint or None,
            region=there.s3_region,
            access_key=named.get("AWS_ACCESS_KEY_ID"),
            secret_key=named.get("AWS_SECRET_ACCESS_KEY"),
        )
        if repr(objects) == repr(find_objects(settings)):
            objects = None
    if not records and not objects:
        raise InputError("move-nothing", file=file)
    return MoveTarget(records, objects)


def _name_moved(settings: Settings, target: MoveTarget) -> dict[str, str]:
    """Name the places that move, and where each goes."""
    moved = {}
    if target.records:
        moved[name_place(settings.home, find_records(settings).database)] = name_place(settings.home, target.records)
    if target.objects:
        moved[name_place(settings.home, find_objects(settings))] = name_place(settings.home, target.objects)
    return moved


def _print_objects(found: "ObjectSum") -> None:
    print(f"{found.objects} objects, {found.bytes} bytes, sha256 {found.sha256}", flush=True)  # noqa: T201 - the result


def _print_tables(sums: "Mapping[str, TableSum]") -> None:
    for name, found in sums.items():
        if found.rows:
            print(f"{name}: {found.rows} rows, checksum {found.digest:064x}", flush=True)  # noqa: T201 - the result


def _report_rest(settings: Settings, named: Mapping[str, str]) -> None:
    """Say what stays, and what it needs."""
    rest = [f"What has moved is opened here no more, unless {settings.home / FILE} is removed."]
    rest.append(f"The keys stay in {settings.home}, which the service goes on to need.")
    has_models = not settings.mlflow_url and (settings.home / "mlflow.db").exists()
    if has_models and named.get("SAKE_MLFLOW_URL"):
        rest.append(
            "The models do not move: with the SAKE_MLFLOW_URL of the file the next `sake up` puts the generated first model"
            " in service instead of yours (docs/moving.md: MLflow). Leave it out to keep them."
        )
    elif has_models:
        rest.append("MLflow's file and artifacts stay there, too (docs/moving.md: MLflow).")
    if (settings.home / "workspace").exists():
        rest.append("So does the workspace; SAKE_DVC_REMOTE and SAKE_GIT_REMOTE mirror it at the next training.")
    for line in rest:
        report(line)
