"""The bin: what is deleted is in no list or count, comes back as it was, and is erased when its days are over."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from sake_ray.domain.answers import Answer
from sake_ray.domain.documents import Document, Status
from sake_ray.domain.erasures import ErasureCause, ErasurePlace
from sake_ray.domain.verdicts import Policy
from sake_ray.errors import InputError, LeaseLost, Message, NotFound
from sake_ray.ledger.batches import check_batches
from sake_ray.storage.records import DocumentFilter, Records
from sake_ray.storage.records.revisions import list_revisions
from tests.storage.example_records import NOW, SECOND, claim, completed, hand_in, predict, read
from tests.storage.test_split_records import TWO, classify_parts, complete_stack, split

DAYS = timedelta(days=30)


def put(records: Records, document: Document) -> None:
    records.bin.put(document, by="ann", now=NOW)


def restore(records: Records, document: Document) -> None:
    records.bin.restore(document, by="ann", now=NOW + SECOND)


def status_of(records: Records, document: Document) -> Status:
    return records.documents.get(document.id, team=None).status


def count(records: Records, **criteria: object) -> int:
    return records.documents.list(DocumentFilter(**criteria), limit=10).counted  # type: ignore[arg-type]


def test_what_is_in_the_bin_is_in_no_list_count_search_or_review(records: Records) -> None:
    records.policies.apply_settings(Policy(), now=NOW)
    batch = hand_in(records, "a.pdf", "b.pdf")
    for held in claim(records, limit=2):
        records.queue.complete(held, read(), predict(needs_review=True), terms=[{"xword"}], now=NOW + SECOND)
    gone, _ = batch.documents
    put(records, gone)
    counted = records.batches.count(batch.uuid)
    assert counted
    assert (counted.n_files, counted.n_review) == (1, 1)
    assert count(records) == 1
    assert records.search.find([{"xword"}], DocumentFilter(), limit=10).counted == 1
    assert records.reviews.count_unanswered() == 1
    assert sum(share.documents for share in records.references.count_labels("order 7", team=None)) == 1
    (found,) = records.documents.list(DocumentFilter(status=Status.BINNED), limit=10).items
    assert (found.id, found.binned_at) == (gone.id, NOW)
    assert records.counts.find_differences() == ()
    assert check_batches(records.ledger.list_batches()) == []


def test_a_restored_document_is_as_it_was_with_its_answer(records: Records) -> None:
    (document,) = completed(records).documents
    records.answers.add(Answer(document.id, "resume", "marie", NOW))
    before = records.documents.get(document.id, team=None)
    put(records, document)
    put(records, document)
    restore(records, document)
    restore(records, document)
    assert records.documents.get(document.id, team=None) == before
    assert [entry.action for entry in records.audit.iterate()][-2:] == ["document-binned", "document-restored"]


def test_one_in_work_is_not_completed_in_the_bin_and_waits_again_when_restored(records: Records) -> None:
    hand_in(records)
    (held,) = claim(records)
    put(records, held.document)
    with pytest.raises(LeaseLost):
        records.queue.fail(held, Message("image-damaged"), now=NOW)
    assert claim(records, now=NOW + DAYS) == ()
    assert records.queue.measure_depth().oldest is None
    restore(records, held.document)
    assert status_of(records, held.document) is Status.PENDING


def test_a_split_file_goes_and_comes_back_with_its_parts(records: Records) -> None:
    root = complete_stack(records)
    split(records, root, TWO)
    first, _ = classify_parts(records)
    with pytest.raises(InputError, match=root.id):
        put(records, records.documents.get(first.id, team=None))
    put(records, root)
    assert count(records) == 0
    restore(records, root)
    assert status_of(records, root) is Status.SPLIT
    assert [part.status for part in records.splits.list_parts(root.id)] == [Status.COMPLETED] * 2
    assert records.search.find([{"xstack"}], DocumentFilter(), limit=10).counted == 2


def test_a_batch_whose_documents_are_all_in_the_bin_has_not_failed(records: Records) -> None:
    batch = completed(records)
    put(records, batch.documents[0])
    counted = records.batches.count(batch.uuid)
    assert counted
    assert (counted.n_files, counted.status) == (0, Status.COMPLETED)


def test_what_is_in_the_bin_for_long_is_erased_and_the_rest_of_its_batch_stays(records: Records) -> None:
    batch, alone = completed(records, "a.pdf", "b.pdf"), completed(records, "c.pdf")
    for document in (batch.documents[0], alone.documents[0]):
        put(records, document)
    expire = {"limit": 10, "now": NOW + DAYS}
    assert records.erasures.begin_expired(before=NOW, **expire) is None  # type: ignore[arg-type]
    erased = records.erasures.begin_expired(before=NOW + SECOND, **expire)  # type: ignore[arg-type]
    assert erased
    assert erased.targets
    assert (erased.cause, erased.counts[ErasurePlace.DOCUMENTS]) == (ErasureCause.BIN, 2)
    assert erased.targets.batches == (alone.uuid,)
    with pytest.raises(NotFound):
        restore(records, batch.documents[0])
    assert records.batches.find(alone.uuid) is None
    assert [document.name for document in records.batches.get_whole(batch.uuid).documents] == ["b.pdf"]
    assert check_batches(records.ledger.list_batches()) == []
    assert records.monitoring.count_documents(NOW).accepted == 1
    assert records.erasures.begin_expired(before=NOW + SECOND, **expire) is None  # type: ignore[arg-type]


def test_going_back_to_the_tables_before_restores_what_is_in_the_bin(records: Records) -> None:
    (classified,) = completed(records).documents
    (waiting,) = hand_in(records).documents
    for document in (classified, waiting):
        put(records, document)
    records.database.migrate("0038")
    with records.database.transaction() as connection:
        found = dict(connection.execute(sa.text("SELECT id, status FROM documents")).all())  # type: ignore[arg-type]
    assert found == {classified.id: "COMPLETED", waiting.id: "PENDING"}
    records.database.migrate(list_revisions()[-1])
    assert records.documents.get(classified.id, team=None).label == "invoice"
