"""Flag the trainings, and the model versions made of them, that learned from documents which were erased since."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sake_ray.registry.connection import ERASED_TAG, EXPERIMENT, MODEL, MlflowConnection
from sake_ray.registry.runs import COMMIT_TAG

MANY = 1000


@dataclass(frozen=True, slots=True)
class FlaggedTrainings:
    """The ids of the trainings that were flagged, and the numbers of the model versions."""

    runs: tuple[str, ...] = ()
    versions: tuple[int, ...] = ()


class ErasedTrainings:
    """Flags trainings by the commit that they left in the workspace."""

    def __init__(self, connection: MlflowConnection) -> None:
        self._connection = connection

    def flag(self, commits: Collection[str], *, now: datetime) -> FlaggedTrainings:
        """Flag the trainings of these commits. Their models go on: whoever lets one serve sees the flag."""
        if not commits:
            return FlaggedTrainings()
        with self._connection.open() as (_, client):
            experiment = client.get_experiment_by_name(EXPERIMENT)
            if experiment is None:
                return FlaggedTrainings()
            runs: list[str] = []
            for commit in sorted(commits):
                query = f"tags.`{COMMIT_TAG}` = '{commit}'"
                found = client.search_runs([experiment.experiment_id], filter_string=query, max_results=MANY)
                runs += [str(run.info.run_id) for run in found]
            versions = [one for one in client.search_model_versions(f"name = '{MODEL}'") if one.run_id in runs]
            for run in runs:
                client.set_tag(run, ERASED_TAG, now.isoformat())
            for version in versions:
                client.set_model_version_tag(MODEL, version.version, ERASED_TAG, now.isoformat())
        return FlaggedTrainings(tuple(runs), tuple(sorted(int(version.version) for version in versions)))
