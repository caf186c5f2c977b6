"""The records keep the same promises in both databases: SQLite in a file, and a real PostgreSQL."""

import pickle
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from sake_ray.domain.accounts import Account, Role
from sake_ray.domain.answers import WITHDRAWN, Answer
from sake_ray.domain.documents import Batch, Claim, Document, ReadingSummary, Status
from sake_ray.domain.texts import Recipe
from sake_ray.domain.verdicts import Policy, Prediction, Verdict
from sake_ray.errors import (
    IdempotencyKeyReused,
    InputError,
    LeaseLost,
    NotFound,
    SetupError,
    StillRunning,
    StorageUnavailable,
)
from sake_ray.storage.records import DocumentFilter, Records
from sake_ray.storage.records.tables import metadata, predictions
from tests.conftest import make_tables
from tests.storage.postgres import PASSWORD, Postgres

NOW = datetime(2026, 5, 6, 7, 8, 9, 123456, tzinfo=UTC)
LEASE = timedelta(seconds=30)
SECOND = timedelta(seconds=1)
ODD = "a/b?#% é 'x' \\ \n"
RECIPE = Recipe("tesseract", "5.3.0", "fra+eng", 3, 2)


@pytest.fixture(scope="session")
def tables_on_server(postgres: Postgres) -> Iterator[str]:
    """The name of a database with the tables and nothing in them."""
    with postgres.empty_database() as address:
        make_tables(address)
        yield address.rpartition("/")[2]


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database of each kind with the tables, copied, and nothing in them; an `empty` one has no tables."""
    empty, path = request.param.startswith("empty"), tmp_path / "records.db"
    if request.param.endswith("sqlite"):
        if not empty:
            shutil.copyfile(request.getfixturevalue("tables"), path)
        yield f"sqlite:///{path}"
        return
    server: Postgres = request.getfixturevalue("postgres")
    like = "template1" if empty else request.getfixturevalue("tables_on_server")
    with server.empty_database(like=like) as address:
        yield address


@pytest.fixture
def records(url: str) -> Iterator[Records]:
    """Records with nothing in them."""
    records = Records(url)
    yield records
    records.database.close()


def some_batch(reference: str = "order 7", *, team: str = "office", at: datetime = NOW) -> Batch:
    return Batch(str(uuid4()), reference, team, "ann", at)


def some_document(batch: Batch, *, at: datetime = NOW, name: str = "scan.pdf") -> Document:
    identity = uuid4().hex
    return Document(
        identity,
        batch.uuid,
        batch.reference,
        batch.team,
        name,
        "application/pdf",
        12_345,
        "ab" * 32,
        f"originals/{identity}",
        at,
    )


def hand_in(
    records: Records, *names: str, reference: str = "order 7", team: str = "office", at: datetime = NOW
) -> Batch:
    """Accept a new batch, of one document unless more are named."""
    batch = some_batch(reference, team=team, at=at)
    accepted = tuple(some_document(batch, at=at, name=name) for name in names or ("scan.pdf",))
    records.documents.accept(batch, accepted)
    return replace(batch, documents=accepted)


def claim(records: Records, *, most: int = 1, worker: str = "w", now: datetime = NOW) -> tuple[Claim, ...]:
    return records.queue.claim(worker, limit=most, lease=LEASE, now=now)


def read(*, confidence: float | None = 91.5) -> ReadingSummary:
    return ReadingSummary(2, "fr", confidence, RECIPE)


def predict(label: str = "invoice", *, needs_review: bool = False) -> Prediction:
    return Prediction(Verdict(label, 0.8, {label: 0.8, "other": 0.2}, needs_review), "4", "cd" * 32, 1)


def complete(records: Records, held: Claim, *, label: str = "invoice", needs_review: bool = False) -> None:
    records.policies.apply_settings(Policy(), now=NOW)
    records.queue.complete(held, read(), predict(label, needs_review=needs_review), now=NOW + SECOND)


def completed(records: Records, *names: str, label: str = "invoice", **changes: Any) -> Batch:
    """Hand in a batch and complete every document of it."""
    batch = hand_in(records, *names, **changes)
    for held in claim(records, most=len(batch.documents)):
        complete(records, held, label=label)
    return batch


def ids(claims: tuple[Claim, ...]) -> list[str]:
    return [held.document.id for held in claims]


def names(documents: tuple[Document, ...]) -> list[str]:
    return [document.name for document in documents]


def count_predictions(records: Records) -> int:
    with records.database.transaction(reads_only=True) as connection:
        return int(connection.execute(sa.select(sa.func.count()).select_from(predictions)).scalar_one())


def all_at_once(url: str, jobs: list[Callable[[Records], Any]]) -> list[Any]:
    """Run each job on a thread with a connection of its own, all beginning at the same moment."""
    barrier = threading.Barrier(len(jobs))

    def run(job: Callable[[Records], Any]) -> Any:
        records = Records(url)
        records.accounts.list()
        barrier.wait(30)
        try:
            return job(records)
        finally:
            records.database.close()

    with ThreadPoolExecutor(len(jobs)) as threads:
        return list(threads.map(run, jobs))


def in_processes(count: int, program: str, *words: str) -> list[str]:
    """Run a program in several processes; it says a line when it is ready and gets one when all are. Return the rest."""
    command = [sys.executable, "-c", program, *words]
    started = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(count)
    ]
    try:
        for process in started:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
        for process in started:
            assert process.stdin is not None
            process.stdin.write("go\n")
            process.stdin.flush()
        printed = [process.communicate(timeout=400)[0] for process in started]
        assert [process.returncode for process in started] == [0] * count
        return printed
    finally:
        for process in started:
            process.kill()
            process.communicate()


# The tables


def test_migrated_schema_is_that_of_the_tables(records: Records) -> None:
    with records.database.transaction(reads_only=True) as connection:
        # Every database keeps the index of the search in its own way, SQLite in tables of FTS5.
        ours = {"compare_type": True, "include_name": lambda name, *_: not str(name).startswith("search_index")}
        context = MigrationContext.configure(connection, opts=ours)
        assert compare_metadata(context, metadata) == []


def test_migrating_again_keeps_what_is_there(records: Records) -> None:
    batch = hand_in(records)
    records.database.migrate()
    assert records.batches.find_by_name(batch.uuid, team=None) == ((batch,), 1)


MIGRATE = """
import sys
from alembic import command
from sake_ray.storage.records import Records
print("ready", flush=True)
sys.stdin.readline()
Records(sys.argv[1]).database.migrate()
"""


@pytest.mark.parametrize("url", ["empty sqlite", "empty postgresql"], indirect=True)
def test_four_processes_may_migrate_an_empty_database_at_once(url: str) -> None:
    with pytest.raises(StorageUnavailable):
        hand_in(Records(url))
    in_processes(4, MIGRATE, url)
    assert hand_in(Records(url)).documents


# Batches and documents


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


def test_documents_of_a_batch_come_back_in_the_order_they_came(records: Records) -> None:
    batch = hand_in(records, "z", "a", "m", "b")
    assert records.batches.find_by_name(batch.uuid, team=None) == ((batch,), 1)


def test_batches_of_a_reference_come_newest_first(records: Records) -> None:
    middle, newest, oldest = (hand_in(records, at=NOW + hours * timedelta(hours=1)) for hours in (1, 2, 0))
    hand_in(records, reference="another")
    assert records.batches.find_by_name("order 7", team=None) == ((newest, middle, oldest), 3)


def test_batches_are_paged_under_their_total(records: Records) -> None:
    handed_in = [hand_in(records, at=NOW - hours * timedelta(hours=1)) for hours in range(5)]
    found, total = records.batches.find_by_name("order 7", team=None, limit=2, offset=2)
    assert (list(found), total) == (handed_in[2:4], 5)


@pytest.mark.parametrize(
    "reference", [ODD, "", " ", "%", "_", "é", "e\u0301", "名", "x" * 200, "'; DROP TABLE batches"]
)
def test_batch_is_found_by_its_exact_reference(records: Records, reference: str) -> None:
    batch = hand_in(records, reference=reference)
    hand_in(records, reference="another")
    assert records.batches.find_by_name(reference, team=None) == ((batch,), 1)


def test_batch_of_another_team_is_not_found(records: Records) -> None:
    batch = hand_in(records, team="theirs")
    assert records.batches.find_by_name(batch.uuid, team="ours") == ((), 0)
    assert records.batches.find_by_name(batch.reference, team="ours") == ((), 0)


def test_unknown_batch_is_none(records: Records) -> None:
    assert records.batches.find("nothing") is None
    assert records.batches.find_by_name("nothing", team=None) == ((), 0)


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
    first, total = records.documents.list(DocumentFilter(), limit=4)
    rest, _ = records.documents.list(DocumentFilter(), limit=4, offset=4)
    assert (names(first), names(rest), total) == (["2 a", "2 b", "1 a", "1 b"], ["0 a", "0 b"], 6)


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
    sure, doubtful, failed = claim(records, most=3)
    complete(records, sure, label="invoice")
    complete(records, doubtful, label="letter", needs_review=True)
    records.queue.fail(failed, "no pages", now=NOW)
    hand_in(records, "waiting", reference="order 8", team="home")
    found, total = records.documents.list(wanted, limit=10)
    assert ({*names(found)}, total) == (expected, len(expected))


def test_appended_documents_follow_those_that_are_there(records: Records) -> None:
    batch = hand_in(records, "z", "y")
    records.documents.accept(batch, [some_document(batch, name=name) for name in ("x", "a")])
    (found, *_), _ = records.batches.find_by_name(batch.uuid, team=None)
    assert names(found.documents) == ["z", "y", "x", "a"]
    assert records.batches.count_documents(batch.uuid) == 4


def test_appends_to_one_batch_at_once_all_land(records: Records, url: str) -> None:
    batch = hand_in(records, "first")
    parts = [[some_document(batch, name=f"{part} {number}") for number in range(3)] for part in range(8)]
    all_at_once(url, [lambda mine, part=part: mine.documents.accept(batch, part) for part in parts])  # type: ignore[misc]
    (found, *_), _ = records.batches.find_by_name(batch.uuid, team=None)
    together = [names(found.documents[start : start + 3]) for start in range(1, 25, 3)]
    assert sorted(together) == [names(tuple(part)) for part in parts]


def test_documents_that_cannot_all_be_accepted_leave_nothing(records: Records) -> None:
    batch = some_batch()
    document = some_document(batch)
    with pytest.raises(sa.exc.IntegrityError):
        records.documents.accept(batch, [some_document(batch), document, document])
    assert records.batches.find(batch.uuid) is None


# The queue


def test_claim_takes_the_oldest_first_and_no_more_than_asked(records: Records) -> None:
    later, oldest = hand_in(records, "c", "d", at=NOW - SECOND), hand_in(records, "a", "b", at=NOW - 2 * SECOND)
    claimed = claim(records, most=3)
    assert [held.document.name for held in claimed] == ["a", "b", "c"]
    assert {held.document.batch for held in claimed} == {oldest.uuid, later.uuid}


def test_claim_carries_the_document_as_it_is_now(records: Records) -> None:
    document = hand_in(records).documents[0]
    assert claim(records) == (Claim(replace(document, status=Status.IN_PROGRESS, attempt=1), 1),)


def test_claimed_document_is_not_claimed_again_under_its_lease(records: Records) -> None:
    hand_in(records)
    claim(records)
    assert claim(records, now=NOW + LEASE) == ()


def test_documents_that_ended_are_not_claimed(records: Records) -> None:
    hand_in(records, "a", "b")
    first, second = claim(records, most=2)
    complete(records, first)
    records.queue.fail(second, "no pages", now=NOW)
    assert claim(records, most=2, now=NOW + 2 * LEASE) == ()


def test_claiming_from_nothing_gives_nothing(records: Records) -> None:
    assert claim(records, most=5) == ()


def test_something_waits_while_a_claim_would_find_it(records: Records) -> None:
    waits = [records.queue.has_claimable(NOW)]
    hand_in(records)
    waits.append(records.queue.has_claimable(NOW))
    claim(records)
    waits += [records.queue.has_claimable(NOW), records.queue.has_claimable(NOW + LEASE + SECOND)]
    assert waits == [False, True, False, True]


CLAIM = f"""
import sys
from datetime import datetime, timedelta
from sake_ray.storage.records import Records
records = Records(sys.argv[1])
records.accounts.list()
print("ready", flush=True)
sys.stdin.readline()
now = datetime.fromisoformat("{NOW.isoformat()}")
while claims := records.queue.claim("w", limit=3, lease=timedelta(minutes=10), now=now):
    print(*(claim.document.id for claim in claims), flush=True)
"""


def test_eight_processes_claim_every_document_exactly_once(records: Records, url: str) -> None:
    expected = {document.id for _ in range(4) for document in hand_in(records, *map(str, range(100))).documents}
    claimed = [" ".join(printed.split()).split() for printed in in_processes(8, CLAIM, url)]
    assert sorted(identity for one in claimed for identity in one) == sorted(expected)


def test_expired_lease_is_claimed_again_as_the_next_attempt(records: Records) -> None:
    document = hand_in(records).documents[0]
    claim(records)
    (second,) = claim(records, now=NOW + LEASE + SECOND)
    assert (second.document.id, second.attempt, second.document.attempt) == (document.id, 2, 2)


def test_attempt_whose_lease_expired_is_logged_as_lost(records: Records) -> None:
    document = hand_in(records).documents[0]
    claim(records)
    claim(records, now=NOW + LEASE + SECOND)
    assert records.queue.list_attempts(document.id) == ((1, "lost"), (2, None))


Write = Callable[[Records, Claim], None]
WRITES: dict[str, Write] = {
    "progress": lambda records, held: records.queue.record_progress(held, done=1, pages=9),
    "complete": complete,
    "fail": lambda records, held: records.queue.fail(held, "no pages", now=NOW),
    "put_back": lambda records, held: records.queue.requeue(held, "killed", not_before=NOW, now=NOW),
}


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
def test_late_write_of_an_earlier_attempt_is_refused(records: Records, write: Write) -> None:
    hand_in(records)
    (first,) = claim(records)
    claim(records, now=NOW + LEASE + SECOND)
    with pytest.raises(LeaseLost, match=first.document.id):
        write(records, first)


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
def test_late_write_of_an_earlier_attempt_changes_nothing(records: Records, write: Write) -> None:
    document = hand_in(records).documents[0]
    (first,) = claim(records)
    (second,) = claim(records, now=NOW + LEASE + SECOND)
    with pytest.raises(LeaseLost):
        write(records, first)
    assert records.documents.get(document.id, team=None) == second.document
    assert records.queue.list_attempts(document.id) == ((1, "lost"), (2, None))
    assert (count_predictions(records), records.batches.list_due_exports()) == (0, ())


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
def test_write_after_the_end_is_refused(records: Records, write: Write) -> None:
    document = hand_in(records).documents[0]
    (held,) = claim(records)
    complete(records, held)
    ended = records.documents.get(document.id, team=None)
    with pytest.raises(LeaseLost):
        write(records, held)
    assert records.documents.get(document.id, team=None) == ended


def test_completing_eight_times_at_once_makes_one_prediction(records: Records, url: str) -> None:
    hand_in(records)
    (held,) = claim(records)
    records.policies.apply_settings(Policy(), now=NOW)

    def finish(mine: Records) -> bool:
        try:
            mine.queue.complete(held, read(), predict(), now=NOW)
        except LeaseLost:
            return False
        return True

    assert sum(all_at_once(url, [finish] * 8)) == 1
    assert count_predictions(records) == 1


def test_completed_document_shows_its_reading_and_prediction(records: Records) -> None:
    document = hand_in(records).documents[0]
    (held,) = claim(records)
    verdict = Verdict(None, None, {"é": 0.1, "b": 1 / 3}, True, "there is no text")
    prediction = Prediction(verdict, "4", "cd" * 32, 1)
    records.policies.apply_settings(Policy(), now=NOW)
    records.queue.complete(held, read(confidence=None), prediction, now=NOW + SECOND)
    assert records.documents.get(document.id, team=None) == replace(
        *(document,),
        status=Status.COMPLETED,
        attempt=1,
        pages=2,
        pages_done=2,
        error="there is no text",
        ended_at=NOW + SECOND,
        reading=read(confidence=None),
        prediction=prediction,
    )


def test_failed_document_shows_its_error(records: Records) -> None:
    document = hand_in(records).documents[0]
    (held,) = claim(records)
    records.queue.fail(held, "no pages", now=NOW + SECOND)
    failed = replace(document, status=Status.FAILED, attempt=1, error="no pages", ended_at=NOW + SECOND)
    assert records.documents.get(document.id, team=None) == failed
    assert records.queue.list_attempts(document.id) == ((1, "failed"),)


def test_progress_shows_on_the_document(records: Records) -> None:
    document = hand_in(records).documents[0]
    records.queue.record_progress(claim(records)[0], done=1, pages=9)
    found = records.documents.get(document.id, team=None)
    assert (found.pages_done, found.pages, found.status) == (1, 9, Status.IN_PROGRESS)


def test_next_attempt_begins_at_no_page(records: Records) -> None:
    hand_in(records)
    records.queue.record_progress(claim(records)[0], done=1, pages=9)
    assert claim(records, now=NOW + LEASE + SECOND)[0].document.pages_done == 0


def test_renewing_tells_which_are_still_held(records: Records) -> None:
    hand_in(records, "lost", at=NOW - SECOND)
    (lost,) = claim(records)
    hand_in(records, "ended", "held")
    claim(records, now=NOW + LEASE + SECOND, worker="another")
    ended, held = claim(records, most=2, now=NOW + LEASE + SECOND)
    complete(records, ended)
    assert records.queue.renew([lost, ended, held], lease=LEASE, now=NOW) == {held.document.id}


def test_renewed_lease_holds_longer(records: Records) -> None:
    hand_in(records)
    claims = claim(records)
    records.queue.renew(claims, lease=LEASE, now=NOW + LEASE)
    assert claim(records, now=NOW + LEASE + SECOND) == ()
    assert claim(records, now=NOW + 2 * LEASE + SECOND) != ()


def test_put_back_document_waits_for_its_time(records: Records) -> None:
    hand_in(records)
    (held,) = claim(records)
    records.queue.requeue(held, "killed", not_before=NOW + LEASE, now=NOW)
    assert claim(records, now=NOW + LEASE - SECOND) == ()
    assert claim(records, now=NOW + LEASE)[0].attempt == 2


def test_put_back_attempt_is_logged_as_put_back_and_not_as_lost(records: Records) -> None:
    document = hand_in(records).documents[0]
    records.queue.requeue(claim(records)[0], "killed", not_before=NOW, now=NOW)
    claim(records)
    assert records.queue.list_attempts(document.id) == ((1, "put back"), (2, None))


def test_released_documents_are_claimed_at_once(records: Records) -> None:
    batch = hand_in(records, "a", "b")
    claim(records, most=2)
    records.queue.expire_leases(NOW)
    assert ids(claim(records, most=2)) == [document.id for document in batch.documents]


def test_releasing_leaves_alone_what_is_not_in_work(records: Records) -> None:
    completed(records)
    hand_in(records, "put back")
    records.queue.requeue(claim(records)[0], "killed", not_before=NOW + LEASE, now=NOW)
    records.queue.expire_leases(NOW)
    assert claim(records, most=2) == ()


def test_depth_counts_by_status_and_label_and_tells_the_oldest(records: Records) -> None:
    completed(records, "a", "b", label="invoice", at=NOW - 9 * SECOND)
    completed(records, label="letter", at=NOW - 8 * SECOND)
    hand_in(records, at=NOW - 7 * SECOND)
    records.queue.fail(claim(records)[0], "no pages", now=NOW)
    hand_in(records, at=NOW - 6 * SECOND)
    claim(records)
    hand_in(records, "a", "b")
    depth = records.queue.measure_depth()
    assert sorted(depth.documents) == [
        (Status.COMPLETED, "invoice", 2),
        (Status.COMPLETED, "letter", 1),
        (Status.FAILED, "", 1),
        (Status.IN_PROGRESS, "", 1),
        (Status.PENDING, "", 2),
    ]
    assert (depth.waiting, depth.oldest) == (3, NOW - 6 * SECOND)


def test_nothing_waits_in_empty_records(records: Records) -> None:
    depth = records.queue.measure_depth()
    assert (depth.documents, depth.waiting, depth.oldest) == ((), 0, None)


# Answers and exports


def test_newest_answer_counts_and_none_is_lost(records: Records) -> None:
    batch = hand_in(records)
    given = tuple(Answer(batch.documents[0].id, said, "ann", NOW) for said in ("invoice", "letter", "none_of_these"))
    for answer in given:
        records.answers.add(answer)
    assert records.answers.list_of_batch(batch.uuid) == given
    assert records.documents.get(batch.documents[0].id, team=None).answer == "none_of_these"


def test_withdrawn_answer_leaves_the_document_without_one(records: Records) -> None:
    batch = hand_in(records)
    for said in ("invoice", WITHDRAWN):
        records.answers.add(Answer(batch.documents[0].id, said, "ann", NOW))
    assert records.documents.get(batch.documents[0].id, team=None).answer is None
    assert [answer.answer for answer in records.answers.list_of_batch(batch.uuid)] == ["invoice", WITHDRAWN]


def test_answer_for_an_unknown_document_is_not_found(records: Records) -> None:
    with pytest.raises(NotFound):
        records.answers.add(Answer("nothing", "invoice", "ann", NOW))


def test_answers_of_another_batch_are_not_told(records: Records) -> None:
    batch, another = hand_in(records), hand_in(records)
    records.answers.add(Answer(another.documents[0].id, "invoice", "ann", NOW))
    assert records.answers.list_of_batch(batch.uuid) == ()


def test_new_batch_has_no_export_due(records: Records) -> None:
    hand_in(records)
    assert records.batches.list_due_exports() == ()


CHANGES: dict[str, Callable[[Records, Document], None]] = {
    "complete": lambda records, _: complete(records, claim(records)[0]),
    "fail": lambda records, _: records.queue.fail(claim(records)[0], "no pages", now=NOW),
    "answer": lambda records, document: records.answers.add(Answer(document.id, "invoice", "ann", NOW)),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_changed_batch_has_exports_due_until_they_are_made(
    records: Records, change: Callable[[Records, Document], None]
) -> None:
    batch = hand_in(records)
    change(records, batch.documents[0])
    due = records.batches.list_due_exports()
    records.batches.mark_exported(*due[0])
    assert (due, records.batches.list_due_exports()) == (((batch.uuid, 1),), ())


def test_change_while_exporting_leaves_the_batch_due(records: Records) -> None:
    batch = completed(records)
    ((uuid, changes),) = records.batches.list_due_exports()
    records.answers.add(Answer(batch.documents[0].id, "letter", "ann", NOW))
    records.batches.mark_exported(uuid, changes)
    assert records.batches.list_due_exports() == ((batch.uuid, 2),)


def test_changes_at_once_are_all_counted(records: Records, url: str) -> None:
    batch = hand_in(records, *map(str, range(8)))
    given = [Answer(document.id, "letter", "ann", NOW) for document in batch.documents]
    all_at_once(url, [lambda mine, answer=answer: mine.answers.add(answer) for answer in given])  # type: ignore[misc]
    assert records.batches.list_due_exports() == ((batch.uuid, 8),)


# Policies


def test_same_thresholds_keep_their_version(records: Records) -> None:
    first = records.policies.apply_settings(Policy(threshold=0.7), now=NOW)
    assert records.policies.apply_settings(Policy(threshold=0.7), now=NOW) == first == Policy(1, 0.7, 3)


def test_other_thresholds_are_the_next_version(records: Records) -> None:
    settled = [records.policies.apply_settings(Policy(threshold=it), now=NOW) for it in (0.7, 0.9, 0.7)]
    assert settled == [Policy(1, 0.7), Policy(2, 0.9), Policy(3, 0.7)]


def test_settling_at_once_agrees_on_one_version(records: Records, url: str) -> None:
    settled = all_at_once(url, [lambda mine: mine.policies.apply_settings(Policy(threshold=0.6), now=NOW)] * 8)
    assert set(settled) == {Policy(1, 0.6)}


def test_promise_outlives_the_threshold_of_the_settings_until_it_is_taken_back(records: Records) -> None:
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


# Requests


def begin(
    records: Records, *, digest: str = "d", worker: str = "w", now: datetime = NOW, account: str = "ann"
) -> Any | None:
    return records.idempotency_keys.begin(account, "key", digest=digest, worker=worker, now=now)


def settle(records: Records, *, worker: str = "w") -> Batch:
    """Accept a batch in answer to the request."""
    batch = some_batch()
    answer = {"uuid": batch.uuid, ODD: [1, None]}
    records.documents.accept(batch, [some_document(batch)], request=("ann", "key"), worker=worker, answer=answer)
    return batch


def test_same_request_again_gets_the_same_answer(records: Records) -> None:
    assert begin(records) is None
    batch = settle(records)
    assert begin(records, worker="another") == {"uuid": batch.uuid, ODD: [1, None]}


def test_same_key_with_other_content_is_refused(records: Records) -> None:
    begin(records)
    settle(records)
    with pytest.raises(IdempotencyKeyReused):
        begin(records, digest="other")


def test_same_key_of_another_account_is_another(records: Records) -> None:
    begin(records)
    assert begin(records, account="bob", digest="other") is None


def test_same_request_while_the_first_runs_is_told_so(records: Records) -> None:
    begin(records)
    with pytest.raises(StillRunning):
        begin(records, worker="another", now=NOW + SECOND)


def test_same_request_eight_times_at_once_runs_once(records: Records, url: str) -> None:
    def run(mine: Records) -> bool:
        try:
            return begin(mine, worker=uuid4().hex) is None
        except StillRunning:
            return False

    assert sum(all_at_once(url, [run] * 8)) == 1


def test_request_of_a_killed_worker_may_be_taken_over(records: Records) -> None:
    begin(records)
    assert begin(records, worker="another", now=NOW + LEASE + SECOND) is None


def test_request_that_was_taken_over_accepts_nothing(records: Records) -> None:
    begin(records)
    begin(records, worker="another", now=NOW + LEASE + SECOND)
    with pytest.raises(StillRunning):
        settle(records)
    assert records.documents.list(DocumentFilter(), limit=1) == ((), 0)
    assert records.batches.find_by_name("order 7", team=None) == ((), 0)


def test_dropped_key_is_free(records: Records) -> None:
    begin(records)
    records.idempotency_keys.release("ann", "key", worker="w")
    assert begin(records, digest="other", worker="another") is None


def test_key_of_another_worker_is_not_dropped(records: Records) -> None:
    begin(records)
    records.idempotency_keys.release("ann", "key", worker="another")
    with pytest.raises(StillRunning):
        begin(records)


def test_answered_key_is_not_dropped(records: Records) -> None:
    begin(records)
    batch = settle(records)
    records.idempotency_keys.release("ann", "key", worker="w")
    assert begin(records) == {"uuid": batch.uuid, ODD: [1, None]}


def test_key_is_forgotten_after_a_day(records: Records) -> None:
    begin(records)
    settle(records)
    assert begin(records, now=NOW + timedelta(days=1)) is not None
    assert begin(records, digest="other", now=NOW + timedelta(days=1, seconds=1)) is None


def test_key_dropped_at_the_same_moment_disturbs_nobody(records: Records, url: str) -> None:
    def run(mine: Records) -> None:
        worker = uuid4().hex
        for _ in range(30):
            try:
                begin(mine, worker=worker)
                mine.idempotency_keys.release("ann", "key", worker=worker)
            except StillRunning:
                pass

    all_at_once(url, [run] * 8)


# Accounts


def add_account(records: Records, name: str = "ann", **changes: Any) -> Account:
    account = Account(name, Role.USER, "office", **changes)
    records.accounts.add(account, password_hash="hash", now=NOW)
    return account


def test_account_comes_back_with_its_hash(records: Records) -> None:
    account = add_account(records, ODD, disabled=True, tokens_since=5)
    assert records.accounts.find(ODD) == (account, "hash")


def test_unknown_account_is_none(records: Records) -> None:
    assert records.accounts.find("nobody") is None


def test_accounts_are_told_by_name(records: Records) -> None:
    bob, ann = add_account(records, "bob"), add_account(records, "ann")
    assert records.accounts.list() == (ann, bob)


def test_account_is_not_added_twice(records: Records) -> None:
    account = add_account(records)
    with pytest.raises(InputError, match="ann"):
        records.accounts.add(replace(account, role=Role.ADMIN), password_hash="other", now=NOW)
    assert records.accounts.find("ann") == (account, "hash")


def test_new_password_ends_older_tokens(records: Records) -> None:
    account = add_account(records)
    records.accounts.set_password("ann", "new hash")
    assert records.accounts.find("ann") == (replace(account, tokens_since=2), "new hash")


@pytest.mark.parametrize("disabled", [True, False])
def test_shutting_out_and_letting_in_end_older_tokens(records: Records, disabled: bool) -> None:
    account = add_account(records, disabled=not disabled)
    records.accounts.set_disabled("ann", disabled=disabled)
    assert records.accounts.find("ann") == (replace(account, disabled=disabled, tokens_since=2), "hash")


def test_unknown_account_is_not_changed(records: Records) -> None:
    with pytest.raises(NotFound, match="nobody"):
        records.accounts.set_password("nobody", "hash")
    with pytest.raises(NotFound, match="nobody"):
        records.accounts.set_disabled("nobody", disabled=True)


# The database


def test_records_travel_without_their_connection(records: Records) -> None:
    batch = hand_in(records)
    copy = pickle.loads(pickle.dumps(records))  # noqa: S301
    assert copy.batches.find_by_name(batch.uuid, team=None) == ((batch,), 1)
    copy.database.close()


@pytest.mark.parametrize("rest", [f"sake:{PASSWORD}@nowhere/records", f"nowhere/records?password={PASSWORD}"])
def test_password_of_the_address_is_not_shown(rest: str) -> None:
    records = Records(f"postgresql://{rest}")
    assert PASSWORD not in repr(records) + repr(records.database) + str(records)


@pytest.mark.parametrize(
    "url",
    [
        *("", "no address", f"://{PASSWORD}@x", f"mysql://sake:{PASSWORD}@nowhere/records"),
        f"postgresql://sake:p@ss:{PASSWORD}@nowhere/records",
    ],
)
def test_address_of_no_database_of_ours_is_refused(url: str) -> None:
    with pytest.raises(SetupError) as caught:
        Records(url)
    assert PASSWORD not in str(caught.value)


@pytest.mark.parametrize("listens", [True, False], ids=["silent", "closed"])
def test_unreachable_postgresql_is_unavailable_within_seconds(listens: bool) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"postgresql://sake:{PASSWORD}@127.0.0.1:{silent.getsockname()[1]}/records"
        if not listens:
            silent.close()
        begun = time.monotonic()
        with pytest.raises(StorageUnavailable) as caught:
            Records(address).batches.find("any")
        assert time.monotonic() - begun < 60
        assert PASSWORD not in str(caught.value)


def test_missing_database_is_unavailable(postgres: Postgres) -> None:
    with pytest.raises(StorageUnavailable, match="does not exist") as caught:
        Records(postgres.url("no_such_database")).batches.find("any")
    assert PASSWORD not in str(caught.value)


def test_connection_that_the_server_ended_is_replaced(postgres: Postgres) -> None:
    with postgres.empty_database() as address:
        records = Records(address)
        records.database.migrate()
        batch = hand_in(records)
        postgres.command("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname LIKE 'test_%'")
        assert records.batches.find(batch.uuid) == replace(batch, documents=())


def test_folder_that_is_no_database_file_is_unavailable(tmp_path: Path) -> None:
    with pytest.raises(StorageUnavailable):
        Records(f"sqlite:///{tmp_path}").batches.find("any")


def test_reading_does_not_wait_for_a_writing_transaction(records: Records, url: str) -> None:
    batch = hand_in(records)
    begun = time.monotonic()
    with records.database.transaction() as writing:
        writing.execute(metadata.tables["documents"].update().values(name="changed"))
        assert Records(url).batches.find_by_name(batch.uuid, team=None) == ((batch,), 1)
    assert time.monotonic() - begun < 20


def test_what_is_raised_in_a_transaction_undoes_it(records: Records) -> None:
    batch = hand_in(records)

    def fail() -> None:
        with records.database.transaction() as writing:
            writing.execute(metadata.tables["documents"].update().values(name="changed"))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert records.batches.find_by_name(batch.uuid, team=None) == ((batch,), 1)


WRITE = """
import sys
from sake_ray.storage.records import Records
from tests.storage.test_records import hand_in
records = Records(sys.argv[1])
while True:
    print(hand_in(records, "a", "b", "c").uuid, flush=True)
"""


def test_no_accepted_document_is_lost_when_the_writer_is_killed(records: Records, url: str) -> None:
    top = Path(__file__).parents[2]
    with subprocess.Popen([sys.executable, "-c", WRITE, url], cwd=top, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        accepted = {writer.stdout.readline().strip() for _ in range(20)}
        writer.send_signal(signal.SIGKILL)
        accepted |= set(writer.stdout.read().split())
    found, _ = records.batches.find_by_name("order 7", team=None, limit=10_000)
    assert accepted <= {batch.uuid for batch in found}
    assert {len(batch.documents) for batch in found} == {3}
