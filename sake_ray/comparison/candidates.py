"""Find a model by the name people give it, load it, and tell what it has learned from."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass

from sake_ray.classifier import Classifier, load
from sake_ray.comparison import ComparisonContext
from sake_ray.data.corpus_tables import CorpusMember
from sake_ray.errors import InputError, ModelRefused, NotFound
from sake_ray.registry.runs import COMMIT_TAG, CORPUS_TAG, GENERATED, Run
from sake_ray.registry.versions import ModelVersion
from sake_ray.workspace import LAYOUT, Workspace

CHAMPION = "champion"
TRAIN, TEST = "train", "test"


@dataclass(frozen=True, slots=True)
class TrainingHistory:
    """What a model has learned from: labels by id. `barred` are those documents, and those nearly the same as one of them.

    A model of the generated documents knows none of the workspace's images, and none of its other documents may judge it.
    """

    learned: Mapping[str, str]
    barred: frozenset[str]
    generated_only: bool = False


@dataclass(frozen=True, slots=True)
class ComparedModel:
    """A model to be judged, by the name it was asked for under."""

    name: str
    run: Run
    version: ModelVersion | None
    classifier: Classifier
    taught: TrainingHistory


def find_candidate(bench: ComparisonContext, asked: str) -> ComparedModel:
    """Find a model by the number of its version, the id of its run, or as the champion, and load it.

    Raises NotFound, InputError when it is not known what it learned from, ModelRefused when it does not fit here.
    """
    version, run = find_run(bench, asked)
    name = f"version {version.number}" if version else f"run {run.id[:8]}"
    return ComparedModel(
        name, run, version, load_model(bench, name, version, run), find_training_history(bench.workspace, name, run)
    )


def find_run(bench: ComparisonContext, asked: str) -> tuple[ModelVersion | None, Run]:
    """The version, if there is one, and the run of a model."""
    versions = bench.registry.versions.all()
    if asked == CHAMPION:
        version = bench.registry.champion.get()
        if version is None:
            raise NotFound("No model serves yet, so there is no champion.")
        return version, bench.registry.runs.get(version.run_id)
    if asked.isascii() and asked.isdigit() and len(asked) < 10:
        for version in versions:
            if version.number == int(asked):
                return version, bench.registry.runs.get(version.run_id)
        known = ", ".join(str(version.number) for version in reversed(versions)) or "none"
        raise NotFound(f"There is no model version {asked}; there are: {known}.")
    run = bench.registry.runs.get(asked)
    return next((version for version in versions if version.run_id == run.id), None), run


def load_model(bench: ComparisonContext, name: str, version: ModelVersion | None, run: Run) -> Classifier:
    """Load a model as the predictor would."""
    try:
        if version is None:
            folder = bench.registry.versions.download_run(run.id, bench.models)
            return load(folder, recipe=bench.recipe, sha256=folder.name)
        return bench.registry.versions.load(version, bench.models, recipe=bench.recipe)
    except ModelRefused as error:
        raise ModelRefused(f"{name.capitalize()} cannot be judged. {error}") from error


def find_training_history(workspace: Workspace, name: str, run: Run) -> TrainingHistory:
    """What a model has learned from; raises InputError when nobody knows."""
    commit = run.tags.get(COMMIT_TAG, "")
    if not commit and run.tags.get(CORPUS_TAG) == GENERATED:
        return TrainingHistory({}, frozenset(), generated_only=True)
    try:
        members = read_members(workspace, commit) if commit else None
    except NotFound:
        members = None
    if members is None:
        raise InputError(
            f"What {name} has learned from is not known here: it was not trained in this workspace, so no document can judge it."
        )
    learned = {member.id: member.label for member in members if member.part == TRAIN}
    groups = {member.group for member in members if member.part == TRAIN}
    return TrainingHistory(learned, frozenset(member.id for member in members if member.group in groups))


def read_members(workspace: Workspace, commit: str) -> list[CorpusMember]:
    """The documents of the corpus at a commit; raises NotFound."""
    lines = workspace.git.read_file(commit, LAYOUT.split).splitlines()
    return [CorpusMember(row["id"], row["label"], row["part"], row["group"]) for row in csv.DictReader(lines)]
