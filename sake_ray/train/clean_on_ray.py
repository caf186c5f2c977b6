"""Clean a large corpus with Ray Data, group by group, on all free CPUs."""

import pickle
from collections.abc import Iterator
from pathlib import Path

import ray.data

from sake_ray.data.pipeline import here, quiet_and_free
from sake_ray.data.tables import Row, read_group
from sake_ray.domain.texts import Recipe
from sake_ray.train.clean import clean_row
from sake_ray.train.tables import TEXTS


class FetchGroup:
    """Bring a group of rows to where it is cleaned. Runs beside the driver: no other node sees its files."""

    def __init__(self, table: str) -> None:
        self.table = Path(table)

    def __call__(self, row: Row) -> Row:
        group = int(row["group"])
        return {"group": group, "rows": pickle.dumps(read_group(self.table, group, TEXTS.names))}


class CleanGroup:
    """Clean a group of rows."""

    def __init__(self, recipe: Recipe) -> None:
        self.recipe = recipe

    def __call__(self, row: Row) -> Row:
        # Pickled by FetchGroup a moment ago, inside our own cluster.
        cleaned = [clean_row(each, self.recipe) for each in pickle.loads(row["rows"])]  # noqa: S301
        return {"group": row["group"], "rows": pickle.dumps(cleaned)}


def clean_on_ray(texts: Path, groups: int, recipe: Recipe) -> Iterator[list[Row]]:
    """Clean group by group, in order. Needs a connected Ray."""
    free = quiet_and_free()
    ray.data.DataContext.get_current().execution_options.preserve_order = True
    done = (
        ray.data.from_items([{"group": group} for group in range(groups)], override_num_blocks=groups)
        .map(
            FetchGroup,
            fn_constructor_args=(str(texts),),
            compute=ray.data.ActorPoolStrategy(size=1),
            num_cpus=0,
            label_selector=here(),
        )
        .map(
            CleanGroup,
            fn_constructor_args=(recipe,),
            compute=ray.data.ActorPoolStrategy(size=min(free, groups)),
            num_cpus=1,
        )
    )
    for row in done.iter_batches(batch_size=1, batch_format="numpy"):
        yield pickle.loads(row["rows"][0])  # noqa: S301 - as above
