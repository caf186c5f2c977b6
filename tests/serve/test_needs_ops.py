"""A document that cannot be processed is left to ops, who see why and have it tried again."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from sake_ray.cli.bootstrap import open_workspace
from sake_ray.domain import retries
from sake_ray.domain.accounts import Role
from sake_ray.domain.documents import Status
from sake_ray.domain.parts import SplitMode
from sake_ray.domain.retries import Cause, RetryRule
from sake_ray.domain.texts import DocumentText
from sake_ray.domain.verdicts import Policy, Prediction
from sake_ray.errors import Message, NotFound, PermissionDenied
from sake_ray.serve.attempts import OrchestratorObserver
from sake_ray.serve.auth import utc_now
from sake_ray.serve.champion import CHAMPION, ServedModel
from sake_ray.serve.classification import classify_each
from sake_ray.serve.config import ServiceConfig
from sake_ray.serve.deployments.etl import Etl
from sake_ray.serve.orchestrator import Orchestrator
from sake_ray.settings import Settings
from tests.pages import letter, png
from tests.served_office import ServedOffice

SCAN = ("scan.png", png(letter().render(60)))


@pytest.fixture
def etl(office: ServedOffice, tmp_path: Path) -> Iterator[Etl]:
    """The part that reads, without Ray."""
    etl = Etl(
        ServiceConfig(
            *(office.records, office.store, office.registry, office.reader.options, office.reader.recipe, Policy()),
            models=tmp_path,
            workspace=open_workspace(Settings(home=tmp_path)),
            job_logs=tmp_path,
            token_key=tmp_path,
            screens_key=tmp_path,
            trusted_proxies=(),
            logs=None,
            log_level="INFO",
            readers=1,
            cpus=1,
        )
    )
    yield etl
    etl.reader.close()


async def work_until(office: ServedOffice, etl: Etl, document: str, status: Status) -> None:
    async def classify(text: DocumentText, split: SplitMode) -> Prediction:
        (result,) = classify_each(
            ServedModel(office.model.version, office.model.classifier, CHAMPION), [text], Policy()
        )
        assert isinstance(result, Prediction)
        return result

    parts = {"read": etl.read, "classify": classify, "observer": OrchestratorObserver()}
    orchestrator = Orchestrator(office.records, office.store, max_in_work=1, **parts)  # type: ignore[arg-type]
    running = asyncio.create_task(orchestrator.run())
    async with asyncio.timeout(300):
        while office.records.documents.get(document, team=None).status is not status:
            assert not running.done(), running.exception()
            await asyncio.sleep(0.02)
    running.cancel()


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two attempts are enough, and nobody pauses."""
    monkeypatch.setattr(retries, "RULES", dict.fromkeys(Cause, RetryRule(2, timedelta(0), timedelta(0))))


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize(("damaged", "code"), [(False, "original-missing"), (True, "original-differs")])
def test_document_without_its_original_needs_ops_and_is_completed_when_it_is_back(
    office: ServedOffice, etl: Etl, damaged: bool, code: str
) -> None:
    marie, omar = office.account("marie"), office.account("omar", Role.OPS)
    id = office.only_document(marie, office.upload(marie, SCAN))
    original = office.records.documents.get(id, team=None).original
    office.store.delete(original)
    if damaged:
        office.store.put(original, SCAN[1][:-9])
    asyncio.run(work_until(office, etl, id, Status.NEEDS_OPS))
    seen = office.client(marie).documents.get(id)
    assert (seen.status, seen.error_code) == (Status.NEEDS_OPS, code)
    office.store.put(original, SCAN[1])
    assert office.client(omar).documents.retry(id).status is Status.PENDING
    asyncio.run(work_until(office, etl, id, Status.COMPLETED))
    assert office.client(marie).documents.get(id).error_code == ""


def give_up(office: ServedOffice, id: str) -> None:
    """Leave the only document that waits to ops."""
    while office.records.documents.get(id, team=None).status is not Status.NEEDS_OPS:
        (held,) = office.records.queue.claim("w", limit=1, lease=timedelta(minutes=1), now=utc_now())
        office.records.queue.requeue(held, Cause.DOCUMENT, Message("original-missing"), now=utc_now())


@pytest.mark.usefixtures("impatient")
def test_admin_and_ops_may_have_a_document_tried_again_and_users_may_not(office: ServedOffice) -> None:
    marie = office.account("marie")
    id = office.only_document(marie, office.upload(marie, SCAN))
    give_up(office, id)
    with pytest.raises(PermissionDenied):
        office.client(marie).documents.retry(id)
    for role in (Role.ADMIN, Role.OPS):
        client = office.client(office.account(role.value, role))
        assert client.documents.retry(id).status is Status.PENDING
        with pytest.raises(NotFound):
            client.documents.retry("nothing")
        give_up(office, id)


@pytest.mark.usefixtures("impatient")
def test_trying_a_document_again_that_does_not_need_ops_changes_nothing(office: ServedOffice) -> None:
    marie, ops = office.account("marie"), office.client(office.account("omar", Role.OPS))
    id = office.only_document(marie, office.upload(marie, SCAN))
    office.work()
    before = office.records.documents.get(id, team=None)
    assert ops.documents.retry(id).status is Status.COMPLETED
    assert office.records.documents.get(id, team=None) == before


@pytest.mark.usefixtures("impatient")
def test_what_needs_ops_is_listed_and_counted(office: ServedOffice) -> None:
    marie, ops = office.account("marie"), office.client(office.account("omar", Role.OPS))
    uuid = office.upload(marie, SCAN)
    id = office.only_document(marie, uuid)
    give_up(office, id)
    assert [row.id for row in ops.documents.list(status="NEEDS_OPS").items] == [id]
    assert (ops.system.monitoring().work.needs_ops, ops.system.monitoring().work.waiting) == (1, 0)
    (batch,) = office.client(marie).batches.list().items
    assert (batch.status, batch.n_needs_ops, batch.n_ended) == (Status.NEEDS_OPS, 1, 0)
    assert office.client(marie).batches.wait(uuid, seconds=1).status is Status.NEEDS_OPS
    file = office.client(marie).references.get("Durand")
    states = [group.state for group in file.groups if group.n_documents]
    assert (file.n_needs_ops, states) == (1, ["needs_ops"])
