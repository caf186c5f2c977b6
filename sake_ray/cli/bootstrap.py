"""Put the parts together from the settings; the only place of the command line that knows the concrete ones."""

import getpass
import os
from pathlib import Path

from sake_ray.comparison import ComparisonContext
from sake_ray.data.reading import Reader, ReadingOptions
from sake_ray.data.sources import S3Endpoint
from sake_ray.domain.texts import Recipe
from sake_ray.domain.verdicts import Policy
from sake_ray.feedback import Feedback
from sake_ray.registry import Registry
from sake_ray.settings import Settings
from sake_ray.storage.objects import ObjectStore, open_store
from sake_ray.storage.records import Records
from sake_ray.workspace import Workspace


def objects_of(settings: Settings) -> ObjectStore:
    """The store of originals, texts and page images."""
    url = settings.objects_url or str(settings.home / "objects")
    return open_store(url, endpoint=settings.s3_endpoint or None, region=settings.s3_region)


def buckets_of(settings: Settings) -> S3Endpoint:
    """The buckets that paths may name."""
    return S3Endpoint(settings.s3_endpoint or None, settings.s3_region)


def reading_of(settings: Settings) -> ReadingOptions:
    """How documents are read."""
    return ReadingOptions(settings.limits, settings.ocr_engine, settings.ocr_languages, settings.tessdata or None)


def registry_of(settings: Settings) -> Registry:
    """The experiments and model versions."""
    uri = settings.mlflow_url or f"sqlite:///{settings.home / 'mlflow.db'}"
    return Registry(uri, str(settings.home / "mlflow-artifacts"))


def records_of(settings: Settings) -> Records:
    """Accounts, batches, documents; the tables are brought up to date first."""
    records = Records(settings.records_url or f"sqlite:///{settings.home / 'records.db'}")
    records.database.migrate()
    return records


def policy_of(settings: Settings) -> Policy:
    """When a document goes to a person: as the admin promised, or else as the settings say."""
    if not settings.records_url and not (settings.home / "records.db").exists():
        return settings.policy  # without a service there are no records, and classifying makes none
    return records_of(settings).policies.promised() or settings.policy


def workspace_of(settings: Settings) -> Workspace:
    """The folder of images and trainings."""
    return Workspace(
        settings.home / "workspace",
        dvc_remote=settings.dvc_remote,
        s3_endpoint=settings.s3_endpoint,
        s3_region=settings.s3_region,
        git_remote=settings.git_remote,
    )


def feedback_of(settings: Settings) -> Feedback:
    """The answers of people beside the workspace; asks how documents are read here, which takes a moment."""
    return Feedback(records_of(settings), objects_of(settings), workspace_of(settings), recipe_of(settings))


def recipe_of(settings: Settings) -> Recipe:
    """How documents are read here."""
    with Reader(reading_of(settings)) as reader:
        return reader.recipe


def bench_of(settings: Settings) -> ComparisonContext:
    """What models are judged with."""
    registry = registry_of(settings)
    registry.prepare()
    return ComparisonContext(
        registry, workspace_of(settings), objects_of(settings), settings.home / "models", recipe_of(settings)
    )


def who() -> str:
    """The name of the person at this terminal."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container may run as a number without a name
        return f"user {os.getuid()}"


def token_key_of(settings: Settings) -> Path:
    """The file with the key that signs tokens."""
    return settings.home / "token_key"
