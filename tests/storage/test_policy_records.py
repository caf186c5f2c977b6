"""Policies are versions; a new one applies to open documents."""

import itertools
import logging
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from random import Random
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sake_ray.domain.answers import WITHDRAWN, Answer
from sake_ray.domain.verdicts import Policy
from sake_ray.serve.policy_rounds import IDLE_SECONDS, PAUSE_SECONDS, PolicyRounds
from sake_ray.storage.records import OutdatedDocument, PolicyProgress, Records
from sake_ray.storage.records.reapplication import OPEN, is_outdated, select_outdated
from sake_ray.storage.records.tables import answers, attempts, batches, documents, predictions
from tests.concurrency import TOP, all_at_once
from tests.storage.example_records import NOW, SECOND, completed, count_predictions, hand_in

CHUNK = 10


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
    assert (apply_whole(records, strict), apply_whole(records, strict)) == (1, 0)
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
    all_at_once(url, [lambda mine: apply_whole(mine, policy)] * 4)
    assert count_predictions(records) == 20


def test_documents_under_an_older_policy_come_batch_by_batch_and_once(records: Records) -> None:
    uploaded = [completed(records, "a", "b", "c", "d") for _ in range(3)]
    policy = records.policies.add(Policy(threshold=0.99), by="ann", now=NOW)
    expected = [document.id for batch in sorted(uploaded, key=lambda one: one.uuid) for document in batch.documents]
    found: list[OutdatedDocument] = []
    while page := records.policies.list_outdated(policy, after=found[-1] if found else None, limit=5):
        assert len(page) <= 5
        found += page
    assert [document.id for document in found] == expected


def test_an_older_policy_never_replaces_a_newer_one(records: Records) -> None:
    (document,) = completed(records).documents
    older, newer = (records.policies.add(Policy(threshold=it), by="ann", now=NOW) for it in (0.99, 0.1))
    found = records.policies.list_outdated(older, limit=9)
    assert (apply_whole(records, newer), records.policies.reapply(older, found, now=NOW)) == (1, 0)
    prediction = records.documents.get(document.id, team=None).prediction
    assert prediction
    assert prediction.policy_version == newer.version


def test_progress_of_a_policy_counts_open_documents(records: Records) -> None:
    _, second, _ = completed(records, "a", "b", "c").documents
    hand_in(records)
    records.answers.add(Answer(second.id, "letter", "ann", NOW))
    assert records.policies.measure_progress() == PolicyProgress(0)
    policy = records.policies.add(Policy(threshold=0.99), by="ann", now=NOW)
    assert records.policies.measure_progress() == PolicyProgress(2, 2)
    records.policies.reapply(policy, records.policies.list_outdated(policy, limit=1), now=NOW)
    assert records.policies.measure_progress() == PolicyProgress(1, 2)


def test_documents_from_before_they_named_their_policy_are_found_and_change_only_where_it_is_older(
    records: Records,
) -> None:
    completed(records, "applied", "not applied")
    policy = records.policies.add(Policy(threshold=0.99), by="ann", now=NOW)
    records.policies.reapply(policy, records.policies.list_outdated(policy, limit=1), now=NOW)
    with records.database.transaction() as connection:
        connection.execute(documents.update().values(policy_version=0))
    assert records.policies.measure_progress() == PolicyProgress(2, 2)
    assert apply_whole(records, policy) == 1
    assert records.policies.measure_progress() == PolicyProgress(0)
    assert count_predictions(records) == 4


def test_rounds_of_a_policy_are_small_and_leave_pauses(records: Records) -> None:
    completed(records, *map(str, range(CHUNK + 5)))
    records.policies.add(Policy(threshold=0.99), by="ann", now=NOW)
    rounds, left = PolicyRounds(records, chunk=CHUNK), []
    pauses = [rounds.run_next()]
    while (outdated := records.policies.measure_progress().outdated) not in left:
        left.append(outdated)
        pauses.append(rounds.run_next())
    assert left == [5, 0]
    assert min(pauses) >= PAUSE_SECONDS
    assert pauses[-1] == IDLE_SECONDS


def test_policy_that_comes_while_another_is_applied_takes_its_place(records: Records) -> None:
    completed(records, *map(str, range(CHUNK + 5)))
    for threshold in (0.99, 0.1):
        newest = records.policies.add(Policy(threshold=threshold), by="ann", now=NOW)
        rounds = PolicyRounds(records, chunk=CHUNK)
        rounds.run_next()
    while rounds.run_next() < IDLE_SECONDS:
        pass
    assert rounds.outdated == 0
    assert count_open_by_policy(records) == {newest.version: CHUNK + 5}


def test_a_policy_goes_on_where_a_kill_left_it_and_others_write_meanwhile(records: Records, url: str) -> None:
    batch = completed(records, *map(str, range(3 * CHUNK)))
    newest = records.policies.add(Policy(threshold=0.99), by="ann", now=NOW)
    with subprocess.Popen(
        [sys.executable, "-m", "tests.storage.programs.apply_policy", url, str(CHUNK)],
        cwd=TOP,
        stdout=subprocess.PIPE,
        text=True,
    ) as other:
        assert other.stdout is not None
        left = int(other.stdout.readline())
        # It writes between the rounds of the other process.
        records.answers.add(Answer(batch.documents[0].id, "letter", "ann", NOW))
        other.send_signal(signal.SIGKILL)
    assert left == 2 * CHUNK
    undone = records.policies.measure_progress().outdated
    assert undone <= left
    assert apply_whole(records, newest) == undone
    assert records.policies.measure_progress() == PolicyProgress(0)
    # Nothing was done twice, and the one that was answered may have come before or after its round.
    assert count_predictions(records) in {6 * CHUNK - 1, 6 * CHUNK}


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
def test_answers_and_policies_at_the_same_time_neither_meet_nor_lose_anything(
    records: Records, url: str, caplog: pytest.LogCaptureFixture
) -> None:
    uploaded = [completed(records, *map(str, range(15))) for _ in range(12)]
    every = [document.id for batch in uploaded for document in batch.documents]
    moments = itertools.count(1)

    def answer(seed: int) -> Callable[[Records], int]:
        random = Random(seed)
        answered = random.sample(every, 60)

        def run(mine: Records) -> int:
            for id in answered:
                mine.answers.add(Answer(id, "letter", f"p{seed}", NOW))
                mine.answers.add(Answer(id, WITHDRAWN, f"p{seed}", NOW))
            return 2 * len(answered)

        return run

    def change(seed: int) -> Callable[[Records], int]:
        random = Random(seed)

        def run(mine: Records) -> int:
            for number in range(10):
                policy = mine.policies.add(Policy(threshold=0.1 + 0.8 * (number % 2)), by="root", now=NOW)
                for _ in range(4):
                    found = mine.policies.list_outdated(policy, limit=120)
                    # Each at a moment of its own, so that it can be told afterwards what was changed together.
                    at = NOW + next(moments) * SECOND
                    mine.policies.reapply(policy, random.sample(found, len(found)), now=at)
            return 0

        return run

    with caplog.at_level(logging.WARNING):
        said = sum(all_at_once(url, [*map(answer, range(4)), *map(change, range(2))]))
    assert "repeated" not in caplog.text
    expected = sum(len(batch.documents) for batch in uploaded) + said + count_joint_changes(records)
    with records.database.transaction(reads_only=True) as connection:
        assert connection.execute(sa.select(sa.func.sum(batches.c.changes))).scalar_one() == expected
        assert connection.execute(sa.select(sa.func.count()).select_from(answers)).scalar_one() == said
    newest = records.policies.find_newest()
    assert newest
    apply_whole(records, newest)
    assert count_open_by_policy(records) == {newest.version: len(every)}


def test_finding_and_changing_outdated_documents_scans_nothing(records: Records) -> None:
    completed(records, *map(str, range(40)))
    before = OutdatedDocument("x", 1, "", 0)
    with records.database.transaction() as connection:
        if connection.dialect.name == "postgresql":
            # The few rows of a test are read faster by a scan; whether an index would do is the question.
            connection.execute(sa.text("SET LOCAL enable_seqscan = off"))
        found = explain(connection, select_outdated(2, before, 10))
        assert "ix_documents_policy_version_batch_position" in found
        assert "sort" not in found.lower()
        assert "temp b-tree" not in found.lower()
        counted = sa.select(sa.func.count()).select_from(documents).where(*OPEN, is_outdated(2))
        assert "ix_documents_policy_version_batch_position" in explain(connection, counted)


def apply_whole(records: Records, policy: Policy) -> int:
    """Apply a policy to all documents under an older one; return how many changed."""
    changed = 0
    while found := records.policies.list_outdated(policy, limit=7):
        changed += records.policies.reapply(policy, found, now=NOW)
    return changed


def count_open_by_policy(records: Records) -> dict[int, int]:
    """Count the open documents by the policy of their prediction, which is the one that they name."""
    joined = documents.join(predictions, predictions.c.id == documents.c.prediction)
    query = sa.select(predictions.c.policy_version, sa.func.count().label("number")).select_from(joined).where(*OPEN)
    same = query.where(predictions.c.policy_version == documents.c.policy_version)
    with records.database.transaction(reads_only=True) as connection:
        rows = connection.execute(same.group_by(predictions.c.policy_version))
        return {row.policy_version: row.number for row in rows}


def count_joint_changes(records: Records) -> int:
    """Count how often some documents of a batch came under another policy together."""
    query = (
        sa.select(documents.c.batch, predictions.c.made_at)
        .join(documents, documents.c.id == predictions.c.document)
        .where(predictions.c.policy_version > 1)
        .distinct()
    )
    with records.database.transaction(reads_only=True) as connection:
        return len(connection.execute(query).all())


def explain(connection: sa.Connection, query: sa.Select[Any]) -> str:
    """How the database would go about it."""
    sqlite = connection.dialect.name == "sqlite"
    text = str(query.compile(connection, compile_kwargs={"literal_binds": True}))
    rows = connection.exec_driver_sql(f"EXPLAIN {'QUERY PLAN ' if sqlite else ''}{text}")
    return "\n".join(str(row[-1]) for row in rows)


THRESHOLDS = st.one_of(st.none(), st.floats(0, 1))
PREDICTIONS = st.tuples(
    st.one_of(st.none(), st.sampled_from(["invoice", "letter", "rib", "other"])),
    st.one_of(st.none(), st.sampled_from([0.0, 0.3, 0.5, 0.7, 0.9, 1.0])),
    st.booleans(),
)


@given(
    policy=st.builds(
        Policy,
        threshold=st.sampled_from([0.0, 0.5, 0.7, 1.0]),
        thresholds=st.dictionaries(st.sampled_from(["invoice", "letter"]), THRESHOLDS),
        wrong_in=st.one_of(st.none(), st.just(200)),
    ),
    made=st.lists(PREDICTIONS, min_size=1, max_size=8),
)
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_database_and_program_agree_on_what_needs_review(
    records: Records, policy: Policy, made: list[tuple[str | None, float | None, bool]]
) -> None:
    with records.database.transaction() as connection:
        for table in (predictions, attempts, documents):
            connection.execute(table.delete())
    completed(records, *(f"{number}" for number in range(len(made))))
    with records.database.transaction() as connection:
        ids = connection.execute(sa.select(predictions.c.id)).scalars().all()
        for id, (label, confidence, scant) in zip(ids, made, strict=True):
            values = {"label": label, "confidence": confidence, "scant": scant}
            connection.execute(predictions.update().where(predictions.c.id == id).values(**values))
    expected = sum(policy.requires_review(label, confidence, scant=scant) for label, confidence, scant in made)
    assert records.policies.count_open(policy) == (len(made), expected)
