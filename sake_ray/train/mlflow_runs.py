"""Log a training in MLflow, from what its commit in the workspace says of it."""

import json
from datetime import UTC, datetime
from typing import Any

from sake_ray.registry import Registry
from sake_ray.registry.runs import COMMIT_TAG, DOUBT_TAG
from sake_ray.train.params import FILE, parameters_of, read_params
from sake_ray.train.stages.evaluate import RUN, figures_of
from sake_ray.workspace import Workspace

RESTORED_TAG = "sake.restored"
RESTORED, DOUBT = "Sake-Restored", "Sake-Doubt"
"""What the message of a commit that restores another says: which, and why its model is not what it was, if so."""
RESULTS = ("model", "data/predictions.csv")


def find_or_log(workspace: Workspace, registry: Registry, commit: str, *, by: str) -> str:
    """The MLflow run of that commit, at which the workspace is: logged now, unless it was before. Returns its id.

    A doubt about a restored model goes with it, so that promotion can refuse it.
    """
    known = registry.runs.find(COMMIT_TAG, commit)
    if known:
        return known.id
    folder = workspace.folder
    run: dict[str, Any] = json.loads((folder / "metrics" / RUN).read_text(encoding="utf-8"))
    counts = {name: float(run[name]) for name in ("documents", "trained_on", "judged_by")}
    name = str(run.get("name") or f"training {datetime.now(UTC):%Y-%m-%d %H:%M}")
    restored = workspace.git.read_trailer(commit, RESTORED)
    tags = {
        COMMIT_TAG: commit,
        "sake.data": workspace.dvc.outputs.read_data_fingerprint(),
        "sake.recipe": str(run["recipe"]),
        "sake.labels": ", ".join(run["labels"]),
        "sake.by": by,
    } | {f"version.{library}": str(version) for library, version in run["versions"].items()}
    told = {
        RESTORED_TAG: restored,
        DOUBT_TAG: find_doubt(workspace, commit),
        "sake.trained": str(run.get("created", "")),
    }
    return registry.trainings.log(
        folder / "model",
        name=f"{name}, restored" if restored else name,
        parameters=parameters_of(read_params(folder / FILE)),
        metrics=counts | scores_of(workspace)["metrics"],
        tags=tags | {key: value for key, value in told.items() if value},
        files=folder / "metrics",
    )


def find_doubt(workspace: Workspace, commit: str) -> str:
    """Why the model of a commit is not what it was, as the last restore of that very model found; empty when it is."""
    last = workspace.git.find_last_with_trailer(commit, RESTORED)
    if not last:
        return ""
    then, now = workspace.dvc.outputs.read_checksums(last), workspace.dvc.outputs.read_checksums(commit)
    return workspace.git.read_trailer(last, DOUBT) if all(then.get(path) == now.get(path) for path in RESULTS) else ""


def scores_of(workspace: Workspace) -> dict[str, dict[str, float]]:
    """The single figures of the last evaluation; none without documents to judge by."""
    return {
        "metrics": figures_of(json.loads((workspace.folder / "metrics" / "scores.json").read_text(encoding="utf-8")))
    }
