"""What is repeated with each document is what its batch, prediction and answer say, whatever happens to it."""

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sake_ray.domain.answers import NONE_OF_THESE, UNREADABLE, WITHDRAWN, Answer
from sake_ray.domain.documents import Status
from sake_ray.domain.retries import Cause
from sake_ray.domain.verdicts import OTHER, Policy
from sake_ray.errors import Message
from sake_ray.storage.records import DocumentFilter, Records
from sake_ray.storage.records.counts import FOLDED_FROM, count_by_status
from sake_ray.storage.records.document_query import NEWEST_FIRST, apply_filter
from sake_ray.storage.records.queue_conditions import select_claimable
from sake_ray.storage.records.tables import answers, batches, document_counts, documents, predictions
from tests.concurrency import all_at_once
from tests.storage.databases import explain
from tests.storage.example_records import LEASE, NOW, claim, complete, hand_in, names, some_document

WORK = [Status.COMPLETED.value, Status.FAILED.value, "requeue", "complete unsure"]
ANSWERS = ["letter", NONE_OF_THESE, UNREADABLE, WITHDRAWN]
OPERATIONS = st.lists(
    st.one_of(
        st.tuples(st.just("work"), st.sampled_from(WORK)),
        st.tuples(st.just("answer"), st.sampled_from(ANSWERS)),
        st.tuples(st.just("policy"), st.sampled_from(["0.1", "0.99"])),
        st.tuples(st.just("hand in"), st.sampled_from(["office", "home"])),
        st.tuples(st.just("more"), st.just("")),
        st.tuples(st.just("retry"), st.just("")),
    ),
    max_size=12,
)


def carry_out(records: Records, operations: list[tuple[str, str]], start: int) -> None:
    """Do one after the other; an answer is for the document that was handed in last."""
    batch = hand_in(records, "a", "b")
    for step, (kind, what) in enumerate(operations, start):
        now = NOW + step * LEASE * 40
        if kind == "work":
            work(records, what, step)
        elif kind == "answer":
            records.answers.add(Answer(batch.documents[0].id, what, "ann", now))
        elif kind == "policy":
            policy = records.policies.add(Policy(threshold=float(what)), by="ann", now=now)
            records.policies.reapply(policy, records.policies.list_outdated(policy, limit=100), now=now)
        elif kind == "hand in":
            batch = hand_in(records, "c", "d", team=what, reference=f"order {step}")
        elif kind == "more":
            records.documents.accept(batch, [some_document(batch)])
        else:
            records.queue.retry(now=now)


def work(records: Records, what: str, step: int) -> None:
    now = NOW + step * LEASE * 40
    for held in claim(records, now=now):
        if what == "requeue":
            records.queue.requeue(held, Cause.UNEXPECTED, Message("attempt-unexpected"), now=now)
        elif what == Status.FAILED:
            records.queue.fail(held, Message("pdf-without-pages"), now=now)
        else:
            complete(records, held, label="invoice", needs_review=what.endswith("unsure"))


def list_differences(records: Records) -> list[Any]:
    """The documents whose columns say something else than the rows they are made of."""
    final = sa.case(
        (documents.c.answer.is_(None), predictions.c.label),
        (documents.c.answer == NONE_OF_THESE, OTHER),
        (documents.c.answer == UNREADABLE, sa.null()),
        else_=documents.c.answer,
    )
    awaits = sa.case(
        (predictions.c.id.is_(None), sa.null()),
        (documents.c.answer.is_(None), predictions.c.needs_review),
        else_=sa.false(),
    )
    made_of = {name: batches.c[name] for name in ("team", "owner", "reference")}
    made_of |= {"needs_review": predictions.c.needs_review, "awaits_review": awaits, "final_label": final}
    differs = [documents.c[name].is_distinct_from(value) for name, value in made_of.items()]
    query = (
        sa.select(documents)
        .join(batches, batches.c.uuid == documents.c.batch)
        .join(predictions, predictions.c.id == documents.c.prediction, isouter=True)
        .where(sa.or_(*differs))
    )
    with records.database.transaction(reads_only=True) as connection:
        return list(connection.execute(query).mappings())


@given(operations=OPERATIONS)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_columns_always_say_what_the_rows_say(records: Records, operations: list[tuple[str, str]]) -> None:
    carry_out(records, operations, start=1)
    assert list_differences(records) == []


def test_answer_to_a_document_that_waits_goes_on_to_count_when_it_is_classified(records: Records) -> None:
    document = hand_in(records).documents[0]
    records.answers.add(Answer(document.id, "letter", "ann", NOW))
    complete(records, claim(records)[0], label="invoice", needs_review=True)
    found = records.documents.list(DocumentFilter(label="letter", needs_review=False), limit=5).items
    assert [one.id for one in found] == [document.id]
    records.answers.add(Answer(document.id, WITHDRAWN, "ann", NOW))
    found = records.documents.list(DocumentFilter(label="invoice", needs_review=True), limit=5).items
    assert [one.id for one in found] == [document.id]


def test_columns_of_documents_that_were_there_before_are_filled(records: Records) -> None:
    operations = [("work", "complete unsure"), ("work", Status.COMPLETED.value), ("hand in", "home")]
    operations += [("work", "complete unsure"), ("answer", "letter"), ("hand in", "home"), ("answer", UNREADABLE)]
    carry_out(records, operations, start=1)
    before = count_corrections(records)
    records.database.migrate("0020")
    records.database.migrate()
    assert list_differences(records) == []
    counts = records.monitoring.count_corrections(NOW + timedelta(hours=13))
    assert (sum(one.answered for one in counts), sum(one.corrected for one in counts)) == before
    assert names(records.documents.list(DocumentFilter(label="invoice", needs_review=True), limit=5).items) == ["a"]


CRITERIA = [
    (DocumentFilter(), "submitted_at_batch_position_status"),
    (DocumentFilter("office"), "team_submitted_at"),
    (DocumentFilter(status=Status.FAILED), "status_submitted_at_batch_position"),
    (DocumentFilter("office", Status.FAILED), "team_status_submitted_at_batch_position"),
    (DocumentFilter(label="letter"), "final_label_submitted_at_awaits_review"),
    (DocumentFilter("office", label="letter"), "team_final_label_submitted_at_awaits_review"),
    (DocumentFilter(needs_review=True), "awaits_review_submitted_at"),
    (DocumentFilter("office", needs_review=False), "team_awaits_review_submitted_at"),
    (DocumentFilter("office", language="en"), "team_language_submitted_at"),
    (DocumentFilter(language="en"), "language_submitted_at"),
    (DocumentFilter(reference="order 7"), "reference_submitted_at"),
    (DocumentFilter("office", reference="order 7"), "team_reference_submitted_at"),
    (DocumentFilter(owner="ann", since=NOW), "owner_submitted_at"),
    (DocumentFilter("office", owner="ann"), "team_owner_submitted_at"),
]


@pytest.mark.parametrize(("criteria", "index"), CRITERIA, ids=lambda part: part if isinstance(part, str) else "")
@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_each_criterion_of_a_list_has_an_index_in_the_order_of_the_list(
    records: Records, criteria: DocumentFilter, index: str
) -> None:
    order = [column.desc() for column in NEWEST_FIRST.columns]
    query = apply_filter(sa.select(documents.c.id), criteria).order_by(*order).limit(50)
    plan = explain(records, query)
    assert f"INDEX ix_documents_{index}" in plan[0]
    # Only those of one moment are sorted.
    assert not [line for line in plan if line.endswith("FOR ORDER BY")]


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_claim_looks_at_nothing_but_the_queue(records: Records) -> None:
    (line,) = explain(records, select_claimable(NOW).limit(5))
    assert "INDEX ix_documents_submitted_at_batch_position" in line


def count_corrections(records: Records) -> tuple[int, int]:
    """From the answers themselves: documents whose newest answer is a label, and those where it is another than predicted."""
    with records.database.transaction(reads_only=True) as connection:
        newest = {row.document: row.answer for row in connection.execute(sa.select(answers).order_by(answers.c.number))}
        query = sa.select(documents.c.id, predictions.c.label)
        joined = query.join(predictions, predictions.c.id == documents.c.prediction)
        predicted = {row.id: row.label for row in connection.execute(joined)}
    rated = {
        document: {NONE_OF_THESE: OTHER}.get(answer, answer)
        for document, answer in newest.items()
        if answer not in {WITHDRAWN, UNREADABLE} and document in predicted
    }
    return len(rated), sum(label != predicted[document] for document, label in rated.items())


@given(operations=OPERATIONS)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_corrections_are_always_those_of_the_answers(records: Records, operations: list[tuple[str, str]]) -> None:
    carry_out(records, operations, start=1)
    counts = records.monitoring.count_corrections(NOW + timedelta(hours=13))
    assert (sum(one.answered for one in counts), sum(one.corrected for one in counts)) == count_corrections(records)
    found = [entry for entry in records.ledger.list_documents(limit=10_000) if entry.differing]
    assert found == []


@given(operations=OPERATIONS)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_numbers_are_always_those_of_the_documents(records: Records, operations: list[tuple[str, str]]) -> None:
    carry_out(records, operations, start=1)
    assert records.counts.find_differences() == ()
    counts = records.counts.list()
    with records.database.transaction(reads_only=True) as connection:
        statuses = Counter(Status(status) for status in connection.execute(sa.select(documents.c.status)).scalars())
    assert count_by_status(counts) == dict.fromkeys(Status, 0) | statuses
    records.counts.fold()
    assert records.counts.list() == counts


def test_numbers_stay_right_while_they_are_folded_and_documents_come(records: Records, url: str) -> None:
    documents_each, folds = 30, 20

    def come(mine: Records) -> None:
        for _ in range(documents_each):
            hand_in(mine, "a", "b", "c", "d", "e", "f", "g", "h", "i", "j")

    def fold(mine: Records) -> None:
        for _ in range(folds):
            mine.counts.fold()

    all_at_once(url, [come, fold, come, fold])
    assert count_by_status(records.counts.list())[Status.PENDING] == 2 * 10 * documents_each
    records.counts.fold()
    with records.database.transaction(reads_only=True) as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(document_counts)).scalar_one() < FOLDED_FROM
    assert records.counts.find_differences() == ()


def test_numbers_of_documents_that_were_there_before_are_counted(records: Records) -> None:
    carry_out(records, [("work", "complete unsure"), ("answer", "letter"), ("hand in", "home")], start=1)
    before = records.counts.list()
    records.database.migrate("0023")
    records.database.migrate()
    assert records.counts.list() == before
