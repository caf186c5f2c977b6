"""Read and write the tables of a corpus: what was read of its documents, what the classifier gets, and the split."""

import json
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from sake_ray.classifier.text_features import TextFeatures
from sake_ray.domain.datatypes import Row
from sake_ray.domain.texts import Box, Page, Word, WordSource
from sake_ray.files import atomic_path

TRAIN, TEST, LEFT_OUT = "train", "test", "left out"
"""The parts of a corpus."""

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
"""The same rows as features of the classifier."""
MEMBERS = pa.schema([("id", pa.string()), ("label", pa.string()), ("part", pa.string()), ("group", pa.string())])
"""The same rows after the split."""
ROWS_PER_GROUP = 500
NOWHERE = Box(0.0, 0.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class CorpusMember:
    """A document of the corpus after the split: its part, and the first document it is nearly the same as."""

    id: str
    label: str
    part: str
    group: str


def write_table(path: Path, rows: Iterable[Row], schema: pa.Schema) -> int:
    """Write the rows in their order, whole or not at all, never many of them in memory; return how many there were."""
    path.parent.mkdir(parents=True, exist_ok=True)
    count, pending = 0, list[Row]()
    with atomic_path(path) as part, pq.ParquetWriter(part, schema, compression="zstd") as writer:
        for row in rows:
            pending.append(row)
            count += 1
            if len(pending) == ROWS_PER_GROUP:
                writer.write_table(pa.Table.from_pylist(pending, schema))
                pending = []
        if pending:
            writer.write_table(pa.Table.from_pylist(pending, schema))
    return count


def read_table(path: Path, columns: Sequence[str] | None = None) -> Iterator[Row]:
    """Read the rows in their order, or some columns of them."""
    for group in range(count_groups(path)):
        yield from read_group(path, group, columns)


def read_group(path: Path, group: int, columns: Sequence[str] | None = None) -> list[Row]:
    """Read one of the row groups of a table."""
    with pq.ParquetFile(path) as table:
        rows: list[Row] = table.read_row_group(group, columns=columns).to_pylist()
        return rows


def count_groups(path: Path) -> int:
    """Count the row groups of a table."""
    return int(pq.read_metadata(path).num_row_groups)


def to_features(row: Row) -> TextFeatures:
    """Make the features of a cleaned row."""
    return TextFeatures(
        tuple(row["words"]), tuple(zip(row["tokens"], row["token_words"], strict=True)), tuple(row["page_cues"])
    )


def to_columns(features: TextFeatures) -> Row:
    """Make the columns of a cleaned row that `to_features` reads."""
    return {
        "words": list(features.words),
        "tokens": [token for token, _ in features.tokens],
        "token_words": [word for _, word in features.tokens],
        "page_cues": list(features.page_cues),
    }


def pack_page(page: Page) -> dict[str, object]:
    """Write a page as JSON values: its text, size and colour, without the boxes of its words."""
    confidence = math.fsum(word.confidence for word in page.words) / max(1, len(page.words))
    return {
        "width": page.width,
        "height": page.height,
        "source": page.source.value,
        "colour": page.colour,
        "confidence": round(confidence, 1),
        "text": page.text,
    }


def unpack_page(number: int, page: Mapping[str, Any]) -> Page:
    """Read what `pack_page` wrote; its words have no boxes."""
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
