"""Webhooks are told what happened, at least once and signed; what cannot be delivered is seen, and sent again."""

import asyncio
import json
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from standardwebhooks.webhooks import Webhook as Verifier
from standardwebhooks.webhooks import WebhookVerificationError

from sake_ray.domain import webhooks
from sake_ray.domain.accounts import Role
from sake_ray.domain.webhooks import PAUSES, DeliveryStatus, WebhookEvent, find_pause
from sake_ray.errors import InputError
from sake_ray.serve.attempts import OrchestratorObserver
from sake_ray.serve.orchestrator import Orchestrator
from sake_ray.serve.webhook_rounds import WebhookRounds
from sake_ray.serve.webhooks import add_webhook, make_webhook, make_webhook_parts
from sake_ray.storage.records import Records
from sake_ray.storage.records.tables import deliveries
from sake_ray.storage.records.tables import webhooks as webhook_table
from tests.concurrency import TOP
from tests.receiver import Receiver, receive
from tests.receiver import receiver as receiver
from tests.small_service import KEY, WEBHOOK_RULES, SmallService
from tests.waiting import wait_until

PARTS = make_webhook_parts(WEBHOOK_RULES, KEY)


class Counting(OrchestratorObserver):
    """Remembers the outcomes of attempts."""

    def __init__(self) -> None:
        self.outcomes: list[str] = []

    def count_delivery(self, outcome: str) -> None:
        self.outcomes.append(outcome)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three attempts are enough, and nobody pauses."""
    monkeypatch.setattr(webhooks, "PAUSES", (timedelta(0), timedelta(0)))


def subscribe(records: Records, url: str, *events: WebhookEvent) -> str:
    """Add a webhook; return its secret."""
    chosen = events or tuple(WebhookEvent)
    webhook, secret = make_webhook(PARTS, url, team=None, events=chosen, by="root", now=datetime.now(UTC))
    add_webhook(records, PARTS, webhook, secret)
    return secret


def run_until(rounds: WebhookRounds, condition: Callable[[], Any]) -> None:
    def look() -> Any:
        rounds.run_next()
        return condition()

    wait_until(look, interval=0.02)


def statuses(records: Records) -> list[DeliveryStatus]:
    return [one.status for one in records.deliveries.list().items]


def test_what_a_webhook_is_told_is_signed_and_names_nobody(small: SmallService, receiver: Receiver) -> None:
    secret = subscribe(small.records, receiver.url(), WebhookEvent.DOCUMENT_NEEDS_REVIEW)
    document = small.office.add_classified("scan of Durand")
    rounds = WebhookRounds(small.records, PARTS, OrchestratorObserver())
    run_until(rounds, lambda: statuses(small.records) == [DeliveryStatus.DELIVERED])
    ((headers, body),) = receiver.received
    told = Verifier(secret).verify(body, headers)
    (delivery,) = small.records.deliveries.list().items
    batch = small.records.documents.get(document, team=None).batch
    data = {"batch": batch, "document": document}
    assert told == {"type": "document.needs_review", "timestamp": delivery.occurred_at.isoformat(), "data": data}
    assert b"Durand" not in body
    with pytest.raises(WebhookVerificationError):
        Verifier(secret).verify(body.replace(b"needs", b"wants"), headers)


def test_secret_is_sealed_in_the_records(small: SmallService, receiver: Receiver) -> None:
    secret = subscribe(small.records, receiver.url())
    with small.records.database.transaction(reads_only=True) as connection:
        stored = connection.execute(sa.select(webhook_table.c.secret)).scalar_one()
    assert secret.removeprefix("whsec_") not in stored
    assert PARTS.seal.open(stored) == secret


def test_secret_that_another_installation_sealed_fails_and_says_so(small: SmallService, receiver: Receiver) -> None:
    subscribe(small.records, receiver.url())
    small.office.add_classified("scan")
    rounds = WebhookRounds(small.records, make_webhook_parts(WEBHOOK_RULES, "1" * 64), OrchestratorObserver())
    run_until(rounds, lambda: all(one.error for one in small.records.deliveries.list().items))
    assert small.records.deliveries.list().items[0].error.code == "webhook-secret-unreadable"
    assert receiver.received == []


@pytest.mark.usefixtures("impatient")
def test_failed_delivery_is_tried_again_under_its_id(small: SmallService, receiver: Receiver) -> None:
    receiver.answer = lambda _: 500 if len(receiver.received) < 3 else 200
    subscribe(small.records, receiver.url(), WebhookEvent.BATCH_COMPLETED)
    small.office.add_classified("scan")
    watch = Counting()
    rounds = WebhookRounds(small.records, PARTS, watch)
    run_until(rounds, lambda: statuses(small.records) == [DeliveryStatus.DELIVERED])
    assert (len(receiver.ids), len(set(receiver.ids))) == (3, 1)
    assert watch.outcomes == ["failed", "failed", "delivered"]


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("status", [302, 404, 410, 503])
def test_delivery_that_fails_too_often_is_dead_until_somebody_sends_it_again(
    small: SmallService, receiver: Receiver, status: int
) -> None:
    receiver.answer = lambda _: status
    subscribe(small.records, receiver.url(), WebhookEvent.BATCH_COMPLETED)
    small.office.add_classified("scan")
    watch = Counting()
    rounds = WebhookRounds(small.records, PARTS, watch)
    run_until(rounds, lambda: statuses(small.records) == [DeliveryStatus.DEAD])
    (dead,) = small.records.deliveries.list().items
    assert (dead.attempts, dead.response, dead.error.code) == (3, status, "webhook-refused")
    assert watch.outcomes == ["failed", "failed", "dead"]
    receiver.answer = lambda _: 200
    small.records.deliveries.resend(dead.id, by="root", now=datetime.now(UTC))
    run_until(rounds, lambda: statuses(small.records) == [DeliveryStatus.DELIVERED])
    assert set(receiver.ids) == {dead.id}


def test_pauses_grow_differ_by_chance_and_end() -> None:
    for attempt, pause in enumerate(PAUSES, 1):
        assert find_pause(attempt, 0.5) == pause
        assert [find_pause(attempt, chance) for chance in (0, 1)] == [pause * 0.8, pause * 1.2]
    assert find_pause(len(PAUSES) + 1, 0.5) is None
    assert sorted(PAUSES) == list(PAUSES)


def test_receiver_that_hangs_holds_no_other_up(small: SmallService, receiver: Receiver) -> None:
    over = threading.Event()
    with receive() as hanging:
        hanging.answer = lambda _: 200 if over.wait(300) else 500
        subscribe(small.records, hanging.url(), WebhookEvent.BATCH_COMPLETED)
        subscribe(small.records, receiver.url(), WebhookEvent.BATCH_COMPLETED)
        rounds = WebhookRounds(small.records, PARTS, OrchestratorObserver())
        small.office.add_classified("first")
        run_until(rounds, lambda: hanging.received and len(receiver.received) == 1)
        small.office.add_classified("second")
        run_until(rounds, lambda: len(receiver.received) == 2)
        assert len(hanging.received) == 1
        over.set()
        run_until(rounds, lambda: set(statuses(small.records)) == {DeliveryStatus.DELIVERED})


def test_several_at_once_deliver_each_event_once(small: SmallService, receiver: Receiver) -> None:
    subscribe(small.records, receiver.url(), WebhookEvent.BATCH_COMPLETED)
    for number in range(20):
        small.office.add_classified(str(number))
    url = f"sqlite:///{small.office.home / 'records.db'}"
    rounds = [WebhookRounds(Records(url), PARTS, OrchestratorObserver()) for _ in range(3)]

    def is_over() -> bool:
        for one in rounds:
            one.run_next()
        return set(statuses(small.records)) == {DeliveryStatus.DELIVERED}

    wait_until(is_over, interval=0.02)
    assert (len(receiver.ids), len(set(receiver.ids))) == (20, 20)


def test_events_of_a_webhook_come_in_their_order(small: SmallService, receiver: Receiver) -> None:
    subscribe(small.records, receiver.url(), WebhookEvent.BATCH_COMPLETED)
    for number in range(5):
        small.office.add_classified(str(number))
    rounds = WebhookRounds(small.records, PARTS, OrchestratorObserver())
    run_until(rounds, lambda: set(statuses(small.records)) == {DeliveryStatus.DELIVERED})
    assert receiver.ids == [one.id for one in reversed(small.records.deliveries.list().items)]


def test_sender_that_is_killed_between_sending_and_noting_it_sends_again(
    small: SmallService, receiver: Receiver
) -> None:
    """At least once: the receiver knows the id."""
    over = threading.Event()
    receiver.answer = lambda _: 200 if over.wait(300) else 500
    subscribe(small.records, receiver.url(), WebhookEvent.BATCH_COMPLETED)
    small.office.add_classified("scan")
    first = start_sender(small)
    wait_until(lambda: receiver.received, process=first)
    kill(first)
    over.set()
    assert statuses(small.records) == [DeliveryStatus.PENDING]
    with small.records.database.transaction() as connection:  # the lease of the dead one is over
        connection.execute(deliveries.update().values(not_before=datetime.now(UTC)))
    second = start_sender(small)
    wait_until(lambda: statuses(small.records) == [DeliveryStatus.DELIVERED], process=second)
    kill(second)
    assert (len(receiver.ids), len(set(receiver.ids))) == (2, 1)


def test_nothing_is_lost_when_the_sender_is_killed_again_and_again(small: SmallService, receiver: Receiver) -> None:
    subscribe(small.records, receiver.url(), WebhookEvent.BATCH_COMPLETED)
    for kills in range(2):
        told = len(set(receiver.ids))
        for number in range(10):
            small.office.add_classified(f"{kills} {number}")
        sender = start_sender(small)
        wait_until(lambda told=told: len(set(receiver.ids)) > told, process=sender)  # type: ignore[misc]
        kill(sender)
        with small.records.database.transaction() as connection:
            waiting = deliveries.c.status == DeliveryStatus.PENDING.value
            connection.execute(deliveries.update().where(waiting).values(not_before=datetime.now(UTC)))
    rounds = WebhookRounds(small.records, PARTS, OrchestratorObserver())
    run_until(rounds, lambda: set(statuses(small.records)) == {DeliveryStatus.DELIVERED})
    assert set(receiver.ids) == {one.id for one in small.records.deliveries.list().items}
    assert len(set(receiver.ids)) == 20


def test_orchestrator_tells_webhooks_beside_its_work(small: SmallService, receiver: Receiver) -> None:
    subscribe(small.records, receiver.url(), WebhookEvent.BATCH_COMPLETED)
    small.office.add_classified("scan")

    async def run() -> None:
        parts: dict[str, Any] = {"read": None, "classify": None, "observer": OrchestratorObserver()}
        worker = Orchestrator(small.records, small.store, max_in_work=1, webhooks=PARTS, **parts)
        running = asyncio.create_task(worker.run())
        async with asyncio.timeout(120):
            while statuses(small.records) != [DeliveryStatus.DELIVERED]:
                assert not running.done(), running.exception()
                await asyncio.sleep(0.02)
        running.cancel()

    asyncio.run(run())


def test_secret_is_shown_once_also_to_one_who_sends_the_same_again(small: SmallService, receiver: Receiver) -> None:
    root = small.sign("root", Role.ADMIN)
    sent = {"url": receiver.url(), "team": "paris", "events": ["batch.completed"]}
    answers = [
        small.http.post("/admin/webhooks", json=sent, headers=root | {"Idempotency-Key": "k"}).json() for _ in range(2)
    ]
    assert answers[0] == answers[1]
    listed = small.http.get("/admin/webhooks", headers=root).json()
    assert listed["items"] == [{name: value for name, value in answers[0].items() if name != "secret"}]
    assert answers[0]["secret"].startswith("whsec_")


def test_webhook_that_leads_inside_the_network_is_refused(small: SmallService) -> None:
    root = small.sign("root", Role.ADMIN)
    sent = {"url": "https://169.254.169.254/latest", "events": ["batch.completed"]}
    answer = small.http.post("/admin/webhooks", json=sent, headers=root)
    assert (answer.status_code, answer.json()["code"]) == (422, "webhook-address-refused")
    with pytest.raises(InputError):
        subscribe(small.records, "https://10.0.0.1/")


def test_webhooks_are_for_admins_only(small: SmallService) -> None:
    for name, role in (("marie", Role.USER), ("omar", Role.OPS)):
        sign = small.sign(name, role)
        calls = [
            small.http.get("/admin/webhooks", headers=sign),
            small.http.post("/admin/webhooks", headers=sign, json={}),
            small.http.delete("/admin/webhooks/wh_1", headers=sign),
            small.http.get("/admin/deliveries", headers=sign),
            small.http.post("/admin/deliveries/msg_1/resend", headers=sign),
        ]
        assert [answer.status_code for answer in calls] == [403] * 5


def test_deliveries_are_seen_and_sent_again_over_http(small: SmallService, receiver: Receiver) -> None:
    root = small.sign("root", Role.ADMIN)
    subscribe(small.records, receiver.url(), WebhookEvent.BATCH_COMPLETED)
    small.office.add_classified("scan")
    rounds = WebhookRounds(small.records, PARTS, OrchestratorObserver())
    run_until(rounds, lambda: statuses(small.records) == [DeliveryStatus.DELIVERED])
    seen = small.http.get("/admin/deliveries", headers=root, params={"status": "DELIVERED"}).json()["items"]
    again = small.http.post(f"/admin/deliveries/{seen[0]['id']}/resend", headers=root)
    assert (again.status_code, again.json()["status"]) == (200, "PENDING")
    run_until(rounds, lambda: len(receiver.received) == 2)
    assert small.http.post("/admin/deliveries/msg_0/resend", headers=root).status_code == 404


def test_webhook_is_removed_over_http(small: SmallService, receiver: Receiver) -> None:
    root = small.sign("root", Role.ADMIN)
    subscribe(small.records, receiver.url())
    (webhook,) = small.records.webhooks.list().items
    answers = [small.http.delete(f"/admin/webhooks/{webhook.id}", headers=root).status_code for _ in range(2)]
    assert (answers, small.records.webhooks.list().items) == ([204, 404], ())


def start_sender(small: SmallService) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "tests.serve.programs.deliver", f"sqlite:///{small.office.home / 'records.db'}"]
    return subprocess.Popen(command, cwd=TOP, text=True)


def kill(process: "subprocess.Popen[str]") -> None:
    process.send_signal(signal.SIGKILL)
    process.communicate()


def test_payload_has_no_field_that_is_not_set(small: SmallService, receiver: Receiver) -> None:
    subscribe(small.records, receiver.url(), WebhookEvent.MODEL_PROMOTED)
    number = small.records.promotions.start(7, before=None, by="root", why="", now=datetime.now(UTC))
    assert number is not None
    small.records.promotions.finish(number, "done")
    rounds = WebhookRounds(small.records, PARTS, OrchestratorObserver())
    run_until(rounds, lambda: receiver.received)
    assert json.loads(receiver.received[0][1])["data"] == {"version": 7}
