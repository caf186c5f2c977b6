"""Read the tables of a corpus: its documents as the classifier looks at them, and which part each belongs to."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow.parquet as pq

from sake_ray.classifier.text_features import TextFeatures
from sake_ray.domain.datatypes import Row


@dataclass(frozen=True, slots=True)
class CorpusMember:
    """A document of the corpus after the split: its part, and the first document it is nearly the same as."""

    id: str
    label: str
    part: str
    group: str


def read_table(path: Path, columns: Sequence[str] | None = None) -> Iterator[Row]:
    """Read the rows in their order, or some columns of them."""
    for group in range(count_groups(path)):
        yield from read_group(path, group, columns)


def read_group(path: Path, group: int, columns: Sequence[str] | None = None) -> list[Row]:
    """Read one of the groups of rows a table is made of."""
    with pq.ParquetFile(path) as table:
        rows: list[Row] = table.read_row_group(group, columns=columns).to_pylist()
        return rows


def count_groups(path: Path) -> int:
    """How many groups of rows a table is made of."""
    return int(pq.read_metadata(path).num_row_groups)


def count_rows(path: Path) -> int:
    """How many rows a table has."""
    return int(pq.read_metadata(path).num_rows)


def features_of(row: Row) -> TextFeatures:
    """The document of a cleaned row."""
    return TextFeatures(
        tuple(row["words"]), tuple(zip(row["tokens"], row["token_words"], strict=True)), tuple(row["page_cues"])
    )
