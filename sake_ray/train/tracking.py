"""Log a training as a run in MLflow, from what its commit in the workspace says of it."""

import json
from datetime import UTC, datetime
from typing import Any

from sake_ray.registry import Registry
from sake_ray.registry.runs import COMMIT_TAG, DOUBT_TAG
from sake_ray.train.params import read_params, to_logged_params
from sake_ray.train.stages.evaluate import flatten_scores
from sake_ray.workspace import LAYOUT, Workspace

RESTORED_TAG = "sake.restored"
RESTORED, DOUBT = "Sake-Restored", "Sake-Doubt"
"""Trailers of a commit that restores another: which one, and why its model differs, if it does."""
RESULTS = tuple(path.as_posix() for path in (LAYOUT.model, LAYOUT.predictions))


def find_or_log_run(workspace: Workspace, registry: Registry, commit: str, *, by: str) -> str:
    """Find the MLflow run of the commit that the workspace is at, or log it now; return its id.

    A doubt about a restored model goes with it, so that promotion can refuse it.
    """
    known = registry.runs.find(COMMIT_TAG, commit)
    if known:
        return known.id
    layout = workspace.layout
    summary: dict[str, Any] = json.loads(layout.run_summary.read_text(encoding="utf-8"))
    counts = {name: float(summary[name]) for name in ("documents", "trained_on", "judged_by")}
    name = str(summary.get("name") or f"training {datetime.now(UTC):%Y-%m-%d %H:%M}")
    restored = workspace.git.read_trailer(commit, RESTORED)
    tags = {
        COMMIT_TAG: commit,
        "sake.data": workspace.dvc.outputs.read_data_fingerprint(),
        "sake.recipe": str(summary["recipe"]),
        "sake.labels": ", ".join(summary["labels"]),
        "sake.by": by,
    } | {f"version.{library}": str(version) for library, version in summary["versions"].items()}
    optional_tags = {
        RESTORED_TAG: restored,
        DOUBT_TAG: find_doubt(workspace, commit),
        "sake.trained": str(summary.get("created", "")),
    }
    return registry.trainings.log(
        layout.model,
        name=f"{name}, restored" if restored else name,
        parameters=to_logged_params(read_params(layout.params)),
        metrics=counts | read_metrics(workspace),
        tags=tags | {key: value for key, value in optional_tags.items() if value},
        files=layout.metrics,
    )


def find_doubt(workspace: Workspace, commit: str) -> str:
    """Find why the model of a commit differs, as the last restore of that very model found; empty when it does not."""
    last = workspace.git.find_last_with_trailer(commit, RESTORED)
    if not last:
        return ""
    then, now = (workspace.dvc.outputs.read_checksums(each) for each in (last, commit))
    return workspace.git.read_trailer(last, DOUBT) if all(then.get(path) == now.get(path) for path in RESULTS) else ""


def read_metrics(workspace: Workspace) -> dict[str, float]:
    """Read the metrics of the last evaluation; none without a test part."""
    return flatten_scores(json.loads(workspace.layout.scores.read_text(encoding="utf-8")))
