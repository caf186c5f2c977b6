"""The user's screens, on a real service."""

import json
from html import escape

import pytest
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager

from frontends.i18n import Translations, literal
from frontends.user import downloads
from frontends.user.cards import card_html, describe_notes
from sake_ray.domain.accounts import Role
from sake_ray.domain.documents import Status
from sake_ray.errors import Message
from sake_ray.schemas.documents import DocumentOut
from sake_ray.synthetic.generate import generate_one
from tests.frontends.screens import Open, colleague, shown
from tests.pages import letter, png
from tests.resources.layered import HIDDEN
from tests.served_office import ServedOffice
from tests.storage.example_records import NOW, SECOND, hand_in

SCAN = ("scan.png", png(letter().render(100)))
DOUBTFUL = png(letter(("Good morning",)).render(60))
TABLE = ("table.csv", b"a;b")


def test_files_are_sent_into_one_batch_and_what_is_refused_is_named(
    office: ServedOffice, marie: dict[str, str], opened: Open
) -> None:
    page = opened(marie)
    assert "20 MB" in shown(page)
    assert page.button[0].disabled
    page.text_input(key="reference").input(" Durand, Marie ").run()
    page.file_uploader[0].set_value(
        [(*SCAN, "image/png"), (*TABLE, "text/csv"), ("more.png", SCAN[1], "image/png")]
    ).run()
    page.button[0].click().run()
    assert not page.exception
    (batch,) = office.http.get("/predict/Durand, Marie", headers=marie).json()
    assert [document["name"] for document in batch["documents"]] == ["scan.png", "more.png"]
    assert page.query_params == {"batch": batch["uuid"], "of": "2"}
    assert "table\\.csv" in shown(page)
    assert "neither a PDF nor a picture" in shown(page)
    assert "2 being read" in shown(page)
    assert "0 of 2 documents are done" in "".join(bar.proto.text for bar in page.get("progress"))


def test_reference_like_the_number_of_an_upload_is_refused_before_anything_is_sent(
    office: ServedOffice, marie: dict[str, str], opened: Open
) -> None:
    page = opened(marie)
    page.text_input(key="reference").input("1B4E28BA-2FA1-41D2-883F-0016D3CCA427").run()
    page.file_uploader[0].set_value([(*SCAN, "image/png")]).run()
    assert page.button[0].disabled
    assert "must not look like the number of an upload" in shown(page)


def test_more_documents_than_are_shown_are_said_to_be_there(
    office: ServedOffice, marie: dict[str, str], opened: Open
) -> None:
    for _ in range(2):
        hand_in(office.records, *map(str, range(501)), reference="Durand", team="paris")
    assert "These are the first 1000 documents" in shown(opened(marie, "results", reference="Durand"))


def test_every_file_is_released_as_soon_as_it_is_sent(
    office: ServedOffice, marie: dict[str, str], opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    held, remove = [], MemoryUploadedFileManager.remove_file

    def removed(manager: MemoryUploadedFileManager, session_id: str, file_id: str) -> None:
        remove(manager, session_id, file_id)
        held.append(sum(len(file.data) for files in manager.file_storage.values() for file in files.values()))

    page = opened(marie)
    page.text_input(key="reference").input("Durand").run()
    page.file_uploader[0].set_value([(f"{n}.png", SCAN[1], "image/png") for n in range(200)]).run()
    monkeypatch.setattr(MemoryUploadedFileManager, "remove_file", removed)
    page.button[0].click().run(timeout=400)
    assert office.http.get("/documents", headers=marie).json()["total"] == 200
    assert held == [len(SCAN[1]) * left for left in range(199, -1, -1)]


def test_text_that_was_deleted_is_read_again_while_the_page_is_open(
    office: ServedOffice, marie: dict[str, str], opened: Open
) -> None:
    uuid = office.upload(marie, SCAN)
    office.work()
    id = office.only_document(marie, uuid)
    for key in [*office.store.list("texts/"), *office.store.list("pages/")]:
        office.store.delete(key)
    office.working.busy = True
    page = opened(marie, "document", id=id)
    assert "is being read again" in shown(page)
    assert "Total amount due" not in shown(page)
    office.working.busy = False
    page.run()
    assert not page.exception
    assert "is being read again" not in shown(page)
    assert "Total amount due" in shown(page)


def test_one_click_corrects_and_one_undoes_it(office: ServedOffice, marie: dict[str, str], opened: Open) -> None:
    uuid = office.upload(marie, SCAN, ("second.png", SCAN[1]))
    office.work()
    page = opened(marie, "results", batch=uuid)
    first, second = office.http.get(f"/predict/{uuid}", headers=marie).json()[0]["documents"]
    page.pills(key=f"answer-{first['id']}-None").set_value("resume").run()
    assert answers(office, marie, uuid) == ["resume", None]
    assert "scan.png marked “CV”." in shown(page)
    page.button(key="undo").click().run()
    assert answers(office, marie, uuid) == [None, None]
    for document in (first, second):
        page.checkbox(key=f"pick-{document['id']}").check()
    page.run()
    page.pills(key="bulk-0").set_value("none_of_these").run()
    assert answers(office, marie, uuid) == ["none_of_these", "none_of_these"]
    page.button(key="undo").click().run()
    assert answers(office, marie, uuid) == [None, None]


def test_one_click_confirms_all_that_the_service_is_sure_of_and_one_undoes_it(
    office: ServedOffice, marie: dict[str, str], opened: Open
) -> None:
    sure = generate_one(4, seed=20)
    uuid = office.upload(marie, (sure.name, sure.data), (f"again-{sure.name}", sure.data), ("doubtful.png", DOUBTFUL))
    office.work()
    page = opened(marie, "results", batch=uuid)
    page.button(key="confirm").click().run()
    assert answers(office, marie, uuid) == ["facture", "facture", None]
    assert "2 documents are confirmed." in shown(page)
    assert not [button for button in page.button if button.key == "confirm"]
    page.button(key="undo").click().run()
    assert answers(office, marie, uuid) == [None, None, None]


def test_a_session_that_has_ended_is_explained(marie: dict[str, str], opened: Open) -> None:
    page = opened({"Authorization": "Bearer nonsense"}, "results", language="fr")
    assert "Votre session est terminée" in shown(page)
    assert "sign-in?why=ended" in shown(page)


def test_an_unknown_name_and_an_unknown_document_are_explained(marie: dict[str, str], opened: Open) -> None:
    assert "Nothing was found under" in shown(opened(marie, "results", reference="Nobody"))
    assert "This document was not found" in shown(opened(marie, "document", id="nothing"))
    assert "Nothing here yet" in shown(opened(marie, "results"))


def test_a_document_shows_its_page_with_the_deciding_words(
    office: ServedOffice, marie: dict[str, str], opened: Open
) -> None:
    uuid = office.upload(marie, SCAN)
    office.work()
    page = opened(marie, "document", id=office.only_document(marie, uuid))
    text = shown(page)
    assert '<mark class="why"' in text
    assert "data:image/jpeg;base64," in text
    assert "northern branch" in text


def test_a_candidates_file_says_what_is_missing(office: ServedOffice, marie: dict[str, str], opened: Open) -> None:
    office.http.put(
        "/admin/required-labels", headers=colleague(office, Role.ADMIN), json={"labels": ["resume", "id_pieces"]}
    )
    uuid = office.upload(marie, SCAN, reference="Durand")
    page = opened(marie, "candidate", reference="Durand", language="fr")
    assert "Il manque : CV, Pièce d’identité." in shown(page)
    assert "1 en cours de lecture" in shown(page)
    office.work()
    document = office.only_document(marie, uuid)
    office.http.post(f"/documents/{document}/answers", headers=marie, json={"answer": "resume"})
    page = opened(marie, "candidate", reference="Durand")
    assert "Missing: Identity document." in shown(page)
    assert "✓ CV" in shown(page)
    page.pills(key=f"answer-{document}-resume").set_value("id_pieces").run()
    assert "Missing: CV." in shown(page)
    assert "A candidate’s file" in shown(opened(marie, "candidate"))


def test_what_is_searched_for_is_found_and_marked(office: ServedOffice, marie: dict[str, str], opened: Open) -> None:
    uuid = office.upload(marie, SCAN)
    office.work()
    found = opened(marie, "search", q="elephant wooden table")
    assert "Nothing was found" in shown(found)
    found = opened(marie, "search", q="wooden table")
    assert "1 document" in shown(found)
    assert "<mark>wooden tables</mark>" in shown(found)
    page = opened(marie, "document", id=office.only_document(marie, uuid), q="wooden table")
    assert shown(page).count('<mark class="found"') == 2
    assert "Find documents by the words in them" in shown(opened(marie, "search"))


def test_hostile_questions_find_nothing_and_break_nothing(marie: dict[str, str], opened: Open) -> None:
    for asked in ('" OR 1=1 --', "*", "a" * 400, "<script>alert(1)</script>", "()"):
        assert "<script>alert" not in shown(opened(marie, "search", q=asked))


def test_what_a_document_says_is_shown_and_never_run() -> None:
    words = Translations("en")
    hostile = '<img src=x onerror=alert(1)>"'
    html = card_html(document(name=hostile, label=hostile, error=hostile, status=Status.FAILED), words)
    assert "<img src=x" not in html
    html = card_html(document(name=hostile, label=hostile, needs_review=True, status=Status.PENDING), words)
    assert "<img src=x" not in html


@pytest.mark.parametrize(
    ("language", "said"), [("en", "Tell the person who manages the program"), ("fr", "Prévenez la personne qui gère")]
)
def test_a_document_that_needs_ops_says_why_and_whom_to_tell(language: str, said: str) -> None:
    words = Translations(language)
    html = card_html(document(status=Status.NEEDS_OPS, error="gone", error_code="original-missing"), words)
    assert said in html
    assert escape(words.translate(Message("original-missing"))) in html


def test_a_document_that_is_tried_again_says_why() -> None:
    html = card_html(document(status=Status.PENDING, error="x", error_code="storage-failed"), Translations("en"))
    assert "tried again automatically" in html
    assert "The storage does not answer" in html


def test_a_hostile_name_is_no_markdown_either(office: ServedOffice, marie: dict[str, str], opened: Open) -> None:
    hostile = "![x](http://elsewhere/x.png) **bold** $x$ :red[y]"
    uuid = office.upload(marie, SCAN, reference=hostile)
    page = opened(marie, "results", batch=uuid)
    (header,) = [element.value for element in page.header]
    assert header == literal(hostile)
    assert header.startswith("\\!\\[x\\]\\(http")
    assert "\\*\\*bold\\*\\* \\$x\\$ \\:red\\[y\\]" in header


def test_documents_page_offers_it_as_a_searchable_pdf(
    office: ServedOffice, marie: dict[str, str], opened: Open
) -> None:
    id = office.only_document(marie, office.upload(marie, ("my scan.png", png(letter().render(60)))))
    assert not opened(marie, "document", id=id).get("download_button")
    office.work()
    (button,) = opened(marie, "document", id=id).get("download_button")
    assert button.proto.label == "Searchable PDF"


def test_downloads_run_no_formulas_and_open_in_a_spreadsheet() -> None:
    row = document(name="=1+1.pdf", label="facture", confidence=0.97, pages=2, language="fr")
    table = downloads.to_csv([row], Translations("fr")).decode("utf-8-sig").splitlines()
    assert table[0].startswith("Fichier;Type;")
    assert table[1].startswith("'=1+1.pdf;Facture;sûr (97 %);97;fr;2;")
    assert json.loads(downloads.to_json([row]))[0]["name"] == "=1+1.pdf"


def answers(office: ServedOffice, sign: dict[str, str], uuid: str) -> list[str | None]:
    return [document["answer"] for document in office.http.get(f"/predict/{uuid}", headers=sign).json()[0]["documents"]]


def document(**changes: object) -> DocumentOut:
    fields = dict.fromkeys(DocumentOut.model_fields) | {"error_code": "", "error_params": {}, "proposed_parts": []} | {
        "id": "d1", "name": "scan.png", "status": Status.COMPLETED, "pages_done": 0, "error": "", "probabilities": {},
    }  # fmt: skip
    return DocumentOut.model_validate(fields | changes)


def test_uploads_are_paged_while_others_are_added(office: ServedOffice, opened: Open) -> None:
    ann = office.account("ann", team="office")
    for number in range(25):
        hand_in(office.records, reference=f"R{number}.", at=NOW + number * SECOND)
    page = opened(ann, "results")
    assert ("R24." in shown(page), "R4." in shown(page), "25 in all" in shown(page)) == (True, False, True)
    hand_in(office.records, reference="R25.", at=NOW + 25 * SECOND)
    page.button(key="latest-next").click().run()
    assert ("R5." in shown(page), "R4." in shown(page), "R0." in shown(page)) == (False, True, True)
    assert page.button(key="latest-next").disabled
    page.button(key="latest-before").click().run()
    assert ("R25." in shown(page), "R4." in shown(page)) == (True, False)


def test_hidden_text_that_was_ignored_is_said_over_http_and_on_the_card(
    office: ServedOffice, marie: dict[str, str], opened: Open
) -> None:
    uuid = office.upload(marie, ("cv.pdf", HIDDEN["white_on_white"]()))
    office.work()
    document = office.http.get(f"/documents/{office.only_document(marie, uuid)}", headers=marie).json()
    ((detail, code, params),) = [(note["detail"], note["code"], note["params"]) for note in document["notes"]]
    assert (code, params) == ("hidden-text-ignored", {"words": params["words"]})
    assert detail in shown(opened(marie, "results", batch=uuid))
    in_french = describe_notes(DocumentOut.model_validate(document), Translations("fr"))
    assert in_french == [f"Du texte caché a été ignoré ({params['words']} mots)."]


def test_a_deleted_document_is_in_the_bin_and_comes_back(
    office: ServedOffice, marie: dict[str, str], opened: Open
) -> None:
    uuid = office.upload(marie, ("a.png", png(letter().render(60))))
    office.work()
    id = office.only_document(marie, uuid)
    page = opened(marie, "document", id=id)
    page.button(key="delete-yes").click().run()
    assert not page.exception
    assert "in the bin" in shown(page)
    bin = opened(marie, "bin")
    assert "a.png" in shown(bin)
    bin.button(key=f"restore-{id}").click().run()
    assert not bin.exception
    assert "The bin is empty" in shown(bin)
    assert office.client(marie).documents.get(id).binned_at is None
