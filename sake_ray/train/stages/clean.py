"""Clean the texts of the corpus, and extract the features that the classifier gets."""

import pickle
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path

from sake_ray.classifier.text_features import extract_features
from sake_ray.data.corpus_tables import (
    CLEANED,
    TEXTS,
    count_groups,
    read_group,
    to_columns,
    unpack_pages,
    write_table,
)
from sake_ray.data.reading import to_document_text
from sake_ray.domain.datatypes import Row
from sake_ray.domain.progress import Progress
from sake_ray.domain.texts import Recipe
from sake_ray.train.stages.ingest import OpenRay

MAX_LOCAL_GROUPS = 4
"""So many row groups are cleaned faster than Ray Data starts."""


def clean(texts: Path, out: Path, *, recipe: Recipe, open_ray: OpenRay, on_progress: Progress) -> int:
    """Write the cleaned rows in the order of the texts; return how many there are. Ray is opened for a large corpus."""
    groups = count_groups(texts)
    clean_groups = clean_on_ray if groups > MAX_LOCAL_GROUPS else clean_locally

    def rows() -> Iterator[Row]:
        for done, group in enumerate(clean_groups(texts, groups, recipe), start=1):
            yield from group
            on_progress(done, groups)

    with open_ray() if groups > MAX_LOCAL_GROUPS else nullcontext():
        return write_table(out, rows(), CLEANED)


def clean_row(row: Row, recipe: Recipe) -> Row:
    """Clean one text; the same functions as when a document is classified."""
    text = to_document_text(row["id"], row["media_type"], unpack_pages(row["pages"]), recipe)
    columns = {name: row[name] for name in ("id", "label", "part")}
    return columns | {"language": text.language} | to_columns(extract_features(text))


def clean_locally(texts: Path, groups: int, recipe: Recipe) -> Iterator[list[Row]]:
    """Clean the row groups in order, in this process."""
    for group in range(groups):
        yield [clean_row(row, recipe) for row in read_group(texts, group)]


def clean_on_ray(texts: Path, groups: int, recipe: Recipe) -> Iterator[list[Row]]:
    """Clean the row groups in order, with Ray Data on all free CPUs. Needs a connected Ray."""
    from sake_ray.data.ray_map import map_rows  # Ray reads its environment when it is imported

    rows = [{"group": group} for group in range(groups)]
    cleaned = map_rows(rows, (GroupFetcher, (str(texts),)), (GroupCleaner, (recipe,)), blocks=groups, in_order=True)
    for row in cleaned.iter_batches(batch_size=1, batch_format="numpy"):
        # Pickled by GroupCleaner a moment ago, inside our own cluster.
        yield pickle.loads(row["rows"][0])  # noqa: S301


class GroupFetcher:
    """Fetch a row group to where it is cleaned. Runs beside the driver: no other node sees its files."""

    def __init__(self, table: str) -> None:
        self.table = Path(table)

    def __call__(self, row: Row) -> Row:
        group = int(row["group"])
        return {"group": group, "rows": pickle.dumps(read_group(self.table, group, TEXTS.names))}


class GroupCleaner:
    """Clean a row group."""

    def __init__(self, recipe: Recipe) -> None:
        self.recipe = recipe

    def __call__(self, row: Row) -> Row:
        # Pickled by GroupFetcher a moment ago, inside our own cluster.
        cleaned = [clean_row(each, self.recipe) for each in pickle.loads(row["rows"])]  # noqa: S301
        return {"group": row["group"], "rows": pickle.dumps(cleaned)}
