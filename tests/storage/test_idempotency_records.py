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
from sake_ray.storage.records import DocumentFilter, Records
from tests.concurrency import all_at_once
from tests.storage.example_records import LEASE, NOW, ODD, SECOND, some_batch, some_document


def begin(
    records: Records, *, digest: str = "d", worker: str = "w", now: datetime = NOW, account: str = "ann"
) -> Any | None:
    return records.idempotency_keys.begin(account, "key", digest=digest, worker=worker, now=now)


def settle(records: Records, *, worker: str = "w") -> Batch:
    """Accept a batch in answer to the request."""
    batch = some_batch()
    answer = {"uuid": batch.uuid, ODD: [1, None]}
    records.documents.accept(batch, [some_document(batch)], request=("ann", "key"), worker=worker, answer=answer)
    return batch


def test_same_request_again_gets_the_same_answer(records: Records) -> None:
    assert begin(records) is None
    batch = settle(records)
    assert begin(records, worker="another") == {"uuid": batch.uuid, ODD: [1, None]}


def test_same_key_with_other_content_is_refused(records: Records) -> None:
    begin(records)
    settle(records)
    with pytest.raises(IdempotencyKeyReused):
        begin(records, digest="other")


def test_same_key_of_another_account_is_another(records: Records) -> None:
    begin(records)
    assert begin(records, account="bob", digest="other") is None


def test_same_request_while_the_first_runs_is_told_so(records: Records) -> None:
    begin(records)
    with pytest.raises(StillRunning):
        begin(records, worker="another", now=NOW + SECOND)


def test_same_request_eight_times_at_once_runs_once(records: Records, url: str) -> None:
    def run(mine: Records) -> bool:
        try:
            return begin(mine, worker=uuid4().hex) is None
        except StillRunning:
            return False

    assert sum(all_at_once(url, [run] * 8)) == 1


def test_request_of_a_killed_worker_may_be_taken_over(records: Records) -> None:
    begin(records)
    assert begin(records, worker="another", now=NOW + LEASE + SECOND) is None


def test_request_that_was_taken_over_accepts_nothing(records: Records) -> None:
    begin(records)
    begin(records, worker="another", now=NOW + LEASE + SECOND)
    with pytest.raises(StillRunning):
        settle(records)
    assert records.documents.list(DocumentFilter(), limit=1) == ((), 0)
    assert records.batches.find_by_name("order 7", team=None) == ((), 0)


def test_dropped_key_is_free(records: Records) -> None:
    begin(records)
    records.idempotency_keys.release("ann", "key", worker="w")
    assert begin(records, digest="other", worker="another") is None


def test_key_of_another_worker_is_not_dropped(records: Records) -> None:
    begin(records)
    records.idempotency_keys.release("ann", "key", worker="another")
    with pytest.raises(StillRunning):
        begin(records)


def test_answered_key_is_not_dropped(records: Records) -> None:
    begin(records)
    batch = settle(records)
    records.idempotency_keys.release("ann", "key", worker="w")
    assert begin(records) == {"uuid": batch.uuid, ODD: [1, None]}


def test_key_is_forgotten_after_a_day(records: Records) -> None:
    begin(records)
    settle(records)
    assert begin(records, now=NOW + timedelta(days=1)) is not None
    assert begin(records, digest="other", now=NOW + timedelta(days=1, seconds=1)) is None


def test_key_dropped_at_the_same_moment_disturbs_nobody(records: Records, url: str) -> None:
    def run(mine: Records) -> int:
        worker, held = uuid4().hex, 0
        for _ in range(30):
            with suppress(StillRunning):
                begin(mine, worker=worker)
                held += 1
                mine.idempotency_keys.release("ann", "key", worker=worker)
        return held

    assert sum(all_at_once(url, [run] * 8)) >= 8
    assert begin(records) is None
