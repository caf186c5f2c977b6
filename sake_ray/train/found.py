"""Keep what a search for hyperparameters has found, until the training takes it up."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from sake_ray.classifier import Parameters

FOUND = ".sake/found.json"


def write_found(path: Path, best: Parameters, trials: Sequence[dict[str, Any]]) -> None:
    """Keep what a search has found."""
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps({"best": asdict(best), "trials": list(trials)}, indent=1) + "\n", encoding="utf-8")


def read_found(path: Path) -> tuple[Parameters, list[dict[str, Any]]]:
    """Read what `write_found` wrote."""
    found = json.loads(path.read_text(encoding="utf-8"))
    return Parameters(**found["best"]), found["trials"]
