"""Train on texts that were read elsewhere: a CSV of text, label and perhaps part, in a workspace of its own."""

import csv
import json
from collections.abc import Iterator
from pathlib import Path

from sake_ray.data.corpus_tables import NOWHERE, TEST, TEXTS, TRAIN, pack_pages, write_table
from sake_ray.domain.datatypes import Row
from sake_ray.domain.progress import Progress
from sake_ray.domain.texts import Page, Recipe, Word, WordSource
from sake_ray.errors import InputError
from sake_ray.train.params import make_default_params, read_params
from sake_ray.train.search.journal import SearchRequest, TrialJournal
from sake_ray.train.search.run import following_trials, write_best_parameters
from sake_ray.train.search.scoring import count_ended
from sake_ray.train.stages.run_stage import StageContext, run_search, run_stage
from sake_ray.workspace import LAYOUT

MAX_TEXT_LENGTH = 10_000_000
PARTS = {"": "", "train": TRAIN, "test": TEST}
PAGE_SIZE = (2100, 2970)
"""Texts have no paper: each gets an upright page, so that paper distinguishes nothing."""


def train_on_texts(
    file: Path, folder: Path, context: StageContext, *, recipe: Recipe, trials: int, on_progress: Progress
) -> dict[str, object]:
    """Run clean, preprocess, train and eval on the texts of a CSV file; return the metrics. The folder has to be empty.

    The predictions stay in the folder. Raises InputError naming the line that is wrong.
    """
    layout = LAYOUT.at(folder)
    layout.texts.parent.mkdir(parents=True)
    layout.params.write_text(make_default_params(recipe), encoding="utf-8")
    if not write_table(layout.texts, read_texts(file), TEXTS):
        raise InputError("csv-empty", file=file)
    for name in ("clean", "preprocess"):
        run_stage(name, folder, context, on_progress=on_progress)
    if trials:
        search_on_texts(folder, context, SearchRequest(trials), on_progress=on_progress)
    for name in ("train", "eval"):
        run_stage(name, folder, context, on_progress=on_progress)
    scores: dict[str, object] = json.loads(layout.scores.read_text(encoding="utf-8"))
    return scores


def search_on_texts(folder: Path, context: StageContext, request: SearchRequest, *, on_progress: Progress) -> None:
    """Search, and write the best hyperparameters into the folder's params.yaml; nothing is logged in MLflow."""
    layout = LAYOUT.at(folder)
    journal = TrialJournal(layout.search)
    journal.begin("texts", "")
    with following_trials(journal, lambda trials: on_progress(count_ended(trials), request.trials)):
        run_search(folder, context, request)
    write_best_parameters(layout.params, read_params(layout.params), journal, request.metric)


def read_texts(file: Path) -> Iterator[Row]:
    """Read the rows one by one; their ids are their numbers from 0. Raises InputError naming the line that is wrong."""
    csv.field_size_limit(MAX_TEXT_LENGTH)
    try:
        with file.open(encoding="utf-8-sig", newline="", errors="replace") as lines:
            rows = csv.DictReader(lines)
            if not {"text", "label"} <= set(rows.fieldnames or ()):
                raise InputError("csv-columns-missing", file=file)
            for number, row in enumerate(rows):
                yield make_row(number, row, f"{file}, line {rows.line_num}")
    except OSError as error:
        raise InputError("csv-unreadable", file=file, error=error.strerror or error) from error
    except csv.Error as error:
        raise InputError("csv-malformed", file=file, error=error) from error


def make_row(number: int, row: dict[str, str | None], location: str) -> Row:
    """Make one text a document of one page."""
    label, part = (row["label"] or "").strip(), (row.get("part") or "").strip().lower()
    if not label:
        raise InputError("csv-label-missing", place=location)
    if part not in PARTS:
        raise InputError("csv-part-invalid", place=location, part=part[:20])
    words = tuple(
        Word(word, NOWHERE, 100.0, line_number)
        for line_number, line in enumerate((row["text"] or "").splitlines())
        for word in line.split()
    )
    pages = pack_pages([Page(1, *PAGE_SIZE, words, WordSource.TEXT_LAYER)])
    return {"id": str(number), "label": label, "part": PARTS[part], "media_type": "text/plain", "pages": pages}
