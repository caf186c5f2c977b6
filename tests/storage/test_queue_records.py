"""The queue hands out each document to one attempt at a time."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import pytest
import sqlalchemy as sa

from sake_ray.domain.documents import Claim, Status
from sake_ray.domain.retries import Cause
from sake_ray.domain.verdicts import Policy, Prediction, Verdict
from sake_ray.errors import (
    LeaseLost,
    Message,
)
from sake_ray.storage.records import Records
from tests.concurrency import all_at_once, in_processes
from tests.storage.example_records import (
    LEASE,
    NOW,
    SECOND,
    claim,
    complete,
    completed,
    count_predictions,
    hand_in,
    ids,
    predict,
    read,
)


def test_claim_takes_the_oldest_first_and_no_more_than_asked(records: Records) -> None:
    later, oldest = hand_in(records, "c", "d", at=NOW - SECOND), hand_in(records, "a", "b", at=NOW - 2 * SECOND)
    claimed = claim(records, limit=3)
    assert [held.document.name for held in claimed] == ["a", "b", "c"]
    assert {held.document.batch for held in claimed} == {oldest.uuid, later.uuid}


def test_claim_carries_the_document_as_it_is_now(records: Records) -> None:
    document = hand_in(records).documents[0]
    assert claim(records) == (Claim(replace(document, status=Status.IN_PROGRESS, attempt=1), 1),)


def test_what_is_known_of_the_attempts_before_is_read_at_once(records: Records) -> None:
    hand_in(records, "a", "b", "c", "d")
    first, second, third = claim(records, limit=3)
    for held, ago in ((first, 2), (second, 1)):
        records.queue.requeue(held, Cause.SERVICE, Message("storage-failed"), now=NOW - ago * SECOND)
    asked: list[str] = []

    @sa.event.listens_for(records.database._engine(), "before_cursor_execute")
    def note(_: object, __: object, statement: str, *___: object) -> None:
        if statement.startswith("SELECT attempts.document,"):
            asked.append(statement)

    claimed = {held.document.id: held for held in claim(records, limit=4, now=NOW + 2 * LEASE)}
    assert (len(claimed), len(asked)) == (4, 1)
    assert [claimed[held.document.id].waiting_since for held in (first, second)] == [NOW - 2 * SECOND, NOW - SECOND]
    assert claimed[third.document.id].lost_since == NOW
    assert {held.attempt for held in claimed.values()} == {1, 2}


def test_claimed_document_is_not_claimed_again_under_its_lease(records: Records) -> None:
    hand_in(records)
    claim(records)
    assert claim(records, now=NOW + LEASE) == ()


def test_documents_that_ended_are_not_claimed(records: Records) -> None:
    hand_in(records, "a", "b")
    first, second = claim(records, limit=2)
    complete(records, first)
    records.queue.fail(second, Message("pdf-without-pages"), now=NOW)
    assert claim(records, limit=2, now=NOW + 2 * LEASE) == ()


def test_claiming_from_nothing_gives_nothing(records: Records) -> None:
    assert claim(records, limit=5) == ()


def test_something_waits_while_a_claim_would_find_it(records: Records) -> None:
    waits = [records.queue.has_claimable(NOW)]
    hand_in(records)
    waits.append(records.queue.has_claimable(NOW))
    claim(records)
    waits += [records.queue.has_claimable(NOW), records.queue.has_claimable(NOW + LEASE + SECOND)]
    assert waits == [False, True, False, True]


def test_eight_processes_claim_every_document_exactly_once(records: Records, url: str) -> None:
    expected = {document.id for _ in range(4) for document in hand_in(records, *map(str, range(100))).documents}
    claimed = [
        " ".join(printed.split()).split() for printed in in_processes(8, "tests.storage.programs.claim_documents", url)
    ]
    assert sorted(identity for one in claimed for identity in one) == sorted(expected)


def test_expired_lease_is_claimed_again_as_the_next_attempt(records: Records) -> None:
    document = hand_in(records).documents[0]
    claim(records)
    (second,) = claim(records, now=NOW + LEASE + SECOND)
    assert (second.document.id, second.attempt, second.document.attempt) == (document.id, 2, 2)


def test_attempt_whose_lease_expired_is_logged_as_lost(records: Records) -> None:
    document = hand_in(records).documents[0]
    claim(records)
    claim(records, now=NOW + LEASE + SECOND)
    assert records.queue.list_attempts(document.id) == ((1, "lost"), (2, None))


def put_back(records: Records, held: Claim, *, cause: Cause = Cause.SERVICE, now: datetime = NOW) -> Status:
    return records.queue.requeue(held, cause, Message("storage-failed"), now=now)


Write = Callable[[Records, Claim], None]

WRITES: dict[str, Write] = {
    "progress": lambda records, held: records.queue.record_progress(held, done=1, pages=9),
    "complete": complete,
    "fail": lambda records, held: records.queue.fail(held, Message("pdf-without-pages"), now=NOW),
    "requeue": lambda records, held: put_back(records, held),
}


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
def test_late_write_of_an_earlier_attempt_is_refused(records: Records, write: Write) -> None:
    hand_in(records)
    (first,) = claim(records)
    claim(records, now=NOW + LEASE + SECOND)
    with pytest.raises(LeaseLost, match=first.document.id):
        write(records, first)


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
def test_late_write_of_an_earlier_attempt_changes_nothing(records: Records, write: Write) -> None:
    document = hand_in(records).documents[0]
    (first,) = claim(records)
    (second,) = claim(records, now=NOW + LEASE + SECOND)
    with pytest.raises(LeaseLost):
        write(records, first)
    assert records.documents.get(document.id, team=None) == second.document
    assert records.queue.list_attempts(document.id) == ((1, "lost"), (2, None))
    assert (count_predictions(records), records.exports.has_due(NOW)) == (0, False)


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
def test_write_after_the_end_is_refused(records: Records, write: Write) -> None:
    document = hand_in(records).documents[0]
    (held,) = claim(records)
    complete(records, held)
    ended = records.documents.get(document.id, team=None)
    with pytest.raises(LeaseLost):
        write(records, held)
    assert records.documents.get(document.id, team=None) == ended


def test_completing_eight_times_at_once_makes_one_prediction(records: Records, url: str) -> None:
    hand_in(records)
    (held,) = claim(records)
    records.policies.apply_settings(Policy(), now=NOW)

    def finish(mine: Records) -> bool:
        try:
            mine.queue.complete(held, read(), predict(), now=NOW)
        except LeaseLost:
            return False
        return True

    assert sum(all_at_once(url, [finish] * 8)) == 1
    assert count_predictions(records) == 1


def test_completed_document_shows_its_reading_and_prediction(records: Records) -> None:
    document = hand_in(records).documents[0]
    (held,) = claim(records)
    verdict = Verdict(None, None, {"é": 0.1, "b": 1 / 3}, True, Message.restore("there is no text"))
    prediction = Prediction(verdict, "4", "cd" * 32, 1)
    records.policies.apply_settings(Policy(), now=NOW)
    records.queue.complete(held, read(confidence=None), prediction, now=NOW + SECOND)
    assert records.documents.get(document.id, team=None) == replace(
        *(document,),
        status=Status.COMPLETED,
        attempt=1,
        pages=2,
        pages_done=2,
        error="there is no text",
        ended_at=NOW + SECOND,
        reading=read(confidence=None),
        prediction=prediction,
    )


def test_failed_document_shows_its_error(records: Records) -> None:
    document = hand_in(records).documents[0]
    (held,) = claim(records)
    records.queue.fail(held, Message("pdf-without-pages"), now=NOW + SECOND)
    failed = replace(
        document, status=Status.FAILED, attempt=1, error=Message("pdf-without-pages"), ended_at=NOW + SECOND
    )
    assert records.documents.get(document.id, team=None) == failed
    assert records.queue.list_attempts(document.id) == ((1, "failed"),)


def test_failed_document_keeps_the_code_and_the_values_of_its_error(records: Records) -> None:
    document = hand_in(records).documents[0]
    odd = Message("only-file-refused", error=Message("base64-invalid", file="a\0\udcff"))
    records.queue.fail(claim(records)[0], odd, now=NOW)
    error = records.documents.get(document.id, team=None).error
    assert (error.code, error.params["error"].code) == ("only-file-refused", "base64-invalid")
    assert error.params["error"].params == {"file": "a?"}


def test_document_from_before_there_were_codes_keeps_its_sentence(records: Records) -> None:
    document = hand_in(records).documents[0]
    records.queue.fail(claim(records)[0], Message.restore("The PDF has no pages."), now=NOW)
    with records.database.transaction() as connection:
        row = connection.execute(sa.text("SELECT error_code, error_params FROM documents")).one()
    error = records.documents.get(document.id, team=None).error
    assert (*row, error, error.code, error.params) == (None, None, "The PDF has no pages.", "", {})


def test_progress_shows_on_the_document(records: Records) -> None:
    document = hand_in(records).documents[0]
    records.queue.record_progress(claim(records)[0], done=1, pages=9)
    found = records.documents.get(document.id, team=None)
    assert (found.pages_done, found.pages, found.status) == (1, 9, Status.IN_PROGRESS)


def test_next_attempt_begins_at_no_page(records: Records) -> None:
    hand_in(records)
    records.queue.record_progress(claim(records)[0], done=1, pages=9)
    assert claim(records, now=NOW + LEASE + SECOND)[0].document.pages_done == 0


def test_renewing_tells_which_are_still_held(records: Records) -> None:
    hand_in(records, "lost", at=NOW - SECOND)
    (lost,) = claim(records)
    hand_in(records, "ended", "held")
    claim(records, now=NOW + LEASE + SECOND, worker="another")
    ended, held = claim(records, limit=2, now=NOW + LEASE + SECOND)
    complete(records, ended)
    assert records.queue.renew([lost, ended, held], lease=LEASE, now=NOW) == {held.document.id}


def test_renewed_lease_holds_longer(records: Records) -> None:
    hand_in(records)
    claims = claim(records)
    records.queue.renew(claims, lease=LEASE, now=NOW + LEASE)
    assert claim(records, now=NOW + LEASE + SECOND) == ()
    assert claim(records, now=NOW + 2 * LEASE + SECOND) != ()


def test_requeued_document_waits_for_its_time(records: Records) -> None:
    hand_in(records)
    (held,) = claim(records)
    put_back(records, held)
    assert claim(records, now=NOW) == ()
    assert claim(records, now=NOW + SECOND)[0].attempt == 2


def test_requeued_attempt_is_logged_as_put_back_and_not_as_lost(records: Records) -> None:
    document = hand_in(records).documents[0]
    put_back(records, claim(records)[0])
    claim(records, now=NOW + SECOND)
    assert records.queue.list_attempts(document.id) == ((1, "put back"), (2, None))


def test_documents_whose_leases_are_ended_are_claimed_at_once(records: Records) -> None:
    batch = hand_in(records, "a", "b")
    claim(records, limit=2)
    records.queue.expire_leases(NOW)
    assert ids(claim(records, limit=2)) == [document.id for document in batch.documents]


def test_ending_leases_leaves_alone_what_is_not_in_work(records: Records) -> None:
    completed(records)
    hand_in(records, "put back")
    put_back(records, claim(records)[0])
    records.queue.expire_leases(NOW)
    assert claim(records, limit=2) == ()


def test_depth_counts_by_status_and_label_and_tells_the_oldest(records: Records) -> None:
    completed(records, "a", "b", label="invoice", at=NOW - 9 * SECOND)
    completed(records, label="letter", at=NOW - 8 * SECOND)
    hand_in(records, at=NOW - 7 * SECOND)
    records.queue.fail(claim(records)[0], Message("pdf-without-pages"), now=NOW)
    hand_in(records, at=NOW - 6 * SECOND)
    claim(records)
    hand_in(records, "a", "b")
    depth = records.queue.measure_depth()
    assert sorted(depth.documents) == [
        (Status.COMPLETED, "invoice", 2),
        (Status.COMPLETED, "letter", 1),
        (Status.FAILED, "", 1),
        (Status.IN_PROGRESS, "", 1),
        (Status.PENDING, "", 2),
    ]
    assert (depth.waiting, depth.oldest) == (3, NOW - 6 * SECOND)


def test_nothing_waits_in_empty_records(records: Records) -> None:
    depth = records.queue.measure_depth()
    assert (depth.documents, depth.waiting, depth.oldest) == ((), 0, None)
