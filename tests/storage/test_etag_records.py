"""The entity tag of a batch or document differs when what is sent of it does, and only then."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from sake_ray.domain.answers import Answer
from sake_ray.domain.documents import Batch
from sake_ray.domain.retries import Cause
from sake_ray.domain.verdicts import Policy
from sake_ray.errors import Message
from sake_ray.schemas.documents import DocumentOut
from sake_ray.storage.records import Records, Span
from tests.storage.example_records import LEASE, NOW, SECOND, claim, complete, hand_in, some_document


def begun(records: Records, batch: Batch) -> None:
    claim(records)


def read_a_page(records: Records, batch: Batch) -> None:
    records.queue.record_progress(claim(records)[0], done=1, pages=2)


def put_back(records: Records, batch: Batch) -> None:
    records.queue.requeue(claim(records)[0], Cause.LOST, Message("attempt-lost"), now=NOW)


def completed(records: Records, batch: Batch) -> None:
    complete(records, claim(records)[0], needs_review=True)


def failed(records: Records, batch: Batch) -> None:
    records.queue.fail(claim(records)[0], Message("pdf-without-pages"), now=NOW)


def answered(records: Records, batch: Batch) -> None:
    records.answers.add(Answer(batch.documents[0].id, "letter", "ann", NOW))


def decided_by_another_policy(records: Records, batch: Batch) -> None:
    policy = records.policies.add(Policy(threshold=0.1), by="root", now=NOW)
    records.policies.reapply(policy, records.policies.list_outdated(policy, limit=9), now=NOW)


def grown(records: Records, batch: Batch) -> None:
    records.documents.accept(batch, [some_document(batch)])


Change = Callable[[Records, Batch], None]
SEEN: dict[str, tuple[Change, ...]] = {
    "begun": (begun,),
    "page read": (begun, read_a_page),
    "put back": (begun, put_back),
    "completed": (completed,),
    "failed": (failed,),
    "answered": (completed, answered),
    "answered before it is read": (answered,),
    "another policy": (completed, decided_by_another_policy),
    "grown": (grown,),
}


@pytest.mark.parametrize("changes", SEEN.values(), ids=SEEN)
def test_etags_differ_exactly_when_what_is_sent_does(records: Records, changes: tuple[Change, ...]) -> None:
    batch = hand_in(records)
    id, spans = batch.documents[0].id, [Span(batch.uuid, 0, 9)]

    def send() -> list[tuple[object, str]]:
        """What is sent, and the entity tag under which it is sent."""
        count, labels = records.batches.count(batch.uuid), records.batches.count_labels(batch.uuid)
        document = DocumentOut.model_validate(records.documents.get(id, team=None))
        page = [DocumentOut.model_validate(one) for one in records.batches.list_documents(spans)[batch.uuid]]
        return [
            (document, records.etags.of_document(id)),
            (page, records.etags.of_documents(spans)),
            ((count, labels), records.etags.of_batch(batch.uuid)),
        ]

    before = send()
    for change in changes:
        records.queue.expire_leases(NOW)
        change(records, batch)
        after = send()
        assert [old[0] == new[0] for old, new in zip(before, after, strict=True)] == [
            old[1] == new[1] for old, new in zip(before, after, strict=True)
        ]
        before = after


def test_etag_stays_while_nothing_is_to_be_seen(records: Records) -> None:
    batch = hand_in(records)
    (held,) = claim(records)
    spans = [Span(batch.uuid, 0, 9)]
    before = records.etags.of_documents(spans), records.etags.of_batch(batch.uuid)
    records.queue.renew([held], lease=LEASE + timedelta(minutes=1), now=NOW + SECOND)
    hand_in(records)
    assert (records.etags.of_documents(spans), records.etags.of_batch(batch.uuid)) == before


def test_page_keeps_its_etag_while_another_changes(records: Records) -> None:
    batch = hand_in(records, *"abcd")
    first, second = [Span(batch.uuid, 0, 2)], [Span(batch.uuid, 2, 4)]
    before = records.etags.of_documents(first), records.etags.of_documents(second)
    answered(records, batch)
    after = records.etags.of_documents(first), records.etags.of_documents(second)
    assert (before[0] != after[0], before[1] == after[1]) == (True, True)
