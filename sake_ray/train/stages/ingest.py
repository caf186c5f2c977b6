"""Read the images of the corpus with Ray Data: only what was never read before, on all free CPUs."""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path

from sake_ray.data.reading import ReadingOptions
from sake_ray.data.sources import S3Endpoint
from sake_ray.data.text_cache import fetch_pages
from sake_ray.domain.datatypes import Row
from sake_ray.domain.progress import Progress
from sake_ray.domain.texts import DocumentText, Recipe
from sake_ray.errors import InputError
from sake_ray.storage.objects import ObjectStore
from sake_ray.train.first_model.corpus import read_corpus
from sake_ray.train.stages.tables import TEXTS, pack_pages, write_table

OpenRay = Callable[[], AbstractContextManager[None]]
"""Connects to Ray for the duration of a block."""


@dataclass(frozen=True, slots=True)
class CorpusImage:
    """An image of the corpus: its sha256, its label, where it lies."""

    sha256: str
    label: str
    path: Path


@dataclass(frozen=True, slots=True)
class IngestResult:
    """What the ingest came to; `failed` says of each image that cannot be read which label it has and why."""

    images: int
    read_now: int
    generated: int
    failed: Mapping[str, Mapping[str, str]]


def find_scans(raw: Path) -> tuple[CorpusImage, ...]:
    """The images below data/raw, sorted by their sha256; the folders are the labels."""
    found = [
        CorpusImage(path.name.split(".")[0], folder.name, path)
        for folder in sorted(raw.iterdir())
        if folder.is_dir() and not folder.name.startswith(".")
        for path in folder.iterdir()
        if len(path.name.split(".")[0]) == 64
    ]
    return tuple(sorted(found, key=lambda scan: scan.sha256))


def ingest(
    scans: Sequence[CorpusImage],
    out: Path,
    *,
    generated: bool,
    recipe: Recipe,
    options: ReadingOptions,
    store: ObjectStore,
    open_ray: OpenRay,
    on_progress: Progress,
) -> IngestResult:
    """Write the texts of all images, and of the generated corpus if it is wanted, as a table sorted by id.

    Ray is opened only when something has to be read. An image that cannot be read is left out and told of. Raises InputError
    when there is nothing at all.
    """
    if not scans and not generated:
        raise InputError("There are no images to train on: add some with `sake images add LABEL FILE…`.")
    waiting = [scan for scan in scans if fetch_pages(store, scan.sha256, recipe) is None]
    known = len(scans) - len(waiting)
    on_progress(known, len(scans))
    failed: dict[str, dict[str, str]] = {}
    with open_ray() if waiting else nullcontext():
        for done, (scan, why) in enumerate(read_scans(waiting, options=options, store=store), start=1):
            if why:
                failed[scan.sha256] = {"label": scan.label, "why": why}
            on_progress(known + done, len(scans))
    if failed and len(failed) == len(scans) and not generated:
        raise InputError(f"None of the {len(scans)} images can be read: {next(iter(failed.values()))['why']}")
    rows = [_row_of_scan(scan) for scan in scans if scan.sha256 not in failed]
    read = {row["id"] for row in rows}
    generated_rows = [_row_of_text(*pair) for pair in read_corpus(recipe)] if generated else []
    rows += [row for row in generated_rows if row["id"] not in read]
    rows.sort(key=lambda row: str(row["id"]))
    write_table(out, _with_pages(rows, store, recipe), TEXTS)
    return IngestResult(len(scans), len(waiting) - len(failed), len(rows) - len(read), failed)


def read_scans(
    scans: Sequence[CorpusImage], *, options: ReadingOptions, store: ObjectStore
) -> Iterator[tuple[CorpusImage, str]]:
    """Read images into the text cache, giving each as it is done with why it cannot be read, empty when it was."""
    if not scans:
        return
    from sake_ray.data.pipeline import read_sources  # Ray reads its environment when it is imported, so not earlier

    locations = [os.fsencode(scan.path) for scan in scans]
    fetch = (S3Endpoint(), options.limits.max_bytes)
    for rows in read_sources(locations, fetch=fetch, options=options, store=store).iter_batches(batch_size=1):
        yield scans[int(rows["index"][0])], str(rows["error"][0])


def _row_of_scan(scan: CorpusImage) -> Row:
    return {"id": scan.sha256, "label": scan.label, "part": "", "media_type": "", "pages": ""}


def _row_of_text(text: DocumentText, label: str) -> Row:
    return {
        "id": text.sha256,
        "label": label,
        "part": "",
        "media_type": text.media_type,
        "pages": pack_pages(text.pages),
    }


def _with_pages(rows: Sequence[Row], store: ObjectStore, recipe: Recipe) -> Iterator[Row]:
    """Put in what was read, one by one: the texts of a large corpus do not fit into the memory."""
    for row in rows:
        if row["pages"]:
            yield row
            continue
        kept = fetch_pages(store, row["id"], recipe)
        if kept is None:
            raise InputError(f"The text of the image {row['id']} vanished from the store; run the training again.")
        yield row | {"media_type": kept[0], "pages": pack_pages(kept[1])}
