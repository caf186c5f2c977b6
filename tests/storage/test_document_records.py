"""Documents come back as they were accepted, and are found by what they are."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from sake_ray.domain.documents import Status
from sake_ray.domain.verdicts import Policy
from sake_ray.errors import (
    Message,
    NotFound,
)
from sake_ray.storage.records import DocumentFilter, Records
from tests.concurrency import all_at_once
from tests.storage.example_records import (
    NOW,
    ODD,
    SECOND,
    claim,
    complete,
    hand_in,
    names,
    predict,
    read,
    some_batch,
    some_document,
)


def test_accepted_document_comes_back_as_it_was(records: Records) -> None:
    batch = some_batch(ODD)
    document = some_document(batch, name=ODD, at=datetime(2026, 1, 2, 3, 4, 5, 6, tzinfo=UTC))
    records.documents.accept(batch, [document])
    assert records.documents.get(document.id, team=None) == document


def test_moment_of_another_time_zone_comes_back_as_the_same_moment_in_utc(records: Records) -> None:
    paris = NOW.astimezone(datetime.strptime("+0200", "%z").tzinfo)
    document = hand_in(records, at=paris).documents[0]
    found = records.documents.get(document.id, team=None).submitted_at
    assert (found, found.utcoffset()) == (NOW, timedelta(0))


def test_document_of_another_team_is_not_found(records: Records) -> None:
    document = hand_in(records, team="theirs").documents[0]
    assert records.documents.get(document.id, team="theirs") == document
    with pytest.raises(NotFound, match=document.id):
        records.documents.get(document.id, team="ours")


def test_unknown_document_is_not_found(records: Records) -> None:
    with pytest.raises(NotFound):
        records.documents.get("nothing", team=None)


def test_documents_are_listed_newest_first_in_pages_under_their_total(records: Records) -> None:
    for hours in (0, 2, 1):
        hand_in(records, f"{hours} a", f"{hours} b", at=NOW + hours * timedelta(hours=1))
    first = records.documents.list(DocumentFilter(), limit=4)
    rest = records.documents.list(DocumentFilter(), after=first.next_cursor, limit=4)
    assert (names(first.items), names(rest.items), first.total) == (["2 b", "2 a", "1 b", "1 a"], ["0 b", "0 a"], 6)


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (DocumentFilter(), {"sure", "doubtful", "failed", "waiting"}),
        (DocumentFilter(team="home"), {"waiting"}),
        (DocumentFilter(status=Status.COMPLETED), {"sure", "doubtful"}),
        (DocumentFilter(status=Status.FAILED), {"failed"}),
        (DocumentFilter(label="letter"), {"doubtful"}),
        (DocumentFilter(needs_review=True), {"doubtful"}),
        (DocumentFilter(needs_review=False), {"sure"}),
        (DocumentFilter(reference="order 8"), {"waiting"}),
        (DocumentFilter("office", Status.COMPLETED, "invoice", False, "order 7"), {"sure"}),
        (DocumentFilter("home", Status.COMPLETED), set()),
    ],
    # A set shows its members in another order in each worker.
    ids=lambda part: "" if isinstance(part, set) else repr(part),
)
def test_each_criterion_leaves_out_what_does_not_fit(
    records: Records, wanted: DocumentFilter, expected: set[str]
) -> None:
    hand_in(records, "sure", "doubtful", "failed")
    sure, doubtful, failed = claim(records, limit=3)
    complete(records, sure, label="invoice")
    complete(records, doubtful, label="letter", needs_review=True)
    records.queue.fail(failed, Message("pdf-without-pages"), now=NOW)
    hand_in(records, "waiting", reference="order 8", team="home")
    found = records.documents.list(wanted, limit=10)
    assert ({*names(found.items)}, found.total) == (expected, len(expected))


def test_appended_documents_follow_those_that_are_there(records: Records) -> None:
    batch = hand_in(records, "z", "y")
    records.documents.accept(batch, [some_document(batch, name=name) for name in ("x", "a")])
    found = records.batches.get_whole(batch.uuid)
    assert names(found.documents) == ["z", "y", "x", "a"]
    assert records.batches.count_documents(batch.uuid) == 4


def test_appends_to_one_batch_at_once_all_land(records: Records, url: str) -> None:
    batch = hand_in(records, "first")
    parts = [[some_document(batch, name=f"{part} {number}") for number in range(3)] for part in range(8)]
    all_at_once(url, [lambda mine, part=part: mine.documents.accept(batch, part) for part in parts])  # type: ignore[misc]
    found = records.batches.get_whole(batch.uuid)
    together = [names(found.documents[start : start + 3]) for start in range(1, 25, 3)]
    assert sorted(together) == [names(tuple(part)) for part in parts]


def test_documents_that_cannot_all_be_accepted_leave_nothing(records: Records) -> None:
    batch = some_batch()
    document = some_document(batch)
    with pytest.raises(sa.exc.IntegrityError):
        records.documents.accept(batch, [some_document(batch), document, document])
    assert records.batches.find(batch.uuid) is None


def test_notes_of_a_reading_are_kept_with_their_codes(records: Records) -> None:
    hand_in(records)
    (held,) = claim(records)
    notes = (
        Message("hidden-text-ignored", words=58),
        Message("attachments-not-read", files=1, names=["a\0\ud800.pdf"]),
    )
    records.policies.apply_settings(Policy(), now=NOW)
    records.queue.complete(held, replace(read(), notes=notes), predict(), now=NOW + SECOND)
    document = records.documents.get(held.document.id, team=None)
    assert [note.code for note in document.notes] == ["hidden-text-ignored", "attachments-not-read"]
    assert document.notes[0].params == {"words": 58}
