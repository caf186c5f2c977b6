"""Be an orchestrator whose readings only take their time: URL of the records, a folder, seconds of a lease and of a reading.

One more word is the moment at which it is killed.
"""

import asyncio
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sake_ray.domain.documents import Document
from sake_ray.domain.parts import SplitMode
from sake_ray.domain.texts import DocumentText, Page, Recipe, WordSource
from sake_ray.domain.verdicts import Prediction, Verdict
from sake_ray.serve import orchestrator
from sake_ray.serve.attempts import OrchestratorObserver, PageProgress, ReadingEvent, ReadingResult
from sake_ray.storage.objects import FolderStore
from sake_ray.storage.records import Records
from tests.watch.killed_at import kill_at

URL, FOLDER, LEASE, READING = sys.argv[1], Path(sys.argv[2]), float(sys.argv[3]), float(sys.argv[4])
RECIPE = Recipe("tesseract", "5", "fra+eng", 1, 1)
TEXT = DocumentText("0" * 64, "image/png", (Page(1, 10, 10, (), WordSource.OCR),), (), "fr", RECIPE)


async def read(document: Document) -> AsyncIterator[ReadingEvent]:
    yield PageProgress(0, 1)
    print("reads", document.id, datetime.now(UTC).isoformat(), flush=True)
    await asyncio.sleep(READING)
    yield ReadingResult(TEXT)


async def classify(_: DocumentText, __: SplitMode) -> Prediction:
    return Prediction(Verdict("facture", 0.9, {"facture": 0.9, "other": 0.1}, False), "1", "hash", 1)


async def work() -> None:
    orchestrator.LEASE = orchestrator.EXPORT_LEASE = timedelta(seconds=LEASE)
    orchestrator.RENEW_SECONDS = LEASE / 10
    for moment in sys.argv[5:]:
        kill_at(moment)
    records, store, observer = Records(URL), FolderStore(FOLDER), OrchestratorObserver()
    print("clocks", datetime.now(UTC).isoformat(), records.clock.now().isoformat(), flush=True)
    await orchestrator.Orchestrator(
        records, store, read=read, classify=classify, max_in_work=2, observer=observer
    ).run()


asyncio.run(work())
