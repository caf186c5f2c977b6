"""Open MLflow at one address, and turn its errors into ours."""

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from filelock import FileLock

from sake_ray.errors import InputError, StorageUnavailable

EXPERIMENT = MODEL = "sake"


class MlflowConnection:
    """MLflow at one address: a server, or a SQLite file whose artifacts lie in a folder."""

    def __init__(self, uri: str, artifacts: str) -> None:
        self.uri, self.artifacts = uri, artifacts

    def prepare(self) -> None:
        """Create the tables and the experiment, one process at a time: opening an empty database together fails."""
        folder = Path(self.artifacts)
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder / ".prepare.lock"), self.open() as (_, client):
            if client.get_experiment_by_name(EXPERIMENT) is None:
                # A server decides where its artifacts go; the default of a SQLite file is the current folder.
                location = None if self._is_server else folder.absolute().as_uri()
                client.create_experiment(EXPERIMENT, artifact_location=location)

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
