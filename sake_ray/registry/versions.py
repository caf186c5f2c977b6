"""Register model versions, and download them."""

import shutil
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from sake_ray.domain.texts import Recipe
from sake_ray.errors import ModelRefused
from sake_ray.registry.connection import CHECKSUM_TAG, ERASED_TAG, MODEL, MlflowConnection
from sake_ray.registry.local_file import ModelVersion
from sake_ray.registry.trainings import FILES, download_files, find_logged_model

if TYPE_CHECKING:
    from sake_ray.classifier import Classifier

__all__ = ["ModelVersion", "Versions"]


class Versions:
    """The registered model versions."""

    def __init__(self, connection: MlflowConnection) -> None:
        self._connection = connection

    def register(self, run_id: str) -> ModelVersion:
        """Register the classifier of a run as the next model version.

        Raises InputError when the run has none, ModelRefused when it is not as it was logged.
        """
        from sake_ray.classifier import check_files  # `sake models`, which only lists, needs no numpy

        with self._connection.open() as (mlflow, client):
            logged = find_logged_model(client, run_id)
            checksum = logged.tags.get(CHECKSUM_TAG, "")
            with TemporaryDirectory() as folder:
                check_files(download_files(mlflow, f"models:/{logged.model_id}", folder), sha256=checksum)
            if not any(model.name == MODEL for model in client.search_registered_models(f"name = '{MODEL}'")):
                client.create_registered_model(MODEL)
            run_tags = client.get_run(run_id).data.tags
            erased = {ERASED_TAG: run_tags[ERASED_TAG]} if ERASED_TAG in run_tags else {}
            version = client.create_model_version(
                MODEL,
                logged.artifact_location,
                run_id=run_id,
                model_id=logged.model_id,
                tags={CHECKSUM_TAG: checksum} | erased,
            )
            return to_model_version(version)

    def all(self) -> tuple[ModelVersion, ...]:
        """List all model versions, newest first."""
        if (known := self._connection.read_versions()) is not None:
            return known.versions
        with self._connection.open() as (_, client):
            found = [to_model_version(version) for version in client.search_model_versions(f"name = '{MODEL}'")]
        return tuple(sorted(found, key=lambda version: -version.number))

    def download(self, version: ModelVersion, folder: Path) -> Path:
        """Download the files of a version into `folder`, whole or not at all.

        Raises ModelRefused when they are not as they were registered.
        """
        from sake_ray.classifier import check_files

        folder.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=folder.parent) as part:
            files = self._download(version, Path(part))
            try:
                check_files(files, sha256=version.sha256)
            except ModelRefused as error:
                raise ModelRefused("model-version-refused", version=version.number, error=error) from error
            return _replace(files, folder)

    def _download(self, version: ModelVersion, part: Path) -> Path:
        known = self._connection.read_versions()
        source = known.folders.get(version.number) if known else None
        if source and (source / FILES).is_dir():
            return Path(shutil.copytree(source / FILES, part / FILES))
        with self._connection.open() as (mlflow, _):
            return download_files(mlflow, f"models:/{MODEL}/{version.number}", str(part))

    def load(self, version: ModelVersion, models: Path, *, recipe: Recipe | None) -> "Classifier":
        """Load a version from its folder in `models`, downloaded when it is missing there or damaged.

        Raises ModelRefused when it cannot serve documents read by `recipe`; None allows any.
        """
        from sake_ray.classifier import load

        folder = models / version.sha256
        if folder.exists():
            with suppress(ModelRefused):  # the registry has it whole, or the refusal is true
                return load(folder, recipe=recipe, sha256=version.sha256)
        self.download(version, folder)
        return load(folder, recipe=recipe, sha256=version.sha256)

    def download_run(self, run_id: str, models: Path) -> Path:
        """Download the classifier of a run into a folder of `models` named by its checksum, whole or not at all.

        Raises InputError when the run has none, ModelRefused when it is not as it was logged.
        """
        from sake_ray.classifier import check_files

        models.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=models) as part, self._connection.open() as (mlflow, client):
            logged = find_logged_model(client, run_id)
            checksum = str(logged.tags.get(CHECKSUM_TAG, ""))
            files = download_files(mlflow, f"models:/{logged.model_id}", part)
            check_files(files, sha256=checksum)
            return _replace(files, models / checksum)


def _replace(files: Path, folder: Path) -> Path:
    """Replace a folder, where there is one, by the downloaded files."""
    if folder.exists():
        shutil.rmtree(folder)
    return files.rename(folder)


def to_model_version(version: Any) -> ModelVersion:
    """Convert a version of MLflow into ours."""
    created = datetime.fromtimestamp(version.creation_timestamp / 1000, UTC)
    checksum, erased = version.tags.get(CHECKSUM_TAG, ""), ERASED_TAG in version.tags
    return ModelVersion(int(version.version), checksum, str(version.run_id), created, erased)
