"""Put the parts together from the settings; the only place of the command line that knows the concrete ones.

Imports are inside the functions: `sake --help` and `sake status` need none of these parts, which take a second to load.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from sake_ray.backup import BackupPlace, BackupSource, ErasureNotes, Repository
    from sake_ray.comparison import ComparisonContext
    from sake_ray.data.reading import ReadingOptions
    from sake_ray.data.sources import S3Endpoint
    from sake_ray.domain.listing import Item, Listing
    from sake_ray.domain.texts import Recipe
    from sake_ray.domain.verdicts import Policy
    from sake_ray.erasure import Eraser
    from sake_ray.feedback import Feedback
    from sake_ray.registry import Registry
    from sake_ray.settings import Settings
    from sake_ray.storage.objects import ObjectStore
    from sake_ray.storage.records import Records
    from sake_ray.workspace import Workspace


def load_settings() -> Settings:
    """Read the environment; raises SetupError naming the variable that is wrong."""
    from sake_ray.settings import read_settings

    return read_settings()


def check_home(settings: Settings) -> None:
    """Raise SetupError when a restore into the home was killed: what was erased since may still be in it."""
    from sake_ray.backup import check_restored

    check_restored(settings.home)


def open_objects(settings: Settings) -> ObjectStore:
    """Open the store of originals, texts and page images. Raises SetupError when they have moved elsewhere."""
    from sake_ray.cli.moved_places import check_not_moved

    store = find_objects(settings)
    check_not_moved(settings.home, store)
    return store


def find_objects(settings: Settings) -> ObjectStore:
    """Find the store of the settings, also one whose objects have moved."""
    from sake_ray.storage.objects import open_store

    url = settings.objects_url or str(settings.home / "objects")
    return open_store(url, endpoint=settings.s3_endpoint or None, region=settings.s3_region)


def make_s3_endpoint(settings: Settings) -> S3Endpoint:
    """Name the S3 server whose buckets paths may name."""
    from sake_ray.data.sources import S3Endpoint

    return S3Endpoint(settings.s3_endpoint or None, settings.s3_region)


def make_reading_options(settings: Settings) -> ReadingOptions:
    """Say how documents are read."""
    from sake_ray.data.reading import ReadingOptions

    return ReadingOptions(
        settings.limits,
        settings.ocr_engine,
        settings.ocr_languages,
        settings.tessdata or None,
        settings.ocr_second_engine,
    )


def find_recipe(settings: Settings) -> Recipe:
    """Ask the OCR engine how documents are read here, which takes a moment."""
    from sake_ray.data.reading import Reader

    with Reader(make_reading_options(settings)) as reader:
        return reader.recipe


def open_registry(settings: Settings) -> Registry:
    """Open the experiments and model versions; raises SetupError as `check_home` does."""
    from sake_ray.registry import Registry

    check_home(settings)
    uri = settings.mlflow_url or f"sqlite:///{settings.home / 'mlflow.db'}"
    return Registry(uri, str(settings.home / "mlflow-artifacts"))


def open_records(settings: Settings) -> Records:
    """Open accounts, batches, documents and jobs; in an empty home or database their tables are made first.

    Raises SetupError when there are tables of another version of the program: only `sake up`, `sake prepare` and `sake migrate`
    change them; and as `check_home` does.
    """
    check_home(settings)
    records = connect_records(settings)
    records.database.prepare()
    return records


def open_home_records(settings: Settings) -> Records:
    """Open the records of the home, also while there is none yet."""
    settings.home.mkdir(parents=True, exist_ok=True)
    return open_records(settings)


def connect_records(settings: Settings) -> Records:
    """Open the records, whatever tables they have. Raises SetupError when they have moved elsewhere."""
    from sake_ray.cli.moved_places import check_not_moved

    records = find_records(settings)
    check_not_moved(settings.home, records.database)
    return records


def find_records(settings: Settings) -> Records:
    """Find the records of the settings, also those that have moved."""
    from sake_ray.storage.records import Records

    return Records(settings.records_url or f"sqlite:///{settings.home / 'records.db'}")


def find_cpus(settings: Settings) -> int:
    """The CPUs that may be used: those of the settings, else those that this process may run on."""
    return settings.cpus or len(os.sched_getaffinity(0))


def find_policy(settings: Settings) -> Policy:
    """Find the policy in force: the admin's error budget, or else the threshold of the settings."""
    if not settings.records_url and not (settings.home / "records.db").exists():
        return settings.policy  # without a service there are no records, and classifying makes none
    return open_records(settings).policies.find_error_budget() or settings.policy


def open_workspace(settings: Settings) -> Workspace:
    """Open the folder of images and trainings."""
    from sake_ray.workspace import Workspace

    return Workspace(
        settings.home / "workspace",
        dvc_remote=settings.dvc_remote,
        s3_endpoint=settings.s3_endpoint,
        s3_region=settings.s3_region,
        git_remote=settings.git_remote,
    )


def open_feedback(settings: Settings) -> Feedback:
    """Open people's answers together with the workspace they go to."""
    from sake_ray.feedback import Feedback

    return Feedback(open_records(settings), open_objects(settings), open_workspace(settings), find_recipe(settings))


def open_eraser(settings: Settings) -> Eraser:
    """Open what erases documents, wherever they left something."""
    from sake_ray.erasure import Eraser

    notes = open_erasure_notes(settings)
    return Eraser(
        open_records(settings),
        open_objects(settings),
        open_workspace(settings),
        open_registry(settings),
        note=notes.add if notes else None,
        workspace_here=settings.workspace_here,
    )


def open_erasure_notes(settings: Settings) -> ErasureNotes | None:
    """Open what is noted of erasures beside the backups; None where none are made.

    Raises SetupError for a key that is none, or not that of the backups there.
    """
    from sake_ray.backup import ErasureNotes

    place = find_backup_place(settings)
    if place is None:
        return None
    notes = ErasureNotes(place.open())
    notes.check_key()
    return notes


def find_backup_place(settings: Settings) -> BackupPlace | None:
    """Find where backups are kept; None where none are made."""
    from pathlib import Path

    from sake_ray.backup import BackupPlace
    from sake_ray.storage.objects import open_store

    if not settings.backup_url:
        return None
    store = open_store(settings.backup_url, endpoint=settings.s3_endpoint or None, region=settings.s3_region)
    # Absolute, because a worker runs in another folder.
    key_file = Path(settings.backup_key_file).expanduser().absolute() if settings.backup_key_file else None
    return BackupPlace(store, key_file)


def open_backups(settings: Settings) -> Repository:
    """Open the place of the backups. Raises SetupError where none is set, or the key is none."""
    from sake_ray.errors import SetupError

    place = find_backup_place(settings)
    if place is None:
        raise SetupError("backup-url-missing")
    return place.open()


def make_backup_source(settings: Settings) -> BackupSource:
    """Say what is backed up, or restored into."""
    from sake_ray.backup import BackupSource

    mlflow = settings.mlflow_url.rpartition("@")[2]  # an address can have a password
    return BackupSource(
        settings.home, connect_records(settings), open_objects(settings), open_workspace(settings), mlflow
    )


def make_comparison_context(settings: Settings) -> ComparisonContext:
    """Put together what models are compared with."""
    from sake_ray.comparison import ComparisonContext

    registry = open_registry(settings)
    registry.prepare()
    return ComparisonContext(
        registry, open_workspace(settings), open_objects(settings), settings.home / "models", find_recipe(settings)
    )


def list_all(list_page: Callable[..., Listing[Item]]) -> Iterator[Item]:
    """List all of what the records list by pages."""
    cursor = None
    while True:
        page = list_page(after=cursor)
        yield from page.items
        if (cursor := page.next_cursor) is None:
            return


def find_user_name() -> str:
    """The name of the person at this terminal."""
    import getpass
    import os

    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container may run as a number without a name
        return f"user {os.getuid()}"


def find_token_key(settings: Settings) -> Path:
    """The file with the key that signs tokens."""
    return settings.home / "token_key"


def find_screens_key(settings: Settings) -> Path:
    """The file with the key by which the screens state whom they speak for."""
    return settings.home / "screens_key"
