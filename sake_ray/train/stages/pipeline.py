"""Make dvc.yaml: the five stages, and which files and parameters each depends on."""

import io
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from sake_ray.classifier import Hyperparameters
from sake_ray.train.params import make_yaml
from sake_ray.workspace import LAYOUT

STAGES = ("ingest", "clean", "preprocess", "train", "eval")
HEADER = "# Made by sake_ray; `dvc repro` runs what changed.\n"
FEATURES = (
    "char_ngram_min", "char_ngram_max", "char_max_features", "token_ngram_max", "token_max_features", "min_df",
    "augmentations", "n_splits", "vocabulary_rows",
)  # fmt: skip
"""The hyperparameters that decide the vectorized corpus; the others decide the model fitted on it."""


def make_pipeline() -> str:
    """Make the dvc.yaml: each stage is one command with its deps, params, outs, metrics and plots. Paths are relative."""
    features = [f"classifier.{name}" for name in FEATURES]
    others = [f"classifier.{field.name}" for field in fields(Hyperparameters) if field.name not in FEATURES]
    reading = [f"reading.{name}" for name in ("engine", "engine_version", "languages", "reading_version")]
    stages: dict[str, dict[str, Any]] = {
        "ingest": {
            "deps": _list(LAYOUT.images, LAYOUT.provenance),
            "params": ["corpus.generated", "reading.generated_corpus", *reading],
            "outs": _list(LAYOUT.texts),
            "metrics": _list_in_git(LAYOUT.ingest_metrics),
        },
        "clean": {
            "deps": _list(LAYOUT.texts),
            "params": ["reading.cleaning_version"],
            "outs": _list(LAYOUT.cleaned),
        },
        "preprocess": {
            "deps": _list(LAYOUT.cleaned),
            "params": ["split.test_share", "split.seed", "train.seed", "train.streaming", *features],
            # The split is read before it is written anew: no document changes sides.
            "outs": [*_list(LAYOUT.vectorized, LAYOUT.search_set), *_list_in_git(LAYOUT.split, persist=True)],
            "metrics": _list_in_git(LAYOUT.split_metrics),
        },
        "train": {
            # The first two for what is noted of the corpus beside the model.
            "deps": _list(LAYOUT.texts, LAYOUT.cleaned, LAYOUT.vectorized),
            "params": ["train.seed", *others],
            "outs": _list(LAYOUT.model),
        },
        "eval": {
            "deps": _list(LAYOUT.images, LAYOUT.cleaned, LAYOUT.members, LAYOUT.model),
            "outs": _list(LAYOUT.predictions),
            "metrics": _list_in_git(LAYOUT.scores, LAYOUT.confusion_matrix, LAYOUT.run_summary),
            "plots": _list_in_git(LAYOUT.confusion_matrix_plot, LAYOUT.calibration_plot),
        },
    }
    pipeline = io.StringIO()
    pipeline.write(HEADER)
    make_yaml().dump(
        {"stages": {name: {"cmd": f"sake stage {name}", **stages[name]} for name in STAGES}},
        pipeline,
    )
    return pipeline.getvalue()


def _list(*paths: Path) -> list[str]:
    return [path.as_posix() for path in paths]


def _list_in_git(*paths: Path, **options: bool) -> list[Mapping[str, Mapping[str, bool]]]:
    """List outputs that git holds itself: they are small, and people read their differences."""
    return [{path.as_posix(): {"cache": False, **options}} for path in paths]
