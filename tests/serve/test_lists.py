"""Lists over HTTP: one form for all of them, paged by cursors."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from sake_ray.client import iterate
from sake_ray.domain.accounts import Role
from sake_ray.domain.listing import make_cursor
from sake_ray.schemas.listing import ListOut
from sake_ray.serve.http_app import create_app
from tests.pages import letter, png
from tests.served_office import ServedOffice
from tests.storage.example_records import hand_in

FORM = set(ListOut.model_fields)
PAGED = [
    "/documents", "/batches", "/batches/{uuid}/documents", "/references/Durand", "/search?q=", "/search?q=invoice",
    "/admin/users", "/admin/images", "/admin/feedback", "/admin/jobs", "/admin/runs", "/admin/models/log", "/admin/audit",
]  # fmt: skip


def operations() -> Iterator[tuple[str, dict[str, Any]]]:
    for path, by_method in create_app(None).openapi()["paths"].items():
        for operation in by_method.values():
            yield path, operation


def test_every_list_has_the_same_form_and_is_asked_for_alike() -> None:
    schemas, lists = create_app(None).openapi()["components"]["schemas"], set()
    for path, operation in operations():
        schema = operation["responses"].get("200", {}).get("content", {}).get("application/json", {}).get("schema", {})
        name = schema.get("$ref", "").rpartition("/")[2]
        if "items" in (fields := schemas.get(name, {}).get("properties", {})):
            assert fields.keys() >= FORM, name
            assert set(schemas[name]["required"]) >= FORM, name
            lists.add(path)
        parameters = {parameter["name"] for parameter in operation.get("parameters", [])}
        assert not parameters & {"page", "offset", "before"} or path.endswith("/log"), path
        assert ("cursor" in parameters) == ("page_size" in parameters), path
        if "cursor" in parameters:
            assert path in lists or path.startswith("/predict/"), path
        # The original system's answer is the only bare list.
        assert schema.get("type") != "array" or path.startswith("/predict/"), path
    assert {path.partition("?")[0].replace("Durand", "{reference}") for path in PAGED} <= lists


def test_each_list_is_paged_to_its_end(office: ServedOffice) -> None:
    sign = fill(office)
    for path in paths(office, sign):
        whole = get(office, sign, path)
        assert (whole["next_cursor"], whole["total"], whole["total_is_exact"]) == (None, len(whole["items"]), True), (
            path
        )
        assert whole["total"] > 1 or path == "/admin/runs", path
        pages: list[object] = []
        cursor: dict[str, str] = {}
        while True:
            page = get(office, sign, path, page_size=1, **cursor)
            pages += page["items"]
            if page["next_cursor"] is None:
                break
            cursor = {"cursor": page["next_cursor"]}
        assert pages == whole["items"], path


def test_a_cursor_that_is_damaged_or_of_another_list_is_refused(office: ServedOffice) -> None:
    sign = fill(office)
    foreign = make_cursor(["others", 1])
    damaged = make_cursor(["documents", "\0", "\ud800", 1 << 70])
    for path in paths(office, sign):
        for cursor in ("", "x", foreign, foreign[:-2], "W" * 1999, damaged):
            answer = office.http.get(path.partition("?")[0], headers=sign, params={**query(path), "cursor": cursor})
            assert (answer.status_code, answer.json()["code"]) == (422, "cursor-invalid"), (path, cursor)


def test_a_page_number_of_before_is_refused_by_name(office: ServedOffice) -> None:
    answer = office.http.get("/documents", headers=office.account("marie"), params={"page": 2})
    assert (answer.status_code, answer.json()["code"]) == (422, "query-parameter-unknown")


def test_a_cursor_of_another_team_shows_nothing_of_it(office: ServedOffice) -> None:
    marie = office.account("marie", team="paris")
    for _ in range(3):
        hand_in(office.records, team="lyon", at=datetime.now(UTC))
    hand_in(office.records, team="paris", at=datetime(2020, 1, 1, tzinfo=UTC))
    for path in ("/documents", "/batches"):
        cursor = get(office, office.account(f"jean{path}", team="lyon"), path, page_size=1)["next_cursor"]
        page = get(office, marie, path, cursor=cursor)
        assert [item["submitted_at"][:4] for item in page["items"]] == ["2020"]


def test_batches_of_the_original_systems_answer_go_on_by_a_header(office: ServedOffice) -> None:
    sign = office.account("marie", team="office")
    handed_in = [hand_in(office.records, reference="Durand", at=datetime.now(UTC)).uuid for _ in range(3)]
    first = office.http.get("/predict/Durand", headers=sign, params={"page_size": 2})
    cursor = first.headers["X-Next-Cursor"]
    rest = office.http.get("/predict/Durand", headers=sign, params={"page_size": 2, "cursor": cursor})
    assert [batch["uuid"] for batch in first.json() + rest.json()] == handed_in[::-1]
    assert (first.headers["X-Total-Count"], "X-Next-Cursor" in rest.headers) == ("3", False)


def test_the_client_goes_through_a_whole_list(office: ServedOffice) -> None:
    client = office.client(office.account("marie", team="office"))
    uuid = hand_in(office.records, *map(str, range(7)), at=datetime.now(UTC)).uuid
    assert [one.name for one in iterate(client.documents.list, page_size=2)] == list("6543210")
    assert [one.name for one in iterate(client.batches.list_documents, uuid, page_size=3)] == list("0123456")
    assert list(iterate(client.documents.list, label="nothing")) == []


def test_what_screens_poll_is_answered_304_until_something_changes(office: ServedOffice) -> None:
    sign = fill(office)
    for path in ("/admin/jobs", "/admin/jobs/1", "/references/Durand"):
        etag = office.http.get(path, headers=sign).headers["etag"]
        assert office.http.get(path, headers=sign | {"If-None-Match": etag}).status_code == 304
        number = office.records.jobs.add("train", {}, by="anne", now=datetime.now(UTC)).number
        office.http.post(f"/admin/jobs/{number if path == '/admin/jobs' else 1}/stop", headers=sign)
        hand_in(office.records, reference="Durand", team="office", at=datetime.now(UTC))
        assert office.http.get(path, headers=sign | {"If-None-Match": etag}).status_code == 200


def fill(office: ServedOffice) -> dict[str, str]:
    """Put at least two of everything into an office; the signature of its admin."""
    sign = office.account("anne", Role.ADMIN)
    office.account("marie")
    office.upload(sign, ("a.png", png(letter().render(100))))
    office.upload(sign, ("b.png", png(letter().render(101))), ("c.png", png(letter().render(102))))
    office.work()
    documents = get(office, sign, "/documents")["items"]
    for document, label in zip(documents, ("facture", "resume"), strict=False):
        office.http.post(f"/documents/{document['id']}/answers", headers=sign, json={"answer": label})
    images = office.admin_services.workspace.images
    for resolution in (40, 45, 50):
        images.add("facture" if resolution < 50 else "resume", png(letter().render(resolution)), ending=".png")
    for number in (1, 2):
        office.records.jobs.add("train", {}, by="anne", now=datetime.now(UTC))
        office.records.promotions.start(number, before=None, by="anne", why="", now=datetime.now(UTC))
    return sign


def paths(office: ServedOffice, sign: dict[str, str]) -> list[str]:
    uuid = get(office, sign, "/batches")["items"][0]["uuid"]
    return [path.format(uuid=uuid) for path in PAGED]


def get(office: ServedOffice, sign: dict[str, str], path: str, **params: object) -> Any:
    answer = office.http.get(path.partition("?")[0], headers=sign, params={**query(path), **params})
    assert answer.status_code == 200, answer.text
    return answer.json()


def query(path: str) -> dict[str, str]:
    """The parameters in a path, which others given apart would replace."""
    return dict(part.split("=", 1) for part in path.partition("?")[2].split("&") if part)
