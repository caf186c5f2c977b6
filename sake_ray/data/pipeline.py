"""Classify any number of files with Ray Data: fetch, read over all free CPUs, classify many at once."""

import pickle
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import ray
import ray.data

from sake_ray.classifier import Classifier
from sake_ray.data.journal import Result
from sake_ray.data.reading import Reader, ReadingOptions, read_document
from sake_ray.data.results import classify_texts, failed
from sake_ray.data.sources import Buckets, Source, fetch
from sake_ray.data.spread import Row, spread
from sake_ray.domain.texts import DocumentText
from sake_ray.domain.verdicts import Policy
from sake_ray.errors import SakeError, SetupError
from sake_ray.storage.objects import FolderStore, ObjectStore

ROWS_A_CLASSIFICATION = 16
# One row a block lets every CPU take the next document as soon as it is free; beyond this many blocks it evens out anyway.
MOST_BLOCKS = 4000


class FetchRow:
    """Bring the bytes of a source to where they are read. Runs beside the driver: no other node sees its files."""

    def __init__(self, buckets: Buckets, most: int) -> None:
        self.buckets, self.most = buckets, most

    def __call__(self, row: Row) -> Row:
        try:
            return row | {"data": fetch(row["location"], buckets=self.buckets, most=self.most), "error": ""}
        except SakeError as error:
            return row | {"data": b"", "error": str(error)}


class ReadRow:
    """One reading child per actor; each row is one original."""

    def __init__(self, options: ReadingOptions, store: ObjectStore) -> None:
        self.reader, self.store = Reader(options), store

    def __call__(self, row: Row) -> Row:
        started = time.monotonic()
        text, error = b"", row["error"]
        if not error:
            try:
                text = pickle.dumps(read_document(row["data"], reader=self.reader, store=self.store))
            except SakeError as failure:
                error = str(failure)
        return {"index": row["index"], "text": text, "error": error, "seconds": time.monotonic() - started}


def classify_sources(
    sources: Sequence[Source],
    classifier: Classifier,
    *,
    policy: Policy,
    options: ReadingOptions,
    store: ObjectStore,
    buckets: Buckets,
) -> Iterator[tuple[int, Result]]:
    """Classify the sources, giving (index of the source, result) as each is done; path and model are the caller's to add.

    Needs a connected Ray. A bad file is a FAILED result. A killed worker loses nothing: its rows are read again, and what it
    had finished comes from the text cache. Raises SetupError when nodes cannot reach the store.
    """
    locations = [source.location for source in sources]
    fetch = (buckets, options.limits.max_bytes)
    done = read_sources(locations, fetch=fetch, options=options, store=store)
    # Classifying takes milliseconds, and another process to do it seconds to start.
    for rows_read in done.iter_batches(batch_size=ROWS_A_CLASSIFICATION, batch_format="numpy"):
        yield from classify_rows(rows_read, classifier, policy)


def read_sources(
    locations: Sequence[bytes], *, fetch: tuple[Buckets, int], options: ReadingOptions, store: ObjectStore
) -> ray.data.Dataset:
    """Read the files at those places over all free CPUs; rows of index, text (pickled DocumentText), error and seconds.

    `fetch` says from where, and the most bytes of one. Raises SetupError when nodes cannot reach the store.
    """
    if isinstance(store, FolderStore) and len([node for node in ray.nodes() if node["Alive"]]) > 1:
        raise SetupError(
            "A folder cannot hold the objects of a cluster of several nodes; set SAKE_OBJECTS_URL to s3://bucket/prefix."
        )
    rows = [{"index": index, "location": location} for index, location in enumerate(locations)]
    blocks = max(1, min(len(locations), MOST_BLOCKS))
    return spread(rows, (FetchRow, fetch), (ReadRow, (options, store)), blocks=blocks, in_order=False)


def classify_rows(
    rows: Mapping[str, Sequence[Any]], classifier: Classifier, policy: Policy
) -> Iterator[tuple[int, Result]]:
    """Classify the texts of rows that were read, all at once; what could not be read is a FAILED result."""
    # Pickled by ReadRow a moment ago, inside our own cluster.
    texts: list[DocumentText | None] = [pickle.loads(text) if text else None for text in rows["text"]]  # noqa: S301
    classified = classify_texts([text for text in texts if text], classifier, policy)
    for index, text, error, seconds in zip(rows["index"], texts, rows["error"], rows["seconds"], strict=True):
        taken = float(seconds)
        result = replace(next(classified), seconds=round(taken, 3)) if text else failed(str(error), seconds=taken)
        yield int(index), result
