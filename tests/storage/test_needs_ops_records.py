"""A document whose attempts keep failing is left to ops, after as much as its causes are granted, and goes on when they ask."""

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from sake_ray.domain.documents import Status
from sake_ray.domain.retries import RULES, Cause
from sake_ray.errors import Message
from sake_ray.storage.records import AuditFilter, ExportClaim, Records, queue
from tests.storage.example_records import LEASE, NOW, SECOND, claim, complete, completed, hand_in

MISSING = Message("original-missing")
HOUR = timedelta(hours=1)


def status_of(records: Records, document: str) -> Status:
    return records.documents.get(document, team=None).status


def fail_until(records: Records, cause: Cause, end: datetime, *, start: datetime = NOW) -> datetime:
    """Fail every attempt at the one document for that cause, each as soon as it may be made; return when that ended."""
    now = start
    while now < end:
        claimed = claim(records, now=now)
        if claimed:
            records.queue.requeue(claimed[0], cause, MISSING, now=now)
        elif not any(status is Status.PENDING for status, _, _ in records.queue.measure_depth().documents):
            return now
        now += timedelta(minutes=2)
    return now


def give_up(records: Records, *, start: datetime = NOW) -> None:
    """Leave the one document that waits to ops."""
    for number in range(RULES[Cause.UNEXPECTED].attempts):
        (held,) = claim(records, now=start + number * HOUR)
        records.queue.requeue(held, Cause.UNEXPECTED, MISSING, now=start + number * HOUR)


@pytest.mark.parametrize("cause", [Cause.SERVICE, Cause.DOCUMENT, Cause.LOST])
def test_an_outage_of_an_hour_leaves_no_document_to_ops(records: Records, cause: Cause) -> None:
    document = hand_in(records).documents[0].id
    fail_until(records, cause, NOW + HOUR)
    (held,) = claim(records, now=NOW + 2 * HOUR)
    complete(records, held)
    assert status_of(records, document) is Status.COMPLETED


def test_a_document_without_its_original_is_left_to_ops_with_the_reason(records: Records) -> None:
    document = hand_in(records).documents[0].id
    ended = fail_until(records, Cause.DOCUMENT, NOW + 24 * HOUR)
    found = records.documents.get(document, team=None)
    assert (found.status, found.error, found.error.code) == (Status.NEEDS_OPS, MISSING, "original-missing")
    assert ended < NOW + 3 * HOUR
    assert len(records.queue.list_attempts(document)) < 20


def test_a_document_that_kills_whoever_works_on_it_is_left_to_ops(records: Records) -> None:
    document, now = hand_in(records).documents[0].id, NOW
    while status_of(records, document) is not Status.NEEDS_OPS:
        claim(records, now=now)
        now += LEASE + SECOND
        assert now < NOW + 24 * HOUR
    outcomes = [outcome for _, outcome in records.queue.list_attempts(document)]
    assert set(outcomes) == {"lost"}
    assert len(outcomes) < 20
    assert records.documents.get(document, team=None).error.code == "attempt-lost"


def test_nothing_is_left_to_ops_for_an_outage_before_a_day_and_many_attempts(records: Records) -> None:
    document = hand_in(records).documents[0].id
    fail_until(records, Cause.SERVICE, NOW + timedelta(minutes=10))
    # The service was stopped over the weekend.
    monday = NOW + timedelta(days=3)
    fail_until(records, Cause.SERVICE, monday + HOUR, start=monday)
    assert status_of(records, document) is Status.PENDING
    fail_until(records, Cause.SERVICE, monday + 24 * HOUR, start=monday + HOUR)
    assert status_of(records, document) is Status.NEEDS_OPS


def test_causes_are_counted_each_for_itself(records: Records) -> None:
    document = hand_in(records).documents[0].id
    causes = [Cause.UNEXPECTED, Cause.SERVICE, Cause.UNEXPECTED, Cause.LOST]
    for number, cause in enumerate(causes):
        (held,) = claim(records, now=NOW + number * HOUR)
        assert records.queue.requeue(held, cause, MISSING, now=NOW + number * HOUR) is Status.PENDING
    (held,) = claim(records, now=NOW + 9 * HOUR)
    assert records.queue.requeue(held, Cause.UNEXPECTED, MISSING, now=NOW + 9 * HOUR) is Status.NEEDS_OPS
    assert status_of(records, document) is Status.NEEDS_OPS


def test_pauses_grow_with_the_failures(records: Records) -> None:
    hand_in(records)
    begun, now = [], NOW
    while len(begun) < 5:
        for held in claim(records, now=now):
            begun.append((now - NOW) // SECOND)
            records.queue.requeue(held, Cause.DOCUMENT, MISSING, now=now)
        now += SECOND
    assert begun == [0, 1, 3, 7, 15]


def test_the_reason_is_shown_while_a_document_is_tried_again(records: Records) -> None:
    document = hand_in(records).documents[0].id
    records.queue.requeue(claim(records)[0], Cause.DOCUMENT, MISSING, now=NOW)
    waiting = records.documents.get(document, team=None)
    assert (waiting.status, waiting.error) == (Status.PENDING, MISSING)
    (held,) = claim(records, now=NOW + SECOND)
    assert (held.document.status, held.document.error) == (Status.IN_PROGRESS, MISSING)
    complete(records, held)
    assert records.documents.get(document, team=None).error == ""


def test_a_document_that_needs_ops_is_not_claimed(records: Records) -> None:
    hand_in(records)
    give_up(records)
    assert not records.queue.has_claimable(NOW + 99 * HOUR)
    assert claim(records, now=NOW + 99 * HOUR) == ()


def test_a_retry_lets_all_attempts_be_made_anew(records: Records) -> None:
    document = hand_in(records).documents[0].id
    give_up(records)
    assert records.queue.retry([document], now=NOW + 9 * HOUR) == 1
    assert records.documents.get(document, team=None).error == MISSING
    give_up(records, start=NOW + 9 * HOUR)
    assert len(records.queue.list_attempts(document)) == 6


def test_a_retry_is_logged_with_what_it_changed(records: Records) -> None:
    document = hand_in(records).documents[0].id
    give_up(records)
    for _ in range(2):
        records.queue.retry([document], by="omar", now=NOW + 9 * HOUR)
    give_up(records, start=NOW + 9 * HOUR)
    records.queue.retry(by="omar", now=NOW + 99 * HOUR)
    logged = records.audit.iterate(AuditFilter(by="omar"))
    assert [(entry.action, entry.subject, entry.details) for entry in logged] == [
        ("documents-retried", f"document:{document}", {"documents": 1}),
        ("documents-retried", "", {"documents": 1}),
    ]


def test_asking_twice_for_a_retry_is_asking_once(records: Records) -> None:
    document = hand_in(records).documents[0].id
    give_up(records)
    assert [records.queue.retry([document], now=NOW + 9 * HOUR) for _ in range(2)] == [1, 0]
    (held,) = claim(records, now=NOW + 9 * HOUR)
    assert records.queue.retry([document], now=NOW + 9 * HOUR) == 0
    complete(records, held)
    assert records.queue.retry(now=NOW + 9 * HOUR) == 0
    assert status_of(records, document) is Status.COMPLETED


def test_a_retry_of_all_reaches_more_than_one_chunk(records: Records, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue, "CHUNK_SIZE", 2)
    batch = hand_in(records, *map(str, range(5)))
    for number in range(3):
        now = NOW + number * HOUR
        for held in claim(records, limit=5, now=now):
            records.queue.requeue(held, Cause.UNEXPECTED, MISSING, now=now)
    assert records.queue.retry(now=NOW + 9 * HOUR) == len(batch.documents)
    assert len(claim(records, limit=9, now=NOW + 9 * HOUR)) == 5


def test_documents_that_need_ops_are_counted_and_do_not_wait(records: Records) -> None:
    hand_in(records)
    give_up(records)
    depth = records.queue.measure_depth()
    assert (depth.documents, depth.waiting) == (((Status.NEEDS_OPS, "", 1),), 0)
    assert records.monitoring.count_documents(NOW).documents[Status.NEEDS_OPS] == 1


def test_a_batch_needs_ops_when_nothing_else_of_it_is_left_to_do(records: Records) -> None:
    hand_in(records)
    give_up(records)
    other = completed(records, "a", "b", at=NOW - SECOND)
    mixed = hand_in(records, "c", "d")
    first, second = claim(records, limit=2)
    complete(records, first)
    for number in range(3):
        records.queue.requeue(second, Cause.UNEXPECTED, MISSING, now=NOW + number * HOUR)
        if number < 2:
            (second,) = claim(records, now=NOW + (number + 1) * HOUR)
    rows = records.batches.list(team=None, owner=None, limit=9).items
    counted = {row.uuid: (row.status, row.n_ended, row.n_needs_ops) for row in rows}
    assert counted[mixed.uuid] == (Status.NEEDS_OPS, 1, 1)
    assert counted[other.uuid] == (Status.COMPLETED, 2, 0)
    (found,) = records.batches.find_by_name(mixed.uuid, team=None).items
    assert found.status is Status.NEEDS_OPS


def test_exports_are_due_again_when_a_document_is_left_to_ops_and_when_it_is_retried(records: Records) -> None:
    batch = hand_in(records)
    give_up(records)
    first = records.exports.claim(lease=HOUR, now=NOW)
    assert first == ExportClaim(batch.uuid, 1, 1, NOW + HOUR)
    records.exports.complete(first, now=NOW)
    records.queue.retry(now=NOW)
    assert records.exports.claim(lease=HOUR, now=NOW) == ExportClaim(batch.uuid, 2, 1, NOW + HOUR)


def test_a_file_counts_what_needs_ops_apart_from_what_waits(records: Records) -> None:
    hand_in(records, reference="Durand")
    give_up(records)
    (share,) = records.references.count_labels("Durand", team=None)
    assert (share.ended, share.needs_ops, share.documents) == (False, True, 1)


def test_records_of_an_earlier_program_let_wait_what_needed_ops(records: Records) -> None:
    hand_in(records)
    give_up(records)
    records.database.migrate("0015")
    with records.database.transaction() as connection:
        assert connection.execute(sa.text("SELECT status FROM documents")).scalar_one() == "PENDING"
        outcomes = set(connection.execute(sa.text("SELECT outcome FROM attempts")).scalars())
        assert outcomes == {"put back"}
    records.database.migrate()
    assert len(claim(records, now=NOW + 9 * HOUR)) == 1
