"""Policies are versions; a new one applies to open documents."""

from dataclasses import replace

from sake_ray.domain.answers import Answer
from sake_ray.domain.verdicts import Policy
from sake_ray.storage.records import Records
from tests.concurrency import all_at_once
from tests.storage.example_records import NOW, completed, count_predictions


def test_same_thresholds_keep_their_version(records: Records) -> None:
    first = records.policies.apply_settings(Policy(threshold=0.7), now=NOW)
    assert records.policies.apply_settings(Policy(threshold=0.7), now=NOW) == first == Policy(1, 0.7, 3)


def test_other_thresholds_are_the_next_version(records: Records) -> None:
    settled = [records.policies.apply_settings(Policy(threshold=it), now=NOW) for it in (0.7, 0.9, 0.7)]
    assert settled == [Policy(1, 0.7), Policy(2, 0.9), Policy(3, 0.7)]


def test_applying_settings_at_once_agrees_on_one_version(records: Records, url: str) -> None:
    settled = all_at_once(url, [lambda mine: mine.policies.apply_settings(Policy(threshold=0.6), now=NOW)] * 8)
    assert set(settled) == {Policy(1, 0.6)}


def test_error_budget_outlives_the_threshold_of_the_settings_until_it_is_removed(records: Records) -> None:
    records.policies.apply_settings(Policy(threshold=0.7), now=NOW)
    promise = Policy(thresholds={"invoice": 0.93, "letter": None}, wrong_in=200, model_hash="abc")
    made = records.policies.add(promise, by="ann", now=NOW)
    assert records.policies.apply_settings(Policy(threshold=0.5), now=NOW) == made == records.policies.find_newest()
    assert (made.version, made.thresholds) == (2, {"invoice": 0.93, "letter": None})
    assert records.policies.add(promise, by="jean", now=NOW).version == 2
    assert records.policies.add(Policy(), by="ann", now=NOW).version == 3
    assert records.policies.apply_settings(Policy(threshold=0.5), now=NOW).version == 4


def test_new_policy_is_applied_to_open_documents_only_and_keeps_what_was_said(records: Records) -> None:
    batch = completed(records, "open", "answered")
    opened, answered = batch.documents
    records.answers.add(Answer(answered.id, "letter", "ann", NOW))
    before = records.documents.get(opened.id, team=None)
    assert before.prediction
    assert not before.prediction.verdict.needs_review
    strict = records.policies.add(Policy(thresholds={"invoice": None}, wrong_in=200), by="ann", now=NOW)
    assert records.policies.count_open(strict) == (1, 1)
    assert (
        records.policies.reapply(strict, limit=10, now=NOW),
        records.policies.reapply(strict, limit=10, now=NOW),
    ) == (
        1,
        0,
    )
    after = records.documents.get(opened.id, team=None).prediction
    assert after
    assert (after.policy_version, after.verdict.needs_review) == (strict.version, True)
    assert replace(after.verdict, needs_review=False) == before.prediction.verdict
    assert (after.model_hash, count_predictions(records)) == (before.prediction.model_hash, 3)
    kept = records.documents.get(answered.id, team=None).prediction
    assert kept
    assert kept.policy_version == 1
    lax = records.policies.add(Policy(threshold=0.0), by="ann", now=NOW)
    assert records.policies.count_open(lax) == (1, 0)


def test_policy_applied_by_many_at_once_makes_one_prediction_each(records: Records, url: str) -> None:
    completed(records, *map(str, range(10)))
    policy = records.policies.add(Policy(threshold=0.99), by="ann", now=NOW)
    all_at_once(url, [lambda mine: mine.policies.reapply(policy, limit=100, now=NOW)] * 4)
    assert count_predictions(records) == 20
