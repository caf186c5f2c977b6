"""A corpus too large for the memory: cleaned, counted and learnt block by block on Ray, as well as at once."""

import csv
import json
import os
from contextlib import nullcontext
from pathlib import Path
from random import Random

import pytest

from sake_ray.data.corpus_tables import TEXTS, write_table
from sake_ray.data.reading import ReadingOptions
from sake_ray.domain.verdicts import Policy
from sake_ray.jobs.ray_connection import open_ray
from sake_ray.storage.objects import FolderStore
from sake_ray.train.csv_training import read_texts
from sake_ray.train.params import make_default_params
from sake_ray.train.stages.clean import MAX_LOCAL_GROUPS
from sake_ray.train.stages.corpus_blocks import find_blocks
from sake_ray.train.stages.run_stage import StageContext, run_stage
from sake_ray.workspace import LAYOUT
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
    layout = LAYOUT.at(folder)
    layout.texts.parent.mkdir(parents=True)
    params = make_default_params(RECIPE).replace("streaming: auto", "streaming: always")
    assert "streaming: always" in params
    layout.params.write_text(params)
    write_table(layout.texts, read_texts(texts_of(tmp_path)), TEXTS)
    context = StageContext(ReadingOptions(), FolderStore(tmp_path / "objects"), Policy(), nullcontext)
    with open_ray(tmp_path, address="", cpus=2):
        for stage in ("clean", "preprocess", "train", "eval"):
            run_stage(stage, folder, context, on_progress=lambda done, total: None)
    assert len(find_blocks(layout.vectorized)) > MAX_LOCAL_GROUPS
    scores = json.loads(layout.scores.read_text())
    assert scores["accuracy"] > 0.95
    with layout.predictions.open() as file:
        judged = [int(row["row"]) for row in csv.DictReader(file)]
    assert len(judged) == len(set(judged)) == scores["documents"]
    assert abs(len(judged) - ROWS / 5) < ROWS / 50
