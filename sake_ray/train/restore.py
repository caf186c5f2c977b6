"""Bring back an earlier training, whole and as a new commit, and verify that its model still predicts what it did."""

import csv
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from tempfile import TemporaryDirectory

from sake_ray.classifier import load
from sake_ray.domain.progress import Progress
from sake_ray.domain.texts import Recipe
from sake_ray.domain.verdicts import Policy
from sake_ray.errors import NOTHING, InputError, Message, ModelRefused, NotFound
from sake_ray.registry import Registry
from sake_ray.registry.runs import COMMIT_TAG
from sake_ray.train.params import make_default_params, read_params
from sake_ray.train.run import FOR_EVER, TrainingReporter, present_remarks, push, wait_for
from sake_ray.train.stages.evaluate import evaluate_model
from sake_ray.train.stages.pipeline import make_pipeline
from sake_ray.train.tracking import DOUBT, RESTORED, find_or_log_run, read_metrics
from sake_ray.workspace import Workspace, WorkspaceLayout

COMMIT = re.compile(r"[0-9a-f]{4,40}")
MAX_NAMED = 3
"""So many documents are named in a sentence."""


@dataclass(frozen=True, slots=True)
class RestoreContext:
    """What a restore works with; `owner` is the name under which it holds the workspace."""

    workspace: Workspace
    registry: Registry
    recipe: Recipe
    policy: Policy
    owner: str


@dataclass(frozen=True, slots=True)
class PredictionCheck:
    """How many documents were predicted again, how many of them otherwise, and the doubt that leaves: a sentence, or empty."""

    documents: int
    differing: int = 0
    doubt: str = ""


def restore(context: RestoreContext, job: TrainingReporter, *, target: str) -> Mapping[str, object]:
    """Bring back the images, split, texts, parameters, model and metrics of a run or commit, as a new commit.

    Whatever was not committed is committed first. The model predicts its test part again; where the predictions differ, the
    result says so under `doubt` and the model cannot be promoted. Waits for whoever holds the workspace. Interrupted,
    everything is as it was. Raises NotFound, also for a training from documents that were erased since, RemoteUnavailable,
    WorkspaceError when data is nowhere.
    """
    workspace = context.workspace
    with workspace.hold(context.owner, seconds=FOR_EVER, on_wait=lambda holder: job.report_waiting(wait_for(holder))):
        job.report_waiting(NOTHING)
        job.begin_stage("look")
        workspace.prepare(pipeline=make_pipeline(), parameters=make_default_params(context.recipe))
        context.registry.prepare()
        commit = find_target(workspace, context.registry, target)
        if commit in workspace.erasures.list_commits():
            raise NotFound("training-erased", commit=commit[:10])
        job.begin_stage("fetch")
        workspace.remotes.fetch(commit)
        job.check_abort()
        job.begin_stage("keep")
        pending = workspace.restores.commit_pending(
            f"Keep what was here before {commit[:10]} came back\n\nBy {context.owner}"
        )
        try:
            job.begin_stage("checkout")
            workspace.restores.check_out(commit)
            job.check_abort()
            job.begin_stage("prove")
            check = None
            if not workspace.dvc.has_changes():
                check = check_predictions(workspace.layout, context.policy, on_progress=job.report_progress)
            job.check_abort()
            job.begin_stage("commit")
            restored = workspace.restores.conclude(make_message(commit, check, context.owner))
        finally:
            workspace.restores.undo()
        result: dict[str, object] = {"restored": commit, "commit": restored, "kept": pending, "run": None}
        if check:
            job.begin_stage("log")
            run = find_or_log_run(workspace, context.registry, restored, by=context.owner)
            result |= {"run": run, "judged": check.documents, "differing": check.differing, "doubt": check.doubt}
            result |= {"metrics": read_metrics(workspace)}
        job.begin_stage("push")
        untrained = NOTHING if check else Message("state-never-trained")
        return result | present_remarks(untrained, push(workspace))


def find_target(workspace: Workspace, registry: Registry, target: str) -> str:
    """Find the commit that is meant: itself, or that of a run. Raises NotFound, InputError, RemoteUnavailable."""
    name = target
    try:
        run = registry.runs.get(target)
    except NotFound:
        if not COMMIT.fullmatch(target):
            raise NotFound("training-or-commit-not-found", training=target[:64]) from None
    else:
        name = run.tags.get(COMMIT_TAG, "")
        if not name:
            raise InputError("training-without-commit", training=target)
    commit = workspace.remotes.find_commit(name)
    if commit is None:
        if workspace.remotes.git_url:
            raise NotFound("commit-not-found", commit=name[:64])
        raise NotFound("commit-not-found-here", commit=name[:64])
    return commit


def check_predictions(layout: WorkspaceLayout, policy: Policy, *, on_progress: Progress) -> PredictionCheck:
    """Predict the test part again by the restored model, and compare with the restored predictions."""
    params = read_params(layout.params)
    before = read_predictions(layout.predictions)
    with TemporaryDirectory(dir=layout.state) as scratch:
        predictions = Path(scratch) / layout.predictions.name
        try:
            classifier = load(layout.model, recipe=params.recipe)
        except ModelRefused as error:
            return PredictionCheck(0, len(before), f"The restored model cannot be asked again. {error}")
        evaluate_model(classifier, layout.cleaned, layout.members, predictions, policy=policy, on_progress=on_progress)
        after = read_predictions(predictions)
    differences = {
        row: measure_difference(before.get(row, {}), after.get(row, {}))
        for row in before | after
        if before.get(row) != after.get(row)
    }
    if not differences:
        return PredictionCheck(len(after))
    largest = sorted(differences, key=lambda row: (-differences[row], row))[:MAX_NAMED]
    named = ", ".join(f"{row[:12]} by {differences[row]:.6f}" for row in largest)
    doubt = (
        f"The restored model does not predict what it did: {len(differences)} of {len(before | after)} documents differ, "
        f"{named}{' and others' if len(differences) > MAX_NAMED else ''}; {explain_difference(layout.run_summary)}"
    )
    return PredictionCheck(len(after), len(differences), doubt)


def read_predictions(path: Path) -> dict[str, dict[str, float]]:
    """Read the probabilities of each document, by its id."""
    with path.open(encoding="utf-8", newline="") as lines:
        return {row["row"]: json.loads(row["probabilities"]) for row in csv.DictReader(lines)}


def measure_difference(before: Mapping[str, float], after: Mapping[str, float]) -> float:
    """Measure the largest difference of a probability."""
    return max((abs(before.get(label, 0.0) - after.get(label, 0.0)) for label in {**before, **after}), default=0.0)


def explain_difference(run_summary: Path) -> str:
    """Name the libraries whose version is not that of the training."""
    then: Mapping[str, str] = json.loads(run_summary.read_text(encoding="utf-8"))["versions"]
    others = [f"{name} was {old} and is {here}" for name, old in then.items() if (here := find_version(name)) != old]
    return (
        f"{', '.join(others)}." if others else "no library differs, so the model or its predictions were changed since."
    )


def find_version(library: str) -> str:
    """Find the installed version of a library."""
    try:
        return version(library)
    except PackageNotFoundError:
        return "missing"


def make_message(commit: str, check: PredictionCheck | None, owner: str) -> str:
    """Make the message of a restore's commit; a doubt is remembered there."""
    doubt = f"\n{DOUBT}: {' '.join(check.doubt.split())}" if check and check.doubt else ""
    return f"Restore {commit[:10]}\n\nBy {owner}\n\n{RESTORED}: {commit}{doubt}"
