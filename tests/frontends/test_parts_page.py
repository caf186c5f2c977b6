"""The page of a file that holds several documents."""

from tests.frontends.screens import Open, shown
from tests.served_office import ServedOffice
from tests.stacks import STACK


def test_one_click_splits_a_stack_and_one_makes_it_whole_again(
    office: ServedOffice, marie: dict[str, str], opened: Open
) -> None:
    uuid = office.upload(marie, STACK)
    office.work()
    id = office.only_document(marie, uuid)
    page = opened(marie, "document", id=id)
    assert "3 documents, and they are of different classes" in shown(page)
    page.button(key="split").click().run()
    assert not page.exception
    assert "was split into 3 documents" in shown(page)
    assert shown(page).count('<img alt="" src="data:image/jpeg') == 3  # before their turn has come
    office.work()
    part = office.http.get("/documents", headers=marie).json()["items"][0]["id"]
    labels = {document["label"] for document in office.http.get("/documents", headers=marie).json()["items"]}
    assert labels == {"id_pieces", "resume", "facture"}
    page.button(key="undo-split").click().run()
    assert not page.exception
    assert [d["id"] for d in office.http.get("/documents", headers=marie).json()["items"]] == [id]
    assert "one document again" in shown(opened(marie, "document", id=part))


def test_pages_that_belong_together_are_kept_together(
    office: ServedOffice, marie: dict[str, str], opened: Open
) -> None:
    uuid = office.upload(marie, STACK)
    office.work()
    id = office.only_document(marie, uuid)
    page = opened(marie, "document", id=id)
    page.checkbox(key=f"begins-{id}-3").uncheck().run()
    assert page.button(key="split").label == "Split into 2 documents"
    page.button(key="split").click().run()
    found = office.http.get("/documents", headers=marie).json()["items"]
    assert {(d["first_page"], d["last_page"]) for d in found} == {(1, 1), (2, 3)}
    first = next(d["id"] for d in found if d["first_page"] == 1)
    assert "part of a larger file: page 1" in shown(opened(marie, "document", id=first))
