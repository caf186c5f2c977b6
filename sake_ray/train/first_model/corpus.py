"""Read and write the texts that the first model is fitted on: generated documents, read by real OCR."""

import gzip
import json
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue
from typing import TYPE_CHECKING

from sake_ray.data.corpus_tables import pack_page, unpack_page
from sake_ray.data.reading import Reader, ReadingOptions, to_document_text
from sake_ray.domain.progress import Progress, ignore_progress
from sake_ray.domain.texts import DocumentText, Recipe
from sake_ray.domain.verdicts import OTHER
from sake_ray.files import atomic_path
from sake_ray.train.first_model import CORPUS

if TYPE_CHECKING:
    from sake_ray.synthetic.generate import GeneratedDocument


def read_corpus(recipe: Recipe, path: Path = CORPUS) -> Iterator[tuple[DocumentText, str]]:
    """Read the texts and labels that come with the package, cleaned as of now; their words have no boxes."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            entry = json.loads(line)
            pages = tuple(unpack_page(number, page) for number, page in enumerate(entry["pages"], start=1))
            yield to_document_text(entry["sha256"], entry["media_type"], pages, recipe), entry["label"]


def write_corpus(
    path: Path,
    *,
    count: int,
    seed: int,
    options: ReadingOptions,
    cpus: int = 0,
    on_progress: Progress = ignore_progress,
) -> None:
    """Generate `count` documents and those of no class, read each, write the texts; replaces the file when all is done."""
    total = measure_corpus(count)
    workers = cpus or len(os.sched_getaffinity(0))
    readers: SimpleQueue[Reader] = SimpleQueue()
    for _ in range(workers):
        readers.put(Reader(options))

    def read_entry(index: int) -> str:
        reader = readers.get()
        try:
            return _make_entry(generate_document(index, count=count, seed=seed), reader)
        finally:
            readers.put(reader)

    with (
        atomic_path(path) as part,
        part.open("wb") as raw,
        gzip.GzipFile(fileobj=raw, mode="wb", mtime=0, filename="") as lines,
        ThreadPoolExecutor(workers) as threads,
    ):
        for done, line in enumerate(threads.map(read_entry, range(total)), start=1):
            lines.write(line.encode() + b"\n")
            on_progress(done, total)
    for _ in range(workers):
        readers.get().close()


def measure_corpus(count: int) -> int:
    """Compute how many documents a corpus has: `count` of all labels in turn, and three eighths more of no class.

    `other` is some forty kinds, where each other label is one: in equal parts each of its kinds would have five examples.
    """
    return count + count * 3 // 8


def generate_document(index: int, *, count: int, seed: int) -> "GeneratedDocument":
    """Generate the document at `index` of a corpus."""
    # Faker takes a second to import, and making the model needs none.
    from sake_ray.synthetic.generate import generate_one

    return generate_one(index, seed=seed) if index < count else generate_one(index - count, seed=seed, labels=(OTHER,))


def _make_entry(document: "GeneratedDocument", reader: Reader) -> str:
    text = reader.read(document.data)
    facts = {
        "label": document.label,
        "kind": document.kind,
        "defect": document.defect,
        "media_type": text.media_type,
        "sha256": text.sha256,
    }
    return json.dumps(facts | {"pages": [pack_page(page) for page in text.pages]}, ensure_ascii=False)
