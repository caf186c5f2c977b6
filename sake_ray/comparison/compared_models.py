"""Find a model by the name people give it, load it, and find what it was trained on."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass

from sake_ray.classifier import Classifier, load
from sake_ray.comparison import ComparisonContext
from sake_ray.data.corpus_tables import TRAIN, CorpusMember
from sake_ray.errors import InputError, ModelRefused, NotFound
from sake_ray.registry.runs import COMMIT_TAG, CORPUS_TAG, GENERATED, Run
from sake_ray.registry.versions import ModelVersion
from sake_ray.workspace import LAYOUT, Workspace

CHAMPION = "champion"


@dataclass(frozen=True, slots=True)
class TrainingHistory:
    """What a model was trained on: labels by document. `excluded` are those documents and their near-duplicates.

    A model of the generated documents was trained on no image of the workspace; only images may evaluate it.
    """

    training_labels: Mapping[str, str]
    excluded: frozenset[str]
    generated_only: bool = False


@dataclass(frozen=True, slots=True)
class ComparedModel:
    """A model to compare, under the name that the user gave."""

    name: str
    run: Run
    version: ModelVersion | None
    classifier: Classifier
    history: TrainingHistory


def load_compared_model(context: ComparisonContext, model: str) -> ComparedModel:
    """Find a model by the number of its version, the id of its run, or as the champion, and load it.

    Raises NotFound, InputError when it is not known what it was trained on, ModelRefused when it does not fit here.
    """
    version, run = find_run(context, model)
    name = f"version {version.number}" if version else f"run {run.id[:8]}"
    return ComparedModel(
        name,
        run,
        version,
        load_classifier(context, name, version, run),
        find_training_history(context.workspace, name, run),
    )


def find_run(context: ComparisonContext, model: str) -> tuple[ModelVersion | None, Run]:
    """The version, if there is one, and the run of a model."""
    versions = context.registry.versions.all()
    if model == CHAMPION:
        version = context.registry.champion.get()
        if version is None:
            raise NotFound("no-champion-yet")
        return version, context.registry.runs.get(version.run_id)
    if model.isascii() and model.isdigit() and len(model) < 10:
        for version in versions:
            if version.number == int(model):
                return version, context.registry.runs.get(version.run_id)
        known = ", ".join(str(version.number) for version in reversed(versions)) or "none"
        raise NotFound("model-version-not-found", version=model, versions=known)
    run = context.registry.runs.get(model)
    return next((version for version in versions if version.run_id == run.id), None), run


def load_classifier(context: ComparisonContext, name: str, version: ModelVersion | None, run: Run) -> Classifier:
    """Load a model as the Predictor would."""
    try:
        if version is None:
            folder = context.registry.versions.download_run(run.id, context.models)
            return load(folder, recipe=context.recipe, sha256=folder.name)
        return context.registry.versions.load(version, context.models, recipe=context.recipe)
    except ModelRefused as error:
        raise ModelRefused("model-cannot-be-compared", model=name.capitalize(), error=error) from error


def find_training_history(workspace: Workspace, name: str, run: Run) -> TrainingHistory:
    """Find what a model was trained on; raises InputError when that is not known."""
    commit = run.tags.get(COMMIT_TAG, "")
    if not commit and run.tags.get(CORPUS_TAG) == GENERATED:
        return TrainingHistory({}, frozenset(), generated_only=True)
    try:
        members = read_members(workspace, commit) if commit else None
    except NotFound:
        members = None
    if members is None:
        raise InputError("training-data-unknown", model=name)
    training_labels = {member.id: member.label for member in members if member.part == TRAIN}
    groups = {member.group for member in members if member.part == TRAIN}
    return TrainingHistory(training_labels, frozenset(member.id for member in members if member.group in groups))


def read_members(workspace: Workspace, commit: str) -> list[CorpusMember]:
    """The documents of the corpus at a commit; raises NotFound."""
    lines = workspace.git.read_file(commit, LAYOUT.split).splitlines()
    return [CorpusMember(row["id"], row["label"], row["part"], row["group"]) for row in csv.DictReader(lines)]
