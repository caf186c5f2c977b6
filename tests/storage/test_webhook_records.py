"""What webhooks are told is written by the transaction that makes it true, and each of it is sent by one at a time."""

from datetime import UTC, datetime, timedelta

import pytest

from sake_ray.domain.accounts import PROBE_TEAM
from sake_ray.domain.answers import WITHDRAWN, Answer
from sake_ray.domain.audit import AuditAction
from sake_ray.domain.documents import Claim
from sake_ray.domain.page_ranges import PageRange
from sake_ray.domain.promotions import DONE
from sake_ray.domain.retries import Cause
from sake_ray.domain.verdicts import Policy
from sake_ray.domain.webhooks import Delivery, DeliveryStatus, Webhook, WebhookEvent
from sake_ray.errors import Message, NotFound, StorageUnavailable
from sake_ray.storage.records import AuditFilter, DeliveryClaim, Records
from sake_ray.storage.records.deliveries import KEPT
from tests.concurrency import all_at_once
from tests.storage.example_records import LEASE, NOW, SECOND, claim, complete, completed, hand_in, predict, read

BATCH, REVIEW, MODEL = WebhookEvent.BATCH_COMPLETED, WebhookEvent.DOCUMENT_NEEDS_REVIEW, WebhookEvent.MODEL_PROMOTED
REFUSED = Message("webhook-refused", status=500)


def subscribe(records: Records, *events: WebhookEvent, team: str | None = None, name: str = "hook") -> str:
    webhook = Webhook(name, "https://example.com/hook", team, events or tuple(WebhookEvent), "root", NOW)
    records.webhooks.add(webhook, secret="sealed")
    return name


def told(records: Records) -> list[tuple[WebhookEvent, str | int | None]]:
    """What is to be told, oldest first."""
    found = reversed(records.deliveries.list().items)
    return [(one.event, one.document or one.batch or one.version) for one in found]


def take(records: Records, *, now: datetime | None = None, webhook: str = "hook") -> DeliveryClaim:
    found = records.deliveries.claim(webhook, lease=LEASE, now=now or datetime.now(UTC))
    assert found
    return found


def only(records: Records) -> Delivery:
    (delivery,) = records.deliveries.list().items
    return delivery


def test_batch_is_completed_with_its_last_document(records: Records) -> None:
    subscribe(records, BATCH)
    batch = hand_in(records, "a.pdf", "b.pdf")
    first, last = claim(records, limit=2)
    complete(records, first)
    assert told(records) == []
    records.queue.fail(last, Message("pdf-without-pages"), now=NOW)
    assert told(records) == [(BATCH, batch.uuid)]


def test_last_two_documents_at_once_complete_their_batch_once(records: Records, url: str) -> None:
    subscribe(records, BATCH)
    records.policies.apply_settings(Policy(), now=NOW)
    batch = hand_in(records, *map(str, range(6)))
    held = claim(records, limit=6)
    calls = [lambda mine, one=one: mine.queue.complete(one, read(), predict(), now=NOW) for one in held]  # type: ignore[misc]
    all_at_once(url, calls)
    assert told(records) == [(BATCH, batch.uuid)]


def leave_to_ops(records: Records, held: Claim) -> None:
    for hours in range(200):
        status = records.queue.requeue(held, Cause.LOST, Message("attempt-lost"), now=NOW + timedelta(hours=hours))
        if status.value == "NEEDS_OPS":
            return
        (held,) = claim(records, now=NOW + timedelta(hours=hours + 1))
    raise AssertionError(status)


def test_batch_is_completed_when_its_last_open_document_is_erased(records: Records) -> None:
    subscribe(records, BATCH)
    batch = hand_in(records, "a.pdf", "b.pdf")
    complete(records, claim(records)[0])
    (held,) = claim(records)
    leave_to_ops(records, held)
    assert told(records) == []
    records.erasures.begin_due([held.document.id], lambda old: True, now=NOW)
    assert told(records) == [(BATCH, batch.uuid)]


def test_batch_that_waits_for_ops_is_not_completed(records: Records) -> None:
    subscribe(records, BATCH)
    batch = hand_in(records)
    leave_to_ops(records, claim(records)[0])
    assert told(records) == []
    records.queue.retry(now=NOW)
    complete(records, claim(records)[0])
    assert told(records) == [(BATCH, batch.uuid)]


def test_answers_and_policies_do_not_complete_a_batch_again(records: Records) -> None:
    batch = completed(records)
    subscribe(records, BATCH)
    records.answers.add(Answer(batch.documents[0].id, "letter", "ann", NOW))
    reapply(records, Policy(threshold=0.9))
    assert told(records) == []


def test_batch_is_completed_again_when_the_parts_of_a_split_are_classified(records: Records) -> None:
    batch = completed(records)
    subscribe(records, BATCH)
    document = records.documents.get(batch.documents[0].id, team=None)
    records.splits.split(document, [PageRange(1, 1), PageRange(2, 2)], by="ann", now=NOW)
    first, last = claim(records, limit=2)
    complete(records, first)
    assert told(records) == []
    complete(records, last)
    assert told(records) == [(BATCH, batch.uuid)]


def test_document_needs_review_when_its_verdict_says_so(records: Records) -> None:
    subscribe(records, REVIEW)
    batch = hand_in(records, "a.pdf", "b.pdf")
    doubtful, sure = claim(records, limit=2)
    complete(records, doubtful, needs_review=True)
    complete(records, sure)
    assert told(records) == [(REVIEW, doubtful.document.id)]
    assert only(records).batch == batch.uuid


def test_document_needs_review_when_a_stricter_policy_says_so_once(records: Records) -> None:
    batch = completed(records, "a.pdf", "b.pdf")
    subscribe(records, REVIEW)
    reapply(records, Policy(threshold=0.9))
    reapply(records, Policy(threshold=0.95))
    assert sorted(told(records)) == sorted((REVIEW, document.id) for document in batch.documents)


def test_document_whose_answer_is_withdrawn_needs_review_again(records: Records) -> None:
    batch = hand_in(records)
    complete(records, claim(records)[0], needs_review=True)
    subscribe(records, REVIEW)
    document = batch.documents[0].id
    for answer in (WITHDRAWN, "letter", WITHDRAWN, WITHDRAWN):
        records.answers.add(Answer(document, answer, "ann", NOW))
    assert told(records) == [(REVIEW, document)]


def test_document_needs_review_when_its_split_is_undone(records: Records) -> None:
    batch = hand_in(records)
    complete(records, claim(records)[0], needs_review=True)
    document = records.documents.get(batch.documents[0].id, team=None)
    records.splits.split(document, [PageRange(1, 1), PageRange(2, 2)], by="ann", now=NOW)
    subscribe(records, REVIEW)
    records.splits.undo(document, by="ann", now=NOW)
    assert told(records) == [(REVIEW, document.id)]


def test_promotion_is_told_when_it_is_done(records: Records) -> None:
    subscribe(records, MODEL, team="paris")
    number = records.promotions.start(7, before=None, by="root", why="", now=NOW)
    assert number is not None
    assert told(records) == []
    for _ in range(2):  # as of two that finish what a kill left
        records.promotions.finish(number, DONE)
    assert told(records) == [(MODEL, 7)]


def test_promotion_that_was_overtaken_is_not_told(records: Records) -> None:
    subscribe(records, MODEL)
    number = records.promotions.start(7, before=None, by="root", why="", now=NOW)
    assert number is not None
    records.promotions.finish(number, "overtaken by a later one")
    assert told(records) == []


def test_webhook_of_a_team_is_told_of_that_team_only(records: Records) -> None:
    subscribe(records, BATCH, team="paris", name="paris")
    subscribe(records, BATCH, team="lyon", name="lyon")
    subscribe(records, BATCH, name="all")
    completed(records, team="paris")
    assert {one.webhook for one in records.deliveries.list().items} == {"paris", "all"}


def test_proof_that_the_service_classifies_at_its_start_is_told_to_nobody(records: Records) -> None:
    subscribe(records, BATCH)
    completed(records, team=PROBE_TEAM)
    assert told(records) == []


def test_what_a_transaction_takes_back_is_not_told(records: Records, monkeypatch: pytest.MonkeyPatch) -> None:
    subscribe(records)
    hand_in(records)
    (held,) = claim(records)

    def break_off(*_: object) -> None:
        raise StorageUnavailable("records-unreachable", error="broken off")

    monkeypatch.setattr("sake_ray.storage.records.queue.count_change", break_off)
    with pytest.raises(StorageUnavailable):
        complete(records, held, needs_review=True)
    assert told(records) == []


def test_each_delivery_is_claimed_by_one_at_a_time(records: Records, url: str) -> None:
    subscribe(records, BATCH)
    for _ in range(3):
        completed(records)
    now = datetime.now(UTC)
    claims: list[DeliveryClaim | None] = []
    all_at_once(url, [lambda mine: claims.append(mine.deliveries.claim("hook", lease=LEASE, now=now))] * 6)
    while found := records.deliveries.claim("hook", lease=LEASE, now=now):  # PostgreSQL passes over what is locked
        claims.append(found)
    ids = [found.delivery.id for found in claims if found]
    assert (len(ids), len(set(ids))) == (3, 3)


def test_delivery_that_nobody_ended_is_made_again_after_its_lease(records: Records) -> None:
    subscribe(records, BATCH)
    completed(records)
    now = datetime.now(UTC)
    first = take(records, now=now)
    assert records.deliveries.list_due(now) == ()
    second = take(records, now=now + LEASE)
    assert (second.delivery.id, second.delivery.attempts) == (first.delivery.id, 2)


def test_failure_that_came_late_changes_nothing(records: Records) -> None:
    subscribe(records, BATCH)
    completed(records)
    now = datetime.now(UTC)
    late = take(records, now=now)
    second = take(records, now=now + LEASE)
    records.deliveries.fail(late, REFUSED, response=500, not_before=None)
    assert only(records).status is DeliveryStatus.PENDING
    records.deliveries.complete(second, response=204)
    records.deliveries.fail(late, REFUSED, response=500, not_before=now)
    assert (only(records).status, only(records).response) == (DeliveryStatus.DELIVERED, 204)


def test_delivery_waits_after_a_failure_and_keeps_why(records: Records) -> None:
    subscribe(records, BATCH)
    completed(records)
    now = datetime.now(UTC)
    records.deliveries.fail(take(records, now=now), REFUSED, response=500, not_before=now + SECOND)
    assert (records.deliveries.list_due(now), records.deliveries.list_due(now + SECOND)) == ((), ("hook",))
    assert (only(records).error, only(records).error.code, only(records).response) == (REFUSED, REFUSED.code, 500)


@pytest.mark.parametrize("end", ["complete", "die"])
def test_delivery_that_ended_can_be_sent_again_under_its_id(records: Records, end: str) -> None:
    subscribe(records, BATCH)
    completed(records)
    held = take(records)
    if end == "complete":
        records.deliveries.complete(held, response=200)
    else:
        records.deliveries.fail(held, REFUSED, response=500, not_before=None)
        assert records.deliveries.measure_backlog().dead == 1
    records.deliveries.resend(held.delivery.id, by="root", now=datetime.now(UTC))
    again = take(records)
    assert (again.delivery.id, again.delivery.attempts) == (held.delivery.id, 1)
    (entry,) = records.audit.list(AuditFilter(action=AuditAction.DELIVERY_RESENT)).items
    assert entry.subject == f"delivery:{held.delivery.id}"


def test_delivery_that_is_being_sent_is_not_sent_beside_itself(records: Records) -> None:
    subscribe(records, BATCH)
    completed(records)
    now = datetime.now(UTC)
    records.deliveries.fail(take(records, now=now), REFUSED, response=500, not_before=now)
    held = take(records, now=now)
    records.deliveries.resend(held.delivery.id, by="root", now=now)
    assert records.deliveries.claim("hook", lease=LEASE, now=now) is None


def test_resending_what_is_not_there_is_refused(records: Records) -> None:
    with pytest.raises(NotFound):
        records.deliveries.resend("msg_1", by="root", now=NOW)


def test_webhook_goes_with_its_deliveries(records: Records) -> None:
    subscribe(records, BATCH)
    completed(records)
    records.webhooks.remove("hook", by="root")
    assert (records.webhooks.list().items, told(records)) == ((), [])
    with pytest.raises(NotFound):
        records.webhooks.remove("hook", by="root")


def test_what_was_written_beside_the_removal_of_a_webhook_is_deleted(records: Records) -> None:
    subscribe(records, BATCH)
    completed(records)
    with records.database.transaction() as connection:
        connection.exec_driver_sql("DELETE FROM webhooks")
    assert records.deliveries.list_due(datetime.now(UTC)) == ()
    records.deliveries.purge(now=datetime.now(UTC))
    assert told(records) == []


def test_what_ended_is_kept_for_a_month_and_what_waits_for_ever(records: Records) -> None:
    subscribe(records, BATCH)
    for _ in range(2):
        completed(records)
    records.deliveries.complete(take(records), response=200)
    now = datetime.now(UTC)
    records.deliveries.purge(now=now)
    assert len(told(records)) == 2
    records.deliveries.purge(now=now + KEPT + SECOND)
    assert only(records).status is DeliveryStatus.PENDING


def test_backlog_names_the_oldest_that_waits(records: Records) -> None:
    subscribe(records, BATCH)
    assert records.deliveries.measure_backlog().oldest is None
    for _ in range(2):
        completed(records)
    newest, oldest = records.deliveries.list().items
    backlog = records.deliveries.measure_backlog()
    assert (backlog.waiting, backlog.dead, backlog.oldest) == (2, 0, oldest.occurred_at)
    assert newest.occurred_at >= oldest.occurred_at


def test_deliveries_are_listed_by_webhook_and_status(records: Records) -> None:
    subscribe(records, BATCH, name="a")
    subscribe(records, BATCH, name="b")
    completed(records)
    records.deliveries.complete(take(records, webhook="a"), response=200)
    assert [one.webhook for one in records.deliveries.list(status=DeliveryStatus.PENDING).items] == ["b"]
    assert [one.status for one in records.deliveries.list(webhook="a").items] == [DeliveryStatus.DELIVERED]


def reapply(records: Records, policy: Policy) -> None:
    """Have a policy decide anew about all open documents."""
    records.policies.apply_settings(policy, now=NOW)
    newest = records.policies.find_newest()
    assert newest
    records.policies.reapply(newest, records.policies.list_outdated(newest, limit=100), now=NOW)
