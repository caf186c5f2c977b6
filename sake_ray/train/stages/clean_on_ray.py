"""Clean a large corpus with Ray Data, group by group, on all free CPUs."""

import pickle
from collections.abc import Iterator
from pathlib import Path

from sake_ray.data.corpus_tables import read_group
from sake_ray.data.ray_map import map_rows
from sake_ray.domain.datatypes import Row
from sake_ray.domain.texts import Recipe
from sake_ray.train.stages.clean import clean_row
from sake_ray.train.stages.tables import TEXTS


class GroupFetcher:
    """Bring a group of rows to where it is cleaned. Runs beside the driver: no other node sees its files."""

    def __init__(self, table: str) -> None:
        self.table = Path(table)

    def __call__(self, row: Row) -> Row:
        group = int(row["group"])
        return {"group": group, "rows": pickle.dumps(read_group(self.table, group, TEXTS.names))}


class GroupCleaner:
    """Clean a group of rows."""

    def __init__(self, recipe: Recipe) -> None:
        self.recipe = recipe

    def __call__(self, row: Row) -> Row:
        # Pickled by GroupFetcher a moment ago, inside our own cluster.
        cleaned = [clean_row(each, self.recipe) for each in pickle.loads(row["rows"])]  # noqa: S301
        return {"group": row["group"], "rows": pickle.dumps(cleaned)}


def clean_on_ray(texts: Path, groups: int, recipe: Recipe) -> Iterator[list[Row]]:
    """Clean group by group, in order. Needs a connected Ray."""
    rows = [{"group": group} for group in range(groups)]
    done = map_rows(rows, (GroupFetcher, (str(texts),)), (GroupCleaner, (recipe,)), blocks=groups, in_order=True)
    for row in done.iter_batches(batch_size=1, batch_format="numpy"):
        yield pickle.loads(row["rows"][0])  # noqa: S301 - as above
