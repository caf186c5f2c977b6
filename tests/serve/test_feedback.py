"""Answers become training images over HTTP, and an admin decides what is not plain."""

import pytest

from sake_ray.domain.accounts import Role
from tests.pages import letter, png
from tests.served_office import ServedOffice


@pytest.fixture
def admin(office: ServedOffice) -> dict[str, str]:
    """The header of an admin."""
    return office.account("ada", Role.ADMIN)


def test_answers_are_imported_once_and_what_people_differ_in_waits(office: ServedOffice, admin: dict[str, str]) -> None:
    marie, paul = office.account("marie"), office.account("paul")
    first = office.only_document(marie, office.upload(marie, ("a.png", png(letter().render(50)))))
    second = office.only_document(
        marie, office.upload(marie, ("b.png", png(letter(("Curriculum vitae", "Baker")).render(50))))
    )
    office.work()

    def say(document: str, answer: str, sign: dict[str, str]) -> None:
        said = office.http.post(f"/documents/{document}/answers", headers=sign, json={"answer": answer})
        assert said.status_code == 201, said.text

    def feedback() -> dict[str, object]:
        return dict(office.http.get("/admin/feedback", headers=admin).json())

    def take_in() -> dict[str, object]:
        answer = office.http.post("/admin/feedback/import", headers=admin)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    listed = office.http.get("/admin/review?limit=5", headers=admin).json()
    assert {document["id"] for document in listed["items"]} == {first, second}
    assert listed["items"][0]["margin"] <= listed["items"][1]["margin"]
    say(first, "facture", marie)
    say(second, "resume", marie)
    say(second, "facture", paul)
    told = feedback()
    assert told["counts"] == {"add": 1, "move": 0, "remove": 0, "waiting": 1, "in_place": 0}
    waiting, change = told["items"]
    assert (change["document"], change["kind"], change["after"]) == (first, "add", "facture")
    assert (told["total"], waiting["kind"], waiting["document"]) == (2, "waiting", second)
    assert waiting["why"] == "people_differ"
    assert [(said["by"], said["answer"]) for said in waiting["said"]] == [("marie", "resume"), ("paul", "facture")]
    assert told["choices"] == ["facture", "id_pieces", "resume", "none_of_these", "unreadable", "skip"]

    assert (take_in()["added"], take_in()["added"]) == (1, 0)
    at = f"/admin/feedback/{second}"
    assert "nobody said it" in office.http.post(at, headers=admin, json={"decision": "lettre"}).json()["detail"]
    assert office.http.post(at, headers=admin, json={"decision": "resume"}).json()["by"] == "ada"
    assert office.http.post("/admin/feedback/none", headers=admin, json={"decision": "skip"}).status_code == 404
    done = take_in()
    assert (done["added"], done["waiting"], done["failed"], done["not_compared"]) == (1, 0, [], 0)
    assert office.admin_services.workspace.images.count_by_label() == {"facture": 1, "resume": 1}
    assert feedback()["counts"]["in_place"] == 2
    assert office.http.get("/admin/review", headers=admin).json()["total"] == 0


def test_import_waits_for_whoever_holds_the_workspace_and_says_who(
    office: ServedOffice, admin: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sake_ray.serve.routes.feedback.HOLD_SECONDS", 0.1)
    with office.admin_services.workspace.hold("job 7 (train, by ada)", seconds=1):
        refused = office.http.post("/admin/feedback/import", headers=admin)
        assert office.http.get("/admin/feedback", headers=admin).json()["held_by"] == "job 7 (train, by ada)"
    assert (refused.status_code, refused.headers["Retry-After"]) == (409, "5")
    assert "held by job 7" in refused.json()["detail"]
