"""Log trainings with the classifiers they made."""

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sake_ray.errors import InputError, StorageUnavailable
from sake_ray.registry.connection import CHECKSUM_TAG, EXPERIMENT, MlflowConnection

FLAVOR = "sake_ray"
FILES = "classifier"


class Trainings:
    """The runs of trainings, as they are logged."""

    def __init__(self, connection: MlflowConnection) -> None:
        self._connection = connection

    def log(
        self,
        classifier: Path,
        *,
        name: str,
        parameters: Mapping[str, object],
        metrics: Mapping[str, float],
        tags: Mapping[str, str],
        files: Path | None = None,
    ) -> str:
        """Log a training with its saved classifier and a folder of plots as a finished run; return the run's id.

        Raises ModelRefused for a damaged classifier, before anything is logged.
        """
        from sake_ray.classifier import check_files, read_manifest  # `sake models`, which only lists, needs no numpy

        manifest = read_manifest(classifier)
        check_files(classifier, sha256=manifest.sha256)
        with self._connection.open() as (_, client):
            from mlflow.models import Model

            experiment = client.get_experiment_by_name(EXPERIMENT)
            if experiment is None:
                raise StorageUnavailable("mlflow-not-prepared", url=self._connection.uri)
            run = client.create_run(experiment.experiment_id, run_name=name, tags=dict(tags))
            run_id = str(run.info.run_id)
            status = "FAILED"
            try:
                for key, value in parameters.items():
                    client.log_param(run_id, key, value)
                for key, number in metrics.items():
                    client.log_metric(run_id, key, number)
                if files:
                    client.log_artifacts(run_id, str(files), "metrics")
                # Model.log by itself takes the experiment "Default", whose artifacts go to the current folder.
                logged = client.create_logged_model(
                    experiment.experiment_id, name=FILES, source_run_id=run_id, tags={CHECKSUM_TAG: manifest.sha256}
                )
                requirements = [f"{library}=={version}" for library, version in manifest.libraries.items()]
                flavor = _Flavor(classifier, requirements)
                Model.log(name=FILES, artifact_path=None, flavor=flavor, run_id=run_id, model_id=logged.model_id)
                status = "FINISHED"
            finally:
                client.set_terminated(run_id, status)
            return run_id


class _Flavor:
    """The flavor that MLflow calls to write a model of ours: the two files of `Classifier.save`, unchanged."""

    def __init__(self, classifier: Path, requirements: list[str]) -> None:
        self.classifier, self.requirements = classifier, requirements

    def save_model(self, *, path: str, mlflow_model: Any, **_: object) -> None:
        from mlflow.models import ModelSignature
        from mlflow.types import ColSpec, Schema

        folder = Path(path)
        shutil.copytree(self.classifier, folder / FILES)
        mlflow_model.signature = ModelSignature(
            inputs=Schema([ColSpec("string", "text")]),
            outputs=Schema([ColSpec("string", "label"), ColSpec("double", "confidence")]),
        )
        (folder / "requirements.txt").write_text("\n".join(self.requirements) + "\n", encoding="utf-8")
        mlflow_model.add_flavor(FLAVOR, files=FILES)
        mlflow_model.save(str(folder / "MLmodel"))


def find_logged_model(client: Any, run_id: str) -> Any:
    """Find the model of a run; raises InputError when it has none."""
    outputs = client.get_run(run_id).outputs
    if outputs is None or not outputs.model_outputs:
        raise InputError("training-without-model", training=run_id)
    return client.get_logged_model(outputs.model_outputs[0].model_id)


def download_files(mlflow: Any, uri: str, folder: str) -> Path:
    """Download a model; return the folder of its classifier."""
    return Path(mlflow.artifacts.download_artifacts(artifact_uri=uri, dst_path=folder)) / FILES
