"""What is counted for the metrics, alike in SQLite and PostgreSQL."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from sake_ray.domain.answers import Answer
from sake_ray.domain.drift import Traits
from sake_ray.domain.jobs import JobState
from sake_ray.domain.verdicts import Policy
from sake_ray.storage.records import Records
from sake_ray.storage.records.figures import JobFigures, PromotionFigures, VerifiedCount
from tests.storage.example_records import (
    LEASE,
    NOW,
    SECOND,
    claim,
    complete,
    completed,
    hand_in,
    predict,
    read,
)

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def answer(records: Records, document: str, label: str, *, at: datetime = NOW) -> None:
    records.answers.add(Answer(document, label, "ann", at))


def test_verified_predictions_are_counted_by_label_answer_and_review(records: Records) -> None:
    right, wrong, other, old, unreadable, late = (completed(records, name).documents[0].id for name in "abcdef")
    hand_in(records, "asked")
    (held,) = claim(records)
    complete(records, held, needs_review=True)
    for document, said in ((right, "invoice"), (wrong, "letter"), (other, "none_of_these"), (unreadable, "unreadable")):
        answer(records, document, said)
    answer(records, old, "letter", at=NOW - 31 * DAY)
    answer(records, late, "letter", at=NOW - 8 * DAY)
    answer(records, held.document.id, "letter")
    assert set(records.figures.count_verified(NOW - 30 * DAY, recent=NOW - 7 * DAY)) == {
        VerifiedCount("invoice", "invoice", False, True, 1, 1),
        VerifiedCount("invoice", "letter", False, False, 2, 1),
        VerifiedCount("invoice", "other", False, False, 1, 1),
        VerifiedCount("invoice", "letter", True, False, 1, 1),
    }
    assert records.figures.count_unreadable(NOW - DAY) == 1
    assert records.figures.count_unreadable(NOW + SECOND) == 0


def test_an_answer_that_was_withdrawn_verifies_nothing(records: Records) -> None:
    (document,) = completed(records).documents
    answer(records, document.id, "unreadable")
    answer(records, document.id, "withdrawn", at=NOW + SECOND)
    assert records.figures.count_verified(NOW - DAY, recent=NOW - DAY) == ()
    assert records.figures.count_unreadable(NOW - DAY) == 0


def test_documents_that_wait_for_people_are_counted_until_they_are_answered(records: Records) -> None:
    hand_in(records, "a", "b")
    for held in claim(records, limit=2):
        complete(records, held, needs_review=True)
    assert records.figures.count_awaiting_review() == 2
    answer(records, held.document.id, "letter")
    assert records.figures.count_awaiting_review() == 1


def test_leases_that_ran_out_are_counted_once_when_they_are_found(records: Records) -> None:
    hand_in(records, "a", "b")
    claim(records, limit=2)
    late, found = NOW + 3 * LEASE, list[int]()
    assert records.monitoring.count_documents(late).leases_expired == 2
    for _ in range(2):
        records.queue.claim("w", limit=9, lease=LEASE, now=late, on_lost=found.append)
    assert (found, records.monitoring.count_documents(late).leases_expired) == ([2], 0)


def test_what_was_read_lately_is_listed_the_newest_first_with_its_words(records: Records) -> None:
    records.policies.apply_settings(Policy(), now=NOW)
    for ago, words in ((2 * DAY, 10), (HOUR, 20), (30 * DAY, 30)):
        hand_in(records, at=NOW - 40 * DAY)
        (held,) = claim(records)
        records.queue.complete(held, replace(read(), words=words), predict(), now=NOW - ago)
    hand_in(records, "waits")
    found = records.figures.list_traits(NOW - 7 * DAY, NOW, limit=10)
    assert found == (Traits("invoice", "fr", 2, 20, 91.5, 0.8), Traits("invoice", "fr", 2, 10, 91.5, 0.8))
    assert len(records.figures.list_traits(NOW - 7 * DAY, NOW, limit=1)) == 1
    assert [traits.words for traits in records.figures.list_traits(NOW - 35 * DAY, NOW - 7 * DAY, limit=9)] == [30]
    assert records.figures.find_last_model() == "cd" * 32


def test_documents_are_found_by_an_index_in_its_order(records: Records) -> None:
    if not records.database.is_sqlite:
        pytest.skip("PostgreSQL decides by how many there are")
    statements: list[tuple[str, Any]] = []
    engine = records.database._engine()

    @sa.event.listens_for(engine, "before_cursor_execute")
    def note(_: object, __: object, statement: str, parameters: Any, *___: object) -> None:
        statements.append((statement, parameters))

    figures = records.figures
    figures.list_traits(NOW - DAY, NOW, limit=10)
    figures.count_verified(NOW - DAY, recent=NOW - DAY)
    figures.count_unreadable(NOW - DAY)
    figures.count_awaiting_review()
    figures.find_last_model()
    selects = [one for one in statements if one[0].startswith("SELECT")]
    assert len(selects) == 5  # each of these asks once
    with engine.connect() as connection:
        for statement, parameters in selects:
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
            steps = [row[3] for row in plan]
            assert not [step for step in steps if step.startswith("SCAN") or step.endswith("FOR ORDER BY")], steps
            assert any("ix_documents_" in step or "ix_answers_at" in step for step in steps), steps
            assert not any("ix_documents_status" in step for step in steps), steps


def test_before_the_first_prediction_no_model_is_known(records: Records) -> None:
    hand_in(records)
    assert records.figures.find_last_model() is None


def test_jobs_are_measured_by_kind_and_state(records: Records) -> None:
    def run(kind: str, state: JobState | None, at: datetime) -> None:
        job = records.jobs.add(kind, {}, by="ann", now=at)
        begun = records.jobs.start(job.number, attempt=None, now=at)
        if state:
            records.jobs.finish(job.number, begun.attempt, state, now=at + HOUR)

    run("train", JobState.SUCCEEDED, NOW - 9 * DAY)
    run("train", JobState.SUCCEEDED, NOW - 2 * DAY)
    run("train", JobState.FAILED, NOW - DAY)
    run("tune", None, NOW - 2 * HOUR)
    records.jobs.add("train", {}, by="ann", now=NOW)
    assert set(records.figures.measure_jobs(NOW)) == {
        JobFigures("train", JobState.SUCCEEDED, 1, NOW - 2 * DAY + HOUR, None),
        JobFigures("train", JobState.FAILED, 1, NOW - DAY + HOUR, None),
        JobFigures("train", JobState.QUEUED, 1, None, None),
        JobFigures("tune", JobState.RUNNING, 1, None, NOW - 2 * HOUR),
    }


def test_promotions_are_measured_by_what_became_of_them(records: Records) -> None:
    assert records.figures.measure_promotions() == PromotionFigures(0, 0, 0, None)
    for outcome, at in (("done", NOW - DAY), ("done", NOW - HOUR), ("overtaken", NOW), (None, NOW)):
        number = records.promotions.start(1, before=None, by="ann", why="", now=at)
        if outcome and number:
            records.promotions.finish(number, outcome)
    assert records.figures.measure_promotions() == PromotionFigures(2, 1, 1, NOW - HOUR)


def test_deliveries_that_have_failed_are_counted_among_those_that_wait(records: Records) -> None:
    assert records.deliveries.measure_backlog().failing == 0
