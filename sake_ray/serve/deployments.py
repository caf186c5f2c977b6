"""The deployments of the Serve application; each scales a plain class that lives elsewhere."""

import asyncio
import logging
import os
import time
from collections.abc import AsyncIterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from typing import Any

from ray import serve

from sake_ray.classifier import Explanation
from sake_ray.classifier.manifest import recipe_difference
from sake_ray.data.reading import CRASHES, Reader, read_document, to_document_text
from sake_ray.data.text_cache import fetch_pages
from sake_ray.domain.documents import Document
from sake_ray.domain.texts import DocumentText
from sake_ray.domain.verdicts import Prediction
from sake_ray.errors import LimitExceeded, ModelRefused, NoChampion, NotFound, Overloaded, SakeError, UnreadableDocument
from sake_ray.logs import set_up_logs
from sake_ray.promotion import check_known
from sake_ray.serve.admin_services import AdminServices
from sake_ray.serve.auth import Authenticator, load_key
from sake_ray.serve.champion import Champion
from sake_ray.serve.config import ServiceConfig
from sake_ray.serve.dependencies import Services, ServingStatus
from sake_ray.serve.exports import export_text
from sake_ray.serve.gateway import create_app
from sake_ray.serve.handles import FAILURES, OrchestratorHandle, PredictorHandle, lost
from sake_ray.serve.intake import Intake
from sake_ray.serve.metrics import ModelMetrics, ServiceMetrics
from sake_ray.serve.orchestrator import News, Orchestrator, PageProgress, ReadingFailure, ReadingResult
from sake_ray.serve.thumbnails import ThumbnailMaker

log = logging.getLogger(__name__)

FOLLOW_SECONDS, FIRST_SECONDS = 5.0, 1.0
STUCK_SECONDS = 60.0
TEXTS_AT_ONCE = 16


class Etl:
    """Reads documents, one at a time, in its reading child."""

    def __init__(self, service: ServiceConfig) -> None:
        set_up_logs(f"etl-{os.getpid()}", folder=service.logs, level=service.log_level)
        self.service = service
        self.reader = Reader(service.reading)
        # One thread: a caller that went away must not bring a second child to life.
        self.thread = ThreadPoolExecutor(1, "reading")
        self._since: float | None = None
        # A document may crash the child so often, and takes at most so long each time.
        self._longest = CRASHES * service.reading.limits.document_seconds + STUCK_SECONDS

    async def check_health(self) -> None:
        """Raise when a reading outlasts every limit, so that Serve replaces this replica."""
        if self._since is not None and time.monotonic() - self._since > self._longest:
            raise RuntimeError("the reading is stuck")

    async def read(self, document: Document) -> AsyncIterator[News]:
        """Yield the pages as they are read, then the text, or what is wrong with the document."""
        loop = asyncio.get_running_loop()
        news: asyncio.Queue[News | None] = asyncio.Queue()

        def tell(item: News | None) -> None:
            with suppress(RuntimeError):  # the loop is gone when the replica ends
                loop.call_soon_threadsafe(news.put_nowait, item)

        def work() -> None:
            try:
                tell(self._read(document, on_page=lambda done, pages: tell(PageProgress(done, pages))))
            finally:
                tell(None)

        task = loop.run_in_executor(self.thread, work)
        while (item := await news.get()) is not None:
            yield item
        await task

    def _read(self, document: Document, on_page: Any) -> News:
        self._since = time.monotonic()
        try:
            data = self.service.store.get(document.original)
            text = read_document(data, reader=self.reader, store=self.service.store, on_page=on_page)
        except (UnreadableDocument, LimitExceeded) as error:
            return ReadingFailure(str(error))
        finally:
            self._since = None
        export_text(self.service.store, document, text)
        return ReadingResult(text)

    def __del__(self) -> None:
        self.reader.close()


class Predictor:
    """Classifies texts, many at once, by the champion, which it follows."""

    def __init__(self, service: ServiceConfig) -> None:
        set_up_logs("predictor", folder=service.logs, level=service.log_level)
        self.service = service
        self.champion = Champion(
            service.registry, service.models, service.recipe, partial(check_known, service.records)
        )
        self.policy = service.policy
        self.metrics = ModelMetrics()
        self._trouble = ""
        self._following: asyncio.Task[None] | None = None
        with suppress(NoChampion):
            self._follow()

    async def classify(self, text: DocumentText) -> Prediction:
        """Classify one text, together with others that come at the same time; raises NoChampion."""
        prediction: Prediction = await self._classify(text)
        return prediction

    @serve.batch(max_batch_size=TEXTS_AT_ONCE, batch_wait_timeout_s=0.02)  # type: ignore[untyped-decorator]
    async def _classify(self, texts: list[DocumentText]) -> list[Prediction]:
        return await asyncio.to_thread(self._classify_all, texts)

    def _classify_all(self, texts: Sequence[DocumentText]) -> list[Prediction]:
        served = self.champion.served
        if served is None:
            raise NoChampion(self._trouble)
        for text in texts:
            if difference := recipe_difference(served.classifier.recipe, text.recipe):
                raise ModelRefused(f"The text was read in another way than the model learned from: {difference}.")
        policy, version = self.policy, served.version
        verdicts = served.classifier.predict(texts, policy=policy)
        return [Prediction(verdict, str(version.number), version.sha256, policy.version) for verdict in verdicts]

    async def explain(self, document: Document, label: str | None) -> tuple[Explanation, str]:
        """Explain a prediction by the model that made it; also that model's version."""
        return await asyncio.to_thread(self._explain, document, label)

    def _explain(self, document: Document, label: str | None) -> tuple[Explanation, str]:
        reading, prediction = document.reading, document.prediction
        kept = reading and fetch_pages(self.service.store, document.sha256, reading.recipe)
        if not (reading and prediction and kept):
            raise NotFound("This document has no text to explain.")
        classifier, version = self.champion.find(prediction.model_hash)
        return classifier.explain(to_document_text(document.sha256, *kept, reading.recipe), label=label), version

    async def serving(self) -> ServingStatus:
        """Tell which model serves; raises NoChampion with the reason."""
        if self.champion.served is None:
            raise NoChampion(self._trouble)
        served = self.champion.served
        return ServingStatus(str(served.version.number), served.classifier.labels)

    async def check_health(self) -> None:
        """Keep following the champion; a missing one is not a sick replica."""
        if self._following is None or self._following.done():
            self._following = asyncio.create_task(self._follow_forever())

    async def _follow_forever(self) -> None:
        while True:
            with suppress(NoChampion):
                await asyncio.to_thread(self._follow)
            await asyncio.sleep(FOLLOW_SECONDS if self.champion.served else FIRST_SECONDS)

    def _follow(self) -> None:
        with suppress(SakeError):  # without the records the policy stays as it is
            self.policy = self.service.records.policies.newest() or self.policy
        try:
            self.champion.follow()
            self._trouble = ""
        except NoChampion as error:
            self._trouble = str(error)
            raise
        if served := self.champion.served:
            version = served.version
            self.metrics.serving(
                str(version.number), version.sha256, role=served.role, refused=bool(self.champion.refused)
            )


class OrchestratorReplica:
    """Runs the orchestrator beside Serve's own calls."""

    async def __init__(self, service: ServiceConfig, etl: Any, predictor: Any) -> None:  # type: ignore[misc]
        set_up_logs("orchestrator", folder=service.logs, level=service.log_level)
        self.etl, self.predictor = etl, predictor
        self.orchestrator = Orchestrator(
            service.records,
            service.store,
            read=self._read,
            classify=self._classify,
            at_once=service.readers + 1,
            watch=ServiceMetrics(),
        )
        self.task = asyncio.create_task(self.orchestrator.run())

    async def check(self) -> None:
        """Return while documents are being worked off; raises Overloaded otherwise."""
        if self.task.done() or time.monotonic() - self.orchestrator.last_round > STUCK_SECONDS:
            raise Overloaded("Documents are not being worked off just now.")

    async def check_health(self) -> None:
        """Raise when the work has stopped, so that Serve replaces this replica."""
        if self.task.done():
            raise RuntimeError("the orchestrator ended")

    async def _read(self, document: Document) -> AsyncIterator[News]:
        try:
            async for news in self.etl.options(stream=True).read.remote(document):
                yield news
        except FAILURES as error:
            raise lost("Etl", error) from error

    async def _classify(self, text: DocumentText) -> Prediction:
        try:
            prediction: Prediction = await self.predictor.classify.remote(text)
        except FAILURES as error:
            raise lost("Predictor", error) from error
        return prediction


class Gateway:
    """Answers over HTTP."""

    def __init__(self, service: ServiceConfig, orchestrator: Any, predictor: Any) -> None:
        set_up_logs("gateway", folder=service.logs, level=service.log_level)
        self.parts = Services(
            records=service.records,
            store=service.store,
            intake=Intake(service.records, service.store, most_bytes=service.reading.limits.max_bytes),
            door=Authenticator(service.records, load_key(service.token_key)),
            predictor=PredictorHandle(predictor),
            works=OrchestratorHandle(orchestrator),
            workshop=AdminServices(
                service.workspace,
                service.registry,
                service.recipe,
                service.job_logs,
                ThumbnailMaker(service.store, service.reading, service.recipe),
                service.models,
            ),
        )

    def __serve_build_asgi_app__(self) -> Any:
        """Make the app on the replica, from the parts made here."""
        return create_app(self.parts)

    async def check_health(self) -> None:
        """Being able to answer this is all; what has not been used for a while ends."""
        await asyncio.to_thread(self.parts.workshop.previews.rest)
