"""Results are sent as files: whole, of one's own team only, and safe for spreadsheets; a document as a searchable PDF."""

import csv
import io
import json
from dataclasses import replace
from datetime import timedelta

import httpx
import pypdfium2 as pdfium
import pytest

from sake_ray.data.text_cache import image_key, store_pages
from sake_ray.domain.accounts import Role
from sake_ray.domain.audit import AuditAction
from sake_ray.domain.documents import ReadingSummary
from sake_ray.domain.page_ranges import PageRange
from sake_ray.errors import Overloaded
from sake_ray.serve.searchable_pdfs import MAX_FILES, TemporaryFile
from sake_ray.storage.records import AuditFilter
from sake_ray.storage.records.tables import documents
from tests.data.test_searchable_pdf import jpeg, make_page
from tests.office import RECIPE
from tests.pages import letter, png
from tests.served_office import ServedOffice
from tests.small_service import SmallService, serve_guarded
from tests.storage.example_records import NOW, claim, completed, hand_in, predict
from tests.waiting import PATIENCE

HOUR = timedelta(hours=1)


def rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode())))


def test_csv_has_every_document_of_the_batch_in_its_order(small: SmallService) -> None:
    names = [f"{number}.pdf" for number in range(503)]
    batch, other = hand_in(small.records, *names, team="paris"), hand_in(small.records, team="paris")
    answer = small.http.get(f"/batches/{batch.uuid}/export", headers=small.sign("marie"))
    assert answer.headers["content-type"].startswith("text/csv; charset=utf-8")
    assert answer.headers["content-disposition"] == f'attachment; filename="{batch.uuid}.csv"'
    assert [row["name"] for row in rows(answer.content)] == names
    assert other.uuid not in answer.text


def test_csv_says_what_was_found_and_answered(small: SmallService) -> None:
    batch = completed(small.records, "a.pdf", team="paris", label="invoice")
    small.office.say(batch.documents[0].id, "letter")
    (row,) = rows(small.http.get(f"/batches/{batch.uuid}/export", headers=small.sign("marie")).content)
    assert (row["label"], row["answer"], row["confidence"], row["status"]) == ("invoice", "letter", "0.8", "COMPLETED")
    assert (row["needs_review"], row["uuid"], row["error"]) == ("false", batch.uuid, "")


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1"])
def test_cell_that_a_spreadsheet_would_run_is_text(small: SmallService, name: str) -> None:
    batch = hand_in(small.records, name, reference=name, team="paris")
    content = small.http.get(f"/batches/{batch.uuid}/export", headers=small.sign("marie")).content
    (row,) = csv.DictReader(io.StringIO(content.decode(), newline=""))
    assert (row["name"], row["reference"]) == (f"'{name}", f"'{name}")


def test_json_lines_are_those_of_the_list(small: SmallService) -> None:
    completed(small.records, "a.pdf", "b.pdf", team="paris")
    marie = small.sign("marie")
    answer = small.http.get("/documents/export", headers=marie, params={"format": "jsonl"})
    assert answer.headers["content-type"] == "application/x-ndjson"
    listed = small.http.get("/documents", headers=marie).json()["items"]
    assert [json.loads(line) for line in answer.text.splitlines()] == listed


def test_filters_are_those_of_the_list(small: SmallService) -> None:
    completed(small.records, "a.pdf", team="paris", reference="Durand/1", at=NOW - HOUR)
    hand_in(small.records, "b.pdf", team="paris", reference="Durand/1")
    hand_in(small.records, "c.pdf", team="paris", reference="Petit")
    marie = small.sign("marie")

    def names(**wanted: str) -> list[str]:
        answer = small.http.get("/documents/export", headers=marie, params=wanted)
        return [row["name"] for row in rows(answer.content)]

    assert names(reference="Durand/1") == ["b.pdf", "a.pdf"]
    assert names(reference="Durand/1", status="COMPLETED") == ["a.pdf"]
    assert names(reference="nobody") == names(reference="a\0b") == []


def test_list_longer_than_a_page_is_whole(small: SmallService) -> None:
    names = [f"{number}.pdf" for number in range(503)]
    hand_in(small.records, *names, team="paris")
    answer = small.http.get("/documents/export", headers=small.sign("marie"))
    assert [row["name"] for row in rows(answer.content)] == names[::-1]


def test_file_that_cannot_be_written_to_its_end_breaks_off(small: SmallService) -> None:
    names = [f"{number}.pdf" for number in range(503)]
    batch = hand_in(small.records, *names, team="paris")
    with small.records.database.transaction() as connection:
        last = documents.c.name == "502.pdf"
        connection.execute(documents.update().where(last).values(recipe={"of": "nobody"}))
    marie = small.sign("marie")
    with serve_guarded(small.app) as port, pytest.raises(httpx.RemoteProtocolError):
        httpx.get(f"http://127.0.0.1:{port}/batches/{batch.uuid}/export", headers=marie, timeout=PATIENCE)


def test_export_has_ones_own_team_only(small: SmallService) -> None:
    ours, theirs = hand_in(small.records, "a.pdf", team="paris"), hand_in(small.records, "b.pdf", team="lyon")
    marie = small.sign("marie")
    assert small.http.get(f"/batches/{theirs.uuid}/export", headers=marie).status_code == 404
    everything = small.http.get("/documents/export", headers=marie)
    assert [row["uuid"] for row in rows(everything.content)] == [ours.uuid]
    assert small.http.get(f"/batches/{ours.uuid}/export").status_code == 401


def test_export_is_in_the_audit_log(small: SmallService) -> None:
    batch = hand_in(small.records, team="paris")
    small.http.get(f"/batches/{batch.uuid}/export", headers=small.sign("marie"))
    (entry,) = small.records.audit.list(AuditFilter(action=AuditAction.RESULTS_EXPORTED)).items
    assert (entry.by, entry.subject) == ("marie", f"batch:{batch.uuid}")


@pytest.fixture
def document(small: SmallService) -> str:
    """The id of a document of paris, with the image of its page."""
    identity = small.office.add_classified("scan")
    sha, page = small.office.sha(identity), make_page(("Reçu", "de", "Durand"))
    store_pages(small.store, sha, RECIPE, media_type="image/png", pages=(page,))
    small.store.put(image_key(sha, RECIPE, 1), jpeg(100, 140))
    return identity


def test_searchable_pdf_has_the_words(small: SmallService, document: str) -> None:
    answer = small.http.get(f"/documents/{document}/searchable.pdf", headers=small.sign("marie"))
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
    assert answer.headers["content-disposition"] == f'attachment; filename="{document}.pdf"'
    with pdfium.PdfDocument(answer.content) as pdf:
        assert pdf[0].get_textpage().get_text_range().split() == ["Reçu", "de", "Durand"]


def test_searchable_pdf_is_sent_once_and_in_ranges(small: SmallService, document: str) -> None:
    marie, path = small.sign("marie"), f"/documents/{document}/searchable.pdf"
    first = small.http.get(path, headers=marie)
    again = small.http.get(path, headers=marie | {"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    part = small.http.get(path, headers=marie | {"Range": "bytes=10-19", "If-Range": first.headers["etag"]})
    assert (part.status_code, part.content) == (206, first.content[10:20])


def test_too_many_searchable_pdfs_at_once_are_refused_until_some_are_fetched() -> None:
    held = [TemporaryFile() for _ in range(MAX_FILES)]
    with pytest.raises(Overloaded):
        TemporaryFile()
    held.pop()
    assert TemporaryFile().size == 0


def test_searchable_pdf_is_for_those_who_may_see_the_document(small: SmallService, document: str) -> None:
    path = f"/documents/{document}/searchable.pdf"
    signs = {"olga": small.sign("olga", team="lyon"), "otto": small.sign("otto", Role.OPS)}
    assert {name: small.http.get(path, headers=sign).status_code for name, sign in signs.items()} == {
        "olga": 404,
        "otto": 403,
    }
    small.http.get(path, headers=small.sign("marie"))
    (entry,) = small.records.audit.list(AuditFilter(action=AuditAction.SEARCHABLE_PDF_DOWNLOADED)).items
    assert (entry.by, entry.subject) == ("marie", f"document:{document}")


def test_document_that_is_not_read_yet_has_no_searchable_pdf(small: SmallService) -> None:
    batch = hand_in(small.records, team="paris")
    answer = small.http.get(f"/documents/{batch.documents[0].id}/searchable.pdf", headers=small.sign("marie"))
    assert (answer.status_code, answer.json()["code"]) == (404, "document-without-text")


def test_page_images_that_were_deleted_are_made_again_for_it(office: ServedOffice) -> None:
    marie = office.account("marie")
    id = office.only_document(marie, office.upload(marie, ("scan.png", png(letter().render(100)))))
    office.work()
    before = office.client(marie).documents.searchable_pdf(id)
    found = office.records.documents.get(id, team=None)
    assert found.reading
    office.store.delete(image_key(found.sha256, found.reading.recipe, 1))
    assert office.client(marie).documents.searchable_pdf(id) == before
    assert office.working.read == [id]
    with pdfium.PdfDocument(before) as pdf:
        assert "Transport and assembly were done on Monday" in pdf[0].get_textpage().get_text_range()


def test_part_has_its_own_pages_only(small: SmallService) -> None:
    identity = small.office.add_classified("file")
    sha = small.office.sha(identity)
    pages = tuple(replace(make_page((word,)), number=number) for number, word in enumerate(("eins", "zwei"), 1))
    store_pages(small.store, sha, RECIPE, media_type="application/pdf", pages=pages)
    for number, width in ((1, 100), (2, 150)):
        small.store.put(image_key(sha, RECIPE, number), jpeg(width, 140))
    with small.records.database.transaction() as connection:
        connection.execute(documents.update().values(pages=2))
    found = small.records.documents.get(identity, team=None)
    small.records.splits.split(found, [PageRange(1, 1), PageRange(2, 2)], by="marie", now=NOW)
    for held in claim(small.records, limit=2):
        small.records.queue.complete(held, ReadingSummary(1, "fr", 90.0, RECIPE), predict(), now=NOW)
    part = small.records.splits.list_parts(identity)[1]
    answer = small.http.get(f"/documents/{part.id}/searchable.pdf", headers=small.sign("marie"))
    with pdfium.PdfDocument(answer.content) as pdf:
        assert [page.get_textpage().get_text_range().split() for page in pdf] == [["zwei"]]
        assert round(pdf[0].get_width()) == 72
