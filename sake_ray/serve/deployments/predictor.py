"""The deployment that classifies texts."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from functools import partial

from ray import serve

from sake_ray.classifier import Explanation
from sake_ray.data.stored_texts import fetch_text
from sake_ray.domain.documents import Document
from sake_ray.domain.parts import SplitMode
from sake_ray.domain.texts import DocumentText
from sake_ray.domain.traces import continuing
from sake_ray.domain.verdicts import Prediction
from sake_ray.errors import NOTHING, NoChampion, NotFound, SakeError
from sake_ray.files import keep_files_private
from sake_ray.logs import set_up_logs
from sake_ray.metrics import Exporter
from sake_ray.promotion import check_known
from sake_ray.serve.champion import Champion
from sake_ray.serve.classification import classify_each
from sake_ray.serve.config import ServiceConfig
from sake_ray.serve.dependencies import ServingStatus
from sake_ray.serve.executors import Executor
from sake_ray.serve.metrics import open_instruments
from sake_ray.serve.service_metrics import set_model
from sake_ray.tracing.spans import set_up_tracing, span

FOLLOW_SECONDS, FIRST_SECONDS = 5.0, 1.0
MAX_BATCH = 16


class Predictor:
    """Classifies texts, many at once, by the champion, which it follows."""

    def __init__(self, config: ServiceConfig) -> None:
        keep_files_private()
        set_up_logs("predictor", folder=config.logs, level=config.log_level)
        set_up_tracing("predictor", config.otlp_endpoint)
        self.instruments = open_instruments(Exporter.PREDICTOR)
        self.config = config = config.observe_storage(self.instruments)
        check = partial(check_known, config.records)
        self.champion = Champion(
            config.registry, config.models, config.recipe, check, on_refused=self._count_load_failure
        )
        self.policy = config.policy
        self._reason = NOTHING
        self._following: asyncio.Task[None] | None = None
        # Explaining waits for the store, following for MLflow: neither may hold up the documents.
        self._classifying, self._explaining = Executor("classify", 1), Executor("explain", 2)
        self._champion_following = Executor("follow", 1)
        with suppress(NoChampion):
            self._follow()

    async def classify(self, text: DocumentText, split: SplitMode, traceparent: str = "") -> Prediction:
        """Classify one text, together with others that come at the same time; raises NoChampion, and what this text provokes."""
        with continuing(traceparent), span("predict") as opened:
            result: Prediction | Exception = await self._classify(text, split)
            if isinstance(result, Exception):
                raise result
            opened.say(label=result.verdict.label, model=result.model_version, policy=result.policy_version)
            return result

    @serve.batch(max_batch_size=MAX_BATCH, batch_wait_timeout_s=0.02)  # type: ignore[untyped-decorator]
    async def _classify(self, texts: list[DocumentText], modes: list[SplitMode]) -> list[Prediction | Exception]:
        return await self._classifying.run(self._classify_all, texts, modes)

    def _classify_all(self, texts: Sequence[DocumentText], modes: Sequence[SplitMode]) -> list[Prediction | Exception]:
        served = self.champion.served
        if served is None:
            raise NoChampion(self._reason)
        return classify_each(served, texts, self.policy, modes)

    async def explain(self, document: Document, label: str | None, traceparent: str = "") -> tuple[Explanation, str]:
        """Explain a prediction by the model that made it; also return that model's version."""
        with continuing(traceparent, document=document.id), span("explain", document=document.id):
            return await self._explaining.run(self._explain, document, label)

    def _explain(self, document: Document, label: str | None) -> tuple[Explanation, str]:
        reading, prediction = document.reading, document.prediction
        text = reading and fetch_text(
            self.config.store,
            document.sha256,
            reading.recipe,
            page_range=document.page_range,
            current=self.config.recipe,
        )
        if not (prediction and text):
            raise NotFound("no-text-to-explain")
        classifier, version = self.champion.find_classifier(prediction.model_hash)
        return classifier.explain(text, label=label), version

    async def get_status(self) -> ServingStatus:
        """Get the model that serves; raises NoChampion with the reason."""
        if self.champion.served is None:
            raise NoChampion(self._reason)
        served = self.champion.served
        return ServingStatus(str(served.version.number), served.classifier.labels)

    async def check_health(self) -> None:
        """Keep following the champion; without one the replica is still healthy."""
        if self._following is None or self._following.done():
            self._following = asyncio.create_task(self._follow_forever())

    async def _follow_forever(self) -> None:
        while True:
            with suppress(NoChampion):
                await self._champion_following.run(self._follow)
            await asyncio.sleep(FOLLOW_SECONDS if self.champion.served else FIRST_SECONDS)

    def _follow(self) -> None:
        with suppress(SakeError):  # without the records the policy stays as it is
            self.policy = self.config.records.policies.find_newest() or self.policy
        try:
            self.champion.follow()
            self._reason = NOTHING
        except NoChampion as error:
            self._reason = error.message
            raise
        finally:
            set_model(self.instruments, self.champion, self.policy)

    def _count_load_failure(self, error: SakeError) -> None:
        self.instruments.count("model_load_failures", reason=error.code)
