"""Open MLflow at one address, and turn its errors into ours."""

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from filelock import FileLock

from sake_ray.errors import InputError, StorageUnavailable
from sake_ray.files import unique_part
from sake_ray.registry.local_file import RegisteredVersions, find_location, move_artifacts, read_versions

EXPERIMENT = MODEL = "sake"
CHECKSUM_TAG = "sake.sha256"
ERASED_TAG = "sake.erased"
"""Of a training, and of a model version, that learned from documents that were erased since: when."""
SQLITE = "sqlite:///"


class MlflowConnection:
    """MLflow at one address: a server, or a SQLite file whose artifacts lie in a folder."""

    def __init__(self, uri: str, artifacts: str) -> None:
        self.uri, self.artifacts = uri, artifacts

    def prepare(self) -> None:
        """Create the tables and the experiment, one process at a time: opening an empty database together fails.

        In a home that was moved, the paths in the database are mended.
        """
        folder = Path(self.artifacts)
        with FileLock(self._make_lock_path()):
            if self._mend_location(folder.absolute()):
                return
            folder.mkdir(parents=True, exist_ok=True)
            if self._file and not self._file.exists():
                self._create_file(self._file, folder)
            else:
                self._create_experiment(folder)

    def read_versions(self) -> RegisteredVersions | None:
        """Read the versions without MLflow; None where MLflow has to be asked."""
        if self._file is None:
            return None
        return read_versions(self._file, model=MODEL, checksum_tag=CHECKSUM_TAG, erased_tag=ERASED_TAG)

    def _mend_location(self, folder: Path) -> bool:
        """Whether there is an experiment in the file; its artifacts are in this folder then.

        Unless the database was copied alone: then they are where they were.
        """
        if self._file is None:
            return False
        before, after = find_location(self._file, experiment=EXPERIMENT), folder.as_uri()
        is_elsewhere = before and before != after and not _is_same(before, folder)
        if before and is_elsewhere and (folder.exists() or not _to_path(before).exists()):
            move_artifacts(self._file, before, after)
        return before is not None

    def _make_lock_path(self) -> Path:
        """Beside the database: a folder for artifacts that is made here would seem to have come along with it."""
        path = self._file or Path(self.artifacts) / ".prepare"
        path.parent.mkdir(parents=True, exist_ok=True)
        return path.with_name(f"{path.name}.lock")

    def _create_file(self, file: Path, folder: Path) -> None:
        """Create the tables beside their place: who reads them meanwhile must not find half of them."""
        part = unique_part(file)
        try:
            MlflowConnection(f"{SQLITE}{part}", self.artifacts)._create_experiment(folder)
            part.replace(file)
        finally:
            part.unlink(missing_ok=True)

    def _create_experiment(self, folder: Path) -> None:
        with self.open() as (_, client):
            if client.get_experiment_by_name(EXPERIMENT) is None:
                # A server decides where its artifacts go; the default of a SQLite file is the current folder.
                location = None if self._is_server else folder.absolute().as_uri()
                client.create_experiment(EXPERIMENT, artifact_location=location)

    @property
    def _file(self) -> Path | None:
        """The SQLite file of an MLflow without a server."""
        return Path(self.uri.removeprefix(SQLITE)) if self.uri.startswith(SQLITE) else None

    @property
    def _is_server(self) -> bool:
        return self.uri.startswith("http")

    @contextmanager
    def open(self) -> Iterator[tuple[Any, Any]]:
        """Yield MLflow and a client for this address; turn its errors into ours."""
        os.environ.update(
            MLFLOW_DISABLE_TELEMETRY="true",
            MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR="false",
            MLFLOW_LOGGING_LEVEL="ERROR",
            MLFLOW_RECORD_ENV_VARS_IN_MODEL_LOGGING="false",
            # On a server it prints where to look at each run, among the results of the command.
            MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT="true",
        )
        for noisy in ("mlflow", "alembic"):
            logging.getLogger(noisy).setLevel(logging.ERROR)
        import mlflow  # 4.5 seconds, which `sake --help` should not cost
        from mlflow.exceptions import MlflowException

        mlflow.set_tracking_uri(self.uri)
        mlflow.set_registry_uri(self.uri)
        try:
            yield mlflow, mlflow.MlflowClient(self.uri, self.uri)
        except MlflowException as error:
            sentence = str(error).splitlines()[0]
            if error.error_code == "RESOURCE_DOES_NOT_EXIST":
                raise InputError("mlflow-not-found", error=sentence) from error
            raise StorageUnavailable("mlflow-failed", url=self.uri, error=sentence) from error


def _is_same(address: str, folder: Path) -> bool:
    """Whether an address (file:///…) is that folder, perhaps by way of a link."""
    try:
        return _to_path(address).samefile(folder)
    except OSError:
        return False


def _to_path(address: str) -> Path:
    return Path(unquote(urlsplit(address).path))
