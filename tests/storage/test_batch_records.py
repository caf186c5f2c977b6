"""Batches are found, counted, and come back with their documents."""

from datetime import timedelta

import pytest

from sake_ray.domain.answers import Answer
from sake_ray.domain.listing import Listing
from sake_ray.errors import NotFound
from sake_ray.storage.records import BatchCount, Records, Span
from tests.storage.example_records import NOW, ODD, SECOND, completed, hand_in, names


def test_documents_of_a_batch_come_back_in_the_order_they_came(records: Records) -> None:
    batch = hand_in(records, "z", "a", "m", "b")
    assert records.batches.get_whole(batch.uuid) == batch


def test_batches_of_a_reference_come_newest_first(records: Records) -> None:
    middle, newest, oldest = (hand_in(records, at=NOW + hours * timedelta(hours=1)) for hours in (1, 2, 0))
    hand_in(records, reference="another")
    assert uuids(records.batches.find_by_name("order 7", team=None)) == ([newest.uuid, middle.uuid, oldest.uuid], 3)


def test_batches_are_paged_under_their_total(records: Records) -> None:
    handed_in = [hand_in(records, at=NOW - hours * timedelta(hours=1)) for hours in range(5)]
    first = records.batches.find_by_name("order 7", team=None, limit=2)
    found = records.batches.find_by_name("order 7", team=None, after=first.next_cursor, limit=2)
    assert uuids(found) == ([batch.uuid for batch in handed_in[2:4]], 5)


@pytest.mark.parametrize(
    "reference", [ODD, "", " ", "%", "_", "é", "e\u0301", "名", "x" * 200, "'; DROP TABLE batches"]
)
def test_batch_is_found_by_its_exact_reference(records: Records, reference: str) -> None:
    batch = hand_in(records, reference=reference)
    hand_in(records, reference="another")
    assert uuids(records.batches.find_by_name(reference, team=None)) == ([batch.uuid], 1)
    assert uuids(records.batches.list(team=None, reference=reference, limit=9)) == ([batch.uuid], 1)


def test_batch_of_another_team_is_not_found(records: Records) -> None:
    batch = hand_in(records, team="theirs")
    assert records.batches.find_by_name(batch.uuid, team="ours").total == 0
    assert records.batches.find_by_name(batch.reference, team="ours").total == 0
    with pytest.raises(NotFound):
        records.batches.get(batch.uuid, team="ours")


def test_unknown_batch_is_not_found(records: Records) -> None:
    assert (records.batches.find("nothing"), records.batches.count("nothing")) == (None, None)
    assert records.batches.find_by_name("nothing", team=None).total == 0
    for look in (lambda: records.batches.get("nothing", team=None), lambda: records.batches.get_whole("nothing")):
        with pytest.raises(NotFound):
            look()


def test_uuid_of_a_batch_finds_it_and_not_those_that_took_it_as_their_reference(records: Records) -> None:
    alpha = hand_in(records, team="alpha")
    beta = hand_in(records, team="beta", reference=alpha.uuid, at=NOW + SECOND)
    assert uuids(records.batches.find_by_name(alpha.uuid, team=None)) == ([alpha.uuid], 1)
    assert uuids(records.batches.find_by_name(alpha.uuid, team="alpha")) == ([alpha.uuid], 1)
    assert uuids(records.batches.find_by_name(alpha.uuid, team="beta")) == ([beta.uuid], 1)
    assert uuids(records.batches.list(team=None, reference=alpha.uuid, limit=9)) == ([beta.uuid], 1)


def test_documents_are_listed_by_their_positions(records: Records) -> None:
    batch, other = hand_in(records, *"abcde"), hand_in(records, *"xyz")
    found = records.batches.list_documents([Span(batch.uuid, 1, 3), Span(other.uuid, 2, 9), Span("nothing", 0, 9)])
    assert {uuid: names(documents) for uuid, documents in found.items()} == {
        batch.uuid: ["b", "c"],
        other.uuid: ["z"],
        "nothing": [],
    }


def test_labels_of_a_batch_are_counted_as_people_corrected_them(records: Records) -> None:
    batch = completed(records, *"abcd", label="invoice")
    hand_in(records, "waiting")
    for document, answer in zip(batch.documents, ("letter", "none_of_these", "unreadable"), strict=False):
        records.answers.add(Answer(document.id, answer, "ann", NOW))
    assert records.batches.count_labels(batch.uuid) == {"invoice": 1, "letter": 1, "other": 1}


def uuids(found: Listing[BatchCount]) -> tuple[list[str], int]:
    return [batch.uuid for batch in found.items], found.total
