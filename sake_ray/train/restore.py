"""Bring back an earlier training, whole and as a new commit, and prove that its model still predicts what it did."""

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
from sake_ray.errors import InputError, ModelRefused, NotFound
from sake_ray.registry import Registry
from sake_ray.registry.runs import COMMIT_TAG
from sake_ray.train.mlflow_runs import DOUBT, RESTORED, find_or_log, scores_of
from sake_ray.train.params import FILE, first_parameters, pipeline, read_params
from sake_ray.train.run import FOR_EVER, TrainingReporter, push, wait_for
from sake_ray.train.stages.evaluate import RUN, evaluate_model
from sake_ray.train.stages.prepared import MEMBERS_FILE
from sake_ray.workspace import Workspace

COMMIT = re.compile(r"[0-9a-f]{4,40}")
NAMED = 3
"""So many documents are named in a sentence."""
UNTRAINED = "That state was never trained on; `sake train` does so."


@dataclass(frozen=True, slots=True)
class RestoreContext:
    """What a restore works with."""

    workspace: Workspace
    registry: Registry
    recipe: Recipe
    policy: Policy
    who: str


@dataclass(frozen=True, slots=True)
class PredictionCheck:
    """How many documents were judged again, how many not as before, and the doubt that leaves: a sentence, or empty."""

    documents: int
    differing: int = 0
    doubt: str = ""


def restore(restoring: RestoreContext, job: TrainingReporter, *, target: str) -> Mapping[str, object]:
    """Bring back the images, split, texts, parameters, model and figures of a run or commit, as a new commit.

    What was not committed before is committed first. The model is asked again for what it predicted; where it does not answer
    the same, the result says so under `doubt` and the model cannot be promoted. Waits for whoever holds the workspace.
    Interrupted, everything is as it was. Raises NotFound, RemoteUnavailable, WorkspaceError when data is nowhere.
    """
    workspace = restoring.workspace
    with workspace.hold(restoring.who, seconds=FOR_EVER, on_wait=lambda holder: job.report_waiting(wait_for(holder))):
        job.report_waiting("")
        job.begin_stage("look")
        workspace.prepare(pipeline=pipeline(), parameters=first_parameters(restoring.recipe))
        restoring.registry.prepare()
        commit = find_target(workspace, restoring.registry, target)
        job.begin_stage("fetch")
        workspace.remotes.fetch(commit)
        job.check_abort()
        job.begin_stage("keep")
        kept = workspace.restores.commit_pending(
            f"Keep what was here before {commit[:10]} came back\n\nBy {restoring.who}"
        )
        try:
            job.begin_stage("check out")
            workspace.restores.check_out(commit)
            job.check_abort()
            job.begin_stage("prove")
            proof = (
                None
                if workspace.dvc.has_changes()
                else prove(workspace.folder, restoring.policy, on_progress=job.report_progress)
            )
            job.check_abort()
            job.begin_stage("commit")
            restored = workspace.restores.conclude(message_of(commit, proof, restoring.who))
        finally:
            workspace.restores.undo()
        told: dict[str, object] = {"restored": commit, "commit": restored, "kept": kept, "run": None}
        if proof:
            job.begin_stage("log")
            run = find_or_log(workspace, restoring.registry, restored, by=restoring.who)
            told |= {"run": run, "judged": proof.documents, "differing": proof.differing, "doubt": proof.doubt}
            told |= scores_of(workspace)
        job.begin_stage("push")
        remark = push(workspace)
    return told | {"remark": remark if proof else f"{UNTRAINED} {remark}".strip()}


def find_target(workspace: Workspace, registry: Registry, target: str) -> str:
    """The commit that is meant: itself, or that of a run. Raises NotFound, InputError, RemoteUnavailable."""
    name = target
    try:
        run = registry.runs.get(target)
    except NotFound:
        if not COMMIT.fullmatch(target):
            raise NotFound(
                f"There is no training {target[:64]!r}, neither as a run nor as a commit; see `sake runs`."
            ) from None
    else:
        name = run.tags.get(COMMIT_TAG, "")
        if not name:
            raise InputError(f"The run {target} comes from no commit: it is not a training of this workspace.")
    commit = workspace.remotes.find_commit(name)
    if commit is None:
        beyond = "" if workspace.remotes.git_url else ", and there is no SAKE_GIT_REMOTE to look in"
        raise NotFound(f"There is no commit {name[:64]!r} in this workspace{beyond}.")
    return commit


def prove(folder: Path, policy: Policy, *, on_progress: Progress) -> PredictionCheck:
    """Judge the test part again by the model that is there, and compare with the predictions that are there."""
    plan = read_params(folder / FILE)
    kept = read_predictions(folder / "data" / "predictions.csv")
    cleaned, members = folder / "data" / "cleaned.parquet", folder / "data" / "prepared" / MEMBERS_FILE
    with TemporaryDirectory(dir=folder / ".sake") as scratch:
        now = Path(scratch) / "predictions.csv"
        try:
            classifier = load(folder / "model", recipe=plan.recipe)
        except ModelRefused as error:
            return PredictionCheck(0, len(kept), f"The restored model cannot be asked again. {error}")
        evaluate_model(classifier, cleaned, members, now, policy=policy, on_progress=on_progress)
        found = read_predictions(now)
    furthest = {row: distance(kept.get(row, {}), found.get(row, {})) for row in kept | found}
    differing = {row: far for row, far in furthest.items() if kept.get(row) != found.get(row)}
    if not differing:
        return PredictionCheck(len(found))
    worst = sorted(differing, key=lambda row: (-differing[row], row))[:NAMED]
    named = ", ".join(f"{row[:12]} by {differing[row]:.6f}" for row in worst)
    doubt = (
        f"The restored model does not predict what it did: {len(differing)} of {len(furthest)} documents differ, {named}"
        f"{' and others' if len(differing) > NAMED else ''}; {why(folder)}"
    )
    return PredictionCheck(len(found), len(differing), doubt)


def read_predictions(path: Path) -> dict[str, dict[str, float]]:
    """The probabilities of each document, by its name."""
    with path.open(encoding="utf-8", newline="") as lines:
        return {row["row"]: json.loads(row["probabilities"]) for row in csv.DictReader(lines)}


def distance(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    """The largest difference of a probability."""
    return max((abs(one.get(label, 0.0) - other.get(label, 0.0)) for label in {**one, **other}), default=0.0)


def why(folder: Path) -> str:
    """Name the libraries that are not those the training was judged with."""
    then: Mapping[str, str] = json.loads((folder / "metrics" / RUN).read_text(encoding="utf-8"))["versions"]
    others = [f"{name} was {old} and is {here}" for name, old in then.items() if (here := installed(name)) != old]
    return (
        f"{', '.join(others)}." if others else "no library differs, so the model or its predictions were changed since."
    )


def installed(library: str) -> str:
    """The version of a library here."""
    try:
        return version(library)
    except PackageNotFoundError:
        return "missing"


def message_of(commit: str, proof: PredictionCheck | None, who: str) -> str:
    """What the history says of a restore; a doubt is remembered there."""
    doubt = f"\n{DOUBT}: {' '.join(proof.doubt.split())}" if proof and proof.doubt else ""
    return f"Restore {commit[:10]}\n\nBy {who}\n\n{RESTORED}: {commit}{doubt}"
