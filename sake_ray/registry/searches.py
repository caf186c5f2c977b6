"""Log hyperparameter searches, with their trials nested under them."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sake_ray.domain.trials import Trial, TrialState
from sake_ray.errors import InputError
from sake_ray.registry.connection import EXPERIMENT, MlflowConnection

KIND_TAG, TRIAL_TAG, PARENT_TAG = "sake.kind", "sake.trial", "mlflow.parentRunId"
SEARCH, TRIAL = "search", "trial"
STATUS = {TrialState.RUNNING: "RUNNING", TrialState.FINISHED: "FINISHED", TrialState.KILLED: "KILLED"}


class Searches:
    """The runs of searches and of their trials."""

    def __init__(self, connection: MlflowConnection) -> None:
        self._connection = connection

    def begin(self, name: str, *, tags: Mapping[str, str]) -> str:
        """Begin the run under which the trials of a search are nested; return its id."""
        with self._connection.open() as (_, client):
            experiment = client.get_experiment_by_name(EXPERIMENT)
            run = client.create_run(experiment.experiment_id, run_name=name, tags={**tags, KIND_TAG: SEARCH})
            return str(run.info.run_id)

    def resume(self, search: str) -> bool:
        """Resume the run of an interrupted search; False when there is none."""
        try:
            with self._connection.open() as (_, client):
                client.update_run(search, status="RUNNING")
        except InputError:
            return False
        return True

    def log_trials(self, search: str, trials: Sequence[Trial]) -> None:
        """Bring the nested runs of a search in line with its trials: one run a trial, one step a fold.

        Idempotent; for one process at a time.
        """
        with self._connection.open() as (_, client):
            parent = client.get_run(search)
            logged = _find_trials(client, parent)
            for trial in trials:
                run = logged.get(trial.number) or _create_trial(client, parent, trial)
                _log_folds(client, run, trial)
                _set_status(client, run, STATUS[trial.state], reason=trial.reason)

    def end(
        self,
        search: str,
        *,
        status: str,
        metrics: Mapping[str, float] | None = None,
        parameters: Mapping[str, object] | None = None,
    ) -> None:
        """End the run of a search as FINISHED, KILLED or FAILED, with its best result, if any."""
        with self._connection.open() as (_, client):
            for key, number in (metrics or {}).items():
                client.log_metric(search, key, number)
            for key, value in (parameters or {}).items():
                client.log_param(search, key, value)
            client.set_terminated(search, status)


def _find_trials(client: Any, parent: Any) -> dict[int, Any]:
    """Find the nested runs of a search, by trial number."""
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


def _create_trial(client: Any, parent: Any, trial: Trial) -> Any:
    tags = {PARENT_TAG: parent.info.run_id, KIND_TAG: TRIAL, TRIAL_TAG: str(trial.number)}
    run = client.create_run(parent.info.experiment_id, run_name=f"trial {trial.number}", tags=tags)
    from mlflow.entities import Param  # slow to import, as mlflow is

    client.log_batch(run.info.run_id, params=[Param(name, str(value)) for name, value in trial.parameters.items()])
    return run


def _log_folds(client: Any, run: Any, trial: Trial) -> None:
    """Log the folds that are not logged yet: each metric's mean so far, and the number of folds."""
    from mlflow.entities import Metric  # slow to import, as mlflow is

    for n_folds in range(int(run.data.metrics.get("folds", 0)) + 1, len(trial.folds) + 1):
        now, folds = int(datetime.now(UTC).timestamp() * 1000), trial.folds[:n_folds]
        means = {name: sum(fold[name] for fold in folds) / n_folds for name in folds[0]} | {"folds": float(n_folds)}
        client.log_batch(run.info.run_id, metrics=[Metric(name, mean, now, n_folds) for name, mean in means.items()])


def _set_status(client: Any, run: Any, status: str, *, reason: str) -> None:
    if run.info.status == status:
        return
    if status == "RUNNING":
        client.update_run(run.info.run_id, status=status)
        return
    if reason:
        client.set_tag(run.info.run_id, "sake.why", reason)
    client.set_terminated(run.info.run_id, status)
