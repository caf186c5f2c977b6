"""How many documents a second can the queue take and finish, when nothing has to be read?

`bench.scaling` prints it. The records are real, and so is the orchestrator: it claims, records progress, completes, indexes
words, counts and exports as in the service. Only the reading is pretended: each document has one page of sixty words at once.
"""

import asyncio
import re
import time
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from uuid import uuid4

import psutil

from bench.records_data import LABELS, WORDS
from sake_ray.domain.documents import Batch, Document
from sake_ray.domain.parts import SplitMode
from sake_ray.domain.texts import Box, DocumentText, Page, ReadingSource, Recipe, Word, WordSource
from sake_ray.domain.verdicts import Policy, Prediction, Verdict
from sake_ray.serve.attempts import OrchestratorObserver, PageProgress, ReadingEvent, ReadingResult
from sake_ray.serve.orchestrator import Orchestrator
from sake_ray.storage.objects import FolderStore
from sake_ray.storage.records import Records
from sake_ray.storage.records.uploads import PendingUpload

BATCH = 20
POLL_SECONDS = 0.05
RECIPE = Recipe("tesseract", "5.3.0", "fra+eng", 3, 2)


@dataclass(frozen=True, slots=True)
class Instant:
    """A moment: the clock, CPU seconds of this process and of PostgreSQL, and how many documents were done."""

    at: float
    own: float
    server: float
    documents: int


@dataclass(frozen=True, slots=True)
class Pace:
    """How a stretch of documents went: how many, documents a second, and milliseconds of CPU for each here and at the server."""

    name: str
    documents: int
    rate: float
    own: float
    server: float

    def __str__(self) -> str:
        return f"| {self.name} | {self.documents:,} | {self.rate:.0f} | {self.own:.2f} | {self.server:.2f} |"


class CpuClock:
    """Tells the CPU seconds of this process, and of the PostgreSQL of these records if it has started that."""

    def __init__(self, place: str) -> None:
        port = "".join(re.findall(r":(\d+)/", place))
        family = psutil.Process().children(recursive=True)
        self._server = next((one for one in family if one.name() == "postgres" and port in one.cmdline()), None)

    def read(self, documents: int) -> Instant:
        """Read both."""
        return Instant(time.monotonic(), time.process_time(), self._read_server(), documents)

    def _read_server(self) -> float:
        if self._server is None:
            return 0.0
        ended = self._server.cpu_times()  # with those of processes that are gone
        seconds = ended.user + ended.system + ended.children_user + ended.children_system
        for one in self._server.children(recursive=True):
            with_its_own = one.cpu_times()
            seconds += with_its_own.user + with_its_own.system
        return seconds


def compute_pace(name: str, first: Instant, last: Instant) -> Pace:
    """Compute how it went between two moments."""
    documents = last.documents - first.documents
    own, server = (last.own - first.own) / documents, (last.server - first.server) / documents
    return Pace(name, documents, documents / (last.at - first.at), own * 1000, server * 1000)


def accept(records: Records, documents: int, clock: CpuClock) -> Iterator[Instant]:
    """Accept so many documents, twenty in a batch, as the gateway does; yield a moment after each tenth."""
    yield clock.read(0)
    for first in range(0, documents, BATCH):
        now, uuid = datetime.now(UTC), str(uuid4())
        batch = Batch(uuid, f"candidate {first // 100}", "paris", "marie", now)
        ids = [uuid4().hex for _ in range(min(BATCH, documents - first))]
        upload = PendingUpload(uuid4().hex, uuid, tuple(ids))
        records.uploads.begin(upload, now=now)
        records.documents.accept(batch, [_make_document(id, batch) for id in ids], upload=upload.id)
        done = first + len(ids)
        if done * 10 // documents > first * 10 // documents:
            yield clock.read(done)


def _make_document(id: str, batch: Batch) -> Document:
    original = f"{batch.uuid}/original_raw/{id}.pdf"
    return Document(
        id, batch.uuid, batch.reference, batch.team, "scan.pdf", "application/pdf", 250_000, 2 * id, original,
        batch.submitted_at,
    )  # fmt: skip


@dataclass
class CompletionCount(OrchestratorObserver):
    """Counts the documents that are completed, and notes a moment after each tenth."""

    documents: int
    clock: CpuClock
    moments: list[Instant] = field(default_factory=list)
    done: int = 0

    def count_completed(self, *_: object) -> None:
        """Count one; what is known of it does not matter here."""
        self.done += 1
        if self.done * 10 // self.documents > (self.done - 1) * 10 // self.documents:
            self.moments.append(self.clock.read(self.done))


async def drain(records: Records, documents: int, folder: Path, *, in_work: int, clock: CpuClock) -> list[Instant]:
    """Have an orchestrator finish so many waiting documents; return the moments after each tenth, the start first."""
    random = Random(7)
    words = ["".join(random.choices("abcdefghijklmnopqrstuvwxyz", k=7)) for _ in range(20_000)]
    count = CompletionCount(documents, clock, [clock.read(0)])
    orchestrator = Orchestrator(
        records, FolderStore(folder), read=_make_read(random, words), classify=_make_classify(random), max_in_work=in_work,
        observer=count,
    )  # fmt: skip
    working = asyncio.create_task(orchestrator.run())
    while count.done < documents:
        if working.done():
            working.result()
        await asyncio.sleep(POLL_SECONDS)
    working.cancel()
    await asyncio.wait([working])
    return count.moments


def _make_read(random: Random, words: list[str]) -> Callable[[Document], AsyncIterator[ReadingEvent]]:
    weights = [1 / (place + 3) for place in range(len(words))]

    async def read(document: Document) -> AsyncIterator[ReadingEvent]:
        box = Box(0.1, 0.1, 0.2, 0.2)
        found = tuple(Word(word, box, 90.0, 0) for word in random.choices(words, weights=weights, k=WORDS))
        page = Page(1, 1654, 2339, found, WordSource.OCR)
        yield PageProgress(1, 1)
        text = DocumentText(document.sha256, document.media_type, (page,), (), "fr", RECIPE)
        yield ReadingResult(text, ReadingSource.TESSERACT)

    return read


def _make_classify(random: Random) -> Callable[[DocumentText, SplitMode], object]:
    async def classify(_: DocumentText, __: SplitMode) -> Prediction:
        label = random.choices(list(LABELS), list(LABELS.values()))[0]
        confidence = 1 - random.random() ** 2 / 2
        chances = {label: confidence, "other": 1 - confidence}
        return Prediction(Verdict(label, confidence, chances, confidence < 0.7), "1", "ab" * 32, 1)

    return classify


def measure_queue(records: Records, documents: int, folder: Path, *, in_work: int) -> list[Pace]:
    """Accept and finish so many documents in empty records; the paces of both, and of their first and last tenths."""
    records.policies.apply_settings(Policy(), now=datetime.now(UTC))
    clock = CpuClock(repr(records.database))
    accepted = list(accept(records, documents, clock))
    finished = asyncio.run(drain(records, documents, folder, in_work=in_work, clock=clock))
    return [
        compute_pace(f"{name}{which}", moments[first], moments[last])
        for name, moments in (("accept", accepted), ("claim to finish", finished))
        for which, first, last in (("", 0, -1), (", first tenth", 0, 1), (", last tenth", -2, -1))
    ]
