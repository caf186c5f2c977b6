"""The deployment that processes the queue."""

import asyncio
import tempfile
import time
from collections.abc import AsyncIterator
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from sake_ray.backup import ErasureNotes
from sake_ray.domain.documents import Document
from sake_ray.domain.parts import SplitMode
from sake_ray.domain.texts import DocumentText
from sake_ray.domain.traces import continuing, format_traceparent
from sake_ray.domain.verdicts import Prediction
from sake_ray.erasure import Eraser
from sake_ray.errors import Overloaded
from sake_ray.files import keep_files_private
from sake_ray.logs import set_up_logs
from sake_ray.metrics import Exporter
from sake_ray.serve.attempts import ReadingEvent
from sake_ray.serve.config import ServiceConfig
from sake_ray.serve.figures import Places
from sake_ray.serve.handles import CALL_FAILURES, to_attempt_error
from sake_ray.serve.metrics import open_instruments
from sake_ray.serve.orchestrator import Orchestrator
from sake_ray.serve.remaking import WAIT_SECONDS, Remaker, SharedReadings
from sake_ray.serve.service_metrics import ServiceMetrics
from sake_ray.serve.tokens import load_key
from sake_ray.serve.webhooks import make_webhook_parts
from sake_ray.storage.objects import FolderStore
from sake_ray.tracing.spans import set_up_tracing

STUCK_SECONDS = 60.0


class OrchestratorReplica:
    """Runs the orchestrator beside Serve's own calls."""

    async def __init__(self, config: ServiceConfig, etl: Any, predictor: Any) -> None:  # type: ignore[misc]
        keep_files_private()
        set_up_logs("orchestrator", folder=config.logs, level=config.log_level)
        set_up_tracing("orchestrator", config.otlp_endpoint)
        self.etl, self.predictor = etl, predictor
        places, instruments = find_places(config), open_instruments(Exporter.ORCHESTRATOR)
        config = config.observe_storage(instruments)
        readings = SharedReadings(self._read)
        # One CPU in two at most is taken from new documents.
        self.remaker = Remaker(readings.read, at_once=max(1, config.readers // 2))
        notes = ErasureNotes(config.backups.open()) if config.backups else None
        self.orchestrator = Orchestrator(
            config.records,
            config.store,
            read=readings.read,
            classify=self._classify,
            max_in_work=config.readers + 1,
            observer=ServiceMetrics(instruments),
            recipe=config.recipe,
            remake=partial(self.remaker.remake, seconds=None),
            webhooks=make_webhook_parts(config.webhook_rules, load_key(config.token_key)),
            eraser=Eraser(
                config.records,
                config.store,
                config.workspace,
                config.registry,
                note=notes.add if notes else None,
                workspace_here=config.workspace_here,
            ),
            bin_days=config.bin_days,
            retention_months=config.retention_months,
            places=places,
        )
        self.task = asyncio.create_task(self.orchestrator.run())

    async def check(self) -> None:
        """Return while documents are being processed; raises Overloaded otherwise."""
        if self.task.done() or time.monotonic() - self.orchestrator.last_round > STUCK_SECONDS:
            raise Overloaded("processing-halted")

    async def remake(self, document: Document, anew: bool, wait: bool, traceparent: str = "") -> None:
        """Have a text that was deleted made again; for what it raises see `Remaker.remake`."""
        with continuing(traceparent, batch=document.batch, document=document.id):
            await self.remaker.remake(document, anew=anew, seconds=WAIT_SECONDS if wait else 0.0)

    async def check_health(self) -> None:
        """Raise when the orchestrator has ended, so that Serve replaces this replica."""
        if self.task.done():
            raise RuntimeError("the orchestrator ended")

    async def _read(self, document: Document, anew: bool = False) -> AsyncIterator[ReadingEvent]:
        try:
            async for event in self.etl.options(stream=True).read.remote(document, anew, format_traceparent()):
                yield event
        except CALL_FAILURES as error:
            raise to_attempt_error("Etl", error) from error

    async def _classify(self, text: DocumentText, split: SplitMode) -> Prediction:
        try:
            prediction: Prediction = await self.predictor.classify.remote(text, split, format_traceparent())
        except CALL_FAILURES as error:
            raise to_attempt_error("Predictor", error) from error
        return prediction


def find_places(config: ServiceConfig) -> Places:
    """Find where what the metrics tell beside the records is: disks, models, and who holds the workspace."""
    disks = {"home": config.models.parent, "tmp": Path(tempfile.gettempdir())}
    if isinstance(config.store, FolderStore):
        disks["objects"] = config.store.root

    def find_held_since() -> datetime | None:
        holder = config.workspace.find_holder()
        return holder.since if holder else None

    return Places(disks, config.models, find_held_since, backs_up=config.backups is not None)
