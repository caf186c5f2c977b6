"""One search for better hyperparameters, from the wish to params.yaml: what `sake tune` and `sake train --tune` do."""

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

from sake_ray.domain.trials import Trial, TrialState
from sake_ray.errors import JobStopped, SakeError, TrainingFailed
from sake_ray.registry import Registry
from sake_ray.train.params import FILE, LESSONS, TrainingParams, note_found, read_params
from sake_ray.train.polling import looking
from sake_ray.train.search.journal import SearchRequest, TrialJournal, best_of, count_ended, value_of
from sake_ray.train.search.space import space_around, tuned, values_of

FOLDER = ".sake/search"
LOOK_SECONDS = 1.0
KEPT = "Nothing better was found; the parameters stay."
NOTHING = "No trial saw every fold in that time; the parameters stay."
LIBRARIES = ("scikit-learn", "numpy", "scipy")


@dataclass(frozen=True, slots=True)
class SearchOutcome:
    """What a search came to. Without a trial that saw every fold there are no values; `changed` are the parameters that are
    better than what was there, `remark` is a sentence where there are none."""

    search: str
    metric: str
    trials: int
    finished: int
    before: float | None
    best: float | None
    changed: Mapping[str, object]
    remark: str


def search(
    folder: Path,
    registry: Registry,
    wish: SearchRequest,
    *,
    who: str,
    on_stage: Callable[[str], None],
    on_progress: Callable[[int, int], None],
    check: Callable[[], None],
    words_of_stage: Callable[[], str],
) -> SearchOutcome:
    """Search in the prepared workspace of that folder, in a process like a stage, and write the best into params.yaml.

    Goes on with the same search that was killed. Stopped (`check` raises JobStopped) it keeps the best so far, then raises.
    Every trial is a run in MLflow that has ended when this returns. Raises TrainingFailed with the words of the process.
    """
    registry.prepare()
    plan, journal = read_params(folder / FILE), TrialJournal(folder / FOLDER)
    id = begin(folder, plan, journal, registry, wish, who=who)

    def look(trials: Sequence[Trial]) -> None:
        on_stage(headline(trials, wish.metric))
        on_progress(count_ended(trials), wish.trials)
        with suppress(SakeError):  # the end waits for MLflow, a glance does not
            registry.searches.log_trials(id, trials)

    command = [
        str(Path(sys.executable).with_name("sake")), "stage", "search",
        "--trials", str(wish.trials), "--minutes", f"{wish.minutes:g}", "--metric", wish.metric,
    ]  # fmt: skip
    try:
        with watching(journal, look):
            code = subprocess.run(command, cwd=folder, stdout=sys.stderr, check=False).returncode
        check()
    except (JobStopped, KeyboardInterrupt):
        conclude(folder, plan, journal, registry, wish.metric, status="KILLED")
        raise
    if code:
        # Kept in the journal as they are: the next attempt goes on with them.
        registry.searches.log_trials(id, broken_off(journal.trials()))
        registry.searches.end(id, status="FAILED")
        raise TrainingFailed(words_of_stage() or "The search failed. The log says more.")
    return conclude(folder, plan, journal, registry, wish.metric, status="FINISHED")


def begin(
    folder: Path, plan: TrainingParams, journal: TrialJournal, registry: Registry, wish: SearchRequest, *, who: str
) -> str:
    """Take up the search that was broken off, or begin a new one; return its id, that of its run in MLflow."""
    question = ask(folder, plan, wish.metric)
    id, asked = journal.who()
    if id and asked == question and registry.searches.resume(id):
        return id
    if id:
        end_all(journal, registry, id, status="KILLED")
    tags = {"sake.metric": wish.metric, "sake.by": who, "sake.question": question[:16]}
    id = registry.searches.begin(f"search {datetime.now(UTC):%Y-%m-%d %H:%M}", tags=tags)
    journal.begin(id, question)
    return id


def ask(folder: Path, plan: TrainingParams, metric: str) -> str:
    """What a search is asked, as a checksum: with another corpus, space, beginning or library nothing known would hold."""
    space = {name: asdict(each) for name, each in space_around(plan.classifier).items()}
    facts = [metric, space, asdict(plan.classifier), plan.seed, {name: version(name) for name in LIBRARIES}]
    return sha256((folder / LESSONS).read_bytes() + json.dumps(facts, sort_keys=True).encode()).hexdigest()


def conclude(
    folder: Path, plan: TrainingParams, journal: TrialJournal, registry: Registry, metric: str, *, status: str
) -> SearchOutcome:
    """Write the best into params.yaml, end every run in MLflow, forget how far the search was."""
    id, _ = journal.who()
    found = take_best(folder, plan, journal, metric)
    end_all(journal, registry, id, status=status, found=found)
    return found


def take_best(folder: Path, plan: TrainingParams, journal: TrialJournal, metric: str) -> SearchOutcome:
    """Write the parameters of the best trial into params.yaml, unless those that are there are the best."""
    id, _ = journal.who()
    trials = journal.trials()
    best, first = best_of(trials, metric), next((trial for trial in trials if trial.number == 1), None)
    before = value_of(first.folds, metric) if first and first.state is TrialState.FINISHED else None
    now, changed = values_of(plan.classifier), dict[str, object]()
    if best and best.number != 1:
        parameters = tuned(plan.classifier, best.parameters)
        changed = {name: value for name, value in values_of(parameters).items() if value != now[name]}
        told = {"id": id, "metric": metric, "value": round(value_of(best.folds, metric), 6)}
        note_found(folder / FILE, parameters, search=told)
    finished = sum(trial.state is TrialState.FINISHED for trial in trials)
    value = value_of(best.folds, metric) if best else None
    remark = "" if changed else KEPT if best else NOTHING
    return SearchOutcome(id, metric, len(trials), finished, before, value, changed, remark)


def end_all(
    journal: TrialJournal, registry: Registry, id: str, *, status: str, found: SearchOutcome | None = None
) -> None:
    """End every run of a search in MLflow, then forget how far it was."""
    registry.searches.log_trials(id, broken_off(journal.trials()))
    figures = {f"best.{found.metric}": found.best} if found and found.best is not None else {}
    registry.searches.end(id, status=status, metrics=figures, parameters=found.changed if found else {})
    journal.drop()


def broken_off(trials: Sequence[Trial]) -> list[Trial]:
    """The trials of a search that goes no further."""
    return [
        replace(trial, state=TrialState.KILLED, why="stopped") if trial.state is TrialState.RUNNING else trial
        for trial in trials
    ]


@contextmanager
def watching(journal: TrialJournal, look: Callable[[Sequence[Trial]], None]) -> Iterator[None]:
    """Look at the trials whenever something happened to them, for the duration of the block."""
    seen: Sequence[Trial] = ()

    def look_anew() -> None:
        nonlocal seen
        trials = journal.trials()
        if trials != seen:
            seen = trials
            look(trials)

    with looking(look_anew, seconds=LOOK_SECONDS):
        yield


def headline(trials: Sequence[Trial], metric: str) -> str:
    """What there is to see of a search while it runs."""
    best = best_of(trials, metric)
    return f"search, best {metric} {value_of(best.folds, metric):.4f} (trial {best.number})" if best else "search"
