"""What the service promises over HTTP."""

import base64
import csv
import json
import re
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

import pytest

from sake_ray.domain.accounts import Account, Role
from sake_ray.serve.idempotency import RequestKeys
from sake_ray.serve.lease_renewal import LeaseRenewal
from sake_ray.serve.tokens import make_token
from tests.pages import letter, png
from tests.served_office import KEY, PASSWORD, ServedOffice

PROBLEM = "application/problem+json"
ODD = [
    "a/b",
    "/a//b/",
    "100 % é?x=1#y",
    "..",
    "../../etc/passwd",
    "'; drop table batches;--",
    "日本\n🙂",
    "\\",
    "a+b c",
    " x ",
]
SCAN = png(letter().render(100))


def test_only_health_login_and_the_description_are_open(office: ServedOffice) -> None:
    paths = office.http.get("/openapi.json").json()["paths"]
    open_ones = {"/health", "/ready", "/auth/token", "/auth/issuer"}
    for path, operations in paths.items():
        for method in operations:
            url = re.sub(r"\{\w+\}", "1", path)
            answer = office.http.request(method, url)
            assert (answer.status_code == 401) == (path not in open_ones), (method, path)
    assert office.http.get("/docs").status_code == 200


def test_uploaded_scan_gets_class_text_words_pages_and_explanation(office: ServedOffice) -> None:
    sign = office.account("marie")
    answer = office.http.post("/predict", headers=sign, data={"reference": "Durand"}, files={"files": ("a.png", SCAN)})
    told = answer.json()
    assert (answer.status_code, answer.headers["location"]) == (202, f"/predict/{told['uuid']}")
    assert answer.headers["retry-after"].isdigit()
    assert (told["reference"], told["nb"], told["refused"]) == ("Durand", 1, [])
    (batch,) = office.http.get("/predict/Durand", headers=sign).json()
    assert (batch["status"], batch["n_files"], batch["documents"][0]["label"]) == ("PENDING", 1, None)
    office.work()
    (batch,) = office.http.get(answer.headers["location"], headers=sign).json()
    (document,) = batch["documents"]
    assert (batch["status"], document["status"], document["pages"], document["pages_done"]) == (
        "COMPLETED",
        "COMPLETED",
        1,
        1,
    )
    assert document["label"] in document["probabilities"]
    assert document["model_version"] == "1"
    url = f"/documents/{document['id']}"
    detail = office.http.get(url, headers=sign).json()
    assert "Total amount due" in detail["text"]
    assert "amount" in detail["cleaned_text"]
    assert detail["recipe"]["languages"] == "fra+eng"
    words = office.http.get(f"{url}/words", headers=sign).json()["pages"][0]["words"]
    assert any(word["text"] == "Invoice" and 0 <= word["box"][0] < word["box"][2] <= 1 for word in words)
    explained = office.http.get(f"{url}/explanation", headers=sign).json()
    assert explained["label"] == document["label"]
    assert len(explained["words"]) > 3
    for picture in ("pages/1", "pages/1/thumbnail"):
        shown = office.http.get(f"{url}/{picture}", headers=sign)
        assert (shown.headers["content-type"], shown.content[:2]) == ("image/jpeg", b"\xff\xd8")
    original = office.http.get(f"{url}/original", headers=sign)
    assert (original.content, original.headers["content-type"]) == (SCAN, "image/png")
    assert original.headers["content-disposition"].startswith("attachment")


def test_json_upload_is_the_same_as_multipart(office: ServedOffice) -> None:
    sign = office.account("marie")
    body = {"reference": "J", "files": [{"name": "a.png", "content": base64.b64encode(SCAN).decode()}]}
    assert office.http.post("/predict", headers=sign, json=body).status_code == 202
    body["files"] = [{"name": "a.png", "content": "no base64!"}]
    answer = office.http.post("/predict", headers=sign, json=body)
    assert (answer.status_code, answer.headers["content-type"]) == (422, PROBLEM)
    assert "base64" in answer.json()["detail"]


def test_bad_files_are_refused_one_by_one_and_the_rest_is_accepted(office: ServedOffice) -> None:
    sign = office.account("marie")
    files = [("files", (name, data)) for name, data in (("a.png", SCAN), ("b.docx", b"PK\x03\x04"), ("c.pdf", b""))]
    told = office.http.post("/predict", headers=sign, data={"reference": "R"}, files=files).json()
    assert told["nb"] == 1
    assert [(r["name"], r["title"]) for r in told["refused"]] == [
        ("b.docx", "Unsupported type"),
        ("c.pdf", "Empty file"),
    ]
    answer = office.http.post("/predict", headers=sign, data={"reference": "R"}, files=files[1:])
    assert (answer.status_code, answer.headers["content-type"]) == (422, PROBLEM)
    assert len(answer.json()["refused"]) == 2
    assert len(office.http.get("/predict/R", headers=sign).json()) == 1


def test_file_over_the_limit_is_refused_with_the_figure(open_office) -> None:  # type: ignore[no-untyped-def]
    office = open_office(max_bytes=1000)
    sign = office.account("marie")
    answer = office.http.post("/predict", headers=sign, data={"reference": "R"}, files={"files": ("a.png", SCAN)})
    assert answer.status_code == 422
    assert "1,000" in answer.json()["refused"][0]["detail"]


@pytest.mark.parametrize("reference", ODD)
def test_reference_may_hold_any_character(office: ServedOffice, reference: str) -> None:
    sign = office.account("marie")
    uuid = office.upload(sign, ("a.png", SCAN), reference=reference)
    by_path = office.http.build_request("GET", "/predict/x", headers=sign)
    by_path.url = by_path.url.copy_with(raw_path=b"/predict/" + quote(reference, safe="").replace(".", "%2E").encode())
    (batch,) = office.http.send(by_path).json()
    assert (batch["uuid"], batch["reference"]) == (uuid, reference)
    assert office.http.get("/documents", headers=sign, params={"reference": reference}).json()["total"] == 1


@pytest.mark.parametrize("reference", ["", "   ", "x" * 201, "a\0b"])
def test_impossible_reference_is_refused(office: ServedOffice, reference: str) -> None:
    sign = office.account("marie")
    body = {"reference": reference, "files": [{"name": "a.png", "content": base64.b64encode(SCAN).decode()}]}
    answer = office.http.post("/predict", headers=sign, json=body)
    assert (answer.status_code, answer.headers["content-type"]) == (422, PROBLEM)


def test_file_name_is_a_label_and_never_a_path(office: ServedOffice) -> None:
    sign = office.account("marie")
    uuid = office.upload(sign, ("../../../tmp/é\x01vil\n.png", SCAN))
    (batch,) = office.http.get(f"/predict/{uuid}", headers=sign).json()
    assert "/" not in batch["documents"][0]["name"]
    assert {key.split("/")[0] for key in office.store.list()} == {uuid}


@pytest.mark.parametrize(
    ("disposition", "name"),
    [
        ("filename*=UTF-8''%C3%A9tat%20%22civil%22.png", 'état "civil".png'),
        ("filename*=utf-8'fr'a%3Bb.png", "a;b.png"),
        ("filename*=ISO-8859-1''%E9.png", "é.png"),
        ("filename*=unheard-of''b.png", "b.png"),
        ("filename*=\"UTF-8''c.png\"", "c.png"),
        ("filename=plain.png; filename*=UTF-8''other.png", "plain.png"),
    ],
)
def test_a_file_whose_name_has_the_extended_form_only_is_a_file(
    office: ServedOffice, disposition: str, name: str
) -> None:
    sign = office.account("marie")
    body = form((REFERENCE, b"Durand"), (f'Content-Disposition: form-data; name="files"; {disposition}', SCAN))
    headers = sign | {"Content-Type": "multipart/form-data; boundary=b"}
    answer = office.http.post("/predict", headers=headers, content=body)
    assert answer.status_code == 202, answer.text
    (batch,) = office.http.get(f"/predict/{answer.json()['uuid']}", headers=sign).json()
    assert [document["name"] for document in batch["documents"]] == [name]


def test_another_team_sees_nothing_an_admin_all_and_ops_figures_unless_they_may(office: ServedOffice) -> None:
    paris, lyon = office.account("marie"), office.account("jean", team="lyon")
    admin, ops = office.account("anne", Role.ADMIN), office.account("omar", Role.OPS)
    uuid = office.upload(paris, ("a.png", SCAN))
    office.work()
    id = office.only_document(paris, uuid)
    for path in ("", "/words", "/explanation", "/original", "/pages/1", "/pages/1/thumbnail"):
        assert office.http.get(f"/documents/{id}{path}", headers=lyon).status_code == 404
        assert office.http.get(f"/documents/{id}{path}", headers=admin).status_code == 200
        assert office.http.get(f"/documents/{id}{path}", headers=ops).status_code == 403
    assert office.http.get("/documents", headers=ops).json()["total"] == 1
    assert office.http.patch("/admin/users/omar", headers=admin, json={"sees_documents": True}).status_code == 200
    for path in ("", "/words", "/explanation", "/original", "/pages/1", "/pages/1/thumbnail"):
        assert office.http.get(f"/documents/{id}{path}", headers=ops).status_code == 200
    assert office.http.get(f"/predict/{uuid}", headers=lyon).status_code == 404
    assert office.http.get("/documents", headers=lyon).json()["total"] == 0
    assert office.http.post(f"/documents/{id}/answers", headers=lyon, json={"answer": "facture"}).status_code == 404
    assert office.http.post(f"/documents/{id}/answers", headers=ops, json={"answer": "facture"}).status_code == 403
    add = {"reference": "Durand", "uuid": uuid}
    assert office.http.post("/predict", headers=lyon, data=add, files={"files": ("b.png", SCAN)}).status_code == 404
    assert office.http.post("/predict", headers=ops, data=add, files={"files": ("b.png", SCAN)}).status_code == 403


def test_files_can_be_added_to_an_own_open_batch(office: ServedOffice) -> None:
    sign = office.account("marie")
    uuid = office.upload(sign, ("a.png", SCAN))
    more = {"reference": "Durand", "uuid": uuid}
    told = office.http.post("/predict", headers=sign, data=more, files={"files": ("b.png", SCAN)}).json()
    assert (told["uuid"], told["nb"]) == (uuid, 1)
    (batch,) = office.http.get(f"/predict/{uuid}", headers=sign).json()
    assert [document["name"] for document in batch["documents"]] == ["a.png", "b.png"]
    other = office.http.post("/predict", headers=sign, data=more | {"reference": "X"}, files={"files": ("b.png", SCAN)})
    assert other.status_code == 422


def test_the_same_key_and_content_get_the_same_answer_and_one_batch(office: ServedOffice) -> None:
    sign = office.account("marie") | {"Idempotency-Key": "k1"}
    request = {"headers": sign, "data": {"reference": "R"}}
    first = office.http.post("/predict", files={"files": ("a.png", SCAN)}, **request)  # type: ignore[arg-type]
    second = office.http.post("/predict", files={"files": ("a.png", SCAN)}, **request)  # type: ignore[arg-type]
    assert (second.status_code, second.json()) == (202, first.json())
    assert second.headers["location"] == first.headers["location"]
    assert len(office.http.get("/predict/R", headers=sign).json()) == 1
    other = office.http.post("/predict", files={"files": ("a.png", SCAN + b"x")}, **request)  # type: ignore[arg-type]
    assert (other.status_code, other.json()["code"]) == (422, "idempotency-key-reused")
    twin = office.account("jean") | {"Idempotency-Key": "k1"}
    assert (
        office.http.post(
            "/predict", headers=twin, data={"reference": "R"}, files={"files": ("a.png", SCAN)}
        ).status_code
        == 202
    )


def test_key_of_a_request_still_running_answers_409_until_its_lease_ends(office: ServedOffice) -> None:
    from sake_ray.serve.intake import Upload, digest_upload

    sign = office.account("marie") | {"Idempotency-Key": "k"}
    digest = digest_upload("R", [Upload("a.png", len(SCAN), lambda: SCAN)], None)
    killed = RequestKeys(office.records, LeaseRenewal(office.records), KEY).open("marie", "k")
    killed.begin(digest, now=datetime.now(UTC))
    killed.end()
    send = {"headers": sign, "data": {"reference": "R"}}
    answer = office.http.post("/predict", files={"files": ("a.png", SCAN)}, **send)  # type: ignore[arg-type]
    assert (answer.status_code, answer.headers["retry-after"].isdigit()) == (409, True)
    killed.abandon()
    killed.begin(digest, now=datetime.now(UTC) - timedelta(minutes=1))
    killed.end()
    assert office.http.post("/predict", files={"files": ("a.png", SCAN)}, **send).status_code == 202  # type: ignore[arg-type]


def test_answers_are_kept_the_newest_counts_and_feedback_is_exported(office: ServedOffice) -> None:
    from sake_ray.serve.exports import export_batch

    sign = office.account("marie")
    uuid = office.upload(sign, ("=cmd().png", SCAN))
    office.work()
    id = office.only_document(sign, uuid)
    said = ["facture", "resume", "withdrawn", "none_of_these"]
    for answer in said:
        kept = office.http.post(f"/documents/{id}/answers", headers=sign, json={"answer": answer})
        assert (kept.status_code, kept.json()["by"]) == (201, "marie")
        shown = office.http.get(f"/documents/{id}", headers=sign).json()["answer"]
        assert shown == (None if answer == "withdrawn" else answer)
    wrong = office.http.post(f"/documents/{id}/answers", headers=sign, json={"answer": "nonsense"})
    assert (wrong.status_code, "none_of_these" in wrong.json()["detail"]) == (422, True)
    export_batch(office.records, office.store, uuid)
    rows = list(csv.DictReader(office.store.get(f"{uuid}/prediction/feedback.csv").decode().splitlines()))
    assert [row["answer"] for row in rows] == said
    assert rows[0]["name"] == "'=cmd().png"
    predicted = json.loads(office.store.get(f"{uuid}/prediction/prediction.json"))
    assert predicted["documents"][0]["answer"] == "none_of_these"
    kinds = {key.split("/")[1] for key in office.store.list(f"{uuid}/")}
    assert kinds == {"original_raw", "ocr_raw", "cleaned", "prediction"}


def test_labels_tell_what_can_be_answered(office: ServedOffice) -> None:
    sign = office.account("marie")
    told = office.http.get("/labels", headers=sign).json()
    assert told["labels"] == ["facture", "id_pieces", "other", "resume"]
    assert set(told["answers"]) == {"facture", "id_pieces", "resume", "none_of_these", "unreadable", "withdrawn"}


def test_documents_are_listed_by_criteria_and_page(office: ServedOffice) -> None:
    sign = office.account("marie")
    for number in range(3):
        office.upload(sign, (f"{number}.png", SCAN), reference=f"R{number}")
    office.work()
    everything = office.http.get("/documents", headers=sign).json()
    assert (everything["total"], [d["reference"] for d in everything["items"]]) == (3, ["R2", "R1", "R0"])
    label = everything["items"][0]["label"]
    for criteria, total in (
        ({"status": "COMPLETED"}, 3), ({"status": "FAILED"}, 0), ({"label": label}, 3), ({"label": "nix"}, 0),
        ({"reference": "R1"}, 1),
    ):  # fmt: skip
        assert office.http.get("/documents", headers=sign, params=criteria).json()["total"] == total
    first = office.http.get("/documents", headers=sign, params={"page_size": 2}).json()
    rest = {"page_size": 2, "cursor": first["next_cursor"]}
    second = office.http.get("/documents", headers=sign, params=rest).json()
    assert [d["reference"] for d in second["items"]] == ["R0"]
    assert (first["total"], second["total_is_exact"], second["next_cursor"]) == (3, True, None)


def test_unreadable_document_fails_and_a_blank_one_has_no_label(office: ServedOffice) -> None:
    from PIL import Image

    sign = office.account("marie")
    blank = png(Image.new("RGB", (400, 600), "white"))
    uuid = office.upload(sign, ("cut.png", SCAN[:200]), ("blank.png", blank))
    office.work()
    (batch,) = office.http.get(f"/predict/{uuid}", headers=sign).json()
    cut, empty = batch["documents"]
    assert (batch["status"], cut["status"], cut["label"]) == ("COMPLETED", "FAILED", None)
    assert cut["error"]
    assert (empty["status"], empty["label"], empty["needs_review"]) == ("COMPLETED", None, True)
    assert "scan" in empty["error"]
    explanation = office.http.get(f"/documents/{cut['id']}/explanation", headers=sign)
    assert (explanation.status_code, explanation.headers["content-type"]) == (404, PROBLEM)
    assert office.http.get(f"/documents/{empty['id']}/explanation", headers=sign).json()["label"] is None


def test_errors_are_problems_with_a_request_id(office: ServedOffice) -> None:
    sign = office.account("marie")
    for method, path, status in (
        ("GET", "/nowhere", 404), ("DELETE", "/documents", 405), ("GET", "/documents/x", 404),
        ("GET", "/documents?page_size=0", 422),
        ("GET", "/documents?status=nix", 422), ("GET", "/predict/none", 404), ("GET", "/documents/x/pages/0", 422),
        ("POST", "/predict", 415), ("GET", "/documents/%00", 404), ("GET", "/predict/%00", 404),
        ("GET", "/documents?label=%00", 200),
    ):  # fmt: skip
        answer = office.http.request(method, path, headers=sign | {"X-Request-Id": "abc"})
        assert answer.status_code == status, (method, path, answer.text)
        if status >= 400:
            assert answer.headers["content-type"] == PROBLEM
            assert {"type", "title", "status", "detail", "instance", "request_id"} <= answer.json().keys()
            assert answer.json()["request_id"] == "abc"


def test_too_large_requests_are_refused_before_they_are_read(office: ServedOffice) -> None:
    sign = office.account("marie")
    for path, kind, size in (
        ("/predict", "application/json", 30_000_001),
        ("/documents/x/answers", "application/json", 1_000_001),
    ):
        answer = office.http.post(
            path, headers=sign | {"Content-Type": kind, "Content-Length": str(size)}, content=b"{}"
        )
        assert (answer.status_code, answer.headers["content-type"]) == (413, PROBLEM)

    def endless():  # type: ignore[no-untyped-def]
        for _ in range(200):
            yield b" " * 10_000

    answer = office.http.post(
        "/documents/x/answers", headers=sign | {"Content-Type": "application/json"}, content=endless()
    )
    assert answer.status_code == 413


def test_a_hundred_and_one_files_are_refused(office: ServedOffice) -> None:
    sign = office.account("marie")
    files = [("files", (f"{number}.png", b"\x89PNG\r\n\x1a\n")) for number in range(101)]
    answer = office.http.post("/predict", headers=sign, data={"reference": "R"}, files=files)
    assert (answer.status_code, "100" in answer.json()["detail"]) == (422, True)


def test_wrong_password_is_refused_and_five_of_them_wait(office: ServedOffice) -> None:
    office.account("marie")
    ask = {"username": "marie", "password": "wrong horse battery"}
    for _ in range(5):
        assert office.http.post("/auth/token", data=ask).status_code == 401
    answer = office.http.post("/auth/token", data={"username": "marie", "password": PASSWORD})
    assert answer.status_code == 429
    assert 1 <= int(answer.headers["retry-after"]) <= 10


def test_token_counts_until_the_account_is_disabled_or_its_password_changes(office: ServedOffice) -> None:
    office.account("marie")
    token = office.http.post("/auth/token", data={"username": "marie", "password": PASSWORD}).json()["access_token"]
    sign = {"Authorization": f"Bearer {token}"}
    assert office.http.get("/labels", headers=sign).status_code == 200
    office.records.accounts.set_disabled("marie", disabled=True)
    assert office.http.get("/labels", headers=sign).status_code == 401
    assert office.http.post("/auth/token", data={"username": "marie", "password": PASSWORD}).status_code == 401
    office.records.accounts.set_disabled("marie", disabled=False)
    assert office.http.get("/labels", headers=sign).status_code == 401


def test_forged_expired_and_foreign_tokens_are_refused(office: ServedOffice) -> None:
    office.account("marie")
    account, now, id = Account("marie", Role.USER, "paris"), datetime.now(UTC), "known"
    office.records.sessions.add(id, account, peer="", now=now, expires_at=now + timedelta(hours=1))
    office.account("eve")
    genuine = make_token("marie", id, KEY, now=now)
    assert office.http.get("/labels", headers={"Authorization": f"Bearer {genuine}"}).status_code == 200
    unsigned = genuine.rsplit(".", 1)[0] + "."
    for token in (
        make_token("marie", id, "1" * 64, now=now),
        make_token("marie", id, KEY, now=now - timedelta(days=1)),
        make_token("marie", "unknown", KEY, now=now),
        make_token("eve", id, KEY, now=now),
        unsigned,
        "x",
        "",
    ):
        answer = office.http.get("/labels", headers={"Authorization": f"Bearer {token}"})
        assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")


def test_without_a_model_the_service_is_not_ready_and_says_why(office: ServedOffice) -> None:
    office.model.gone = True
    answer = office.http.get("/ready")
    assert (answer.status_code, answer.headers["content-type"], answer.headers["retry-after"]) == (503, PROBLEM, "5")
    assert "model" in answer.json()["detail"]
    assert office.http.get("/health").status_code == 200


def test_failure_of_ours_shows_no_traceback_and_no_path(office: ServedOffice) -> None:
    sign = office.account("marie")
    uuid = office.upload(sign, ("a.png", SCAN))
    id = office.only_document(sign, uuid)
    for key in office.store.list(f"{uuid}/original_raw/"):
        office.store.delete(key)
    answer = office.http.get(f"/documents/{id}/original", headers=sign)
    assert (answer.status_code, answer.headers["content-type"]) == (404, PROBLEM)
    assert str(office.store.root) not in answer.text
    office.records.database.transaction = None  # type: ignore[assignment, method-assign]
    answer = office.http.get("/documents", headers=sign)
    assert (answer.status_code, answer.headers["content-type"]) == (500, PROBLEM)
    assert "Traceback" not in answer.text


CRLF = "\r\n"


def form(*parts: tuple[str, bytes], boundary: str = "b") -> bytes:
    """A multipart body, part by part as given."""
    return (
        b"".join(f"--{boundary}{CRLF}{head}{CRLF}{CRLF}".encode() + data + CRLF.encode() for head, data in parts)
        + b"--b--\r\n"
    )


REFERENCE = 'Content-Disposition: form-data; name="reference"'
FILE = 'Content-Disposition: form-data; name="files"; filename="a.png"'
MALFORMED = {
    "no boundary": ("multipart/form-data", form((REFERENCE, b"R"), (FILE, SCAN))),
    "another boundary": ("multipart/form-data; boundary=other", form((REFERENCE, b"R"), (FILE, SCAN))),
    "cut short": ("multipart/form-data; boundary=b", form((REFERENCE, b"R"), (FILE, SCAN))[:-300]),
    "no reference": ("multipart/form-data; boundary=b", form((FILE, SCAN))),
    "two references": ("multipart/form-data; boundary=b", form((REFERENCE, b"R"), (REFERENCE, b"S"), (FILE, SCAN))),
    "reference as a file": (
        "multipart/form-data; boundary=b",
        form((FILE.replace("files", "reference"), b"R"), (FILE, SCAN)),
    ),
    "file as a text": (
        "multipart/form-data; boundary=b",
        form((REFERENCE, b"R"), (REFERENCE.replace("reference", "files"), SCAN[:100])),
    ),
    "no headers": ("multipart/form-data; boundary=b", form(("", b"R"))),
    "long name": ("multipart/form-data; boundary=b", form((REFERENCE, b"R"), (FILE.replace("a.", "é" * 4000), SCAN))),
    "unknown field": (
        "multipart/form-data; boundary=b",
        form((REFERENCE, b"R"), (FILE, SCAN), (REFERENCE.replace("reference", "x"), b"")),
    ),
    "long reference": ("multipart/form-data; boundary=b", form((REFERENCE, b"R" * 100_000), (FILE, SCAN))),
    "no JSON": ("application/json", b"{"),
    "JSON of another kind": ("application/json", b"[1, 2]"),
    "deep JSON": ("application/json", b"[" * 100_000),
    "lone surrogate": ("application/json", b'{"reference": "\\ud800", "files": [{"name": "a", "content": ""}]}'),
    "unknown member": (
        "application/json",
        b'{"reference": "R", "files": [{"name": "a", "content": ""}], "admin": true}',
    ),
    "no files": ("application/json", b'{"reference": "R", "files": []}'),
    "text": ("text/plain", b"hello"),
    "nothing": ("application/json", b""),
}


@pytest.mark.parametrize("kind", MALFORMED)
def test_malformed_upload_is_a_problem_of_the_caller(office: ServedOffice, kind: str) -> None:
    sign = office.account("marie")
    content_type, body = MALFORMED[kind]
    answer = office.http.post("/predict", headers=sign | {"Content-Type": content_type}, content=body)
    assert answer.status_code in {400, 415, 422}, answer.text
    assert answer.headers["content-type"] == PROBLEM
    assert answer.json()["detail"]
    assert kind != "long name" or "is cut off, or the name of a file" in answer.json()["detail"]
    assert office.http.get("/documents", headers=sign).json()["total"] == 0
