"""Keep experiments and model versions in MLflow, and say which version serves."""

import fcntl
import logging
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sake_ray.errors import InputError, ModelRefused, NoChampion, StorageUnavailable

EXPERIMENT = MODEL = "sake"
CHAMPION, PREVIOUS = "champion", "previous"
FLAVOR = "sake_ray"
FILES = "classifier"
CHECKSUM_TAG = "sake.sha256"
MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True)
class ModelVersion:
    """A registered classifier; `sha256` is that of its manifest, which holds that of its model file."""

    number: int
    sha256: str
    run_id: str
    created: datetime


class Registry:
    """MLflow at one address: a server, or a SQLite file whose artifacts lie in a folder."""

    def __init__(self, uri: str, artifacts: str) -> None:
        self.uri, self.artifacts = uri, artifacts

    def prepare(self) -> None:
        """Create the tables and the experiment, once: of several processes that open an empty database at once, most fail."""
        folder = Path(self.artifacts)
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / ".prepare.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            with self._mlflow() as (_, client):
                if client.get_experiment_by_name(EXPERIMENT) is None:
                    # A server decides itself where its artifacts go; the default of a SQLite file would be the current folder.
                    client.create_experiment(EXPERIMENT, artifact_location=None if self._is_server else folder.absolute().as_uri())

    def log_training(
        self,
        classifier: Path,
        *,
        name: str,
        parameters: Mapping[str, object],
        metrics: Mapping[str, float],
        tags: Mapping[str, str],
    ) -> str:
        """Log one training with its saved classifier as a finished run; return the run's id."""
        with self._mlflow() as (mlflow, client):
            from mlflow.models import Model

            experiment = client.get_experiment_by_name(EXPERIMENT)
            run = client.create_run(experiment.experiment_id, run_name=name, tags=dict(tags))
            run_id = str(run.info.run_id)
            status = "FAILED"
            try:
                for key, value in parameters.items():
                    client.log_param(run_id, key, value)
                for key, number in metrics.items():
                    client.log_metric(run_id, key, number)
                Model.log(name=FILES, artifact_path=None, flavor=_Flavor(classifier), run_id=run_id, flavor_name=FLAVOR)
                status = "FINISHED"
            finally:
                client.set_terminated(run_id, status)
            return run_id

    def register(self, run_id: str) -> ModelVersion:
        """Make the classifier of a run the next model version; raises InputError when the run has none."""
        with self._mlflow() as (mlflow, client):
            outputs = client.get_run(run_id).outputs
            if outputs is None or not outputs.model_outputs:
                raise InputError(f"The run {run_id} has no model to register.")
            if not any(model.name == MODEL for model in client.search_registered_models(f"name = '{MODEL}'")):
                client.create_registered_model(MODEL)
            model_id = outputs.model_outputs[0].model_id
            with TemporaryDirectory() as folder:
                downloaded = Path(mlflow.artifacts.download_artifacts(artifact_uri=f"models:/{model_id}", dst_path=folder))
                checksum = sha256((downloaded / FILES / MANIFEST).read_bytes()).hexdigest()
            source = client.get_logged_model(model_id).artifact_location
            version = client.create_model_version(MODEL, source, run_id=run_id, model_id=model_id, tags={CHECKSUM_TAG: checksum})
            return _version(version)

    def promote(self, number: int) -> None:
        """Let this version serve from now on; the one before becomes `previous`."""
        before = self.champion()
        with self._mlflow() as (_, client):
            if before and before.number != number:
                client.set_registered_model_alias(MODEL, PREVIOUS, str(before.number))
            client.set_registered_model_alias(MODEL, CHAMPION, str(number))

    def champion(self) -> ModelVersion | None:
        """The version that serves; None when there is none yet."""
        return self._by_alias(CHAMPION)

    def previous(self) -> ModelVersion | None:
        """The version that served before; None when there is none."""
        return self._by_alias(PREVIOUS)

    def versions(self) -> tuple[ModelVersion, ...]:
        """All model versions, newest first."""
        with self._mlflow() as (_, client):
            found = [_version(version) for version in client.search_model_versions(f"name = '{MODEL}'")]
        return tuple(sorted(found, key=lambda version: -version.number))

    def download(self, version: ModelVersion, folder: Path) -> Path:
        """Fetch the files of a version into `folder`, whole or not at all; raises ModelRefused when they are not as registered."""
        folder.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=folder.parent) as part, self._mlflow() as (mlflow, _):
            uri = f"models:/{MODEL}/{version.number}"
            files = Path(mlflow.artifacts.download_artifacts(artifact_uri=uri, dst_path=part)) / FILES
            manifest = files / MANIFEST
            if not manifest.is_file() or sha256(manifest.read_bytes()).hexdigest() != version.sha256:
                raise ModelRefused(f"Model version {version.number} is not as it was registered: its checksum differs.")
            if folder.exists():
                shutil.rmtree(folder)
            files.rename(folder)
        return folder

    @property
    def _is_server(self) -> bool:
        return self.uri.startswith("http")

    def _by_alias(self, alias: str) -> ModelVersion | None:
        with self._mlflow() as (_, client):
            from mlflow.exceptions import MlflowException

            try:
                return _version(client.get_model_version_by_alias(MODEL, alias))
            except MlflowException as error:
                if error.error_code in {"RESOURCE_DOES_NOT_EXIST", "INVALID_PARAMETER_VALUE"}:
                    return None
                raise

    @contextmanager
    def _mlflow(self) -> Iterator[tuple[Any, Any]]:
        """MLflow and a client for this address; its errors become ours here."""
        os.environ.update(MLFLOW_DISABLE_TELEMETRY="true", MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR="false")
        for noisy in ("mlflow", "alembic"):
            logging.getLogger(noisy).setLevel(logging.ERROR)
        import mlflow  # 4.5 seconds, which `sake --help` should not cost
        from mlflow.exceptions import MlflowException

        mlflow.set_tracking_uri(self.uri)
        mlflow.set_registry_uri(self.uri)
        try:
            yield mlflow, mlflow.MlflowClient(self.uri, self.uri)
        except MlflowException as error:
            raise StorageUnavailable(f"MLflow at {self.uri} answers: {str(error).splitlines()[0]}") from error


def require_champion(registry: Registry) -> ModelVersion:
    """The version that serves; raises NoChampion."""
    version = registry.champion()
    if version is None:
        raise NoChampion("No model serves yet; run `sake up`, or train and promote one.")
    return version


class _Flavor:
    """What MLflow calls to write a model of ours: it stays the two files that `Classifier.save` wrote."""

    def __init__(self, classifier: Path) -> None:
        self.classifier = classifier

    def save_model(self, *, path: str, mlflow_model: Any, **_: object) -> None:
        from mlflow.models import ModelSignature
        from mlflow.types import ColSpec, Schema

        folder = Path(path)
        shutil.copytree(self.classifier, folder / FILES)
        mlflow_model.signature = ModelSignature(
            inputs=Schema([ColSpec("string", "text")]),
            outputs=Schema([ColSpec("string", "label"), ColSpec("double", "confidence")]),
        )
        mlflow_model.add_flavor(FLAVOR, files=FILES)
        mlflow_model.save(str(folder / "MLmodel"))


def _version(version: Any) -> ModelVersion:
    created = datetime.fromtimestamp(version.creation_timestamp / 1000, UTC)
    return ModelVersion(int(version.version), version.tags.get(CHECKSUM_TAG, ""), str(version.run_id), created)
