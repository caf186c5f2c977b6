"""Every kind of fault is found by the checks, and none is found where there is none."""

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from sake_ray.data.text_cache import image_key, reading_key, text_key
from sake_ray.domain.documents import Document, Status
from sake_ray.errors import StorageUnavailable
from sake_ray.ledger import MODEL_KINDS, SEVERITIES, rounds
from sake_ray.ledger.batches import name_request
from sake_ray.ledger.rounds import check_next
from sake_ray.ledger.whole import check_installation
from sake_ray.serve.originals import original_key
from sake_ray.storage.objects import FolderStore
from sake_ray.storage.records import HeldKey, PendingUpload
from sake_ray.storage.records.tables import attempts, document_counts, documents, predictions, searchable
from tests.ledger.bureau import LONG_AGO, MODEL_HASH, NOW, Bureau
from tests.office import RECIPE

Found = set[tuple[str, str]]


def open_bureau(bureau: Bureau) -> dict[str, Document]:
    """Documents that were processed, some that failed, wait or need ops, one in work, and an upload in flight."""
    contents = (
        "gone",
        "cut",
        "stranded",
        "unclassified",
        "wordless",
        "scratched",
        "pictureless",
        "unlisted",
        "swapped",
        "listed wrongly",
        "stuck",
    )
    uploaded = [document for content in contents for document in bureau.upload(content)]
    uploaded += bureau.upload("other", "rowless", "bad one", "blank one", key="k/1")
    bureau.process()
    bureau.upload("waits", "in work")
    bureau.records.queue.claim("w", limit=1, lease=timedelta(minutes=1), now=NOW)
    bureau.store.put("0123abcd-0000-4000-8000-000000000000/original_raw/in-flight.png", b"just stored")
    return {document.name.removesuffix(".png"): document for document in uploaded}


def break_everything(bureau: Bureau, made: dict[str, Document]) -> Found:
    """Inject every kind of fault by hand; return what there is to find."""
    store, expected = bureau.store, set()
    store.delete(made["gone"].original)
    expected.add(("fault-original-missing", made["gone"].id))
    store.put(made["cut"].original, store.get(made["cut"].original)[:-1])
    expected.add(("fault-original-damaged", made["cut"].id))
    store.delete(text_key(made["wordless"].sha256, RECIPE))
    expected.add(("fault-text-missing", made["wordless"].id))
    key = text_key(made["scratched"].sha256, RECIPE)
    store.put(key, store.get(key)[:-5])
    expected.add(("fault-text-damaged", made["scratched"].id))
    store.put(image_key(made["pictureless"].sha256, RECIPE, 1), b"\xff\xd8 half a pict")
    expected.add(("fault-page-images", made["pictureless"].id))
    orphan = "0123abcd-0000-4000-8000-000000000000/original_raw/of-a-dead-upload.png"
    store.put(orphan, b"nobody came back for it")
    bureau.make_old(orphan)
    expected.add(("fault-object-orphaned", orphan))
    rowless = made["rowless"]
    (answered,) = bureau.records.ledger.list_requests()
    with bureau.records.database.transaction() as connection:
        this = documents.c.id
        stranded = documents.update().where(this == made["stranded"].id)
        connection.execute(stranded.values(status="IN_PROGRESS", lease_until=None))
        connection.execute(predictions.delete().where(predictions.c.document == made["unclassified"].id))
        wrongly = documents.update().where(this == made["listed wrongly"].id)
        connection.execute(wrongly.values(team="lyon", awaits_review=True))
        connection.execute(searchable.delete().where(searchable.c.document == made["unlisted"].id))
        number = connection.execute(
            sa.select(searchable.c.number).where(searchable.c.document == rowless.id)
        ).scalar_one()
        for table in (searchable, predictions, attempts):
            connection.execute(table.delete().where(table.c.document == rowless.id))
        connection.execute(documents.delete().where(this == rowless.id))
        # The index entry of the row that is gone is taken for that of another document.
        swapped = searchable.update().where(searchable.c.document == made["swapped"].id)
        connection.execute(swapped.values(number=number))
        connection.execute(document_counts.insert().values(status="FAILED", label="", answered=False, documents=3))
    expected.add(("fault-counts-differ", "document_counts"))
    expected.add(("fault-document-stranded", made["stranded"].id))
    expected.add(("fault-prediction-missing", made["unclassified"].id))
    expected.add(("fault-columns-differ", made["listed wrongly"].id))
    expected.add(("fault-not-indexed", made["unlisted"].id))
    expected.add(("fault-index-differs", made["swapped"].id))
    expected.add(("fault-batch-count", rowless.batch))
    expected.add(("fault-request-unkept", name_request(answered)))
    for key in store.list(f"{rowless.batch}/"):
        if rowless.id in key:
            expected.add(("fault-object-orphaned", key))
    return expected


def break_models(bureau: Bureau, made: dict[str, Document]) -> Found:
    bureau.records.models.add(1, "another", now=NOW)
    bureau.records.models.add(7, "cd" * 32, now=NOW)
    with bureau.records.database.transaction() as connection:
        mine = predictions.update().where(predictions.c.document == made["other"].id)
        connection.execute(mine.values(model_hash="ef" * 32))
    return {
        ("fault-model-replaced", "version 1"),
        ("fault-model-missing", "version 7"),
        ("fault-model-unknown", "ef" * 32),
    }


def stored(bureau: Bureau) -> Found:
    return {(fault.kind, fault.subject) for fault in bureau.records.faults.list(limit=1000)}


def test_nothing_is_found_in_a_healthy_installation(bureau: Bureau) -> None:
    open_bureau(bureau)
    report = check_installation(bureau.installation, now=NOW)
    assert (report.faults, report.documents, report.batches, report.requests) == ({}, 17, 13, 1)
    assert report.objects == 17 + 1 + 2 * 13 + 2 * 11
    for _ in range(5):
        check_next(bureau.installation, now=NOW)
    assert stored(bureau) == set()


def test_every_kind_of_fault_is_found_and_goes_away_when_it_is_mended(bureau: Bureau) -> None:
    made = open_bureau(bureau)
    expected = break_everything(bureau, made) | break_models(bureau, made)
    assert {kind for kind, _ in expected} == set(SEVERITIES)
    report = check_installation(bureau.installation, now=NOW)
    assert {(fault.kind, fault.subject) for fault in report.examples} == expected
    assert sum(report.faults.values()) == len(expected)
    assert stored(bureau) == expected
    bureau.store.put(made["gone"].original, b"\x89PNG\r\n\x1a\ngone")
    bureau.records.models.add(1, MODEL_HASH, now=NOW)
    check_installation(bureau.installation, now=NOW + timedelta(minutes=1))
    mended = {("fault-original-missing", made["gone"].id), ("fault-model-replaced", "version 1")}
    assert stored(bureau) == expected - mended
    first = bureau.records.faults.list(kinds=["fault-text-missing"])[0]
    assert (first.found_at, first.seen_at) == (NOW, NOW + timedelta(minutes=1))


def test_rounds_find_the_same_a_little_at_a_time(bureau: Bureau, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"DOCUMENTS": 4, "BATCHES": 3, "REQUESTS": 1, "RECHECKED": 3}.items():
        monkeypatch.setattr(rounds, name, value)
    # As many prefixes as there are batches with orphans would take 256 steps.
    monkeypatch.setattr(rounds, "PREFIXES", 1)
    made = open_bureau(bureau)
    expected = break_everything(bureau, made)
    objects = {subject for kind, subject in expected if kind == "fault-object-orphaned"}
    monkeypatch.setattr(rounds, "list_prefixes", lambda part: sorted({key[:2] for key in objects}))
    steps = 0
    while (state := check_next(bureau.installation, now=NOW)).completed_at is None:
        steps += 1
    assert steps == 4
    assert state.documents == 16
    assert stored(bureau) == expected
    bureau.store.put(made["gone"].original, b"\x89PNG\r\n\x1a\ngone")
    for _ in range(8):
        check_next(bureau.installation, now=NOW + timedelta(minutes=1))
    assert stored(bureau) == expected - {("fault-original-missing", made["gone"].id)}


def test_round_goes_on_after_a_restart(bureau: Bureau, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rounds, "DOCUMENTS", 4)
    open_bureau(bureau)
    first = check_next(bureau.installation, now=NOW)
    second = check_next(bureau.installation, now=NOW + timedelta(minutes=1))
    assert (first.documents, second.documents, second.started_at) == (4, 8, NOW)
    assert first.position["document"] < second.position["document"]


def test_sample_checks_so_many_different_documents(bureau: Bureau) -> None:
    made = open_bureau(bureau)
    break_everything(bureau, made)
    assert check_installation(bureau.installation, sample=5, now=NOW).documents == 5
    assert check_installation(bureau.installation, sample=500, now=NOW).documents == 16


def test_upload_that_was_answered_is_missed_after_its_answer_is_deleted(bureau: Bureau) -> None:
    made = open_bureau(bureau)
    break_everything(bureau, made)
    check_installation(bureau.installation, now=NOW)
    (unkept,) = bureau.records.faults.list(kinds=["fault-request-unkept"])
    bureau.records.idempotency_keys.begin(HeldKey("x", "y", "d", "w"), now=NOW + timedelta(days=2))
    assert bureau.records.ledger.list_requests() == ()
    for check in (check_installation, check_next):
        check(bureau.installation, now=NOW + timedelta(days=2))  # type: ignore[operator]
        assert (unkept.kind, unkept.subject) in stored(bureau)


def test_document_that_needs_ops_is_a_fault_only_when_its_original_is_at_fault(bureau: Bureau) -> None:
    (stuck,) = bureau.upload("stuck")
    bureau.process()
    assert bureau.records.documents.get(stuck.id, team=None).status is Status.NEEDS_OPS
    assert check_installation(bureau.installation, now=NOW).faults == {}
    bureau.store.delete(stuck.original)
    assert check_installation(bureau.installation, now=NOW).faults == {"fault-original-missing": 1}
    assert bureau.records.documents.get(stuck.id, team=None).status is Status.NEEDS_OPS


def test_original_of_an_upload_in_work_or_dead_is_no_orphan(bureau: Bureau) -> None:
    pending = PendingUpload("u", "0123abcd-0000-4000-8000-000000000000", ("d",))
    key = original_key(pending.batch, "d", "image/png")
    bureau.store.put(key, b"stored for hours")
    bureau.make_old(key)
    bureau.records.uploads.begin(pending, now=LONG_AGO)
    assert check_installation(bureau.installation, now=NOW).faults == {}
    bureau.records.uploads.condemn(pending.id, now=NOW)
    assert check_installation(bureau.installation, now=NOW).faults == {}
    bureau.records.uploads.forget(pending.id)
    assert check_installation(bureau.installation, now=NOW).faults == {"fault-object-orphaned": 1}


def test_notes_of_what_teams_had_read_are_no_orphans(bureau: Bureau) -> None:
    key = reading_key("0" * 64, RECIPE, "paris")
    bureau.store.put(key, b"")
    bureau.make_old(key)
    assert check_installation(bureau.installation, now=NOW).faults == {}


def test_store_that_is_down_is_no_fault_of_its_documents(bureau: Bureau) -> None:
    open_bureau(bureau)

    class Down(FolderStore):
        def get(self, key: str) -> bytes:  # noqa: ARG002
            raise StorageUnavailable("store-not-a-folder", folder=self.root)

        def exists(self, key: str) -> bool:  # noqa: ARG002
            raise StorageUnavailable("store-not-a-folder", folder=self.root)

    down = replace(bureau.installation, store=Down(bureau.store.root))
    with pytest.raises(StorageUnavailable):
        check_installation(down, now=NOW)
    assert stored(bureau) == set()


def test_kinds_of_models_are_left_to_the_whole_check() -> None:
    assert not set(MODEL_KINDS) & set(rounds.CHECKED_KINDS)
