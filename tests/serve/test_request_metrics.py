"""Uploads and sign-ins are counted by how they end, whoever ends them."""

import pytest

from sake_ray.domain.accounts import Role
from sake_ray.serve.routes import predict
from tests.metrics.scraped import read, scrape
from tests.pages import letter, png
from tests.served_office import PASSWORD, ServedOffice

SCAN = png(letter().render(60))


def counts(office: ServedOffice, name: str) -> dict[str, float]:
    return {series: value for series, value in scrape(office.instruments).items() if series.startswith(f"sake_{name}")}


def test_an_upload_is_accepted_and_each_file_that_was_refused_is_counted_with_its_reason(office: ServedOffice) -> None:
    office.upload(office.account("marie"), ("a.png", SCAN), ("b.exe", b"MZ and more"), ("c.txt", b"text"))
    assert counts(office, "upload") == {
        'sake_upload_requests_total{outcome="accepted"}': 1,
        'sake_uploads_refused_total{reason="unsupported-type"}': 2,
    }


def test_a_refused_upload_is_counted_by_the_files_not_twice(office: ServedOffice) -> None:
    sign = office.account("marie")
    office.http.post("/predict", headers=sign, data={"reference": "D"}, files=[("files", ("b.exe", b"MZ"))])
    assert counts(office, "upload") == {
        'sake_upload_requests_total{outcome="refused"}': 1,
        'sake_uploads_refused_total{reason="unsupported-type"}': 1,
    }


def test_what_is_refused_before_any_file_is_looked_at_is_counted_too(office: ServedOffice) -> None:
    sign = office.account("marie")
    office.http.post("/predict")
    office.http.post("/predict", headers=sign | {"Content-Length": "900000000000"})
    office.http.post("/predict", headers=sign, data={"reference": " "}, files=[("files", ("a.png", SCAN))])
    assert counts(office, "upload") == {
        'sake_upload_requests_total{outcome="refused"}': 3,
        'sake_uploads_refused_total{reason="authentication-required"}': 1,
        'sake_uploads_refused_total{reason="body-too-large"}': 1,
        'sake_uploads_refused_total{reason="reference-missing"}': 1,
    }


def test_an_upload_that_the_service_cannot_take_is_its_own_failure(
    office: ServedOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(predict, "MAX_UPLOADS", 0)
    office.http.post(
        "/predict", headers=office.account("marie"), data={"reference": "D"}, files=[("files", ("a.png", SCAN))]
    )
    assert counts(office, "upload") == {'sake_upload_requests_total{outcome="failed"}': 1}


def test_sign_ins_are_counted_with_why_they_were_refused(office: ServedOffice) -> None:
    office.account("anne", Role.ADMIN)
    for password in (PASSWORD, *["wrong"] * 6):
        office.http.post("/auth/token", data={"username": "anne", "password": password})
    assert read(office.instruments, "sake_sign_ins_total", outcome="done") == 1
    assert read(office.instruments, "sake_sign_ins_total", outcome="refused") == 6
    assert read(office.instruments, "sake_sign_ins_refused_total", reason="wrong-credentials") == 5
    assert read(office.instruments, "sake_sign_ins_refused_total", reason="too-many-sign-ins") == 1


def test_other_requests_are_not_counted(office: ServedOffice) -> None:
    office.http.get("/documents")
    office.http.get("/auth/issuer")
    assert counts(office, "upload") == counts(office, "sign_ins") == {}
