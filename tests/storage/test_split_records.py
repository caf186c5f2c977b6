"""Splitting a document into parts, and undoing it: what counts, what is found, and that nothing is lost."""

import pytest

from sake_ray.domain.answers import Answer
from sake_ray.domain.audit import AuditAction
from sake_ray.domain.documents import Document, ReadingSummary, Status
from sake_ray.domain.page_ranges import PageRange
from sake_ray.domain.parts import ProposedPart, SplitMode
from sake_ray.domain.verdicts import Policy, Prediction, Verdict
from sake_ray.errors import InputError, LeaseLost
from sake_ray.ledger.batches import check_batches
from sake_ray.storage.records import DocumentFilter, Records
from sake_ray.storage.records.revisions import list_revisions
from tests.storage.example_records import NOW, RECIPE, SECOND, claim, hand_in, predict

READING = ReadingSummary(3, "fr", None, RECIPE)
THREE = (PageRange(1, 1), PageRange(2, 2), PageRange(3, 3))
TWO = (PageRange(1, 1), PageRange(2, 3))
PROPOSED = tuple(
    ProposedPart(pages, label, 0.9, sureness, reason)
    for pages, label, sureness, reason in zip(
        THREE, ("id", "resume", "invoice"), (1.0, 0.99, 0.6), ("", "class", "head"), strict=True
    )
)


def complete_stack(records: Records, *, ranges: tuple[PageRange, ...] = ()) -> Document:
    """A classified document of three pages, with terms that it is found by."""
    records.policies.apply_settings(Policy(), now=NOW)
    hand_in(records, "stack.pdf")
    (held,) = claim(records)
    verdict = Verdict("invoice", 0.97, {"invoice": 0.97, "other": 0.03}, True, several=True, parts=PROPOSED)
    prediction = Prediction(verdict, "4", "cd" * 32, 1)
    records.queue.complete(held, READING, prediction, terms=[{"xstack"}], ranges=ranges, now=NOW + SECOND)
    return records.documents.get(held.document.id, team=None)


def classify_parts(records: Records) -> tuple[Document, ...]:
    """Classify all parts that wait."""
    held = claim(records, limit=10, now=NOW + SECOND)
    for one in held:
        assert one.document.page_range
        reading = ReadingSummary(len(one.document.page_range), "fr", None, RECIPE)
        records.queue.complete(one, reading, predict(), terms=[{"xstack"}], now=NOW + 2 * SECOND)
    return tuple(one.document for one in held)


def split(records: Records, document: Document, ranges: tuple[PageRange, ...] = THREE) -> None:
    records.splits.split(document, ranges, by="ann", now=NOW + SECOND)


def undo(records: Records, document: Document) -> None:
    records.splits.undo(document, by="ann", now=NOW + 3 * SECOND)


def pages_of(records: Records, root: Document) -> list[tuple[int, int]]:
    parts = records.splits.list_parts(root.id)
    return [(part.page_range.first, part.page_range.last) for part in parts if part.page_range]


def test_a_proposal_is_kept_with_the_prediction(records: Records) -> None:
    assert complete_stack(records).proposed_parts == PROPOSED


def test_a_split_document_counts_as_its_parts(records: Records) -> None:
    root = complete_stack(records)
    split(records, root)
    classify_parts(records)
    counted = records.batches.count(root.batch)
    assert counted
    assert (counted.n_files, counted.n_ended, counted.n_review, counted.status) == (3, 3, 0, Status.COMPLETED)
    assert records.batches.count_labels(root.batch) == {"invoice": 3}
    assert len(records.batches.get_whole(root.batch).documents) == 3
    assert records.documents.list(DocumentFilter(), limit=10).counted == 3
    assert records.search.find([{"xstack"}], DocumentFilter(), limit=10).counted == 3
    assert sum(share.documents for share in records.references.count_labels("order 7", team=None)) == 3
    assert records.reviews.count_unanswered() == 0  # the admin's review has no parts


def test_a_split_document_is_still_found(records: Records) -> None:
    root = complete_stack(records)
    split(records, root)
    assert records.documents.get(root.id, team=None).status is Status.SPLIT
    found = records.documents.list(DocumentFilter(status=Status.SPLIT), limit=10)
    assert [document.id for document in found.items] == [root.id]


def test_parts_name_their_file_and_pages(records: Records) -> None:
    root = complete_stack(records)
    split(records, root, TWO)
    first, second = records.splits.list_parts(root.id)
    assert (first.name, second.name) == ("stack.pdf [1]", "stack.pdf [2-3]")
    assert {first.parent, second.parent} == {root.id}
    assert (second.sha256, second.original, second.page_range) == (root.sha256, root.original, PageRange(2, 3))


def test_splitting_twice_is_splitting_once(records: Records) -> None:
    root = complete_stack(records)
    split(records, root)
    split(records, root)
    assert pages_of(records, root) == [(1, 1), (2, 2), (3, 3)]
    actions = [entry.action for entry in records.audit.list(limit=100).items]
    assert actions.count(AuditAction.DOCUMENT_SPLIT) == 1


def test_undoing_makes_one_document_again(records: Records) -> None:
    root = complete_stack(records)
    split(records, root)
    parts = classify_parts(records)
    undo(records, parts[1])
    again = records.documents.get(root.id, team=None)
    assert (again.status, again.label, again.needs_review, again.proposed_parts) == (
        *(Status.COMPLETED, "invoice", True),
        PROPOSED,
    )
    assert records.splits.list_parts(root.id) == ()
    counted = records.batches.count(root.batch)
    assert counted
    assert (counted.n_files, counted.n_review) == (1, 1)
    assert records.search.find([{"xstack"}], DocumentFilter(), limit=10).counted == 1


def test_undoing_twice_is_undoing_once(records: Records) -> None:
    root = complete_stack(records)
    split(records, root)
    undo(records, root)
    undo(records, root)
    actions = [entry.action for entry in records.audit.list(limit=100).items]
    assert actions.count(AuditAction.SPLIT_UNDONE) == 1


def test_an_answer_to_a_part_counts_while_it_is_split_off(records: Records) -> None:
    root = complete_stack(records)
    split(records, root)
    part = classify_parts(records)[0]
    records.answers.add(Answer(part.id, "resume", "ann", NOW))
    undo(records, root)
    assert records.batches.count_labels(root.batch) == {"invoice": 1}
    assert records.answers.list_of_batch(root.batch) == ()
    split(records, root)
    assert records.documents.get(part.id, team=None).answer == "resume"
    assert records.batches.count_labels(root.batch) == {"invoice": 2, "resume": 1}


def test_an_answer_to_the_whole_counts_again_after_undoing(records: Records) -> None:
    root = complete_stack(records)
    records.answers.add(Answer(root.id, "resume", "ann", NOW))
    split(records, root)
    assert records.documents.get(root.id, team=None).answer is None
    undo(records, root)
    assert records.documents.get(root.id, team=None).answer == "resume"


def test_what_is_set_aside_takes_no_answer(records: Records) -> None:
    root = complete_stack(records)
    split(records, root)
    with pytest.raises(InputError):
        records.answers.add(Answer(root.id, "resume", "ann", NOW))


def test_an_import_takes_no_answers_to_parts_or_to_what_was_split(records: Records) -> None:
    root = complete_stack(records)
    records.answers.add(Answer(root.id, "invoice", "ann", NOW))
    split(records, root)
    for part in classify_parts(records):
        records.answers.add(Answer(part.id, "resume", "ann", NOW))
    assert list(records.answers.iterate()) == []
    undo(records, root)
    assert [one.answer.answer for one in records.answers.iterate()] == ["invoice"]


def test_a_part_can_be_split_again(records: Records) -> None:
    root = complete_stack(records)
    split(records, root, TWO)
    second = records.splits.list_parts(root.id)[1]
    classify_parts(records)
    split(records, second, THREE[1:])
    assert pages_of(records, root) == [(1, 1), (2, 2), (3, 3)]
    assert records.documents.get(second.id, team=None).status is Status.MERGED


def test_other_pages_replace_the_parts(records: Records) -> None:
    root = complete_stack(records)
    split(records, root)
    split(records, root, TWO)
    assert pages_of(records, root) == [(1, 1), (2, 3)]
    split(records, root, THREE)
    assert pages_of(records, root) == [(1, 1), (2, 2), (3, 3)]
    assert records.batches.count_positions(root.batch) == 5


@pytest.mark.parametrize(
    "ranges",
    [
        (),
        (PageRange(1, 3),),
        (PageRange(1, 1), PageRange(3, 3)),
        (PageRange(1, 2), PageRange(2, 3)),
        (PageRange(2, 3), PageRange(1, 1)),
        (PageRange(1, 1), PageRange(2, 4)),
        (PageRange(1, 2), PageRange(3, 2), PageRange(3, 3)),
    ],
)
def test_parts_have_every_page_once(records: Records, ranges: tuple[PageRange, ...]) -> None:
    root = complete_stack(records)
    with pytest.raises(InputError):
        split(records, root, ranges)
    assert records.documents.get(root.id, team=None).status is Status.COMPLETED


def test_a_document_that_waits_cannot_be_split(records: Records) -> None:
    (document,) = hand_in(records).documents
    with pytest.raises(InputError):
        split(records, document)


def test_work_at_a_part_that_is_merged_is_lost(records: Records) -> None:
    root = complete_stack(records)
    split(records, root)
    held = claim(records, now=NOW + SECOND)[0]
    undo(records, root)
    with pytest.raises(LeaseLost):
        records.queue.complete(held, READING, predict(), now=NOW + 4 * SECOND)
    assert not records.queue.has_claimable(NOW + 100 * SECOND)


def test_a_document_is_split_as_it_is_completed(records: Records) -> None:
    root = complete_stack(records, ranges=TWO)
    assert root.status is Status.SPLIT
    assert pages_of(records, root) == [(1, 1), (2, 3)]
    assert {part.split for part in records.splits.list_parts(root.id)} == {SplitMode.PROPOSE}


def test_the_ledger_agrees_with_split_documents(records: Records) -> None:
    root = complete_stack(records)
    split(records, root, TWO)
    classify_parts(records)
    split(records, root, THREE)
    classify_parts(records)
    for step in (lambda: None, lambda: undo(records, root)):
        step()
        assert [entry.differing for entry in records.ledger.list_documents() if entry.differing] == []
        assert check_batches(records.ledger.list_batches()) == []
        assert records.counts.find_differences() == ()
    work = records.monitoring.count_documents(NOW)
    assert work.accepted == sum(work.documents.values())


def test_no_policy_accepts_several_documents_as_one(records: Records) -> None:
    root = complete_stack(records)
    lower = records.policies.add(Policy(threshold=0.1), by="ann", now=NOW + SECOND)
    assert records.policies.count_open(lower) == (1, 1)
    records.policies.reapply(lower, records.policies.list_outdated(lower, limit=10), now=NOW + 2 * SECOND)
    again = records.documents.get(root.id, team=None)
    assert (again.policy_version, again.needs_review, again.proposed_parts) == (lower.version, True, PROPOSED)


def test_a_review_for_training_shows_files_and_no_parts(records: Records) -> None:
    root = complete_stack(records)
    assert [document.id for document in records.reviews.list_least_sure(10)] == [root.id]
    split(records, root)
    part = classify_parts(records)[0]
    assert records.reviews.list_least_sure(10) == ()
    records.answers.add(Answer(part.id, "resume", "ann", NOW))
    undo(records, root)
    assert [document.id for document in records.reviews.list_least_sure(10)] == [root.id]


def test_going_back_to_tables_without_parts_makes_one_document_again(records: Records) -> None:
    root = complete_stack(records)
    split(records, root)
    classify_parts(records)
    before = list_revisions()[list_revisions().index("0031") - 1]
    records.database.migrate(before)
    records.database.migrate()
    again = records.documents.get(root.id, team=None)
    assert (again.status, again.label, again.needs_review) == (Status.COMPLETED, "invoice", True)
    assert records.documents.list(DocumentFilter(), limit=10).counted == 1
    assert check_batches(records.ledger.list_batches()) == []
    assert [entry.differing for entry in records.ledger.list_documents() if entry.differing] == []
    assert records.counts.find_differences() == ()
    assert [document.id for document in records.search.list_missing()] == [root.id]
