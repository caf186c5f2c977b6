"""Read the images of the corpus with Ray Data: only what was never read before, on all free CPUs."""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path

from sake_ray.data.corpus_tables import TEXTS, pack_pages, write_table
from sake_ray.data.portion_reader import OutcomeKind
from sake_ray.data.portions import plan_portions
from sake_ray.data.reading import ReadingOptions
from sake_ray.data.sources import S3Endpoint, SourceFile, measure_size
from sake_ray.data.text_cache import fetch_pages
from sake_ray.domain.datatypes import Row
from sake_ray.domain.progress import Progress
from sake_ray.domain.texts import DocumentText, Recipe
from sake_ray.errors import PASSING_FAULTS, InputError, Message, to_error
from sake_ray.storage.objects import ObjectStore
from sake_ray.train.first_model.corpus import read_corpus

OpenRay = Callable[[], AbstractContextManager[None]]
"""Connects to Ray for the duration of a block."""


@dataclass(frozen=True, slots=True)
class CorpusImage:
    """An image of the corpus."""

    sha256: str
    label: str
    path: Path


@dataclass(frozen=True, slots=True)
class IngestResult:
    """Counts of images and texts; `failed` has the label of each image that cannot be read, and the reason."""

    images: int
    read_now: int
    generated: int
    failed: Mapping[str, Mapping[str, str]]


def find_images(folder: Path) -> tuple[CorpusImage, ...]:
    """Find the images below data/raw, sorted by their sha256; the folders are the labels."""
    found = [
        CorpusImage(path.name.split(".")[0], label.name, path)
        for label in sorted(folder.iterdir())
        if label.is_dir() and not label.name.startswith(".")
        for path in label.iterdir()
        if len(path.name.split(".")[0]) == 64
    ]
    return tuple(sorted(found, key=lambda image: image.sha256))


def ingest(
    images: Sequence[CorpusImage],
    out: Path,
    *,
    generated: bool,
    recipe: Recipe,
    options: ReadingOptions,
    store: ObjectStore,
    open_ray: OpenRay,
    on_progress: Progress,
) -> IngestResult:
    """Write the texts of all images, and of the generated corpus if `generated`, as a table sorted by id.

    Ray is opened only when something has to be read. An image that cannot be read is left out and reported. Raises InputError
    when there is nothing at all, and what keeps a sound image from being read: it would be left out for good.
    """
    if not images and not generated:
        raise InputError("no-training-images")
    unread = [image for image in images if fetch_pages(store, image.sha256, recipe) is None]
    cached = len(images) - len(unread)
    on_progress(cached, len(images))
    failed: dict[str, dict[str, str]] = {}
    with open_ray() if unread else nullcontext():
        for done, (image, error) in enumerate(read_images(unread, options=options, store=store), start=1):
            if error and isinstance(failure := to_error(error), PASSING_FAULTS):
                raise failure
            if error:
                failed[image.sha256] = {"label": image.label, "why": error}
            on_progress(cached + done, len(images))
    if failed and len(failed) == len(images) and not generated:
        raise InputError("no-image-readable", images=len(images), error=next(iter(failed.values()))["why"])
    rows = [_make_image_row(image) for image in images if image.sha256 not in failed]
    read = {row["id"] for row in rows}
    generated_rows = [_make_text_row(*pair) for pair in read_corpus(recipe)] if generated else []
    rows += [row for row in generated_rows if row["id"] not in read]
    rows.sort(key=lambda row: str(row["id"]))
    write_table(out, _fill_pages(rows, store, recipe), TEXTS)
    return IngestResult(len(images), len(unread) - len(failed), len(rows) - len(read), failed)


def read_images(
    images: Sequence[CorpusImage], *, options: ReadingOptions, store: ObjectStore
) -> Iterator[tuple[CorpusImage, Message]]:
    """Read images into the text cache; yield each as it is done with its error, empty when it was read."""
    if not images:
        return
    from sake_ray.data.pipeline import (  # Ray reads its environment when it is imported, so not earlier
        read_portions,
        take_outcomes,
    )
    from sake_ray.data.ray_map import measure_cpus

    sources = [SourceFile(str(image.path), os.fsencode(image.path), measure_size(image.path)) for image in images]
    cpus, _ = measure_cpus()
    read = read_portions(
        plan_portions(list(enumerate(sources)), cpus=cpus, max_pages=options.limits.max_pages),
        options=options, store=store, buckets=S3Endpoint(), known={}, keep_texts=False,
    )  # fmt: skip
    done: set[int] = set()
    for outcome in take_outcomes(read):
        # Of a document read by its pages several outcomes may come.
        if outcome.kind in {OutcomeKind.READ, OutcomeKind.FAILED} and outcome.index not in done:
            done.add(outcome.index)
            yield images[outcome.index], outcome.error


def _make_image_row(image: CorpusImage) -> Row:
    return {"id": image.sha256, "label": image.label, "part": "", "media_type": "", "pages": ""}


def _make_text_row(text: DocumentText, label: str) -> Row:
    pages = pack_pages(text.pages)
    return {"id": text.sha256, "label": label, "part": "", "media_type": text.media_type, "pages": pages}


def _fill_pages(rows: Sequence[Row], store: ObjectStore, recipe: Recipe) -> Iterator[Row]:
    """Fill in what was read, row by row: the texts of a large corpus do not fit into the memory."""
    for row in rows:
        if row["pages"]:
            yield row
            continue
        cached = fetch_pages(store, row["id"], recipe)
        if cached is None:
            raise InputError("image-text-vanished", image=row["id"])
        yield row | {"media_type": cached[0], "pages": pack_pages(cached[1])}
