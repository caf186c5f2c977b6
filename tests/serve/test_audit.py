"""What people do over HTTP is in the audit log, once, and what is private is not."""

from datetime import UTC, datetime, timedelta

import pytest

from sake_ray.domain.accounts import Role
from sake_ray.errors import PermissionDenied, Unauthenticated
from sake_ray.serve.views import ONCE_IN, DocumentViews
from sake_ray.storage.records import AuditFilter
from tests.pages import letter, png
from tests.served_office import PASSWORD, ServedOffice

SCAN = png(letter(("Invoice of Marie Durand",)).render(60))
WRONG = "wrong horse battery"


def said(office: ServedOffice, by: str | None = None) -> list[tuple[str, str]]:
    return [(entry.action, entry.subject) for entry in office.records.audit.iterate(AuditFilter(by=by))]


def test_what_a_user_does_is_logged(office: ServedOffice) -> None:
    sign = office.account("marie")
    client = office.client(sign)
    uuid = office.upload(sign, ("Durand, Marie - CV.png", SCAN), reference="Durand, Marie")
    office.work()
    id = office.only_document(sign, uuid)
    for path in ("", "/words", "/explanation", "/pages/1", "/pages/1/thumbnail"):
        assert office.http.get(f"/documents/{id}{path}", headers=sign).status_code == 200
    assert office.http.get(f"/documents/{id}/original", headers=sign).status_code == 200
    assert office.http.post(f"/documents/{id}/answers", headers=sign, json={"answer": "facture"}).status_code == 201
    client.accounts.sign_out()
    document = f"document:{id}"
    assert said(office, "marie") == [
        ("signed-in", ""),
        ("documents-uploaded", f"batch:{uuid}"),
        ("document-seen", document),
        ("original-downloaded", document),
        ("answered", document),
        ("signed-out", ""),
    ]
    whole = str(list(office.records.audit.iterate()))
    for private in ("Durand", "CV", "Invoice", sign["Authorization"].removeprefix("Bearer "), PASSWORD):
        assert private not in whole
    assert office.records.audit.verify().faults == ()


def test_failed_sign_ins_are_logged_with_where_they_came_from_but_not_what_was_typed(office: ServedOffice) -> None:
    office.account("marie")
    there = office.at("9.9.9.9")
    for name in ("marie", PASSWORD):  # the second has typed the password as the name
        assert there.post("/auth/token", data={"username": name, "password": WRONG}).status_code == 401
    failed = list(office.records.audit.iterate(AuditFilter(action="sign-in-failed")))
    assert [(entry.by, entry.peer, {"known": entry.details["known"]}) for entry in failed] == [
        ("marie", "9.9.9.9", {"known": True}),
        ("", "9.9.9.9", {"known": False}),
    ]
    assert WRONG not in str(failed)


def test_what_an_admin_does_is_logged_under_the_admins_name(office: ServedOffice) -> None:
    sign = office.account("anne", Role.ADMIN)
    anne = office.client(sign)
    anne.accounts.add("bob", password=PASSWORD)
    anne.accounts.change("bob", team="lyon")
    image = office.http.post("/admin/images", headers=sign, data={"label": "facture"}, files={"files": ("a.png", SCAN)})
    sha = image.json()["images"][0]["sha256"]
    at = f"/admin/images/{sha}"
    assert office.http.post(f"{at}/move", headers=sign, json={"label": "lettre"}).status_code == 200
    assert office.http.delete(at, headers=sign).status_code == 204
    assert office.http.post(f"{at}/put-back", headers=sign).status_code == 200
    job = office.http.post("/admin/jobs", headers=sign, json={"kind": "train"}).json()["number"]
    assert office.http.post(f"/admin/jobs/{job}/stop", headers=sign).status_code == 200
    assert said(office, "anne")[1:] == [
        ("account-created", "account:bob"),
        ("account-changed", "account:bob"),
        ("images-added", "label:facture"),
        ("image-moved", f"image:{sha}"),
        ("image-removed", f"image:{sha}"),
        ("image-put-back", f"image:{sha}"),
        ("job-started", f"job:{job}"),
        ("job-stopped", f"job:{job}"),
    ]


def test_a_request_sent_twice_under_a_key_is_logged_once(office: ServedOffice) -> None:
    sign = office.account("anne", Role.ADMIN)
    id = office.only_document(sign, office.upload(sign, ("a.png", SCAN)))
    before = len(said(office, "anne"))
    for path, content in (
        ("/admin/users", {"name": "bob"}),
        (f"/documents/{id}/answers", {"answer": "unreadable"}),
        (f"/admin/feedback/{id}", {"decision": "skip"}),
        ("/admin/jobs", {"kind": "train"}),
    ):
        headers = sign | {"Idempotency-Key": path}
        first, second = (office.http.post(path, headers=headers, json=content) for _ in range(2))
        assert (first.is_success, second.headers["idempotency-replayed"]) == (True, "true")
    assert said(office, "anne")[before:] == [
        ("account-created", "account:bob"),
        ("answered", f"document:{id}"),
        ("decided", f"document:{id}"),
        ("job-started", "job:1"),
    ]


def test_a_view_is_logged_once_an_hour(office: ServedOffice) -> None:
    views, now = DocumentViews(), datetime.now(UTC)
    office.account("marie")
    found = office.records.accounts.find("marie")
    assert found
    for later in (timedelta(), ONCE_IN - timedelta(seconds=1), ONCE_IN):
        views.record(office.records, found[0], "x", now=now + later)
    assert said(office, "marie").count(("document-seen", "document:x")) == 2


def test_only_admins_read_the_log_page_by_page(office: ServedOffice) -> None:
    anne, marie = office.client(office.account("anne", Role.ADMIN)), office.client(office.account("marie"))
    with pytest.raises(PermissionDenied):
        marie.audit.list()
    first = anne.audit.list(page_size=1)
    rest = anne.audit.list(cursor=first.next_cursor)
    entries = first.items + rest.items
    assert [entry.number for entry in entries] == list(range(len(entries), 0, -1))
    assert rest.next_cursor is None
    assert {entry.by for entry in anne.audit.list(by="marie").items} == {"marie"}
    assert anne.audit.list(action="signed-out").items == []
    assert anne.audit.list(by="a\0").items == []
    assert anne.audit.list(since=datetime.now(UTC) + timedelta(days=1)).items == []


def test_a_wrong_old_password_is_logged(office: ServedOffice) -> None:
    client = office.client(office.account("marie"))
    with pytest.raises(PermissionDenied):
        client.accounts.change_password(WRONG, "another horse battery")
    client.accounts.change_password(PASSWORD, "another horse battery")
    assert said(office, "marie") == [
        ("signed-in", ""),
        ("password-refused", ""),
        ("account-changed", "account:marie"),
        ("signed-in", ""),
    ]
    with pytest.raises(Unauthenticated):
        office.client({}).accounts.sign_in("nobody", WRONG)
