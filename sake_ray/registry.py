"""Keep experiments and model versions in MLflow, and say which version serves."""

import fcntl
import logging
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sake_ray.classifier import check_files, read_manifest
from sake_ray.domain import Trial, TrialState
from sake_ray.errors import InputError, ModelRefused, NotFound, StorageUnavailable

EXPERIMENT = MODEL = "sake"
CHAMPION, PREVIOUS = "champion", "previous"
FLAVOR = "sake_ray"
FILES = "classifier"
CHECKSUM_TAG = "sake.sha256"
KIND_TAG, TRIAL_TAG, PARENT_TAG = "sake.kind", "sake.trial", "mlflow.parentRunId"
SEARCH, TRIAL = "search", "trial"
STATUS = {TrialState.RUNNING: "RUNNING", TrialState.FINISHED: "FINISHED", TrialState.KILLED: "KILLED"}
COMMIT_TAG = "sake.commit"
"""The commit of the workspace a training left."""
CORPUS_TAG, GENERATED = "corpus", "generated"
"""What the first model learned from; it has no commit."""
DOUBT_TAG = "sake.doubt"
"""Of a run: why its model must not serve. A restored model that no longer predicts as it did has one."""


@dataclass(frozen=True, slots=True)
class ModelVersion:
    """A registered classifier; `sha256` is that of its manifest, which holds that of its model file."""

    number: int
    sha256: str
    run_id: str
    created: datetime


@dataclass(frozen=True, slots=True)
class Run:
    """One training as it was logged; `version` is the model version made of it, if any."""

    id: str
    name: str
    started: datetime
    status: str
    parameters: Mapping[str, str]
    metrics: Mapping[str, float]
    tags: Mapping[str, str]
    version: int | None


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
                    # A server decides where its artifacts go; the default of a SQLite file is the current folder.
                    location = None if self._is_server else folder.absolute().as_uri()
                    client.create_experiment(EXPERIMENT, artifact_location=location)

    def log_training(
        self,
        classifier: Path,
        *,
        name: str,
        parameters: Mapping[str, object],
        metrics: Mapping[str, float],
        tags: Mapping[str, str],
        files: Path | None = None,
    ) -> str:
        """Log one training with its saved classifier as a finished run, with a folder of figures; return the run's id.

        Raises ModelRefused for a damaged classifier, before anything is logged.
        """
        manifest = read_manifest(classifier)
        check_files(classifier, sha256=manifest.sha256)
        with self._mlflow() as (_, client):
            from mlflow.models import Model

            experiment = client.get_experiment_by_name(EXPERIMENT)
            if experiment is None:
                raise StorageUnavailable(f"MLflow at {self.uri} was never prepared; run `sake up` once.")
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
                # Left to itself Model.log takes the experiment "Default", whose artifacts lie in the current folder.
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

    def begin_search(self, name: str, *, tags: Mapping[str, str]) -> str:
        """Begin the run under which the trials of a search are nested; return its id."""
        with self._mlflow() as (_, client):
            experiment = client.get_experiment_by_name(EXPERIMENT)
            run = client.create_run(experiment.experiment_id, run_name=name, tags={**tags, KIND_TAG: SEARCH})
            return str(run.info.run_id)

    def go_on(self, search: str) -> bool:
        """Let the run of a search that was broken off go on; False when there is none."""
        try:
            with self._mlflow() as (_, client):
                client.update_run(search, status="RUNNING")
        except InputError:
            return False
        return True

    def log_trials(self, search: str, trials: Sequence[Trial]) -> None:
        """Let the nested runs of a search be as its trials are: a run each, a step a fold, ended when they have.

        However often this is called, nothing is logged twice. One process at a time.
        """
        with self._mlflow() as (_, client):
            parent = client.get_run(search)
            logged = _trials_of(client, parent)
            for trial in trials:
                run = logged.get(trial.number) or _new_trial(client, parent, trial)
                _log_folds(client, run, trial)
                _set_status(client, run, STATUS[trial.state], why=trial.why)

    def end_search(
        self,
        search: str,
        *,
        status: str,
        metrics: Mapping[str, float] | None = None,
        parameters: Mapping[str, object] | None = None,
    ) -> None:
        """End the run of a search: FINISHED, KILLED or FAILED; with the best it found, if anything."""
        with self._mlflow() as (_, client):
            for key, number in (metrics or {}).items():
                client.log_metric(search, key, number)
            for key, value in (parameters or {}).items():
                client.log_param(search, key, value)
            client.set_terminated(search, status)

    def register(self, run_id: str) -> ModelVersion:
        """Make the classifier of a run the next model version.

        Raises InputError when the run has none, ModelRefused when it is not as it was logged.
        """
        with self._mlflow() as (mlflow, client):
            logged = _logged_model(client, run_id)
            checksum = logged.tags.get(CHECKSUM_TAG, "")
            with TemporaryDirectory() as folder:
                check_files(_fetch(mlflow, f"models:/{logged.model_id}", folder), sha256=checksum)
            if not any(model.name == MODEL for model in client.search_registered_models(f"name = '{MODEL}'")):
                client.create_registered_model(MODEL)
            version = client.create_model_version(
                MODEL,
                logged.artifact_location,
                run_id=run_id,
                model_id=logged.model_id,
                tags={CHECKSUM_TAG: checksum},
            )
            return _version(version)

    def promote(self, number: int) -> None:
        """Let this version serve from now on; the one before becomes `previous`."""
        before = self.champion()
        with self._mlflow() as (_, client):
            client.get_model_version(MODEL, str(number))  # a number that is refused must not cost us `previous`
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

    def runs(self, *, limit: int = 100, searches: bool = False) -> tuple[Run, ...]:
        """The trainings, newest first; with `searches` also those and their trials."""
        with self._mlflow() as (_, client):
            experiment = client.get_experiment_by_name(EXPERIMENT)
            if experiment is None:
                return ()
            versions = _versions_of_runs(client)
            found = client.search_runs(
                [experiment.experiment_id],
                filter_string="" if searches else f"tags.`{KIND_TAG}` IS NULL",
                order_by=["attributes.start_time DESC"],
                max_results=limit,
            )
        return tuple(_run(run, versions.get(run.info.run_id)) for run in found)

    def run(self, id: str) -> Run:
        """One training; raises NotFound."""
        with self._mlflow() as (_, client):
            from mlflow.exceptions import MlflowException

            try:
                found = client.get_run(id)
            except MlflowException as error:
                if error.error_code in {"RESOURCE_DOES_NOT_EXIST", "INVALID_PARAMETER_VALUE"}:
                    raise NotFound(f"There is no training {id[:64]!r}.") from error
                raise
            return _run(found, _versions_of_runs(client).get(found.info.run_id))

    def find_run(self, tag: str, value: str) -> Run | None:
        """The newest finished training with that tag, None when there is none."""
        with self._mlflow() as (_, client):
            experiment = client.get_experiment_by_name(EXPERIMENT)
            if experiment is None:
                return None
            found = client.search_runs(
                [experiment.experiment_id],
                filter_string=f"tags.`{tag}` = '{value}' and attributes.status = 'FINISHED'",
                order_by=["attributes.start_time DESC"],
                max_results=1,
            )
            versions = _versions_of_runs(client)
        return _run(found[0], versions.get(found[0].info.run_id)) if found else None

    def doubt(self, version: ModelVersion) -> str:
        """Why this version must not serve; empty when nothing is known against it."""
        with suppress(NotFound):
            return self.run(version.run_id).tags.get(DOUBT_TAG, "")
        return ""

    def download(self, version: ModelVersion, folder: Path) -> Path:
        """Fetch the files of a version into `folder`, whole or not at all.

        Raises ModelRefused when they are not as they were registered.
        """
        folder.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=folder.parent) as part, self._mlflow() as (mlflow, _):
            files = _fetch(mlflow, f"models:/{MODEL}/{version.number}", part)
            try:
                check_files(files, sha256=version.sha256)
            except ModelRefused as error:
                raise ModelRefused(f"Model version {version.number} is refused. {error}") from error
            if folder.exists():
                shutil.rmtree(folder)
            files.rename(folder)
        return folder

    def download_run(self, run_id: str, models: Path) -> Path:
        """Fetch the classifier of a run into a folder of `models` named by its checksum, whole or not at all.

        Raises InputError when the run has none, ModelRefused when it is not as it was logged.
        """
        models.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=models) as part, self._mlflow() as (mlflow, client):
            logged = _logged_model(client, run_id)
            checksum = str(logged.tags.get(CHECKSUM_TAG, ""))
            files = _fetch(mlflow, f"models:/{logged.model_id}", part)
            check_files(files, sha256=checksum)
            folder = models / checksum
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
                raise InputError(f"MLflow knows no such thing: {sentence}") from error
            raise StorageUnavailable(f"MLflow at {self.uri} answers: {sentence}") from error


class _Flavor:
    """What MLflow calls to write a model of ours: it stays the two files that `Classifier.save` wrote."""

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


def _fetch(mlflow: Any, uri: str, folder: str) -> Path:
    """Download a model; return the folder of its classifier."""
    return Path(mlflow.artifacts.download_artifacts(artifact_uri=uri, dst_path=folder)) / FILES


def _logged_model(client: Any, run_id: str) -> Any:
    """The model of a run; raises InputError when it has none."""
    outputs = client.get_run(run_id).outputs
    if outputs is None or not outputs.model_outputs:
        raise InputError(f"The run {run_id} has no model.")
    return client.get_logged_model(outputs.model_outputs[0].model_id)


def _versions_of_runs(client: Any) -> dict[str, int]:
    return {str(version.run_id): int(version.version) for version in client.search_model_versions(f"name = '{MODEL}'")}


def _trials_of(client: Any, parent: Any) -> dict[int, Any]:
    """The nested runs of a search by the numbers of their trials."""
    found: dict[int, Any] = {}
    token = None
    while True:
        page = client.search_runs(
            [parent.info.experiment_id],
            filter_string=f"tags.`{PARENT_TAG}` = '{parent.info.run_id}'",
            max_results=1000,
            page_token=token,
        )
        found |= {int(run.data.tags[TRIAL_TAG]): run for run in page if TRIAL_TAG in run.data.tags}
        token = page.token
        if not token:
            return found


def _new_trial(client: Any, parent: Any, trial: Trial) -> Any:
    tags = {PARENT_TAG: parent.info.run_id, KIND_TAG: TRIAL, TRIAL_TAG: str(trial.number)}
    run = client.create_run(parent.info.experiment_id, run_name=f"trial {trial.number}", tags=tags)
    from mlflow.entities import Param  # with mlflow, as below

    client.log_batch(run.info.run_id, params=[Param(name, str(value)) for name, value in trial.parameters.items()])
    return run


def _log_folds(client: Any, run: Any, trial: Trial) -> None:
    """Log the folds that are not logged yet: of each measure the mean so far, and how many folds that were."""
    from mlflow.entities import Metric  # as above

    for seen in range(int(run.data.metrics.get("folds", 0)) + 1, len(trial.folds) + 1):
        now, folds = int(datetime.now(UTC).timestamp() * 1000), trial.folds[:seen]
        means = {name: sum(fold[name] for fold in folds) / seen for name in folds[0]} | {"folds": float(seen)}
        client.log_batch(run.info.run_id, metrics=[Metric(name, mean, now, seen) for name, mean in means.items()])


def _set_status(client: Any, run: Any, status: str, *, why: str) -> None:
    if run.info.status == status:
        return
    if status == "RUNNING":
        client.update_run(run.info.run_id, status=status)
        return
    if why:
        client.set_tag(run.info.run_id, "sake.why", why)
    client.set_terminated(run.info.run_id, status)


def _run(run: Any, version: int | None) -> Run:
    tags = {name: value for name, value in run.data.tags.items() if not name.startswith("mlflow.")}
    started = datetime.fromtimestamp(run.info.start_time / 1000, UTC)
    name = run.info.run_name or ""
    return Run(
        run.info.run_id, name, started, run.info.status, dict(run.data.params), dict(run.data.metrics), tags, version
    )


def _version(version: Any) -> ModelVersion:
    created = datetime.fromtimestamp(version.creation_timestamp / 1000, UTC)
    return ModelVersion(int(version.version), version.tags.get(CHECKSUM_TAG, ""), str(version.run_id), created)
