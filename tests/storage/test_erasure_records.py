"""Erasing a reference: no row and no entry of the index speaks of it any more, and what is left to do is recorded."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from sake_ray.domain.answers import Answer
from sake_ray.domain.documents import Batch
from sake_ray.domain.erasures import SWEPT_AFTER, ErasedDocument, Erasure, ErasurePlace, ErasureStep
from sake_ray.domain.feedback import Decision
from sake_ray.domain.page_ranges import PageRange
from sake_ray.domain.verdicts import Policy
from sake_ray.errors import ErasureOutdated, LeaseLost, Message, NotFound, StillRunning
from sake_ray.ledger.batches import check_batches
from sake_ray.storage.records import DocumentFilter, PendingUpload, Records
from sake_ray.storage.records.erasing import CLEARED, SILENT
from sake_ray.storage.records.faults import Fault
from sake_ray.storage.records.remnants import clear_files, forget_entries
from sake_ray.storage.records.tables import metadata
from tests.storage.example_records import NOW, SECOND, claim, completed, hand_in, predict, read, some_document

MARK = "xzqvmarker"


def complete_marked(
    records: Records, *, reference: str = MARK, term: str = MARK, team: str = "office", at: datetime = NOW
) -> Batch:
    """A classified document whose name, reference and words have the marker."""
    records.policies.apply_settings(Policy(), now=NOW)
    batch = hand_in(records, f"{term}.pdf", reference=reference, team=team, at=at)
    (held,) = claim(records)
    records.queue.complete(held, read(), predict(), terms=[{term}, {"shared"}, {term}], now=NOW + SECOND)
    return batch


def erase(records: Records, reference: str = MARK, *, team: str | None = None, token: str | None = None) -> Erasure:
    return records.erasures.begin(reference, team=team, token=token, subject="ab12", by="anne", now=NOW)


def dump(records: Records) -> str:
    """All rows of all tables, as text."""
    with records.database.transaction(reads_only=True) as connection:
        names = sa.inspect(connection).get_table_names()
        found = [connection.execute(sa.text(f'SELECT * FROM "{name}"')).all() for name in names]  # noqa: S608
    return repr(found)


def test_no_row_speaks_of_an_erased_reference(records: Records) -> None:
    batch = complete_marked(records)
    (document,) = batch.documents
    records.answers.add(Answer(document.id, "resume", "marie", NOW))
    records.decisions.add(Decision(document.sha256, document.id, "resume", "[]", "anne", NOW))
    records.faults.replace(
        [], [document.id], [Fault(document.id, Message("fault-not-indexed", document=document.id))], now=NOW
    )
    assert MARK in dump(records)
    erased = erase(records)
    forget_entries(records.database, erased.targets.index_numbers if erased.targets else ())
    clear_files(records.database, rewrite=False)
    assert MARK not in dump(records)
    counted = {place.value: count for place, count in erased.counts.items() if count}
    assert counted == dict.fromkeys(
        ("documents", "batches", "attempts", "predictions", "answers", "decisions", "faults"), 1
    )
    assert records.counts.find_differences() == ()


def test_others_stay_as_they_are(records: Records) -> None:
    complete_marked(records)
    other = complete_marked(records, reference="other", term="otherword")
    erased = erase(records)
    assert erased.targets
    forget_entries(records.database, erased.targets.index_numbers)
    clear_files(records.database, rewrite=True)
    (found,) = records.documents.list(DocumentFilter(), limit=10).items
    assert found.batch == other.uuid
    assert records.search.find([{"shared"}], DocumentFilter(), limit=10).counted == 1
    assert records.search.find([{"otherword"}], DocumentFilter(), limit=10).counted == 1
    assert records.search.find([{MARK}], DocumentFilter(), limit=10).counted == 0


def test_only_the_team_that_is_named_loses_the_reference(records: Records) -> None:
    complete_marked(records)
    lyon = complete_marked(records, team="lyon")
    plan = records.erasures.plan(MARK, team="office")
    assert (plan.counts[ErasurePlace.DOCUMENTS], plan.teams) == (1, ("office",))
    assert plan.counts[ErasurePlace.SHARED] == 1  # the example has the same bytes everywhere
    erase(records, team="office")
    (found,) = records.documents.list(DocumentFilter(), limit=10).items
    assert found.batch == lyon.uuid
    assert records.erasures.find_held([found.sha256]) == {(found.sha256, "lyon")}


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_the_files_of_sqlite_hold_nothing_of_it(records: Records) -> None:
    for reference in (MARK, "other"):
        complete_marked(records, reference=reference, term=MARK if reference == MARK else "otherword")
    path = records.database.path
    assert path
    files = [path.with_name(path.name + end) for end in ("", "-wal", "-shm")]
    assert any(MARK.encode() in file.read_bytes() for file in files if file.exists())
    erased = erase(records)
    assert erased.targets
    forget_entries(records.database, erased.targets.index_numbers)
    clear_files(records.database, rewrite=False)
    assert not any(MARK.encode() in file.read_bytes() for file in files if file.exists())


def test_parts_of_a_split_file_go_with_it(records: Records) -> None:
    complete_marked(records)
    (document,) = records.documents.list(DocumentFilter(), limit=10).items
    records.splits.split(document, (PageRange(1, 1), PageRange(2, 2)), by="ann", now=NOW)
    assert erase(records).counts[ErasurePlace.DOCUMENTS] == 3
    with pytest.raises(NotFound):
        records.splits.undo(document, by="ann", now=NOW)


def test_whoever_works_at_an_erased_document_finds_its_claim_lost(records: Records) -> None:
    records.policies.apply_settings(Policy(), now=NOW)
    hand_in(records, reference=MARK)
    (held,) = claim(records)
    erase(records)
    with pytest.raises(LeaseLost):
        records.queue.complete(held, read(), predict(), terms=[{MARK}], now=NOW)
    with pytest.raises(NotFound):
        records.answers.add(Answer(held.document.id, "resume", "marie", NOW))


def test_upload_that_was_adding_to_it_is_refused(records: Records) -> None:
    batch = hand_in(records, reference=MARK)
    records.uploads.begin(PendingUpload("u", batch.uuid, ("d",)), now=NOW)
    assert erase(records).counts[ErasurePlace.UPLOADS] == 1
    with pytest.raises(StillRunning):
        records.documents.accept(batch, [some_document(batch)], upload="u")


def test_something_else_than_was_shown_is_not_erased(records: Records) -> None:
    hand_in(records, reference=MARK)
    token = records.erasures.plan(MARK, team=None).token
    hand_in(records, reference=MARK)
    with pytest.raises(ErasureOutdated):
        erase(records, token=token)
    assert records.documents.list(DocumentFilter(), limit=10).counted == 2
    assert erase(records, token=records.erasures.plan(MARK, team=None).token).counts[ErasurePlace.DOCUMENTS] == 2


def test_unknown_reference_is_not_found(records: Records) -> None:
    for ask in (lambda: erase(records), lambda: records.erasures.plan(MARK, team=None)):
        with pytest.raises(NotFound):
            ask()


def test_an_erasure_that_was_killed_is_claimed_again_when_its_lease_is_over(records: Records) -> None:
    hand_in(records, reference=MARK)
    lease = timedelta(minutes=1)
    begun = records.erasures.begin(MARK, team=None, token=None, subject="ab", by="anne", now=NOW, lease=lease)
    assert records.erasures.claim(lease=lease, now=NOW + SECOND) is None
    again = records.erasures.claim(lease=lease, now=NOW + 2 * lease)
    assert again == begun
    assert records.erasures.claim(lease=lease, now=NOW + 2 * lease) is None


def test_what_somebody_else_removed_meanwhile_is_added_and_no_step_goes_back(records: Records) -> None:
    hand_in(records, reference=MARK)
    begun, lease = erase(records), timedelta(minutes=1)
    found = {ErasurePlace.ORIGINALS: 1}
    ahead = records.erasures.advance(begun, ErasureStep.TRAININGS, found=found, now=NOW, lease=lease)
    # Whoever trains has the erasure as it was.
    images = {ErasurePlace.IMAGES: 2}
    records.erasures.advance(begun, None, found=images, models=[7], now=NOW, lease=timedelta())
    assert records.erasures.claim(lease=lease, now=NOW + SECOND) is None
    records.erasures.advance(ahead, ErasureStep.SWEEP, found={}, now=NOW, lease=lease)
    erased = records.erasures.get(begun.number)
    assert (erased.step, erased.models) == (ErasureStep.SWEEP, (7,))
    assert (erased.counts[ErasurePlace.ORIGINALS], erased.counts[ErasurePlace.IMAGES]) == (1, 2)


def test_an_erasure_is_looked_at_again_a_day_later_and_then_forgets_what_it_removed(records: Records) -> None:
    hand_in(records, reference=MARK)
    begun, lease = erase(records), timedelta(minutes=1)
    found = {ErasurePlace.ORIGINALS: 1}
    erased = records.erasures.advance(begun, ErasureStep.SWEEP, found=found, models=[7], now=NOW, lease=lease)
    assert (erased.is_erased, erased.models, erased.counts[ErasurePlace.ORIGINALS]) == (True, (7,), 1)
    assert records.erasures.claim(lease=lease, now=NOW + SWEPT_AFTER - SECOND) is None
    swept = records.erasures.claim(lease=lease, now=NOW + SWEPT_AFTER)
    assert swept == erased
    records.erasures.advance(swept, ErasureStep.DONE, found={}, now=NOW + SWEPT_AFTER, lease=lease)
    done = records.erasures.get(begun.number)
    assert (done.targets, done.step, done.models) == (None, ErasureStep.DONE, (7,))
    assert records.erasures.claim(lease=lease, now=NOW + 10 * SWEPT_AFTER) is None


def test_the_audit_log_says_that_and_how_much_was_erased_and_stays_whole(records: Records) -> None:
    completed(records, f"{MARK}.pdf", reference=MARK)
    erase(records)
    (entry,) = (entry for entry in records.audit.iterate() if entry.action == "documents-erased")
    assert (entry.by, entry.subject, dict(entry.details)) == (
        "anne",
        "erasure:1",
        {"cause": "reference", "documents": 1},
    )
    assert records.audit.verify().faults == ()
    assert check_batches(records.ledger.list_batches()) == []


def test_every_table_has_its_place_in_an_erasure() -> None:
    assert {table.name for table in CLEARED} | SILENT == set(metadata.tables)
    assert not {table.name for table in CLEARED} & SILENT


def test_what_a_restored_backup_brought_back_is_erased_once_more(records: Records) -> None:
    complete_marked(records)
    before = erase(records)
    assert before.targets
    back = complete_marked(records, at=NOW - SECOND)
    (document,) = records.documents.list(DocumentFilter(), limit=10).items
    brought = ErasedDocument(document.id, back.uuid, "office", document.sha256)
    targets = replace(before.targets, documents=(*before.targets.documents, brought))
    assert records.erasures.begin_again(targets, before.cause, asked_at=NOW, by="root") == 1
    assert records.documents.list(DocumentFilter(), limit=10).items == ()
    again = records.erasures.claim(lease=timedelta(), now=NOW)
    assert {(before.number, before.asked_at)} <= records.erasures.list_known()
    assert [one.number for one in records.erasures.list_unswept()] == [before.number, before.number + 1]
    assert again
    found = records.erasures.get(before.number + 1).targets
    assert found
    assert {one.id for one in found.documents} == {one.id for one in targets.documents}
    assert back.uuid in found.batches
