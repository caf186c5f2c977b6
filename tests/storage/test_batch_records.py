"""Batches come back with their documents, and say when their exports are due."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from sake_ray.domain.answers import Answer
from sake_ray.domain.documents import Document
from sake_ray.errors import Message
from sake_ray.storage.records import Records
from tests.concurrency import all_at_once
from tests.storage.example_records import NOW, ODD, claim, complete, completed, hand_in


def test_documents_of_a_batch_come_back_in_the_order_they_came(records: Records) -> None:
    batch = hand_in(records, "z", "a", "m", "b")
    assert records.batches.find_by_name(batch.uuid, team=None) == ((batch,), 1)


def test_batches_of_a_reference_come_newest_first(records: Records) -> None:
    middle, newest, oldest = (hand_in(records, at=NOW + hours * timedelta(hours=1)) for hours in (1, 2, 0))
    hand_in(records, reference="another")
    assert records.batches.find_by_name("order 7", team=None) == ((newest, middle, oldest), 3)


def test_batches_are_paged_under_their_total(records: Records) -> None:
    handed_in = [hand_in(records, at=NOW - hours * timedelta(hours=1)) for hours in range(5)]
    found, total = records.batches.find_by_name("order 7", team=None, limit=2, offset=2)
    assert (list(found), total) == (handed_in[2:4], 5)


@pytest.mark.parametrize(
    "reference", [ODD, "", " ", "%", "_", "é", "e\u0301", "名", "x" * 200, "'; DROP TABLE batches"]
)
def test_batch_is_found_by_its_exact_reference(records: Records, reference: str) -> None:
    batch = hand_in(records, reference=reference)
    hand_in(records, reference="another")
    assert records.batches.find_by_name(reference, team=None) == ((batch,), 1)


def test_batch_of_another_team_is_not_found(records: Records) -> None:
    batch = hand_in(records, team="theirs")
    assert records.batches.find_by_name(batch.uuid, team="ours") == ((), 0)
    assert records.batches.find_by_name(batch.reference, team="ours") == ((), 0)


def test_unknown_batch_is_none(records: Records) -> None:
    assert records.batches.find("nothing") is None
    assert records.batches.find_by_name("nothing", team=None) == ((), 0)


def test_new_batch_has_no_export_due(records: Records) -> None:
    hand_in(records)
    assert records.batches.list_due_exports() == ()


CHANGES: dict[str, Callable[[Records, Document], None]] = {
    "complete": lambda records, _: complete(records, claim(records)[0]),
    "fail": lambda records, _: records.queue.fail(claim(records)[0], Message("pdf-without-pages"), now=NOW),
    "answer": lambda records, document: records.answers.add(Answer(document.id, "invoice", "ann", NOW)),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_changed_batch_has_exports_due_until_they_are_made(
    records: Records, change: Callable[[Records, Document], None]
) -> None:
    batch = hand_in(records)
    change(records, batch.documents[0])
    due = records.batches.list_due_exports()
    records.batches.mark_exported(*due[0])
    assert (due, records.batches.list_due_exports()) == (((batch.uuid, 1),), ())


def test_change_while_exporting_leaves_the_batch_due(records: Records) -> None:
    batch = completed(records)
    ((uuid, changes),) = records.batches.list_due_exports()
    records.answers.add(Answer(batch.documents[0].id, "letter", "ann", NOW))
    records.batches.mark_exported(uuid, changes)
    assert records.batches.list_due_exports() == ((batch.uuid, 2),)


def test_changes_at_once_are_all_counted(records: Records, url: str) -> None:
    batch = hand_in(records, *map(str, range(8)))
    given = [Answer(document.id, "letter", "ann", NOW) for document in batch.documents]
    all_at_once(url, [lambda mine, answer=answer: mine.answers.add(answer) for answer in given])  # type: ignore[misc]
    assert records.batches.list_due_exports() == ((batch.uuid, 8),)
