"""What changes something is carried out once under an Idempotency-Key, however often it is sent."""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from sake_ray.client import Client
from sake_ray.domain.accounts import Role
from sake_ray.serve.dependencies import ServingStatus
from sake_ray.serve.idempotency import RequestKeys
from sake_ray.serve.job_options import validate_options
from sake_ray.serve.lease_renewal import LeaseRenewal
from sake_ray.serve.request_slots import MAX_OF_ACCOUNT, RequestSlots
from sake_ray.serve.sealing import SealBroken
from sake_ray.storage.records.tables import requests
from tests.pages import letter, png
from tests.served_office import KEY, ServedOffice
from tests.slow_store import SlowStore
from tests.stacks import STACK
from tests.waiting import wait_until

PAGE = png(letter().render(60))
WITHOUT_KEY = {("post", "/auth/token"), ("post", "/auth/issuer")}
"""Who signs in has no account yet, and may do it as often as it pleases."""
ENDS_ITS_TOKEN = {
    *(("put", "/account/password"), ("post", "/account/second-factor/confirm")),
    *(("post", "/auth/sign-out"), ("post", "/auth/sign-out-everywhere")),
}
"""The second sending is refused with 401: the token ended with the first."""
SENT_KEY = "the key that was sent"
"""Longer than what a sealed reply may contain by chance."""


@pytest.fixture
def admin(office: ServedOffice) -> dict[str, str]:
    """The header of an admin, and a key."""
    return office.account("ada", Role.ADMIN) | {"Idempotency-Key": SENT_KEY}


@pytest.fixture
def held_job(monkeypatch: pytest.MonkeyPatch) -> tuple[threading.Event, threading.Event]:
    """Starting a job stops in the middle: the first event says that it has begun, the second lets it go on."""
    begun, go = threading.Event(), threading.Event()

    def validate(kind: str, options: dict[str, Any]) -> dict[str, Any]:
        begun.set()
        assert go.wait(60)
        return dict(validate_options(kind, options))

    monkeypatch.setattr("sake_ray.serve.routes.jobs.validate_options", validate)
    return begun, go


def changing(office: ServedOffice) -> dict[tuple[str, str], dict[str, Any]]:
    """The operations of the contract that change something."""
    paths = office.http.app.openapi()["paths"]
    found = {
        (method, path): operation for path, operations in paths.items() for method, operation in operations.items()
    }
    return {place: operation for place, operation in found.items() if place[0] not in {"get", "head"}}


def test_every_operation_that_changes_something_takes_a_key(office: ServedOffice) -> None:
    without = {
        place
        for place, operation in changing(office).items()
        if not any(
            one["name"] == "Idempotency-Key" and one["in"] == "header" for one in operation.get("parameters", ())
        )
    }
    assert without == WITHOUT_KEY


def test_every_operation_sent_twice_under_a_key_is_carried_out_once(office: ServedOffice) -> None:
    """In the order of a life: what a later one speaks of, an earlier one has made."""
    sign = office.account("ada", Role.ADMIN)
    (version,) = office.registry.versions.all()
    document = office.only_document(sign, office.upload(sign, ("a.png", PAGE)))
    stack = office.only_document(sign, office.upload(sign, STACK))
    office.work()
    sha = office.workspace.images.add("facture", PAGE, ending=".png").sha256
    at = {"id": document, "document": document, "sha256": sha, "name": "marie", "reference": "R"}
    files = {"files": ("b.png", png(letter().render(50)))}
    sent: dict[tuple[str, str], dict[str, Any]] = {
        ("post", "/account/second-factor"): {},
        ("post", "/admin/users"): {"json": {"name": "marie"}},
        ("patch", "/admin/users/{name}"): {"json": {"team": "lyon"}},
        ("post", "/admin/keys"): {"json": {"name": "payroll", "team": "paris", "scopes": ["documents:read"]}},
        ("post", "/admin/keys/{name}/revoke"): {},
        ("post", "/predict"): {"data": {"reference": "R"}, "files": files},
        ("post", "/documents/{id}/answers"): {"json": {"answer": "unreadable"}},
        ("post", "/documents/{id}/split"): {},
        ("delete", "/documents/{id}/split"): {},
        ("post", "/documents/{id}/retry"): {},
        ("put", "/admin/required-labels"): {"json": {"labels": ["facture"]}},
        ("post", "/admin/images"): {"data": {"label": "facture"}, "files": files},
        ("post", "/admin/images/{sha256}/move"): {"json": {"label": "lettre"}},
        ("delete", "/admin/images/{sha256}"): {},
        ("post", "/admin/images/{sha256}/put-back"): {},
        ("post", "/admin/feedback/{document}"): {"json": {"decision": "skip"}},
        ("post", "/admin/feedback/import"): {},
        ("post", "/admin/jobs"): {"json": {"kind": "train"}},
        ("post", "/admin/jobs/{number}/stop"): {},
        ("put", "/admin/retention"): {"json": {"team": "lyon", "months": 36}},
        ("put", "/admin/policy"): {"json": {"wrong_in": None}},
        ("post", "/admin/runs/{id}/register"): {},
        ("post", "/admin/webhooks"): {"json": {"url": "https://127.0.0.1/", "events": ["model.promoted"]}},
        ("post", "/admin/models/{number}/promote"): {"json": {"force": True, "why": "a test", "champion": 1}},
        ("post", "/admin/models/rollback"): {"json": {"champion": 2}},
        ("post", "/admin/deliveries/{id}/resend"): {},
        ("delete", "/admin/webhooks/{id}"): {},
        ("delete", "/documents/{id}"): {},
        ("post", "/documents/{id}/restore"): {},
        ("delete", "/references/{reference}"): {},
    }
    assert sent.keys() == changing(office).keys() - WITHOUT_KEY - ENDS_ITS_TOKEN
    for (method, path), content in sent.items():
        number = {"/admin/jobs/{number}/stop": 1, "/admin/models/{number}/promote": 2}.get(path)
        names = at | {"number": number} | ({"id": version.run_id} if "runs" in path else {})
        names |= {"id": stack} if path.endswith("/split") else {}
        if path.startswith(("/admin/deliveries", "/admin/webhooks/")):
            made = office.records.deliveries if "deliveries" in path else office.records.webhooks
            names |= {"id": made.list().items[0].id}
        names |= {"name": "payroll"} if path.startswith("/admin/keys") else {}
        headers = sign | {"Idempotency-Key": f"{method} {path}"}
        if path.startswith("/references"):
            content = {"params": {"confirm": office.records.erasures.plan("R", team=None).token}}
        first, second = (
            office.http.request(method, path.format(**names), headers=headers, **content) for _ in range(2)
        )
        assert first.is_success, (path, first.text)
        assert (second.status_code, second.content) == (first.status_code, first.content), path
        assert second.headers.get("location") == first.headers.get("location"), path
        assert ("idempotency-replayed" in first.headers, "idempotency-replayed" in second.headers) == (False, True), (
            path
        )
    assert office.records.jobs.list().total == 1
    assert [version.number for version in office.registry.versions.all()] == [2, 1]
    assert [one.version for one in office.records.promotions.list(limit=2).items] == [1, 2]
    assert len(list(office.records.answers.iterate())) == 1


def test_generated_password_is_told_again_and_is_not_in_the_records(
    office: ServedOffice, admin: dict[str, str]
) -> None:
    first, second = (office.http.post("/admin/users", headers=admin, json={"name": "jean"}).json() for _ in range(2))
    assert first["password"] == second["password"]
    sign_in = {"username": "jean", "password": first["password"]}
    assert office.http.post("/auth/token", data=sign_in).status_code == 200
    with office.records.database.transaction(reads_only=True) as connection:
        (row,) = connection.execute(sa.select(requests)).all()
    assert first["password"] not in str(row)
    assert SENT_KEY not in str(row)


def test_a_reply_is_opened_by_its_own_account_key_and_installation_only(
    office: ServedOffice, admin: dict[str, str]
) -> None:
    made = office.http.post("/admin/users", headers=admin, json={"name": "jean"}).json()
    with office.records.database.transaction(reads_only=True) as connection:
        reply = connection.execute(sa.select(requests.c.reply)).scalar_one()
    renewal = LeaseRenewal(office.records)
    assert made["password"] in RequestKeys(office.records, renewal, KEY).open("ada", SENT_KEY).open(reply).body
    for secret, account, key in ((KEY, "ada", "k2"), (KEY, "anne", SENT_KEY), ("1" * 64, "ada", SENT_KEY)):
        with pytest.raises(SealBroken):
            RequestKeys(office.records, renewal, secret).open(account, key).open(reply)


@pytest.mark.parametrize(
    ("path", "content"),
    [("/admin/jobs", {"kind": "train", "options": {"push": False}}), ("/admin/users", {"kind": "train"})],
)
def test_key_with_other_content_or_elsewhere_is_refused(
    office: ServedOffice, admin: dict[str, str], path: str, content: dict[str, object]
) -> None:
    assert office.http.post("/admin/jobs", headers=admin, json={"kind": "train"}).status_code == 202
    answer = office.http.post(path, headers=admin, json=content)
    assert answer.status_code == 422
    assert office.records.jobs.list().total == 1


def test_request_that_failed_may_be_sent_again_under_its_key(office: ServedOffice, admin: dict[str, str]) -> None:
    stop = "/admin/jobs/1/stop"
    assert office.http.post(stop, headers=admin).status_code == 404
    office.http.post("/admin/jobs", headers=admin | {"Idempotency-Key": "k2"}, json={"kind": "train"})
    assert office.http.post(stop, headers=admin).status_code == 200


def test_whoever_may_no_longer_do_it_is_not_answered_from_the_store(
    office: ServedOffice, admin: dict[str, str]
) -> None:
    office.account("root", Role.ADMIN)
    assert office.http.post("/admin/users", headers=admin, json={"name": "jean"}).status_code == 201
    office.records.accounts.change("ada", role=Role.USER)
    assert office.http.post("/admin/users", headers=admin, json={"name": "jean"}).status_code == 403


def test_one_sent_again_while_it_is_carried_out_is_told_to_wait(office: ServedOffice) -> None:
    sign = office.account("marie")
    document = office.only_document(sign, office.upload(sign, ("a.png", PAGE)))
    status, begun, go = asyncio.run(office.model.get_status()), threading.Event(), threading.Event()

    async def wait() -> ServingStatus:
        begun.set()
        while not go.is_set():
            await asyncio.sleep(0.01)
        return status

    office.model.get_status = wait  # type: ignore[method-assign]

    def answer() -> httpx.Response:
        headers = sign | {"Idempotency-Key": "k"}
        return office.http.post(f"/documents/{document}/answers", headers=headers, json={"answer": "unreadable"})

    with ThreadPoolExecutor(1) as thread:
        first = thread.submit(answer)
        wait_until(begun.is_set)
        second = answer()
        assert (second.status_code, second.json()["code"]) == (409, "request-in-progress")
        assert second.headers["retry-after"].isdigit()
        go.set()
        assert first.result().status_code == 201
    assert answer().json() == first.result().json()
    assert len(list(office.records.answers.iterate())) == 1


class LossyClient(httpx.Client):
    """Carries requests to the application; the first answer of all gets lost on the way back."""

    def __init__(self, office: ServedOffice, sign: dict[str, str]) -> None:
        super().__init__(base_url="http://testserver", headers=sign)
        self.office, self.lost = office, 0

    def request(self, method: str, url: str, **request: Any) -> httpx.Response:  # type: ignore[override]
        response = self.office.http.request(
            method, url, headers=dict(self.headers) | request.pop("headers", {}), **request
        )
        if not self.lost:
            self.lost += 1
            raise httpx.ReadError("the connection broke")
        return response


@pytest.mark.parametrize(
    "call", [lambda client: client.jobs.start("train").number, lambda client: client.accounts.add("jean").password]
)
def test_client_that_lost_an_answer_gets_it_by_sending_again(
    office: ServedOffice, call: Callable[[Client], object]
) -> None:
    client = Client("http://testserver", patience=60)
    client.connection.http = LossyClient(office, office.account("ada", Role.ADMIN))
    assert call(client)
    assert client.connection.retries == 1
    assert office.records.jobs.list().total + office.records.accounts.list().total == 2


def test_job_whose_sender_hangs_up_is_started_and_its_answer_waits(
    office: ServedOffice, admin: dict[str, str], held_job: tuple[threading.Event, threading.Event]
) -> None:
    begun, go = held_job

    async def hang_up_and_ask_again() -> httpx.Response:
        transport = httpx.ASGITransport(office.http.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://testserver", headers=admin) as http:
            sending = asyncio.create_task(http.post("/admin/jobs", json={"kind": "train"}))
            while not begun.is_set():
                await asyncio.sleep(0.01)
            sending.cancel()
            await asyncio.gather(sending, return_exceptions=True)
            assert (await http.post("/admin/jobs", json={"kind": "train"})).status_code == 409
            go.set()
            while (answer := await http.post("/admin/jobs", json={"kind": "train"})).status_code == 409:
                await asyncio.sleep(0.01)
            return answer

    answer = asyncio.run(hang_up_and_ask_again())
    assert (answer.status_code, answer.headers["idempotency-replayed"]) == (202, "true")
    assert office.records.jobs.list().total == 1


def test_what_goes_on_without_its_sender_keeps_its_slot(
    office: ServedOffice, admin: dict[str, str], held_job: tuple[threading.Event, threading.Event]
) -> None:
    begun, go = held_job
    slots: RequestSlots = office.http.app.state.slots  # type: ignore[attr-defined]

    async def hang_up_and_look() -> tuple[int, int]:
        transport = httpx.ASGITransport(office.http.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://testserver", headers=admin) as http:
            sending = asyncio.create_task(http.post("/admin/jobs", json={"kind": "train"}))
            while not begun.is_set():
                await asyncio.sleep(0.01)
            sending.cancel()
            await asyncio.gather(sending, return_exceptions=True)
            with ExitStack() as others:
                for _ in range(MAX_OF_ACCOUNT - 1):
                    others.enter_context(slots.take_for_account("ada"))
                during = (await http.get("/account")).status_code
                go.set()
                while (after := (await http.get("/account")).status_code) == 503:
                    await asyncio.sleep(0.01)
            return during, after

    assert asyncio.run(hang_up_and_look()) == (503, 200)


def test_upload_whose_sender_hangs_up_is_accepted_and_its_answer_waits(office: ServedOffice) -> None:
    store = SlowStore(office.store.root)
    office.http.app.state.services.intake.store = store  # type: ignore[attr-defined]
    sign = office.account("marie") | {"Idempotency-Key": "k"}
    # Above a megabyte it is spooled to a file, which must not be closed under the one who reads it.
    upload: dict[str, Any] = {"data": {"reference": "R"}, "files": {"files": ("a.png", PAGE + bytes(2_000_000))}}

    async def hang_up_and_ask_again() -> httpx.Response:
        transport = httpx.ASGITransport(office.http.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://testserver", headers=sign) as http:
            sending = asyncio.create_task(http.post("/predict", **upload))
            while not store.begun.is_set():
                await asyncio.sleep(0.01)
            sending.cancel()
            await asyncio.gather(sending, return_exceptions=True)
            store.go.set()
            while (answer := await http.post("/predict", **upload)).status_code == 409:
                await asyncio.sleep(0.01)
            return answer

    answer = asyncio.run(hang_up_and_ask_again())
    assert (answer.status_code, answer.headers["idempotency-replayed"]) == (202, "true")
    assert len(office.http.get("/predict/R", headers=sign).json()) == 1
