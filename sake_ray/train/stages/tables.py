"""Keep the corpus as tables between the stages: what was read, and what counts of it."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from sake_ray.domain.datatypes import Row
from sake_ray.domain.texts import Box, Page, Recipe, Word, WordSource
from sake_ray.errors import InputError
from sake_ray.files import atomic_path

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
    count, waiting = 0, list[Row]()
    with atomic_path(path) as part, pq.ParquetWriter(part, schema, compression="zstd") as writer:
        for row in rows:
            waiting.append(row)
            count += 1
            if len(waiting) == ROWS_AT_ONCE:
                writer.write_table(pa.Table.from_pylist(waiting, schema))
                waiting = []
        if waiting:
            writer.write_table(pa.Table.from_pylist(waiting, schema))
    return count


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
