"""Read training runs as they were logged."""

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
"""The corpus of the first model, which has no commit."""
DOUBT_TAG = "sake.doubt"
"""Why the model of a run must not serve: a restored model that no longer predicts as it did."""

SAME_MOMENT = 100
"""Runs that may have begun in the same millisecond."""


@dataclass(frozen=True, slots=True)
class Run:
    """One training as it was logged; `version` is the model version registered from it, if any."""

    id: str
    name: str
    started: datetime
    status: str
    parameters: Mapping[str, str]
    metrics: Mapping[str, float]
    tags: Mapping[str, str]
    version: int | None

    @property
    def key(self) -> tuple[int, str]:
        """What runs are ordered by: when it started, in milliseconds, and its id."""
        return round(self.started.timestamp() * 1000), self.id


class Runs:
    """The training runs, without searches and their trials unless these are asked for."""

    def __init__(self, connection: MlflowConnection) -> None:
        self._connection = connection

    def list(
        self, *, limit: int = 100, searches: bool = False, after: tuple[int, str] | None = None
    ) -> tuple[Run, ...]:
        """List the training runs after a key, newest first; with `searches` also searches and their trials."""
        with self._connection.open() as (_, client):
            experiment = client.get_experiment_by_name(EXPERIMENT)
            if experiment is None:
                return ()
            versions = _find_versions_by_run(client)
            conditions = [] if searches else [f"tags.`{KIND_TAG}` IS NULL"]
            conditions += [f"attributes.start_time <= {after[0]}"] if after else []
            found = client.search_runs(
                [experiment.experiment_id],
                filter_string=" and ".join(conditions),
                order_by=["attributes.start_time DESC", "attributes.run_id DESC"],
                max_results=limit + SAME_MOMENT if after else limit,
            )
        runs = [_to_run(run, versions.get(run.info.run_id)) for run in found]
        return tuple([run for run in runs if not after or run.key < after][:limit])

    def get(self, id: str) -> Run:
        """Get one run; raises NotFound."""
        with self._connection.open() as (_, client):
            from mlflow.exceptions import MlflowException

            try:
                found = client.get_run(id)
            except MlflowException as error:
                if error.error_code in {"RESOURCE_DOES_NOT_EXIST", "INVALID_PARAMETER_VALUE"}:
                    raise NotFound("training-not-found", training=id[:64]) from error
                raise
            return _to_run(found, _find_versions_by_run(client).get(found.info.run_id))

    def find(self, tag: str, value: str) -> Run | None:
        """Find the newest finished run with this tag; None when there is none."""
        with self._connection.open() as (_, client):
            experiment = client.get_experiment_by_name(EXPERIMENT)
            if experiment is None:
                return None
            found = client.search_runs(
                [experiment.experiment_id],
                filter_string=f"tags.`{tag}` = '{value}' and attributes.status = 'FINISHED'",
                order_by=["attributes.start_time DESC"],
                max_results=1,
            )
            versions = _find_versions_by_run(client)
        return _to_run(found[0], versions.get(found[0].info.run_id)) if found else None

    def find_doubt(self, version: ModelVersion) -> str:
        """Find the reason why this version must not serve; empty when there is none."""
        with suppress(NotFound):
            return self.get(version.run_id).tags.get(DOUBT_TAG, "")
        return ""


def _find_versions_by_run(client: Any) -> dict[str, int]:
    return {str(version.run_id): int(version.version) for version in client.search_model_versions(f"name = '{MODEL}'")}


def _to_run(run: Any, version: int | None) -> Run:
    tags = {name: value for name, value in run.data.tags.items() if not name.startswith("mlflow.")}
    started = datetime.fromtimestamp(run.info.start_time / 1000, UTC)
    name = run.info.run_name or ""
    return Run(
        run.info.run_id, name, started, run.info.status, dict(run.data.params), dict(run.data.metrics), tags, version
    )
