"""Name every file of a workspace once, as kedro's data catalog does: nobody else spells a path in it."""

from dataclasses import dataclass, fields
from pathlib import Path


@dataclass(frozen=True, slots=True)
class WorkspaceLayout:
    """Where each file and folder of a workspace is; relative to it, or absolute after `at`."""

    folder: Path = Path()

    # Under git.
    params: Path = Path("params.yaml")
    dvc_yaml: Path = Path("dvc.yaml")
    dvc_lock: Path = Path("dvc.lock")
    gitignore: Path = Path(".gitignore")
    split: Path = Path("split.csv")
    provenance: Path = Path("data/provenance.csv")
    images_dvc: Path = Path("data/raw.dvc")
    metrics: Path = Path("metrics")
    ingest_metrics: Path = Path("metrics/ingest.json")
    split_metrics: Path = Path("metrics/split.json")
    scores: Path = Path("metrics/scores.json")
    run_summary: Path = Path("metrics/run.json")
    confusion_matrix: Path = Path("metrics/confusion_matrix.json")
    confusion_matrix_plot: Path = Path("metrics/confusion_matrix.png")
    calibration_plot: Path = Path("metrics/calibration.png")

    # Under DVC: the images, and what the stages make of them.
    images: Path = Path("data/raw")
    texts: Path = Path("data/texts.parquet")
    cleaned: Path = Path("data/cleaned.parquet")
    vectorized: Path = Path("data/prepared")
    members: Path = Path("data/prepared/members.parquet")
    search_set: Path = Path("data/lessons.parquet")
    predictions: Path = Path("data/predictions.csv")
    model: Path = Path("model")

    # DVC's own.
    dvc_config: Path = Path(".dvc/config")
    dvc_local_config: Path = Path(".dvc/config.local")
    dvc_rwlock: Path = Path(".dvc/tmp/rwlock")
    dvc_cache: Path = Path(".dvc/cache/files/md5")

    # Of this machine only: neither git nor DVC sees it.
    state: Path = Path(".sake")
    lock: Path = Path(".sake/lock")
    stage_lock: Path = Path(".sake/stage.lock")
    stage_progress: Path = Path(".sake/report.json")
    checkpoints: Path = Path(".sake/steps")
    search: Path = Path(".sake/search")
    removed_images: Path = Path(".sake/removed")
    restore_journal: Path = Path(".sake/restoring.json")
    push_marker: Path = Path(".sake/pushed")
    import_journal: Path = Path(".sake/import.json")
    near_duplicates: Path = Path(".sake/texts.npz")
    erased_commits: Path = Path(".sake/erased")

    def at(self, folder: Path) -> "WorkspaceLayout":
        """Locate everything in the workspace that is in `folder`."""
        return WorkspaceLayout(*(folder / getattr(self, field.name) for field in fields(self)))


LAYOUT = WorkspaceLayout()
"""The relative paths: those that dvc.yaml names, and under which a commit has its files."""
