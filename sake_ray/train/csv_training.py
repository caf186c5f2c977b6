"""Train on texts that were read elsewhere: a CSV of text, label and perhaps part, in a workspace of its own."""

import csv
import json
from collections.abc import Iterator
from pathlib import Path

from sake_ray.domain.datatypes import Row
from sake_ray.domain.progress import Progress
from sake_ray.domain.texts import Page, Recipe, Word, WordSource
from sake_ray.errors import InputError
from sake_ray.train.params import FILE, first_parameters, read_params
from sake_ray.train.search.journal import SearchRequest, TrialJournal, count_ended
from sake_ray.train.search.run import FOLDER, take_best, watching
from sake_ray.train.stages.catalogue import StageContext, run_search, run_stage
from sake_ray.train.stages.split import TEST, TRAIN
from sake_ray.train.stages.tables import NOWHERE, TEXTS, pack_pages, write_table

LONGEST_TEXT = 10_000_000
PARTS = {"": "", "train": TRAIN, "test": TEST}
SHEET = (2100, 2970)
"""Texts have no paper: each stands on an upright page, so that paper tells nothing."""


def train_on_texts(
    file: Path, folder: Path, means: StageContext, *, recipe: Recipe, trials: int, on_progress: Progress
) -> dict[str, object]:
    """Run clean, preprocess, train and eval on the texts of a CSV file; return the metrics. The folder is to be empty.

    Predictions are left in the folder's data/predictions.csv. Raises InputError naming the line that is wrong.
    """
    (folder / "data").mkdir(parents=True)
    (folder / FILE).write_text(first_parameters(recipe), encoding="utf-8")
    if not write_table(folder / "data" / "texts.parquet", read_texts(file), TEXTS):
        raise InputError(f"{file} has no rows.")
    for name in ("clean", "preprocess"):
        run_stage(name, folder, means, on_progress=on_progress)
    if trials:
        find_better(folder, means, SearchRequest(trials), on_progress=on_progress)
    for name in ("train", "eval"):
        run_stage(name, folder, means, on_progress=on_progress)
    scores: dict[str, object] = json.loads((folder / "metrics" / "scores.json").read_text(encoding="utf-8"))
    return scores


def find_better(folder: Path, means: StageContext, wish: SearchRequest, *, on_progress: Progress) -> None:
    """Search, and write the best into the folder's params.yaml; MLflow hears nothing of it."""
    journal = TrialJournal(folder / FOLDER)
    journal.begin("texts", "")
    with watching(journal, lambda trials: on_progress(count_ended(trials), wish.trials)):
        run_search(folder, journal.folder, means, wish)
    take_best(folder, read_params(folder / FILE), journal, wish.metric)


def read_texts(file: Path) -> Iterator[Row]:
    """Read the rows one by one; their ids are their numbers from 0. Raises InputError naming the line that is wrong."""
    csv.field_size_limit(LONGEST_TEXT)
    try:
        with file.open(encoding="utf-8-sig", newline="", errors="replace") as lines:
            rows = csv.DictReader(lines)
            if not {"text", "label"} <= set(rows.fieldnames or ()):
                raise InputError(f"{file} needs the columns text and label, and may have part.")
            for number, row in enumerate(rows):
                yield row_of(number, row, f"{file}, line {rows.line_num}")
    except OSError as error:
        raise InputError(f"{file} cannot be read: {error.strerror or error}.") from error
    except csv.Error as error:
        raise InputError(f"{file} is no CSV file: {error}.") from error


def row_of(number: int, row: dict[str, str | None], place: str) -> Row:
    """One text as a document of one page."""
    label, part = (row["label"] or "").strip(), (row.get("part") or "").strip().lower()
    if not label:
        raise InputError(f"{place}: there is no label.")
    if part not in PARTS:
        raise InputError(f"{place}: the part is {part[:20]!r}; it is train, test or empty.")
    words = tuple(
        Word(word, NOWHERE, 100.0, line_number)
        for line_number, line in enumerate((row["text"] or "").splitlines())
        for word in line.split()
    )
    pages = pack_pages([Page(1, *SHEET, words, WordSource.TEXT_LAYER)])
    return {"id": str(number), "label": label, "part": PARTS[part], "media_type": "text/plain", "pages": pages}
