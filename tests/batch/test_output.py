"""The output: the same results in three formats, whole or not at all, safe to open."""

import csv
import json
from pathlib import Path

import pyarrow.parquet
import pytest

from sake_ray.batch.output import COLUMNS, write_results
from sake_ray.batch.result import ClassificationResult
from sake_ray.domain.documents import Status

GOOD = ClassificationResult(
    "été/a \"b\",\nc.pdf", "12ab", Status.COMPLETED, "application/pdf", 2, language="fr", ocr_confidence=81.5, label="facture",
    confidence=0.9, probabilities={"facture": 0.9, "other": 0.1}, needs_review=False, model_version="1", seconds=0.25,
)  # fmt: skip
BAD = ClassificationResult("=cmd|'C calc'!A0.pdf", "34cd", Status.FAILED, error="The file is empty.")


def test_csv_holds_every_column_and_odd_names(tmp_path: Path) -> None:
    write_results([GOOD, BAD], tmp_path / "out.csv")
    with (tmp_path / "out.csv").open(newline="", encoding="utf-8") as file:
        good, bad = csv.DictReader(file)
    assert tuple(good) == COLUMNS
    assert good["path"] == GOOD.path
    assert json.loads(good["probabilities"]) == GOOD.probabilities
    assert (bad["label"], bad["confidence"], bad["probabilities"], bad["ocr_confidence"]) == ("", "", "", "")


def test_formula_in_a_csv_is_text(tmp_path: Path) -> None:
    write_results([BAD], tmp_path / "out.csv")
    with (tmp_path / "out.csv").open(newline="", encoding="utf-8") as file:
        (row,) = csv.DictReader(file)
    assert row["path"] == "'" + BAD.path


@pytest.mark.parametrize("ending", ["jsonl", "parquet"])
def test_other_formats_give_the_results_back(ending: str, tmp_path: Path) -> None:
    path = tmp_path / f"out.{ending}"
    write_results([GOOD, BAD], path)
    if ending == "jsonl":
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    else:
        rows = [
            row | {"probabilities": dict(row["probabilities"])} for row in pyarrow.parquet.read_table(path).to_pylist()
        ]
    assert [ClassificationResult(**row) for row in rows] == [GOOD, BAD]


def test_nothing_but_the_output_is_left_behind(tmp_path: Path) -> None:
    write_results([GOOD], tmp_path / "deep" / "out.csv")
    write_results([GOOD, BAD], tmp_path / "deep" / "out.csv")
    assert [path.name for path in (tmp_path / "deep").iterdir()] == ["out.csv"]
