"""Look at trainings as they were logged."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sake_ray.errors import NotFound
from sake_ray.registry.connection import EXPERIMENT, MODEL, MlflowConnection
from sake_ray.registry.searches import KIND_TAG
from sake_ray.registry.versions import ModelVersion

COMMIT_TAG = "sake.commit"
"""The commit of the workspace a training left."""
CORPUS_TAG, GENERATED = "corpus", "generated"
"""What the first model learned from; it has no commit."""
DOUBT_TAG = "sake.doubt"
"""Of a run: why its model must not serve. A restored model that no longer predicts as it did has one."""


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


class Runs(MlflowConnection):
    """Calls that look at trainings."""

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


def _versions_of_runs(client: Any) -> dict[str, int]:
    return {str(version.run_id): int(version.version) for version in client.search_model_versions(f"name = '{MODEL}'")}


def _run(run: Any, version: int | None) -> Run:
    tags = {name: value for name, value in run.data.tags.items() if not name.startswith("mlflow.")}
    started = datetime.fromtimestamp(run.info.start_time / 1000, UTC)
    name = run.info.run_name or ""
    return Run(
        run.info.run_id, name, started, run.info.status, dict(run.data.params), dict(run.data.metrics), tags, version
    )
