"""A corpus too large for the memory: cleaned, counted and learnt block by block on Ray, as well as at once."""

import csv
import json
import os
from contextlib import nullcontext
from pathlib import Path
from random import Random

import pytest

from sake_ray.data.reading import ReadingOptions
from sake_ray.domain.verdicts import Policy
from sake_ray.jobs.ray_connection import open_ray
from sake_ray.storage.objects import FolderStore
from sake_ray.train.csv_training import read_texts
from sake_ray.train.params import FILE, first_parameters
from sake_ray.train.stages.catalogue import StageContext, run_stage
from sake_ray.train.stages.clean import FEW_GROUPS
from sake_ray.train.stages.prepared import find_blocks
from sake_ray.train.stages.tables import TEXTS, write_table
from tests.handmade import RECIPE

LABELS, ROWS = 5, 2600


def texts_of(folder: Path) -> Path:
    """Short texts, of which three words of ten are those of the label, in a CSV file."""
    random, path = Random(3), folder / "texts.csv"
    words = ["".join(random.choices("abcdefghijklmnop", k=6)) for _ in range(2000)]
    with path.open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["text", "label"])
        for number in range(ROWS):
            label = number % LABELS
            own = words[label * 40 : label * 40 + 40]
            rows.writerow([" ".join(random.choices(own, k=3) + random.choices(words, k=7)), f"label {label}"])
    return path


@pytest.mark.skipif(os.environ.get("SAKE_FAULTS") != "full", reason="takes a minute: a part of make faults")
def test_corpus_is_learnt_block_by_block_and_every_row_is_judged(tmp_path: Path) -> None:
    folder = tmp_path / "workspace"
    (folder / "data").mkdir(parents=True)
    plan = first_parameters(RECIPE).replace("streaming: auto", "streaming: always")
    assert "streaming: always" in plan
    (folder / FILE).write_text(plan)
    write_table(folder / "data" / "texts.parquet", read_texts(texts_of(tmp_path)), TEXTS)
    means = StageContext(ReadingOptions(), FolderStore(tmp_path / "objects"), Policy(), nullcontext)
    with open_ray(tmp_path, address="", cpus=2):
        for stage in ("clean", "preprocess", "train", "eval"):
            run_stage(stage, folder, means, on_progress=lambda done, total: None)
    assert len(find_blocks(folder / "data" / "prepared")) > FEW_GROUPS
    scores = json.loads((folder / "metrics" / "scores.json").read_text())
    assert scores["accuracy"] > 0.95
    with (folder / "data" / "predictions.csv").open() as file:
        judged = [int(row["row"]) for row in csv.DictReader(file)]
    assert len(judged) == len(set(judged)) == scores["documents"]
    assert abs(len(judged) - ROWS / 5) < ROWS / 50
