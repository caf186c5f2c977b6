"""One installation with its HTTP application, without Ray: real records, store, accounts and model."""

import shutil
from collections.abc import AsyncIterator, Sequence
from dataclasses import InitVar, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from fastapi.testclient import TestClient

from sake_ray.classifier import Classifier, Explanation
from sake_ray.cli.bootstrap import open_registry
from sake_ray.client import Client
from sake_ray.data.originals import fetch_original
from sake_ray.data.reading import Reader, read_document, to_document_text
from sake_ray.data.stored_texts import fetch_text, select_pages
from sake_ray.domain.accounts import Account, Role
from sake_ray.domain.documents import Claim, Document, ReadingSummary
from sake_ray.domain.parts import SplitMode, select_sure
from sake_ray.domain.peers import parse_networks
from sake_ray.domain.verdicts import Policy, Prediction, Verdict
from sake_ray.domain.webhooks import WebhookRules
from sake_ray.errors import LimitExceeded, NoChampion, NotFound, TextPending, UnreadableDocument
from sake_ray.metrics.exposition import PrometheusInstruments
from sake_ray.registry import Registry
from sake_ray.registry.versions import ModelVersion
from sake_ray.serve.admin_services import AdminServices
from sake_ray.serve.attempts import ReadingEvent, ReadingFailure, ReadingResult
from sake_ray.serve.auth import Authenticator
from sake_ray.serve.dependencies import Services, ServingStatus
from sake_ray.serve.exports import export_text
from sake_ray.serve.http_app import create_app
from sake_ray.serve.idempotency import RequestKeys
from sake_ray.serve.intake import Intake
from sake_ray.serve.issuer import Issuer
from sake_ray.serve.lease_renewal import LeaseRenewal
from sake_ray.serve.passwords import hash_password
from sake_ray.serve.peers import PeerRules
from sake_ray.serve.remaking import Remaker, SharedReadings
from sake_ray.serve.search import extract_terms
from sake_ray.serve.thumbnails import ThumbnailMaker
from sake_ray.serve.webhooks import make_webhook_parts
from sake_ray.settings import Settings
from sake_ray.splitting.proposal import predict_documents
from sake_ray.storage.objects import FolderStore
from tests.office import Office

KEY = "0" * 64
WEBHOOK_RULES = WebhookRules(True, networks=parse_networks("127.0.0.1"))
"""So that tests may receive."""
PROXY = "10.0.0.1"
PEERS = PeerRules(parse_networks(PROXY), "5" * 64)
PASSWORD = "right horse battery"
PASSWORD_HASH = hash_password(PASSWORD)


class Model:
    """The model called directly; `gone` plays a service without one."""

    def __init__(self, version: ModelVersion, classifier: Classifier, store: FolderStore) -> None:
        self.version, self.classifier, self.store, self.gone = version, classifier, store, False

    async def get_status(self) -> ServingStatus:
        if self.gone:
            raise NoChampion("no-model-serves")
        return ServingStatus(str(self.version.number), self.classifier.labels)

    async def explain(self, document: Document, label: str | None) -> tuple[Explanation, str]:
        if not document.reading:
            raise NotFound("no-text-to-explain")
        text = fetch_text(
            self.store,
            document.sha256,
            document.reading.recipe,
            page_range=document.page_range,
            current=self.classifier.recipe,
        )
        assert text
        return self.classifier.explain(text, label=label), str(self.version.number)


class Working:
    """The orchestrator called directly: it works always, and reads texts again; `busy` plays one that takes too long."""

    def __init__(self, store: FolderStore, reader: Reader) -> None:
        async def read(document: Document, anew: bool) -> AsyncIterator[ReadingEvent]:
            self.read.append(document.id)
            try:
                original = fetch_original(store, document.original, document.sha256)
                text = read_document(original, reader=reader, store=store, team=document.team, anew=anew)
            except (UnreadableDocument, LimitExceeded) as error:
                yield ReadingFailure(error.message)
            else:
                yield ReadingResult(text)

        self.read: list[str] = []
        self.busy = False
        self.remaker = Remaker(SharedReadings(read).read)

    async def check(self) -> None:
        return

    async def remake(self, document: Document, *, anew: bool = False, wait: bool = True) -> None:  # noqa: ARG002
        if self.busy:
            raise TextPending("text-pending")
        await self.remaker.remake(document, anew=anew, seconds=None)


@dataclass(kw_only=True)
class ServedOffice(Office):
    """An installation with its HTTP application; only the calls between replicas are direct."""

    trained: InitVar[tuple[ModelVersion, Classifier]]
    reader: Reader
    registry: Registry
    max_bytes: int = 20_000_000
    split: SplitMode = SplitMode.PROPOSE
    issuer: Issuer | None = None
    model: Model = field(init=False)
    working: Working = field(init=False)
    admin_services: AdminServices = field(init=False)
    authenticator: Authenticator = field(init=False)
    http: TestClient = field(init=False)
    instruments: PrometheusInstruments = field(init=False, default_factory=PrometheusInstruments)

    def __post_init__(self, trained: tuple[ModelVersion, Classifier]) -> None:  # type: ignore[override]
        super().__post_init__()
        self.records.policies.apply_settings(Policy(), now=datetime.now(UTC))
        self.model = Model(*trained, self.store)
        self.admin_services = AdminServices(
            self.workspace,
            self.registry,
            self.reader.recipe,
            self.home / "jobs",
            ThumbnailMaker(self.store, self.reader.options, self.reader.recipe),
            self.home / "models",
        )
        renewal = LeaseRenewal(self.records)
        intake = Intake(self.records, self.store, renewal, max_bytes=self.max_bytes, split=self.split)
        self.authenticator = Authenticator(self.records, KEY, issuer=self.issuer)
        keys = RequestKeys(self.records, renewal, KEY)
        self.working = Working(self.store, self.reader)
        services = Services(
            self.records,
            self.store,
            intake,
            self.authenticator,
            self.model,
            self.working,
            self.admin_services,
            keys,
            make_webhook_parts(WEBHOOK_RULES, KEY),
            instruments=self.instruments,
        )
        self.http = TestClient(create_app(services, peers=PEERS), raise_server_exceptions=False)

    def close(self) -> None:
        """End what was started for it."""
        self.http.close()
        self.admin_services.thumbnails.close()

    def account(self, name: str, role: Role = Role.USER, team: str = "paris") -> dict[str, str]:
        """Make an account; return the header that signs in as it."""
        account = Account(name, role, team)
        self.records.accounts.add(account, password_hash=PASSWORD_HASH, now=datetime.now(UTC))
        return {"Authorization": f"Bearer {self.authenticator.open_session(account, now=datetime.now(UTC))}"}

    def client(self, sign: dict[str, str]) -> Client:
        """The client of the screens, speaking to this app directly."""
        client = Client("http://testserver", patience=0)
        client.connection.http = TestClient(self.http.app, headers=sign)
        return client

    def at(self, host: str) -> TestClient:
        """The HTTP application as somebody at that address reaches it."""
        return TestClient(self.http.app, raise_server_exceptions=False, client=(host, 50_000))

    def work(self) -> None:
        """Do what the orchestrator would do with all that waits."""
        now = datetime.now(UTC)
        for claim in self.records.queue.claim("test", limit=100, lease=now - now, now=now):
            self._work(claim)

    def _work(self, claim: Claim) -> None:
        now = datetime.now(UTC)
        try:
            text = read_document(self.store.get(claim.document.original), reader=self.reader, store=self.store)
        except (UnreadableDocument, LimitExceeded) as error:
            self.records.queue.fail(claim, error.message, now=now)
            return
        if claim.document.page_range:
            pages = select_pages(text.pages, claim.document.page_range)
            text = to_document_text(text.sha256, text.media_type, pages, text.recipe)
        export_text(self.store, claim.document, text)
        modes = [claim.document.split]
        (verdict,) = predict_documents(self.model.classifier, [text], policy=Policy(), modes=modes)
        assert isinstance(verdict, Verdict)
        ranges = select_sure(verdict.parts) if claim.document.split is SplitMode.AUTO else ()
        prediction = Prediction(verdict, str(self.model.version.number), self.model.version.sha256, 1)
        reading = ReadingSummary(len(text.pages), text.language, text.ocr_confidence, text.recipe, text.notes)
        self.records.queue.complete(claim, reading, prediction, terms=extract_terms(text), ranges=ranges, now=now)

    def upload(self, sign: dict[str, str], *files: tuple[str, bytes], reference: str = "Durand") -> str:
        """Upload files and return the uuid of their batch."""
        answer = self.http.post(
            "/predict", headers=sign, data={"reference": reference}, files=[("files", file) for file in files]
        )
        assert answer.status_code == 202, answer.text
        return str(answer.json()["uuid"])

    def only_document(self, sign: dict[str, str], uuid: str) -> str:
        """The id of the one document of a batch."""
        ((document,),) = (
            [d["id"] for d in b["documents"]] for b in self.http.get(f"/predict/{uuid}", headers=sign).json()
        )
        return str(document)


def registry_copy(home: Path, folder: Path) -> Registry:
    """A registry that may be changed; the artifacts stay where they are."""
    shutil.copyfile(home / "mlflow.db", folder / "mlflow.db")
    return open_registry(Settings(home=folder))


def names_of(documents: Sequence[dict[str, str]]) -> list[str]:
    return [document["name"] for document in documents]
