"""What can be looked up of batches, by whom, and what polling costs."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from sake_ray.domain.accounts import Role
from tests.pages import letter, png
from tests.served_office import ServedOffice
from tests.storage.example_records import hand_in

SCAN = png(letter().render(100))
UUID = "1b4e28ba-2fa1-41d2-883f-0016d3cca427"


@pytest.mark.parametrize("reference", [UUID, UUID.upper(), f" {UUID}\n"])
def test_reference_that_looks_like_a_uuid_is_refused(office: ServedOffice, reference: str) -> None:
    sign = office.account("marie")
    answer = office.http.post("/predict", headers=sign, data={"reference": reference}, files={"files": ("a.png", SCAN)})
    assert (answer.status_code, answer.json()["code"]) == (422, "reference-like-uuid")
    assert office.http.get("/documents", headers=sign).json()["total"] == 0


@pytest.mark.parametrize("reference", [UUID.replace("-", ""), f"{UUID}x", f"file {UUID}"])
def test_reference_that_nobody_takes_for_a_uuid_is_accepted(office: ServedOffice, reference: str) -> None:
    sign = office.account("marie")
    uuid = office.upload(sign, ("a.png", SCAN), reference=reference)
    assert [row["uuid"] for row in found(office, sign, "/batches", reference=reference)["items"]] == [uuid]


def test_open_batch_from_before_that_rule_takes_more_files(office: ServedOffice) -> None:
    sign = office.account("ann", team="office")
    batch = hand_in(office.records, reference=UUID, at=datetime.now(UTC))
    more = {"reference": UUID, "uuid": batch.uuid}
    answer = office.http.post("/predict", headers=sign, data=more, files={"files": ("b.png", SCAN)})
    assert (answer.status_code, answer.json()["uuid"]) == (202, batch.uuid)


def test_uuid_finds_its_batch_and_nobody_covers_it_with_a_reference(office: ServedOffice) -> None:
    alpha, beta = office.account("marie", team="alpha"), office.account("jean", team="beta")
    admin = office.account("anne", Role.ADMIN)
    own = hand_in(office.records, team="alpha").uuid
    covering = hand_in(office.records, team="beta", reference=own, at=datetime.now(UTC)).uuid

    def look_up(sign: dict[str, str]) -> list[str]:
        return [batch["uuid"] for batch in found(office, sign, f"/predict/{own}")]

    assert (look_up(admin), look_up(alpha), look_up(beta)) == ([own], [own], [covering])
    assert found(office, admin, f"/batches/{own}")["uuid"] == own
    assert office.http.get(f"/batches/{own}", headers=beta).status_code == 404
    assert [row["uuid"] for row in found(office, admin, "/batches", reference=own)["items"]] == [covering]
    assert found(office, alpha, "/batches", reference=own)["items"] == []


def test_batches_of_a_reference_are_listed_and_those_of_other_teams_are_not(office: ServedOffice) -> None:
    marie = office.account("marie")
    mine = office.upload(marie, ("a.png", SCAN), reference="Durand")
    office.upload(marie, ("b.png", SCAN), reference="Durand, Marie")
    office.upload(office.account("jean", team="lyon"), ("c.png", SCAN), reference="Durand")
    listed = found(office, marie, "/batches", reference="Durand")
    assert ([row["uuid"] for row in listed["items"]], listed["total"]) == ([mine], 1)
    assert found(office, marie, "/batches", reference="a\0b")["total"] == 0


def test_summary_counts_by_state_and_class(office: ServedOffice) -> None:
    sign = office.account("marie")
    uuid = office.upload(sign, ("a.png", SCAN), ("cut.png", SCAN[:200]))
    told = found(office, sign, f"/batches/{uuid}")
    assert (told["status"], told["n_files"], told["n_pending"], told["labels"]) == ("PENDING", 2, 2, {})
    office.work()
    document = found(office, sign, f"/batches/{uuid}/documents")["items"][0]["id"]
    office.http.post(f"/documents/{document}/answers", headers=sign, json={"answer": "resume"})
    told = found(office, sign, f"/batches/{uuid}")
    assert (told["status"], told["n_pending"], told["n_ended"], told["n_failed"]) == ("COMPLETED", 0, 2, 1)
    assert (told["labels"], told["owner"], "documents" in told) == ({"resume": 1}, "marie", False)


def test_documents_come_page_by_page_in_the_order_they_came(office: ServedOffice) -> None:
    sign = office.account("marie", team="office")
    batch = hand_in(office.records, *map(str, range(25)))
    names: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        page = found(office, sign, f"/batches/{batch.uuid}/documents", page_size=10, **cursor)
        assert (len(page["items"]) <= 10, page["total"], page["total_is_exact"]) == (True, 25, True)
        names += [document["name"] for document in page["items"]]
        if page["next_cursor"] is None:
            break
        cursor = {"cursor": page["next_cursor"]}
    assert names == [str(number) for number in range(25)]


def test_answer_of_the_original_system_has_a_thousand_documents_at_most(office: ServedOffice) -> None:
    sign, now = office.account("marie", team="office"), datetime.now(UTC)
    for hours, count in ((1, 600), (2, 600), (3, 5)):
        hand_in(office.records, *map(str, range(count)), reference="Durand", at=now - timedelta(hours=hours))
    batches = found(office, sign, "/predict/Durand")
    assert [(b["n_files"], len(b["documents"]), b["next_cursor"] is None) for b in batches] == [
        (600, 600, True),
        (600, 400, False),
        (5, 0, False),
    ]
    at = f"/batches/{batches[1]['uuid']}/documents"
    rest = found(office, sign, at, cursor=batches[1]["next_cursor"], page_size=200)
    assert ([document["name"] for document in rest["items"]][:1], len(rest["items"])) == (["400"], 200)


POLLED = ["/batches/{uuid}", "/batches/{uuid}/documents", "/predict/{uuid}", "/predict/Durand", "/documents/{id}"]


@pytest.mark.parametrize("path", POLLED)
def test_polling_is_answered_304_until_something_changes(office: ServedOffice, path: str) -> None:
    sign = office.account("marie")
    uuid = office.upload(sign, ("a.png", SCAN))
    url = path.format(uuid=uuid, id=office.only_document(sign, uuid))
    waiting = office.http.get(url, headers=sign)
    assert poll(office, sign, url, waiting.headers["etag"]) == 304
    office.work()
    assert poll(office, sign, url, waiting.headers["etag"]) == 200
    done = office.http.get(url, headers=sign)
    assert poll(office, sign, url, f'W/"other", {done.headers["etag"]}') == 304
    document = office.only_document(sign, uuid)
    office.http.post(f"/documents/{document}/answers", headers=sign, json={"answer": "resume"})
    assert poll(office, sign, url, done.headers["etag"]) == 200


@pytest.mark.parametrize("path", POLLED)
def test_polling_assembles_nothing_while_nothing_changes(office: ServedOffice, path: str) -> None:
    """One read of narrow rows or counts: never of the predictions, and of a document no text from the store."""
    sign = office.account("marie")
    uuid = office.upload(sign, ("a.png", SCAN))
    office.work()
    url = path.format(uuid=uuid, id=office.only_document(sign, uuid))
    etag = office.http.get(url, headers=sign).headers["etag"]
    remove_texts(office)
    with statements() as sent:
        assert poll(office, sign, url, etag) == 304
    assert (len(sent) > 0, [one for one in sent if "probabilities" in one]) == (True, [])


def test_known_tag_opens_no_batch_of_another_team(office: ServedOffice) -> None:
    sign, other = office.account("marie"), office.account("jean", team="lyon")
    uuid = office.upload(sign, ("a.png", SCAN))
    id = office.only_document(sign, uuid)
    for path in POLLED:
        assert poll(office, other, path.format(uuid=uuid, id=id), "*") == 404


def test_document_whose_text_is_missing_is_never_said_to_be_unchanged(office: ServedOffice) -> None:
    sign = office.account("marie")
    uuid = office.upload(sign, ("a.png", SCAN))
    office.work()
    for key in office.store.list():  # the original too, of which the text would be made again
        office.store.delete(key)
    answer = office.http.get(f"/documents/{office.only_document(sign, uuid)}", headers=sign)
    assert (answer.json()["text"], "etag" in answer.headers) == (None, False)


def test_client_that_polls_gets_an_unchanged_answer_without_a_body(office: ServedOffice) -> None:
    sign = office.account("marie")
    client = office.client(sign)
    uuid = office.upload(sign, ("a.png", SCAN))
    first = client.batches.get(uuid)
    assert client.batches.get(uuid) is first
    office.work()
    assert client.batches.get(uuid).n_ended == 1


def test_client_waits_for_a_batch_and_gets_it_whole(office: ServedOffice) -> None:
    sign, told = office.account("marie"), []
    uuid = office.upload(sign, ("a.png", SCAN), ("b.png", SCAN))
    office.work()
    batch = office.client(sign).batches.wait(uuid, seconds=60, on_progress=lambda done, of: told.append((done, of)))
    assert (len(batch.documents), told) == (2, [(2, 2)])


def found(office: ServedOffice, sign: dict[str, str], path: str, **params: Any) -> Any:
    answer = office.http.get(path, headers=sign, params=params)
    assert answer.status_code == 200, answer.text
    return answer.json()


def poll(office: ServedOffice, sign: dict[str, str], url: str, etag: str) -> int:
    answer = office.http.get(url, headers=sign | {"If-None-Match": etag})
    assert (answer.status_code == 304) <= (answer.content == b"" and answer.headers["etag"].strip('W/"') in etag)
    return answer.status_code


def remove_texts(office: ServedOffice) -> None:
    """Take the texts of the documents away."""
    for key in office.store.list():
        if "/original_raw/" not in key:
            office.store.delete(key)


@contextmanager
def statements() -> Iterator[list[str]]:
    """The statements that the records send meanwhile."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        sent.append(statement)

    sa.event.listen(sa.Engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", note)
