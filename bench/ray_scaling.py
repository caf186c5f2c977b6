"""How near to ideal does Ray Data spread pages over many CPUs, and how many documents a second can one driver hand out?

    .venv/bin/python -m bench.ray_scaling [--cpus 16] [--seconds 1] [--documents 400] [--address HOST:PORT]

The CPUs are simulated: reading a page is sleeping, so 16 of them fit on two cores. Everything else is real: files, survey,
claims, page images, parts, texts. Each page names its reader and when it was begun: the share of ideal is what was slept over
the time of all readers, each from its first page to the end of everything. Three sets: documents of one page; the same with one
of fifty pages among them; short documents, handed out together and read in no time. What the driver's own process needs for each
document, in CPU time, is its ceiling, however many nodes there are.
"""

import argparse
import json
import os
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from sake_ray.data.portions import SURVEY_BYTES, plan_portions
from sake_ray.data.reader_client import OnPageMeasured, OnPageRead, ReadingOptions, ignore_measurement, ignore_page
from sake_ray.data.reading import CLEANING_VERSION, READING_VERSION, Reader
from sake_ray.data.sources import S3Endpoint, find_sources
from sake_ray.domain.page_ranges import PageRange, Survey
from sake_ray.domain.progress import Progress, ignore_progress
from sake_ray.domain.texts import Box, Page, ReadingSource, Recipe, Word, WordSource
from sake_ray.jobs.ray_connection import open_ray
from sake_ray.storage.objects import FolderStore

HEAD = b"%PDF-1.7\n"
JPEG = b"\xff\xd8\xff\xd9"


class SleepingReader(Reader):
    """Reads files that say how many pages they have, and how many seconds each takes; the one word is who read it and when."""

    @property
    def recipe(self) -> Recipe:
        """A recipe of its own."""
        return Recipe("sleep", "1", "fra", READING_VERSION, CLEANING_VERSION)

    def survey(self, data: bytes) -> Survey:
        """Count the pages."""
        pages = json.loads(data.removeprefix(HEAD))["pages"]
        return Survey(pages, pages)

    def read_range(
        self,
        data: bytes,
        wanted: PageRange | None,
        *,
        on_page: Progress = ignore_progress,
        on_page_read: OnPageRead = ignore_page,
        on_page_measured: OnPageMeasured = ignore_measurement,
    ) -> tuple[Page, ...]:
        """Sleep."""
        said = json.loads(data.removeprefix(HEAD))
        pages = []
        for number in range(1, said["pages"] + 1):
            if wanted and number not in wanted:
                continue
            started = time.monotonic()  # the same clock for all processes of a machine
            time.sleep(said["seconds"])
            word = Word(f"{os.getpid()}@{started}", Box(0.1, 0.1, 0.2, 0.2), 90.0, 0)
            pages.append(Page(number, 100, 100, (word,), WordSource.OCR))
            on_page_measured(ReadingSource.TESSERACT, said["seconds"])
            on_page_read(pages[-1], JPEG, JPEG)
            on_page(len(pages), said["pages"])
        return tuple(pages)


def write_documents(folder: Path, pages: Sequence[int], *, seconds: float, short: bool = False) -> Path:
    """Write documents of so many pages each; `short` ones are taken for PDFs with text, and handed out together."""
    folder.mkdir(parents=True)
    for number, count in enumerate(pages):
        content = HEAD + json.dumps({"pages": count, "seconds": seconds, "number": number}).encode()
        name = f"{number:06}.pdf" if short or count > 1 else f"{number:06}.png"
        (folder / name).write_bytes(content.ljust(SURVEY_BYTES) if count > 1 else content)
    return folder


def run(
    folder: Path, store: FolderStore, *, cpus: int, reader_type: type[Reader] = SleepingReader
) -> tuple[float, list[int], list[str]]:
    """Read a folder on the connected Ray: seconds, the pages of each document, and who read them, by document."""
    from sake_ray.data.pipeline import read_portions, take_outcomes

    sources = find_sources([str(folder)], buckets=S3Endpoint()).sources
    started = time.monotonic()
    read = read_portions(
        plan_portions(list(enumerate(sources)), cpus=cpus, max_pages=50),
        options=ReadingOptions(),
        store=store,
        buckets=S3Endpoint(),
        known={},
        keep_texts=True,
        reader_type=reader_type,
    )
    texts = {}
    for outcome in take_outcomes(read):
        assert not outcome.error, outcome.error
        if outcome.text:
            texts[outcome.index] = outcome.text
    seconds = time.monotonic() - started
    ordered = [texts[index] for index in sorted(texts)]
    return seconds, [len(text.pages) for text in ordered], [text.text for text in ordered]


def measure(pages: Sequence[int], *, cpus: int, seconds: float, short: bool = False) -> tuple[float, float, list[str]]:
    """Read so many documents into a store of its own: seconds, CPU seconds of this process, and the words of all pages."""
    cpu = time.process_time()
    with tempfile.TemporaryDirectory() as folder:
        documents = write_documents(Path(folder) / "documents", pages, seconds=seconds, short=short)
        taken, read, texts = run(documents, FolderStore(Path(folder) / "objects"), cpus=cpus)
    assert sorted(read) == sorted(pages)
    return taken, time.process_time() - cpu, [word for text in texts for word in text.split()]


def compute_share(words: Sequence[str], *, seconds: float) -> tuple[float, int]:
    """Compute the share of ideal, and count the readers; words are PID@START."""
    starts: dict[str, list[float]] = {}
    for word in words:
        reader, _, start = word.partition("@")
        starts.setdefault(reader, []).append(float(start))
    end = max(max(begun) for begun in starts.values()) + seconds
    return len(words) * seconds / sum(end - min(begun) for begun in starts.values()), len(starts)


def main() -> None:
    """Print the three figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--cpus", type=int, default=16)
    parser.add_argument("--seconds", type=float, default=1.0, help="what a page takes")
    parser.add_argument("--documents", type=int, default=400)
    parser.add_argument("--address", default="", help="a Ray that is there; without it one is started")
    options = parser.parse_args()
    cpus, seconds, count = options.cpus, options.seconds, options.documents
    with tempfile.TemporaryDirectory() as home, open_ray(Path(home), address=options.address, cpus=cpus):
        for name, pages in (
            ("documents of one page", [1] * count),
            ("one of fifty among them", [1] * count + [50]),
        ):
            taken, cpu, words = measure(pages, cpus=cpus, seconds=seconds)
            share, readers = compute_share(words, seconds=seconds)
            print(f"{name:26} {taken:7.1f} s, {readers} readers; {share:.3f} of ideal", flush=True)
            print(f"{'':26} the driver can hand out {len(words) / cpu:.0f} pages/s", flush=True)
        _, cpu, words = measure([1] * 10 * count, cpus=cpus, seconds=0, short=True)
        starts = sorted(float(word.partition("@")[2]) for word in words)
        rate = 0.8 * len(starts) / (starts[int(0.9 * len(starts))] - starts[int(0.1 * len(starts))])
        print(f"{'read in no time':26} {rate:7.0f} documents/s here, without the first and the last tenth")
        print(f"{'':26} the driver can hand out {len(words) / cpu:.0f} documents/s")


if __name__ == "__main__":
    main()
