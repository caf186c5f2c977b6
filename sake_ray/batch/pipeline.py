"""Classify any number of files with Ray Data: fetch them, read them on all free CPUs, classify many at once."""

import pickle
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sake_ray.batch.classification import classify_texts, to_failed_result
from sake_ray.batch.result import ClassificationResult
from sake_ray.classifier import Classifier
from sake_ray.data.pipeline import read_sources
from sake_ray.data.reading import ReadingOptions
from sake_ray.data.sources import S3Endpoint, SourceFile
from sake_ray.domain.texts import DocumentText
from sake_ray.domain.verdicts import Policy
from sake_ray.errors import NOTHING, Message
from sake_ray.storage.objects import ObjectStore

ROWS_PER_PREDICTION = 16


def classify_sources(
    sources: Sequence[SourceFile],
    classifier: Classifier,
    *,
    policy: Policy,
    options: ReadingOptions,
    store: ObjectStore,
    buckets: S3Endpoint,
) -> Iterator[tuple[int, ClassificationResult]]:
    """Classify the sources, giving (index of the source, result) as each is done; path and model are the caller's to add.

    Needs a connected Ray. A bad file is a FAILED result. A killed worker loses nothing: its rows are read again, and what it
    had finished comes from the text cache. Raises SetupError when nodes cannot reach the store.
    """
    locations = [source.location for source in sources]
    fetch = (buckets, options.limits.max_bytes)
    read = read_sources(locations, fetch=fetch, options=options, store=store)
    # Classifying takes milliseconds, and another process to do it seconds to start.
    for rows in read.iter_batches(batch_size=ROWS_PER_PREDICTION, batch_format="numpy"):
        yield from classify_rows(rows, classifier, policy)


def classify_rows(
    rows: Mapping[str, Sequence[Any]], classifier: Classifier, policy: Policy
) -> Iterator[tuple[int, ClassificationResult]]:
    """Classify the texts of rows that were read, all at once; a row that could not be read is a FAILED result."""
    # Pickled by RowReader a moment ago, inside our own cluster.
    texts: list[DocumentText | None] = [pickle.loads(text) if text else None for text in rows["text"]]  # noqa: S301
    errors: list[Message] = [pickle.loads(error) if error else NOTHING for error in rows["error"]]  # noqa: S301
    classified = classify_texts([text for text in texts if text], classifier, policy)
    for index, text, error, seconds in zip(rows["index"], texts, errors, rows["seconds"], strict=True):
        duration = float(seconds)
        result = (
            replace(next(classified), seconds=round(duration, 3)) if text else to_failed_result(error, seconds=duration)
        )
        yield int(index), result
