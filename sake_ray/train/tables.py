"""Keep the corpus as tables between the stages: what was read, and what counts of it."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from sake_ray.classifier.reading import Glimpse
from sake_ray.domain import Box, Page, Recipe, Word, WordSource
from sake_ray.errors import InputError

Row = dict[str, Any]
TEXTS = pa.schema([
    ("id", pa.string()), ("label", pa.string()), ("part", pa.string()), ("media_type", pa.string()), ("pages", pa.string()),
])  # fmt: skip
"""A row a document, sorted by id: the sha256 of an image, or the number of a row of texts. `part` is train or test where that is
given, else empty; `pages` is JSON."""
CLEANED = pa.schema([
    ("id", pa.string()), ("label", pa.string()), ("part", pa.string()), ("language", pa.string()),
    ("words", pa.list_(pa.string())), ("tokens", pa.list_(pa.string())), ("token_words", pa.list_(pa.int32())),
    ("page_cues", pa.list_(pa.float64())),
])  # fmt: skip
"""The same rows as the classifier looks at them."""
ROWS_AT_ONCE = 500
NOWHERE = Box(0.0, 0.0, 0.0, 0.0)


def write_table(path: Path, rows: Iterable[Row], schema: pa.Schema) -> int:
    """Write the rows in their order, whole or not at all, never many of them in memory; return how many there were."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part, count, waiting = path.with_suffix(".part"), 0, list[Row]()
    with pq.ParquetWriter(part, schema, compression="zstd") as writer:
        for row in rows:
            waiting.append(row)
            count += 1
            if len(waiting) == ROWS_AT_ONCE:
                writer.write_table(pa.Table.from_pylist(waiting, schema))
                waiting = []
        if waiting:
            writer.write_table(pa.Table.from_pylist(waiting, schema))
    part.replace(path)
    return count


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


def pack_page(page: Page) -> dict[str, object]:
    """Write a page as JSON values: its text and what its look tells, without the places of its words."""
    confidence = sum(word.confidence for word in page.words) / max(1, len(page.words))
    facts: dict[str, object] = {
        "width": page.width,
        "height": page.height,
        "source": page.source.value,
        "colour": page.colour,
    }
    return facts | {"confidence": round(confidence, 1), "text": page.text}


def unpack_page(number: int, page: Mapping[str, Any]) -> Page:
    """Read what `pack_page` wrote; words have no places on their page."""
    words = tuple(
        Word(text, NOWHERE, float(page["confidence"]), line)
        for line, words in enumerate(str(page["text"]).split("\n"))
        for text in words.split()
    )
    source = WordSource(str(page["source"]))
    return Page(number, int(page["width"]), int(page["height"]), words, source, float(page["colour"]))


def pack_pages(pages: Sequence[Page]) -> str:
    """Write the pages of a document for a row of texts; half characters, as broken PDFs have, fit into no table."""
    return json.dumps([pack_page(page) for page in pages], ensure_ascii=False).encode("utf-8", "replace").decode()


def unpack_pages(pages: str) -> tuple[Page, ...]:
    """Read the pages of a row of texts."""
    return tuple(unpack_page(number, page) for number, page in enumerate(json.loads(pages), start=1))


def glimpse_of(row: Row) -> Glimpse:
    """The document of a cleaned row."""
    return Glimpse(
        tuple(row["words"]), tuple(zip(row["tokens"], row["token_words"], strict=True)), tuple(row["page_cues"])
    )


@dataclass(frozen=True, slots=True)
class Member:
    """A document of the corpus after the split: its part, and the first document it is nearly the same as."""

    id: str
    label: str
    part: str
    group: str


MEMBERS = pa.schema([("id", pa.string()), ("label", pa.string()), ("part", pa.string()), ("group", pa.string())])


def write_recipe(path: Path, recipe: Recipe) -> None:
    """Keep the recipe of a corpus beside it."""
    path.write_text(json.dumps(asdict(recipe), indent=1) + "\n", encoding="utf-8")


def read_recipe(path: Path) -> Recipe:
    """Read what `write_recipe` wrote; raises InputError."""
    try:
        return Recipe(**json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise InputError(f"{path.name} does not say how the corpus was read; run the training anew.") from error
