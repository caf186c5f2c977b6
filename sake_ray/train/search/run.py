"""One search for better hyperparameters, from the request to params.yaml: what `sake tune` and `sake train --tune` do."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

from sake_ray.domain.progress import Progress
from sake_ray.domain.trials import Trial, TrialState
from sake_ray.errors import NOTHING, JobStopped, Message, SakeError, TrainingFailed
from sake_ray.polling import polling
from sake_ray.registry import Registry
from sake_ray.train.params import TrainingParams, read_params, write_hyperparameters
from sake_ray.train.search.journal import SearchRequest, TrialJournal
from sake_ray.train.search.scoring import average, count_ended, find_best
from sake_ray.train.search.space import make_space, to_hyperparameters, to_trial_parameters
from sake_ray.workspace import LAYOUT

POLL_SECONDS = 1.0
LIBRARIES = ("scikit-learn", "numpy", "scipy")


@dataclass(frozen=True, slots=True)
class SearchOutcome:
    """The metric before a search and of its best trial, None without a finished one.

    `changed` holds the hyperparameters that were improved; where there are none, `remark` is a sentence.
    """

    search: str
    metric: str
    trials: int
    finished: int
    before: float | None
    best: float | None
    changed: Mapping[str, object]
    remark: Message


def search(
    folder: Path,
    registry: Registry,
    request: SearchRequest,
    *,
    by: str,
    on_stage: Callable[[str], None],
    on_progress: Progress,
    check_abort: Callable[[], None],
    find_failure: Callable[[], TrainingFailed | None],
) -> SearchOutcome:
    """Search in the prepared workspace of that folder, in a process like a stage, and write the best into params.yaml.

    Resumes the same search if it was killed. Aborted (`check_abort` raises JobStopped), it writes the best so far, then raises.
    Every trial is a run in MLflow that has ended when this returns. Raises TrainingFailed with the message of the process.
    """
    registry.prepare()
    layout = LAYOUT.at(folder)
    params, journal = read_params(layout.params), TrialJournal(layout.search)
    id = begin_search(layout.search_set, params, journal, registry, request, by=by)

    def on_trials(trials: Sequence[Trial]) -> None:
        on_stage(describe_progress(trials, request.metric))
        on_progress(count_ended(trials), request.trials)
        with suppress(SakeError):  # only the end waits for MLflow
            registry.searches.log_trials(id, trials)

    command = [
        str(Path(sys.executable).with_name("sake")), "stage", "search",
        "--trials", str(request.trials), "--minutes", f"{request.minutes:g}", "--metric", request.metric,
    ]  # fmt: skip
    try:
        with following_trials(journal, on_trials):
            code = subprocess.run(command, cwd=folder, stdout=sys.stderr, check=False).returncode
        check_abort()
    except (JobStopped, KeyboardInterrupt):
        conclude_search(layout.params, params, journal, registry, request.metric, status="KILLED")
        raise
    if code:
        # The journal stays as it is: the next attempt resumes from it.
        registry.searches.log_trials(id, mark_stopped(journal.read_trials()))
        registry.searches.end(id, status="FAILED")
        raise find_failure() or TrainingFailed("search-failed")
    return conclude_search(layout.params, params, journal, registry, request.metric, status="FINISHED")


def begin_search(
    search_set: Path,
    params: TrainingParams,
    journal: TrialJournal,
    registry: Registry,
    request: SearchRequest,
    *,
    by: str,
) -> str:
    """Resume the interrupted search, or begin a new one; return its id, that of its run in MLflow."""
    fingerprint = compute_fingerprint(search_set, params, request.metric)
    id, known = journal.read_identity()
    if id and known == fingerprint and registry.searches.resume(id):
        return id
    if id:
        end_runs(journal, registry, id, status="KILLED")
    tags = {"sake.metric": request.metric, "sake.by": by, "sake.question": fingerprint[:16]}
    id = registry.searches.begin(f"search {datetime.now(UTC):%Y-%m-%d %H:%M}", tags=tags)
    journal.begin(id, fingerprint)
    return id


def compute_fingerprint(search_set: Path, params: TrainingParams, metric: str) -> str:
    """Compute a checksum of all that trials depend on: corpus, space, present hyperparameters, seed, metric and libraries."""
    current = params.hyperparameters
    space = {name: asdict(values) for name, values in make_space(current).items()}
    facts = [metric, space, asdict(current), params.seed, {name: version(name) for name in LIBRARIES}]
    return sha256(search_set.read_bytes() + json.dumps(facts, sort_keys=True).encode()).hexdigest()


def conclude_search(
    params_file: Path, params: TrainingParams, journal: TrialJournal, registry: Registry, metric: str, *, status: str
) -> SearchOutcome:
    """Write the best into params.yaml, end every run in MLflow, delete the journal."""
    id, _ = journal.read_identity()
    outcome = write_best_parameters(params_file, params, journal, metric)
    end_runs(journal, registry, id, status=status, outcome=outcome)
    return outcome


def write_best_parameters(
    params_file: Path, params: TrainingParams, journal: TrialJournal, metric: str
) -> SearchOutcome:
    """Write the hyperparameters of the best trial into params.yaml, unless the present ones are the best."""
    id, _ = journal.read_identity()
    trials = journal.read_trials()
    best, first = find_best(trials, metric), next((trial for trial in trials if trial.number == 1), None)
    before = average(first.folds, metric) if first and first.state is TrialState.FINISHED else None
    current, changed = to_trial_parameters(params.hyperparameters), dict[str, object]()
    if best and best.number != 1:
        hyperparameters = to_hyperparameters(best.parameters, params.hyperparameters)
        found = to_trial_parameters(hyperparameters)
        changed = {name: value for name, value in found.items() if value != current[name]}
        section = {"id": id, "metric": metric, "value": round(average(best.folds, metric), 6)}
        write_hyperparameters(params_file, hyperparameters, search=section)
    finished = sum(trial.state is TrialState.FINISHED for trial in trials)
    value = average(best.folds, metric) if best else None
    remark = NOTHING if changed else Message("nothing-better-found" if best else "no-trial-finished")
    return SearchOutcome(id, metric, len(trials), finished, before, value, changed, remark)


def end_runs(
    journal: TrialJournal, registry: Registry, id: str, *, status: str, outcome: SearchOutcome | None = None
) -> None:
    """End every run of a search in MLflow, then delete the journal."""
    registry.searches.log_trials(id, mark_stopped(journal.read_trials()))
    metrics = {f"best.{outcome.metric}": outcome.best} if outcome and outcome.best is not None else {}
    registry.searches.end(id, status=status, metrics=metrics, parameters=outcome.changed if outcome else {})
    journal.delete()


def mark_stopped(trials: Sequence[Trial]) -> list[Trial]:
    """Mark the running trials of a search that goes no further as killed."""
    return [
        replace(trial, state=TrialState.KILLED, reason="stopped") if trial.state is TrialState.RUNNING else trial
        for trial in trials
    ]


@contextmanager
def following_trials(journal: TrialJournal, on_trials: Callable[[Sequence[Trial]], None]) -> Iterator[None]:
    """Pass the trials on whenever any of them changes, for the duration of the block."""
    last: Sequence[Trial] = ()

    def poll() -> None:
        nonlocal last
        trials = journal.read_trials()
        if trials != last:
            last = trials
            on_trials(trials)

    with polling(poll, seconds=POLL_SECONDS):
        yield


def describe_progress(trials: Sequence[Trial], metric: str) -> str:
    """Describe a running search by its best trial."""
    best = find_best(trials, metric)
    return f"search, best {metric} {average(best.folds, metric):.4f} (trial {best.number})" if best else "search"
