"""A search as `sake tune` runs it: killed and taken up again, every run in MLflow ended, the best in params.yaml."""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import psutil
import pytest

from sake_ray.classifier import Hyperparameters
from sake_ray.classifier.vectorized_corpus import vectorize_corpus
from sake_ray.cli.bootstrap import open_registry
from sake_ray.data.corpus_tables import TEST, TRAIN, CorpusMember
from sake_ray.domain.trials import Trial, TrialState
from sake_ray.errors import InputError
from sake_ray.jobs.ray_connection import share_ray
from sake_ray.registry import Registry
from sake_ray.settings import Settings
from sake_ray.train.params import read_params, write_hyperparameters
from sake_ray.train.search.cross_validation import select_trial_folds
from sake_ray.train.search.journal import SearchRequest, TrialJournal
from sake_ray.train.search.run import begin_search, conclude_search
from sake_ray.train.search.sampler import TrialSampler
from sake_ray.train.search.scoring import compute_score, count_ended, find_best
from sake_ray.train.search.search_set import MIN_PER_LABEL, read_search_set, sample_members
from sake_ray.train.search.space import (
    SPACE,
    CategoricalRange,
    FloatRange,
    make_space,
    to_hyperparameters,
    to_trial_parameters,
)
from sake_ray.train.search.vectorization import (
    augment_search_set,
    compute_counts,
    join_counts,
    name_counts,
    pack_counts,
    unpack_counts,
)
from sake_ray.workspace import LAYOUT
from tests.train.searching import REQUEST, make_search_set, make_workspace, search_in
from tests.waiting import wait_until


def folds(*values: float, loss: float = 0.5) -> tuple[dict[str, float], ...]:
    """What folds measured."""
    return tuple({"macro_f1": value, "accuracy": value, "log_loss": loss} for value in values)


def children(registry: Registry, search: str) -> dict[int, str]:
    """The status of each nested run of a search, by the number of its trial."""
    runs = [run for run in registry.runs.list(limit=1000, searches=True) if "sake.trial" in run.tags]
    with registry.connection.open() as (_, client):
        parents = {run.id: client.get_run(run.id).data.tags["mlflow.parentRunId"] for run in runs}
    mine = [run for run in runs if parents[run.id] == search]
    assert len(mine) == len({run.tags["sake.trial"] for run in mine})
    return {int(run.tags["sake.trial"]): run.status for run in mine}


def times(journal: TrialJournal) -> dict[str, int]:
    """When each trial and each counted part was written."""
    files = [*journal.folder.glob("trials/*.json"), *journal.folder.glob("vectors/*-*")]
    return {path.name: path.stat().st_mtime_ns for path in files if path.suffix != ".part"}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a workspace that is ready to be searched on."""
    home = tmp_path_factory.mktemp("home")
    make_workspace(home / "workspace")
    open_registry(Settings(home=home)).prepare()
    return home


@pytest.fixture
def ray_of_home(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A Ray that outlives the searches on the home."""
    monkeypatch.setenv("SAKE_HOME", str(home))
    with share_ray(home) as address:
        monkeypatch.setenv("SAKE_RAY_ADDRESS", address)
        yield


@pytest.mark.usefixtures("ray_of_home")
def test_killed_search_goes_on_and_leaves_every_run_ended(home: Path) -> None:
    journal = TrialJournal(home / "workspace" / LAYOUT.search)
    killed = subprocess.Popen([sys.executable, "-m", "tests.train.searching", str(home)])
    wait_until(lambda: count_ended(journal.read_trials()) >= 2, process=killed)
    process = psutil.Process(killed.pid)
    for each in (process, *process.children(recursive=True)):
        each.kill()
    killed.wait()
    search, _ = journal.read_identity()
    before = times(journal)
    ended = [trial.number for trial in journal.read_trials() if trial.state is not TrialState.RUNNING]
    after: dict[str, int] = {}

    found = search_in(home, check_abort=lambda: after.update(times(journal)))
    # Neither a trial that had ended nor what was counted has been written again.
    done = [f"{number:05d}.json" for number in ended]
    kept = [name for name in before if name in done or not name.endswith(".json")]
    assert len(kept) >= len(done) + 2
    assert {name: after[name] for name in kept} == {name: before[name] for name in kept}
    registry = open_registry(Settings(home=home))
    assert found.search == search
    assert found.trials == REQUEST.trials
    statuses = children(registry, search)
    assert sorted(statuses) == list(range(1, REQUEST.trials + 1))
    assert set(statuses.values()) <= {"FINISHED", "KILLED"}
    assert registry.runs.list() == ()
    assert registry.runs.get(search).status == "FINISHED"
    assert not journal.folder.exists()
    assert found.best is not None
    assert found.before is not None
    assert found.best >= found.before
    params = read_params(home / "workspace" / LAYOUT.params)
    for name, value in found.changed.items():
        assert getattr(params.hyperparameters, name) == value
    assert (search in (home / "workspace" / LAYOUT.params).read_text()) == bool(found.changed)


def test_stopped_search_keeps_the_best_so_far(home: Path) -> None:
    folder, registry = home / "workspace", open_registry(Settings(home=home))
    params, journal = read_params(folder / LAYOUT.params), TrialJournal(folder / LAYOUT.search)
    search = begin_search(folder / LAYOUT.search_set, params, journal, registry, SearchRequest(9), by="a test")
    better = to_trial_parameters(replace(params.hyperparameters, c=3.5, model="svm"))
    journal.write_trial(Trial(1, to_trial_parameters(params.hyperparameters), folds(0.5, 0.5), TrialState.FINISHED))
    journal.write_trial(Trial(2, better, folds(0.9, 0.8), TrialState.FINISHED))
    journal.write_trial(Trial(3, better, folds(1.0)))
    found = conclude_search(folder / LAYOUT.params, params, journal, registry, "macro_f1", status="KILLED")
    assert (found.before, found.best) == (0.5, pytest.approx(0.85))
    assert read_params(folder / LAYOUT.params).hyperparameters == replace(params.hyperparameters, c=3.5, model="svm")
    assert search in (folder / LAYOUT.params).read_text()
    assert children(registry, search) == {1: "FINISHED", 2: "FINISHED", 3: "KILLED"}
    assert registry.runs.get(search).status == "KILLED"


def test_search_that_was_interrupted_ends_when_another_begins(home: Path) -> None:
    folder, registry = home / "workspace", open_registry(Settings(home=home))
    params, journal = read_params(folder / LAYOUT.params), TrialJournal(folder / LAYOUT.search)
    first = begin_search(folder / LAYOUT.search_set, params, journal, registry, SearchRequest(9), by="a test")
    journal.write_trial(Trial(1, to_trial_parameters(params.hyperparameters), folds(0.5)))
    assert (
        begin_search(folder / LAYOUT.search_set, params, journal, registry, SearchRequest(12, 5), by="a test") == first
    )
    second = begin_search(
        folder / LAYOUT.search_set, params, journal, registry, SearchRequest(9, metric="log_loss"), by="a test"
    )
    assert second != first
    assert journal.read_trials() == ()
    assert registry.runs.get(first).status == "KILLED"
    assert children(registry, first) == {1: "KILLED"}
    conclude_search(folder / LAYOUT.params, params, journal, registry, "log_loss", status="KILLED")
    assert read_params(folder / LAYOUT.params) == params


def test_counts_of_both_kinds_join_to_what_a_training_vectorizes() -> None:
    search_set, now = make_search_set(), Hyperparameters(char_ngram_max=4, token_ngram_max=1)
    layout, texts = augment_search_set(search_set, now, seed=7)
    parts = {kind: compute_counts(kind, texts[kind], layout, now, seed=7) for kind in ("chars", "tokens")}
    joined = join_counts(layout, unpack_counts(pack_counts(parts["chars"])), parts["tokens"])
    prepared = vectorize_corpus(search_set.features, search_set.targets, search_set.groups, now, seed=7)
    assert (joined.counts.chars != prepared.counts.chars).nnz == 0
    assert (joined.counts.tokens != prepared.counts.tokens).nnz == 0
    for mine, theirs in ((joined.counts.cues, prepared.counts.cues), (joined.folds, prepared.folds)):
        assert np.array_equal(mine, theirs)
    assert select_trial_folds(layout) == (0, 1, 2)
    assert name_counts("chars", now) != name_counts("chars", replace(now, char_ngram_max=5))
    assert name_counts("chars", now) == name_counts("chars", replace(now, token_ngram_max=2, c=1.0))


def test_search_sees_documents_to_learn_from_only() -> None:
    members = [
        CorpusMember(
            str(place),
            "rare" if place in {3, 7} else f"label{place % 4}",
            TEST if place % 5 == 0 else TRAIN,
            str(place),
        )
        for place in range(1000)
    ]
    chosen = sample_members(members, 200, seed=7)
    assert {members[place].part for place in chosen} == {TRAIN}
    counted = {label: sum(members[place].label == label for place in chosen) for label in ("label0", "rare")}
    assert counted["rare"] == 2
    assert MIN_PER_LABEL < counted["label0"] < 60
    assert len(sample_members(members, 5000, seed=7)) == sum(member.part == TRAIN for member in members)


def test_search_begins_with_the_present_parameters_wherever_they_lie() -> None:
    now = Hyperparameters(c=999.0, char_ngram_max=7, cue_weight=0.0)
    space = make_space(now)
    for name, value in to_trial_parameters(now).items():
        each = space[name]
        assert value in each.values if isinstance(each, CategoricalRange) else each.low <= value <= each.high
    assert isinstance(space["c"], FloatRange)
    sampler = TrialSampler((), now, metric="macro_f1", seed=7)
    assert to_hyperparameters(sampler.suggest().parameters, now) == now
    for _ in range(20):
        trial = sampler.suggest()
        to_hyperparameters(trial.parameters, now)
        sampler.complete(trial.number, 0.5, finished=True)


def test_interrupted_trials_come_first_and_ended_ones_never_again() -> None:
    now = Hyperparameters()
    draw = TrialSampler((), now, metric="macro_f1", seed=7)
    trials = [draw.suggest() for _ in range(4)]
    known = [
        replace(trials[0], state=TrialState.FINISHED, folds=folds(0.5, 0.6)),
        replace(trials[1], folds=folds(0.4)),
        replace(trials[2], state=TrialState.KILLED, folds=folds(0.1)),
        replace(trials[3], state=TrialState.KILLED),
    ]
    again = TrialSampler(known, now, metric="macro_f1", seed=7)
    assert again.suggest() == known[1]
    fifth = again.suggest()
    assert fifth.number == 5
    assert all(fifth.parameters != trial.parameters for trial in known)
    assert set(fifth.parameters) == set(SPACE)


def test_best_has_seen_every_fold_and_level_ones_are_told_apart_by_their_log_loss() -> None:
    trials = [
        Trial(1, {}, folds(0.9, 0.9, loss=0.3), TrialState.FINISHED),
        Trial(2, {}, folds(0.9, 0.9, loss=0.2), TrialState.FINISHED),
        Trial(3, {}, folds(1.0), TrialState.KILLED),
        Trial(4, {}, folds(1.0, 1.0)),
    ]
    best = find_best(trials, "macro_f1")
    assert best
    assert best.number == 2
    assert find_best(trials[2:], "macro_f1") is None
    assert compute_score(folds(0.9, loss=0.1), "macro_f1") > compute_score(folds(0.9, loss=0.2), "macro_f1")
    assert compute_score(folds(0.9, loss=0.1), "log_loss") > compute_score(folds(1.0, loss=0.2), "log_loss")


def test_search_id_in_params_touches_no_parameter_else(tmp_path: Path) -> None:
    folder = make_workspace(tmp_path / "workspace")
    params = read_params(folder / LAYOUT.params)
    assert len(read_search_set(folder / LAYOUT.search_set).labels) == 4
    write_hyperparameters(
        folder / LAYOUT.params,
        replace(params.hyperparameters, c=2.0),
        search={"id": "abc", "metric": "macro_f1", "value": 0.9},
    )
    assert read_params(folder / LAYOUT.params) == replace(
        params, hyperparameters=replace(params.hyperparameters, c=2.0)
    )
    assert "# What a training depends on" in (folder / LAYOUT.params).read_text()


@pytest.mark.parametrize("wrong", [{"trials": 0}, {"minutes": -1}, {"metric": "recall"}])
def test_impossible_search_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(InputError):
        SearchRequest(**{"trials": 3, **wrong})  # type: ignore[arg-type]
