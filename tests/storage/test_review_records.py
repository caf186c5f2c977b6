"""What is shown for review: each open document once, however many policies it has been under."""

from random import Random

from sake_ray.domain.answers import Answer
from sake_ray.domain.verdicts import Policy
from sake_ray.storage.records import Records
from tests.storage.example_records import NOW, completed


def test_documents_that_came_under_many_policies_are_still_shown_for_review(records: Records) -> None:
    completed(records, "a")
    for threshold in (0.9, 0.8, 0.7, 0.6):
        policy = records.policies.add(Policy(threshold=threshold), by="ann", now=NOW)
        records.policies.reapply(policy, records.policies.list_outdated(policy, limit=9), now=NOW)
    # A page of one ends among the predictions of one document, which have the same margin.
    assert len(records.reviews.list_least_sure(1)) == 1


def test_each_draw_finds_a_document_wherever_its_id_lies(records: Records) -> None:
    (only,) = completed(records, "a").documents
    for seed in range(30):
        (found,) = records.reviews.sample(1, random=Random(seed))
        assert found.id == only.id


def test_a_team_gets_its_own_documents_whatever_others_have_answered(records: Records) -> None:
    # All have the same bytes.
    (ours,) = completed(records, team="paris").documents
    (theirs, _) = completed(records, "answered", "not yet", team="lyon").documents
    records.answers.add(Answer(theirs.id, "facture", "lea", NOW))
    for found in (
        records.reviews.list_least_sure(9, team="paris"),
        records.reviews.sample(9, random=Random(1), team="paris"),
    ):
        assert [document.id for document in found] == [ours.id]
    assert records.reviews.count_unanswered(team="paris") == 1
    assert records.reviews.count_unanswered(team="lyon") == 1
    assert records.reviews.count_unanswered() == 2
