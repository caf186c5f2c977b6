"""The figures over everything say what happened, alike in SQLite and PostgreSQL."""

from datetime import timedelta

import sqlalchemy as sa

from sake_ray.domain.answers import Answer
from sake_ray.domain.documents import Status
from sake_ray.domain.retries import Cause
from sake_ray.domain.verdicts import Policy
from sake_ray.errors import Message
from sake_ray.storage.records import Records
from sake_ray.storage.records.tables import documents
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
    some_document,
)

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def test_every_accepted_document_is_counted_where_it_stands(records: Records) -> None:
    completed(records, "a", "b", at=NOW - HOUR)
    hand_in(records, "bad", at=NOW - HOUR)
    (bad,) = claim(records)
    records.queue.fail(bad, Message("image-damaged"), now=NOW)
    hand_in(records, "held", at=NOW - 30 * SECOND)
    claim(records)
    hand_in(records, "lost", at=NOW - 2 * HOUR)
    claim(records, now=NOW - 2 * LEASE)
    hand_in(records, "waits")
    work = records.monitoring.count_documents(NOW + SECOND)
    assert work.documents == {
        Status.PENDING: 1, Status.IN_PROGRESS: 2, Status.COMPLETED: 2, Status.FAILED: 1, Status.NEEDS_OPS: 0,
        Status.SPLIT: 0, Status.MERGED: 0, Status.BINNED: 0,
    }  # fmt: skip
    assert (work.leases_expired, work.oldest) == (1, NOW - 2 * HOUR)
    assert work.accepted == 6


def test_document_whose_row_is_gone_is_missed(records: Records) -> None:
    batch = hand_in(records, "a", "b", "c")
    records.documents.accept(batch, [some_document(batch)])
    with records.database.transaction() as connection:
        connection.execute(documents.delete().where(documents.c.id == batch.documents[2].id))
    work = records.monitoring.count_documents(NOW)
    assert (work.accepted, sum(work.documents.values()), work.lost) == (4, 3, 1)


def test_a_document_that_is_accepted_while_they_are_counted_is_not_missed(records: Records) -> None:
    hand_in(records, "a")
    accepted: list[str] = []

    @sa.event.listens_for(records.database._engine(), "before_cursor_execute")
    def accept(_: object, __: object, statement: str, *___: object) -> None:
        if "batches" in statement and not accepted:
            accepted.append("b")
            hand_in(records, "b")

    assert records.monitoring.count_documents(NOW).lost == 0
    assert accepted


def test_before_the_first_document_none_is_missed(records: Records) -> None:
    assert records.monitoring.count_documents(NOW).lost == 0


def test_what_ended_is_counted_by_hour(records: Records) -> None:
    records.policies.apply_settings(Policy(), now=NOW)
    for before in (30 * SECOND, 59 * 60 * SECOND, 61 * 60 * SECOND, 23.5 * HOUR, 25 * HOUR):
        hand_in(records, at=NOW - DAY - 2 * HOUR)
        (held,) = claim(records)
        records.queue.complete(held, read(), predict(needs_review=before < HOUR), now=NOW - before)
    hours = records.monitoring.count_ended_by_hour(NOW)
    assert [count for _, count in hours] == [1, *[0] * 21, 1, 2]
    assert hours[-1][0] == NOW - HOUR
    assert records.monitoring.count_review_rate(NOW) == (5, 2)


def test_corrections_count_each_document_once_by_its_newest_answer(records: Records) -> None:
    first, second, third = (batch.documents[0] for batch in (completed(records, name) for name in "abc"))

    def say(document: str, answer: str, at: timedelta) -> None:
        records.answers.add(Answer(document, answer, "ann", NOW - at))

    say(first.id, "letter", 8 * DAY)
    say(first.id, "invoice", HOUR)
    say(second.id, "none_of_these", 2 * HOUR)
    say(third.id, "letter", 7 * DAY)
    (other,) = completed(records, label="other").documents
    say(other.id, "none_of_these", 2 * HOUR)
    weeks = records.monitoring.count_corrections(NOW)
    assert len(weeks) == 8
    assert [(week.answered, week.corrected) for week in weeks[-2:]] == [(1, 1), (3, 1)]
    assert all(week.since.weekday() == 0 for week in weeks)
    say(second.id, "withdrawn", HOUR)
    say(third.id, "unreadable", HOUR)
    assert [(week.answered, week.corrected) for week in records.monitoring.count_corrections(NOW)[-2:]] == [
        (0, 0),
        (2, 0),
    ]


def test_failed_attempts_and_jobs_are_counted(records: Records) -> None:
    hand_in(records)
    (held,) = claim(records)
    records.queue.requeue(held, Cause.SERVICE, Message("storage-failed"), now=NOW)
    claim(records, now=NOW + SECOND)
    (late,) = claim(records, now=NOW + 2 * LEASE)
    complete(records, late)
    assert records.monitoring.count_failed_attempts(NOW + 3 * LEASE) == dict.fromkeys(Cause, 0) | {
        Cause.LOST: 1,
        Cause.SERVICE: 1,
    }
    assert records.monitoring.count_failed_attempts(NOW + 2 * DAY) == dict.fromkeys(Cause, 0)


def test_seconds_of_documents_are_split_into_waiting_and_working(records: Records) -> None:
    assert records.monitoring.measure_seconds(NOW) is None
    records.policies.apply_settings(Policy(), now=NOW)
    for waited, worked in ((10, 5), (30, 7), (3, 600)):
        hand_in(records, at=NOW - (waited + worked) * SECOND)
        (held,) = claim(records, now=NOW - worked * SECOND)
        records.queue.complete(held, read(), predict(), now=NOW)
    hand_in(records, "tried again", at=NOW - 100 * SECOND)
    (held,) = claim(records, now=NOW - 90 * SECOND)
    records.queue.requeue(held, Cause.SERVICE, Message("storage-failed"), now=NOW - 80 * SECOND)
    spent = records.monitoring.measure_seconds(NOW + SECOND)
    assert spent
    assert (spent.documents, round(spent.waiting, 2), round(spent.working, 2)) == (3, 14.33, 204)
    assert spent.most == 603
    assert records.monitoring.measure_seconds(NOW + DAY + SECOND) is None
