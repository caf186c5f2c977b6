"""Files that hold several documents, over HTTP: proposed, split, undone, split by themselves."""

from collections.abc import Callable
from typing import Any

import pytest

from sake_ray.domain.accounts import Role
from sake_ray.domain.documents import Status
from sake_ray.domain.parts import SplitMode
from sake_ray.errors import InputError, NotFound, PermissionDenied
from sake_ray.ledger import Installation
from sake_ray.ledger.documents import check_document
from tests.served_office import ServedOffice
from tests.stacks import STACK

LABELS = ["id_pieces", "resume", "facture"]


@pytest.fixture
def marie(office: ServedOffice) -> dict[str, str]:
    return office.account("marie")


@pytest.fixture
def stack(office: ServedOffice, marie: dict[str, str]) -> str:
    """The id of a file with an identity document, a CV and an invoice."""
    uuid = office.upload(marie, STACK)
    office.work()
    return office.only_document(marie, uuid)


def documents_of(office: ServedOffice, sign: dict[str, str]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = office.http.get("/documents", headers=sign).json()["items"]
    return sorted(found, key=lambda document: document["first_page"] or 0)


def test_a_stack_is_never_accepted_as_one_and_its_parts_are_proposed(
    office: ServedOffice, marie: dict[str, str], stack: str
) -> None:
    found = office.client(marie).documents.get(stack)
    assert found.needs_review
    assert [(part.first_page, part.last_page, part.label) for part in found.proposed_parts] == [
        (n, n, label) for n, label in enumerate(LABELS, start=1)
    ]


def test_one_call_splits_where_it_was_proposed(office: ServedOffice, marie: dict[str, str], stack: str) -> None:
    client = office.client(marie)
    assert client.documents.split(stack).id == stack
    office.work()
    assert [document["label"] for document in documents_of(office, marie)] == LABELS
    whole = client.documents.get(stack)
    assert whole.status is Status.SPLIT
    assert [(part.first_page, part.last_page, part.label) for part in whole.parts] == [
        (n, n, label) for n, label in enumerate(LABELS, start=1)
    ]


def test_a_part_shows_its_own_pages_words_and_explanation(
    office: ServedOffice, marie: dict[str, str], stack: str
) -> None:
    client = office.client(marie)
    texts = (client.documents.get(stack).text or "").split("\f")
    client.documents.split(stack)
    office.work()
    third = documents_of(office, marie)[2]
    part = client.documents.get(third["id"])
    assert (part.pages, part.first_page, part.last_page, part.parent) == (1, 3, 3, stack)
    assert part.text == texts[2]
    (page,) = client.documents.words(third["id"]).pages
    assert (page.number, " ".join(word.text for word in page.words).split()) == (1, texts[2].split())
    assert client.documents.page_image(third["id"], 1) == client.documents.page_image(stack, 3)
    with pytest.raises(NotFound):
        client.documents.page_image(third["id"], 2)
    words = set(texts[2].split())
    assert {word.text for word in client.documents.explain(third["id"]).words} <= words


def test_no_page_is_read_again(office: ServedOffice, marie: dict[str, str], stack: str) -> None:
    kept = {key: office.store.get(key) for key in office.store.list("texts/")}
    office.client(marie).documents.split(stack)
    office.work()
    assert {key: office.store.get(key) for key in office.store.list("texts/")} == kept
    assert len(list(office.store.list(f"{documents_of(office, marie)[0]['uuid']}/original_raw/"))) == 1


def test_parts_can_be_chosen(office: ServedOffice, marie: dict[str, str], stack: str) -> None:
    office.client(marie).documents.split(stack, [(1, 1), (2, 3)])
    assert [(d["first_page"], d["last_page"]) for d in documents_of(office, marie)] == [(1, 1), (2, 3)]


def test_a_split_is_undone(office: ServedOffice, marie: dict[str, str], stack: str) -> None:
    client = office.client(marie)
    before = client.documents.get(stack)
    client.documents.split(stack)
    office.work()
    assert client.documents.undo_split(documents_of(office, marie)[1]["id"]).id == stack
    assert [document["id"] for document in documents_of(office, marie)] == [stack]
    assert client.documents.get(stack) == before


def test_a_document_that_is_polled_changes_with_its_parts(
    office: ServedOffice, marie: dict[str, str], stack: str
) -> None:
    client = office.client(marie)
    client.documents.split(stack)
    assert {part.label for part in client.documents.get(stack).parts} == {None}
    office.work()
    assert [part.label for part in client.documents.get(stack).parts] == LABELS


def test_a_split_sent_twice_is_answered_alike(office: ServedOffice, marie: dict[str, str], stack: str) -> None:
    client = office.client(marie)
    assert client.documents.split(stack, key="one") == client.documents.split(stack, key="one")
    assert len(documents_of(office, marie)) == 3


def test_a_split_that_is_there_is_asked_for_again_and_stays(
    office: ServedOffice, marie: dict[str, str], stack: str
) -> None:
    client = office.client(marie)
    client.documents.split(stack)
    before = documents_of(office, marie)
    client.documents.split(stack)
    assert documents_of(office, marie) == before


def test_a_part_is_split_where_that_is_proposed_for_it(office: ServedOffice, marie: dict[str, str], stack: str) -> None:
    client = office.client(marie)
    client.documents.split(stack, [(1, 1), (2, 3)])
    office.work()
    # A person said that its pages are one document, so nothing is proposed; whoever reads it again may find otherwise.
    with pytest.raises(InputError) as refused:
        client.documents.split(documents_of(office, marie)[1]["id"])
    assert refused.value.message.code == "no-parts-proposed"
    client.documents.split(documents_of(office, marie)[1]["id"], [(2, 2), (3, 3)])
    office.work()
    found = documents_of(office, marie)
    assert [(document["first_page"], document["last_page"]) for document in found] == [(1, 1), (2, 2), (3, 3)]


def test_exports_name_the_parts_and_not_the_whole(office: ServedOffice, marie: dict[str, str], stack: str) -> None:
    office.client(marie).documents.split(stack)
    office.work()
    uuid = documents_of(office, marie)[0]["uuid"]
    (batch,) = office.http.get(f"/predict/{uuid}", headers=marie).json()
    assert (batch["n_files"], batch["status"], batch["next_cursor"]) == (3, "COMPLETED", None)
    assert stack not in {document["id"] for document in batch["documents"]}
    listed = office.http.get(f"/batches/{uuid}/documents?page_size=2", headers=marie).json()
    assert listed["total"] == 3


def test_ledger_finds_nothing_wrong_with_parts(office: ServedOffice, marie: dict[str, str], stack: str) -> None:
    office.client(marie).documents.split(stack)
    office.work()
    installation = Installation(office.records, office.store, office.reader.recipe)
    entries = office.records.ledger.list_documents()
    assert len(entries) == 4  # the file and its parts
    assert [fault for entry in entries for fault in check_document(installation, entry)] == []


def test_an_upload_may_say_that_its_files_are_split(office: ServedOffice, marie: dict[str, str]) -> None:
    office.client(marie).batches.submit("Durand", [STACK], split=SplitMode.AUTO)
    office.work()
    office.work()
    assert {document["parent"] is None for document in documents_of(office, marie)} == {False}


def test_an_upload_may_say_that_its_files_stay_whole(office: ServedOffice, marie: dict[str, str]) -> None:
    office.client(marie).batches.submit("Durand", [STACK], split=SplitMode.NEVER)
    office.work()
    (document,) = documents_of(office, marie)
    assert (document["proposed_parts"], document["needs_review"]) == ([], True)


def test_another_mode_is_refused(office: ServedOffice, marie: dict[str, str]) -> None:
    fields = {"reference": "Durand", "split": "always"}
    answer = office.http.post("/predict", headers=marie, data=fields, files=[("files", STACK)])
    assert (answer.status_code, answer.json()["code"]) == (422, "split-mode-unknown")


def test_a_document_of_another_team_is_not_split(office: ServedOffice, stack: str) -> None:
    paul = office.client(office.account("paul", team="lyon"))
    for call in (paul.documents.split, paul.documents.undo_split):
        with pytest.raises(NotFound):
            call(stack)


def test_ops_split_nothing(office: ServedOffice, stack: str) -> None:
    with pytest.raises(PermissionDenied):
        office.client(office.account("olga", Role.OPS)).documents.split(stack)


def test_a_split_of_other_pages_is_refused(office: ServedOffice, marie: dict[str, str], stack: str) -> None:
    with pytest.raises(InputError) as refused:
        office.client(marie).documents.split(stack, [(1, 2)])
    assert refused.value.code == "split-pages-invalid"


def test_the_installation_says_what_uploads_leave_open(open_office: Callable[..., ServedOffice]) -> None:
    office = open_office(split=SplitMode.NEVER)
    marie = office.account("marie")
    office.upload(marie, STACK)
    office.client(marie).batches.submit("Durand", [STACK], split=SplitMode.PROPOSE)
    office.work()
    assert sorted(len(document["proposed_parts"]) for document in documents_of(office, marie)) == [0, 3]
