"""Exports are due after every change, are made by one at a time, and wait by themselves when they fail."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from sake_ray.domain.answers import Answer
from sake_ray.domain.documents import Batch, Document
from sake_ray.errors import Message
from sake_ray.storage.records import ExportClaim, Records
from tests.concurrency import all_at_once
from tests.storage.example_records import LEASE, NOW, SECOND, claim, complete, completed, hand_in

CHANGES: dict[str, Callable[[Records, Document], None]] = {
    "complete": lambda records, _: complete(records, claim(records)[0]),
    "fail": lambda records, _: records.queue.fail(claim(records)[0], Message("pdf-without-pages"), now=NOW),
    "answer": lambda records, document: records.answers.add(Answer(document.id, "invoice", "ann", NOW)),
}
HOUR = timedelta(hours=1)


def test_new_batch_has_no_export_due(records: Records) -> None:
    hand_in(records)
    assert not records.exports.has_due(NOW)
    assert records.exports.claim(lease=LEASE, now=NOW) is None


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_changed_batch_has_exports_due_until_they_are_made(
    records: Records, change: Callable[[Records, Document], None]
) -> None:
    batch = hand_in(records)
    change(records, batch.documents[0])
    assert records.exports.has_due(NOW)
    due = take(records)
    records.exports.complete(due, now=NOW)
    assert (due.batch, due.changes, records.exports.has_due(NOW + HOUR)) == (batch.uuid, 1, False)


def test_change_while_exporting_leaves_the_batch_due(records: Records) -> None:
    batch = completed(records)
    due = take(records)
    records.answers.add(Answer(batch.documents[0].id, "letter", "ann", NOW))
    records.exports.complete(due, now=NOW)
    assert take(records).changes == 2


def test_batch_whose_exports_took_long_rests_before_the_next(records: Records) -> None:
    batch = completed(records)
    records.exports.complete(take(records), now=NOW, pause=HOUR)
    records.answers.add(Answer(batch.documents[0].id, "letter", "ann", NOW))
    assert not records.exports.has_due(NOW + HOUR - SECOND)
    assert take(records, now=NOW + HOUR).batch == batch.uuid


def test_changes_at_once_are_all_counted(records: Records, url: str) -> None:
    batch = hand_in(records, *map(str, range(8)))
    given = [Answer(document.id, "letter", "ann", NOW) for document in batch.documents]
    all_at_once(url, [lambda mine, answer=answer: mine.answers.add(answer) for answer in given])  # type: ignore[misc]
    assert take(records).changes == 8


def test_exports_of_a_batch_are_made_by_one_at_a_time(records: Records, url: str) -> None:
    expected = sorted(answered(records).uuid for _ in range(3))
    claims: list[ExportClaim | None] = []
    all_at_once(url, [lambda mine: claims.append(mine.exports.claim(lease=LEASE, now=NOW))] * 6)
    # PostgreSQL passes over a row that another transaction holds.
    while found := records.exports.claim(lease=LEASE, now=NOW):
        claims.append(found)
    assert sorted(found.batch for found in claims if found) == expected


def test_exports_that_somebody_began_and_never_ended_are_tried_again(records: Records) -> None:
    completed(records)
    assert take(records).attempt == 1
    assert records.exports.claim(lease=LEASE, now=NOW + LEASE - SECOND) is None
    assert take(records, now=NOW + LEASE).attempt == 2


def test_batch_that_waits_longest_for_its_export_comes_first(records: Records) -> None:
    newer, older = (answered(records, at=NOW - hours * HOUR) for hours in (1, 2))
    first = take(records)
    records.exports.complete(first, now=NOW)
    records.answers.add(Answer(older.documents[0].id, "letter", "ann", NOW))
    assert [first.batch, take(records).batch, take(records).batch] == [older.uuid, newer.uuid, older.uuid]


def test_failed_export_waits_and_leaves_the_others_their_turn(records: Records) -> None:
    older, newer = answered(records, at=NOW - HOUR), answered(records)
    records.exports.fail(take(records), "disk full", not_before=NOW + HOUR)
    assert (take(records).batch, records.exports.has_due(NOW)) == (newer.uuid, False)
    again = take(records, now=NOW + HOUR)
    assert (again.batch, again.attempt) == (older.uuid, 2)


def test_failing_exports_are_counted_until_they_succeed(records: Records) -> None:
    answered(records)
    answered(records)
    for _ in range(2):
        records.exports.fail(take(records), "disk full", not_before=NOW + SECOND)
    assert records.exports.count_failing() == 2
    records.exports.complete(take(records, now=NOW + SECOND), now=NOW + SECOND)
    assert records.exports.count_failing() == 1


def test_export_that_came_late_has_the_batch_exported_anew(records: Records) -> None:
    """The first was slower than its lease: it may have overwritten what the second, who knew more, had exported."""
    batch = answered(records)
    late, second = take(records), take(records, now=NOW + LEASE)
    records.exports.complete(second, now=NOW + LEASE)
    assert not records.exports.has_due(NOW + HOUR)
    records.exports.complete(late, now=NOW + LEASE + SECOND)
    assert take(records, now=NOW + HOUR).batch == batch.uuid


def test_failure_that_came_late_changes_nothing(records: Records) -> None:
    answered(records)
    late = take(records)
    take(records, now=NOW + LEASE)
    records.exports.fail(late, "slow", not_before=NOW)
    assert (records.exports.count_failing(), records.exports.has_due(NOW + LEASE)) == (0, False)


def answered(records: Records, **changes: object) -> Batch:
    """A batch with an answer, so that its exports are due."""
    batch = hand_in(records, **changes)  # type: ignore[arg-type]
    records.answers.add(Answer(batch.documents[0].id, "invoice", "ann", NOW))
    return batch


def take(records: Records, *, now: object = NOW) -> ExportClaim:
    found = records.exports.claim(lease=LEASE, now=now)  # type: ignore[arg-type]
    assert found
    return found
