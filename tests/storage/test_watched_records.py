"""A file of a watched place is accepted once; how places fare is known."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa

from sake_ray.domain.documents import Batch
from sake_ray.storage.records import AlreadyHandedIn, DocumentFilter, PendingUpload, Records, WatchedFile, WatchedPlace
from sake_ray.storage.records.tables import documents, watched_files
from tests.concurrency import all_at_once
from tests.storage.example_records import NOW, some_batch, some_document


def accept(records: Records, *identities: str, reference: str = "order 7") -> Batch:
    batch = some_batch(reference)
    documents = [some_document(batch) for _ in identities]
    files = [WatchedFile(one, f"stamp {one}", document.id) for one, document in zip(identities, documents, strict=True)]
    records.documents.accept(batch, documents, watched=files)
    return batch


def count(records: Records) -> int:
    return len(records.documents.list(DocumentFilter(), limit=100).items)


def test_a_file_is_accepted_once_and_whoever_is_second_records_nothing(records: Records) -> None:
    accept(records, "a", "b")
    with pytest.raises(AlreadyHandedIn) as caught:
        accept(records, "c", "b")
    assert len(caught.value.documents) == 1
    assert count(records) == 2
    accept(records, "c")
    assert count(records) == 3


def test_the_upload_of_whoever_is_second_can_be_condemned(records: Records) -> None:
    accept(records, "a")
    batch = some_batch()
    document = some_document(batch)
    upload = PendingUpload("u", batch.uuid, (document.id,))
    records.uploads.begin(upload, now=NOW)
    with pytest.raises(AlreadyHandedIn):
        records.documents.accept(batch, [document], upload="u", watched=[WatchedFile("a", "s", document.id)])
    assert records.uploads.condemn("u", now=NOW) == upload


def test_of_many_at_once_one_accepts_a_file(records: Records, url: str) -> None:
    def run(mine: Records) -> int:
        try:
            accept(mine, "b", "a")
        except AlreadyHandedIn:
            return 0
        return 1

    runs: list[Callable[[Records], int]] = [run] * 6
    assert sum(all_at_once(url, runs)) == 1
    assert count(records) == 2


def test_what_became_of_files_is_found_by_their_stamps(records: Records) -> None:
    accept(records, "failed", "works", "needs ops", "completed", "gone")
    for identity, status in {"failed": "FAILED", "needs ops": "NEEDS_OPS", "completed": "COMPLETED"}.items():
        document = sa.select(watched_files.c.document).where(watched_files.c.identity == identity).scalar_subquery()
        with records.database.transaction() as connection:
            values = {"status": status, "error": "Why." if identity == "failed" else ""}
            connection.execute(documents.update().where(documents.c.id == document).values(**values))
    with records.database.transaction() as connection:
        connection.execute(watched_files.update().where(watched_files.c.identity == "gone").values(document="none"))
    found = records.watched.find_outcomes(
        [*(f"stamp {number}" for number in range(1200)), *map("stamp {}".format, NAMES)]
    )
    assert {stamp.removeprefix("stamp "): (one.has_ended, str(one.error)) for stamp, one in found.items()} == NAMES
    assert records.watched.find_outcomes([]) == {}


NAMES = {
    "failed": (True, "Why."),
    "works": (False, ""),
    "needs ops": (False, ""),
    "completed": (True, ""),
    "gone": (True, ""),
}


def test_a_file_that_is_there_again_is_found_by_its_new_stamp(records: Records) -> None:
    accept(records, "a", "b")
    records.watched.restamp([WatchedFile("a", "new", "")])
    assert set(records.watched.find_outcomes(["stamp a", "stamp b", "new"])) == {"stamp b", "new"}


def test_what_was_handed_in_and_failed_is_added_up_and_the_rest_is_of_the_last_look(records: Records) -> None:
    first = WatchedPlace("p", "scans", "paris", NOW, 3, 1, 5, NOW, "away")
    second = WatchedPlace("p", "scans", "paris", NOW + timedelta(minutes=1), 2, 0, 0, None, "")
    records.watched.record_look(first)
    assert records.watched.list_places(NOW) == (first,)
    records.watched.record_look(second)
    assert records.watched.list_places(NOW) == (
        WatchedPlace("p", "scans", "paris", second.looked_at, 5, 1, 0, None, ""),
    )


def test_a_place_that_nobody_looks_at_is_forgotten(records: Records) -> None:
    records.watched.record_look(WatchedPlace("old", "a", "paris", NOW))
    later = NOW + timedelta(days=8)
    assert records.watched.list_places(later) == ()  # also where nobody looks at any
    records.watched.record_look(WatchedPlace("new", "b", "paris", later))
    assert [place.id for place in records.watched.list_places(NOW)] == ["new"]


def test_places_that_nobody_is_to_look_at_are_forgotten_and_their_files_are_not(records: Records) -> None:
    accept(records, "a")
    for name in ("one", "two", "three"):
        records.watched.record_look(WatchedPlace(name, name, "paris", NOW))
    records.watched.forget_places(["two", "one", "never there"])
    assert [place.id for place in records.watched.list_places(NOW)] == ["three"]
    assert records.watched.find_outcomes(["stamp a"])
