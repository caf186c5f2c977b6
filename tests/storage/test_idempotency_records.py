"""A request that is sent twice is carried out once."""

from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from sake_ray.domain.documents import Batch
from sake_ray.errors import (
    IdempotencyKeyReused,
    StillRunning,
)
from sake_ray.storage.records import AlreadyAnswered, DocumentFilter, HeldKey, PendingReply, Records
from tests.concurrency import all_at_once
from tests.storage.example_records import LEASE, NOW, ODD, SECOND, some_batch, some_document


def held(*, digest: str = "d", worker: str = "w", account: str = "ann") -> HeldKey:
    return HeldKey(account, "key", digest, worker)


def begin(records: Records, *, now: datetime = NOW, **key: str) -> None:
    records.idempotency_keys.begin(held(**key), now=now)


def settle(records: Records, **key: str) -> Batch:
    """Accept a batch in answer to the request."""
    batch = some_batch()
    reply: PendingReply[Batch] = PendingReply(held(**key), lambda accepted: ODD + accepted.uuid, NOW)
    records.documents.accept(batch, [some_document(batch)], reply=reply)
    return batch


def is_held(records: Records, *, now: datetime = NOW, **key: str) -> bool:
    """Whether somebody carries the request out, as another worker would learn."""
    with pytest.raises(StillRunning) as told:
        begin(records, now=now, **key)
    return told.value.code == "request-in-progress"


def reply_of(records: Records, **key: Any) -> str:
    """The reply that the request gets when it is sent again."""
    with pytest.raises(AlreadyAnswered) as known:
        begin(records, **key)
    return known.value.reply


def test_same_request_again_gets_the_same_answer(records: Records) -> None:
    begin(records)
    batch = settle(records)
    assert reply_of(records, worker="another") == ODD + batch.uuid


def test_same_key_with_other_content_is_refused(records: Records) -> None:
    begin(records)
    settle(records)
    with pytest.raises(IdempotencyKeyReused):
        begin(records, digest="other")


def test_same_key_of_another_account_is_another(records: Records) -> None:
    begin(records)
    begin(records, account="bob", digest="other")
    assert is_held(records, account="bob", digest="other")


def test_same_request_while_the_first_runs_is_told_so(records: Records) -> None:
    begin(records)
    with pytest.raises(StillRunning):
        begin(records, worker="another", now=NOW + SECOND)


def test_same_request_eight_times_at_once_runs_once(records: Records, url: str) -> None:
    def run(mine: Records) -> bool:
        try:
            begin(mine, worker=uuid4().hex)
        except StillRunning:
            return False
        return True

    assert sum(all_at_once(url, [run] * 8)) == 1


def test_request_of_a_killed_worker_may_be_taken_over(records: Records) -> None:
    begin(records)
    begin(records, worker="another", now=NOW + LEASE + SECOND)
    assert is_held(records, now=NOW + LEASE + SECOND)


def test_request_that_is_renewed_is_not_taken_over(records: Records) -> None:
    begin(records)
    records.idempotency_keys.renew([held()], now=NOW + LEASE)
    with pytest.raises(StillRunning):
        begin(records, worker="another", now=NOW + LEASE + SECOND)


def test_key_that_was_taken_over_is_not_renewed_by_its_former_holder(records: Records) -> None:
    begin(records)
    begin(records, worker="another", now=NOW + LEASE + SECOND)
    records.idempotency_keys.renew([held()], now=NOW + 3 * LEASE)
    begin(records, worker="third", now=NOW + 3 * LEASE)
    assert is_held(records, now=NOW + 3 * LEASE)


def test_first_to_finish_is_answered_also_when_it_was_taken_over(records: Records) -> None:
    begin(records)
    begin(records, worker="another", now=NOW + LEASE + SECOND)
    batch = settle(records)
    with pytest.raises(AlreadyAnswered) as known:
        settle(records, worker="another")
    assert known.value.reply == ODD + batch.uuid
    assert records.batches.find_by_name("order 7", team=None).total == 1


def test_what_another_worker_did_first_is_logged_once(records: Records) -> None:
    begin(records)
    batch = settle(records)
    with pytest.raises(AlreadyAnswered):
        settle(records, worker="another")
    assert [entry.subject for entry in records.audit.iterate()] == [f"batch:{batch.uuid}"]


def test_eight_that_finish_at_once_accept_one_batch_and_get_one_answer(records: Records, url: str) -> None:
    begin(records)

    def run(mine: Records) -> str:
        try:
            return ODD + settle(mine, worker=uuid4().hex).uuid
        except AlreadyAnswered as known:
            return known.reply

    assert len(set(all_at_once(url, [run] * 8))) == 1
    assert records.documents.list(DocumentFilter(), limit=1).total == 1


def test_finisher_whose_key_was_freed_is_answered(records: Records) -> None:
    begin(records)
    begin(records, worker="another", now=NOW + LEASE + SECOND)
    records.idempotency_keys.release(held(worker="another"))
    batch = settle(records)
    assert reply_of(records) == ODD + batch.uuid


def test_finisher_whose_key_belongs_to_other_content_accepts_nothing(records: Records) -> None:
    begin(records)
    begin(records, worker="another", now=NOW + LEASE + SECOND)
    records.idempotency_keys.release(held(worker="another"))
    begin(records, digest="other", worker="another")
    with pytest.raises(StillRunning):
        settle(records)
    assert records.documents.list(DocumentFilter(), limit=1).items == ()
    assert records.batches.find_by_name("order 7", team=None).items == ()


def test_request_that_failed_learns_the_answer_of_another(records: Records) -> None:
    begin(records)
    begin(records, worker="another", now=NOW + LEASE + SECOND)
    batch = settle(records, worker="another")
    assert records.idempotency_keys.release(held()) == ODD + batch.uuid


def test_dropped_key_is_free(records: Records) -> None:
    begin(records)
    assert records.idempotency_keys.release(held()) is None
    begin(records, digest="other", worker="another")


def test_key_of_another_worker_is_not_dropped(records: Records) -> None:
    begin(records)
    records.idempotency_keys.release(held(worker="another"))
    with pytest.raises(StillRunning):
        begin(records)


def test_answered_key_is_not_dropped(records: Records) -> None:
    begin(records)
    batch = settle(records)
    records.idempotency_keys.release(held())
    assert reply_of(records) == ODD + batch.uuid


def test_key_is_forgotten_after_a_day(records: Records) -> None:
    begin(records)
    settle(records)
    assert reply_of(records, now=NOW + timedelta(days=1))
    begin(records, digest="other", now=NOW + timedelta(days=1, seconds=1))


def test_key_in_work_is_not_forgotten_however_long_it_takes(records: Records) -> None:
    begin(records)
    later = NOW + timedelta(days=2)
    records.idempotency_keys.renew([held()], now=later)
    with pytest.raises(StillRunning):
        begin(records, worker="another", now=later)


def test_key_dropped_at_the_same_moment_disturbs_nobody(records: Records, url: str) -> None:
    def run(mine: Records) -> int:
        worker, count = uuid4().hex, 0
        for _ in range(30):
            with suppress(StillRunning):
                begin(mine, worker=worker)
                count += 1
                mine.idempotency_keys.release(held(worker=worker))
        return count

    assert sum(all_at_once(url, [run] * 8)) >= 8
    begin(records)
