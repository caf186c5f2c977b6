"""Uploads and sign-ins are counted by how they end, whoever ends them."""

import contextlib
import socket
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from starlette.responses import JSONResponse
from starlette.types import ASGIApp

from sake_ray.domain.accounts import Role
from sake_ray.metrics.exposition import PrometheusInstruments
from sake_ray.schemas.problems import MEDIA_TYPE
from sake_ray.serve import held_exchange, slow_bodies
from sake_ray.serve.middleware import BODY_WANTED
from sake_ray.serve.routes import predict
from tests.metrics.scraped import scrape
from tests.pages import letter, png
from tests.served_office import PASSWORD, ServedOffice
from tests.small_service import serve_guarded
from tests.waiting import PATIENCE, wait_until

SCAN = png(letter().render(60))
SIGNED = {"Authorization": "Bearer x"}


@pytest.fixture
def guarded(office: ServedOffice) -> Iterator[httpx.Client]:
    """The office as it is deployed: behind the guard in Serve's proxy."""
    with connect(office.http.app, office.instruments) as http:
        yield http


@contextlib.contextmanager
def connect(app: ASGIApp, instruments: PrometheusInstruments) -> Iterator[httpx.Client]:
    with (
        serve_guarded(app, instruments) as port,
        httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=PATIENCE, trust_env=False) as http,
    ):
        yield http


def counts(instruments: PrometheusInstruments, name: str, expected: dict[str, float]) -> None:
    """Wait until the series of that name are these: the last is counted when the answer is out."""

    def found() -> dict[str, float]:
        return {series: value for series, value in scrape(instruments).items() if series.startswith(f"sake_{name}")}

    wait_until(lambda: found() == expected, interval=0.02, log=found)


def test_an_upload_is_accepted_and_each_file_that_was_refused_is_counted_with_its_reason(
    office: ServedOffice, guarded: httpx.Client
) -> None:
    files = [("a.png", SCAN), ("b.exe", b"MZ and more"), ("c.txt", b"text")]
    guarded.post(
        "/predict", headers=office.account("marie"), data={"reference": "D"}, files=[("files", file) for file in files]
    )
    counts(
        office.instruments,
        "upload",
        {
            'sake_upload_requests_total{outcome="accepted"}': 1,
            'sake_uploads_refused_total{reason="unsupported-type"}': 2,
        },
    )


def test_a_refused_upload_is_counted_by_the_files_not_twice(office: ServedOffice, guarded: httpx.Client) -> None:
    sign = office.account("marie")
    guarded.post("/predict", headers=sign, data={"reference": "D"}, files=[("files", ("b.exe", b"MZ"))])
    counts(
        office.instruments,
        "upload",
        {
            'sake_upload_requests_total{outcome="refused"}': 1,
            'sake_uploads_refused_total{reason="unsupported-type"}': 1,
        },
    )


def test_what_is_refused_before_any_file_is_looked_at_is_counted_once(
    office: ServedOffice, guarded: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(held_exchange, "LINGER_SECONDS", 0.1)
    sign = office.account("marie")
    guarded.post("/predict")  # without a body: the gateway says so
    guarded.post("/predict", content=b"x")  # with one: the guard does
    guarded.post("/predict", headers=sign, content=bytes(office.max_bytes * 3))
    guarded.post("/predict", headers=sign, data={"reference": " "}, files=[("files", ("a.png", SCAN))])
    counts(
        office.instruments,
        "upload",
        {
            'sake_upload_requests_total{outcome="refused"}': 4,
            'sake_uploads_refused_total{reason="authentication-required"}': 2,
            'sake_uploads_refused_total{reason="body-too-large"}': 1,
            'sake_uploads_refused_total{reason="reference-missing"}': 1,
        },
    )


def test_an_upload_that_the_service_cannot_take_is_its_own_failure(
    office: ServedOffice, guarded: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(predict, "MAX_UPLOADS", 0)
    sign = office.account("marie")
    guarded.post("/predict", headers=sign, data={"reference": "D"}, files=[("files", ("a.png", SCAN))])
    counts(office.instruments, "upload", {'sake_upload_requests_total{outcome="failed"}': 1})


def test_an_upload_whose_gateway_dies_is_a_failure() -> None:
    async def die(scope: Any, receive: Any, send: Any) -> None:
        """As Serve's proxy does when the replica is gone: it answers nothing."""
        await send({"type": BODY_WANTED})
        await receive()

    instruments = PrometheusInstruments()
    with connect(die, instruments) as http:
        assert http.post("/predict", headers=SIGNED, content=b"x").status_code == 503
        counts(instruments, "upload", {'sake_upload_requests_total{outcome="failed"}': 1})


def test_an_upload_that_serve_itself_cannot_pass_on_is_a_failure() -> None:
    async def answer(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 503, "headers": []})
        await send({"type": "http.response.body", "body": b"no replica", "more_body": False})

    async def fail(scope: Any, receive: Any, send: Any) -> None:
        raise RuntimeError

    instruments = PrometheusInstruments()
    for number, app in enumerate((answer, fail), start=1):
        with connect(app, instruments) as http:
            assert http.post("/predict", headers=SIGNED).status_code >= 500
            counts(instruments, "upload", {'sake_upload_requests_total{outcome="failed"}': number})


@pytest.mark.parametrize(
    ("status", "code"),
    [(408, "request-timed-out"), (429, "too-many-requests"), (503, "too-many-requests"), (0, "part-restarting")],
)
@pytest.mark.parametrize("path", ["/predict", "/auth/token", "/documents"])
def test_what_serve_answers_in_the_applications_place_is_a_problem_and_a_failure(
    status: int, code: str, path: str
) -> None:
    async def answer(scope: Any, receive: Any, send: Any) -> None:
        if status:  # a replica that dies says nothing at all
            await send({"type": "http.response.start", "status": status, "headers": [(b"content-type", b"text/plain")]})
            await send({"type": "http.response.body", "body": b"of Serve", "more_body": False})

    instruments = PrometheusInstruments()
    with connect(answer, instruments) as http:
        for content in (b"x", b""):
            answered = http.request("GET" if path == "/documents" else "POST", path, headers=SIGNED, content=content)
            assert (answered.status_code, answered.json()["code"]) == (503, code)
            assert answered.headers["Retry-After"]
    kind = {"/predict": "upload_requests", "/auth/token": "sign_ins"}.get(path, "upload")
    counts(instruments, kind, {f'sake_{kind}_total{{outcome="failed"}}': 2} if path != "/documents" else {})


def test_what_the_application_itself_answers_goes_out_as_it_is() -> None:
    async def answer(scope: Any, receive: Any, send: Any) -> None:
        await JSONResponse({"code": "its-own"}, 503, media_type=MEDIA_TYPE)(scope, receive, send)

    with connect(answer, PrometheusInstruments()) as http:
        for request in (http.get("/documents"), http.post("/predict", headers=SIGNED, content=b"x")):
            assert (request.status_code, request.json()["code"]) == (503, "its-own")


def test_who_goes_away_in_the_midst_of_an_upload_counts_for_nothing() -> None:
    ended: list[str] = []

    async def read_on(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": BODY_WANTED})
        while (message := await receive())["type"] != "http.disconnect":
            pass
        ended.append(message["type"])

    instruments = PrometheusInstruments()
    with connect(read_on, instruments) as http:
        address = (http.base_url.host, http.base_url.port or 0)
        with socket.create_connection(address, timeout=PATIENCE) as connection:
            connection.sendall(
                b"POST /predict HTTP/1.1\r\nHost: t\r\nAuthorization: Bearer x\r\nContent-Length: 99\r\n\r\nx"
            )
        wait_until(lambda: ended, interval=0.02)
        http.post("/auth/token", content=b"x" * 99_999)
        counts(instruments, "sign_ins_total", {'sake_sign_ins_total{outcome="refused"}': 1})
        counts(instruments, "upload", {})


def test_an_upload_that_comes_too_slowly_is_refused_and_no_failure_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slow_bodies, "PATIENCE_SECONDS", 0.2)

    async def read_it(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": BODY_WANTED})
        await receive()

    instruments = PrometheusInstruments()
    with connect(read_it, instruments) as http:
        address = (http.base_url.host, http.base_url.port or 0)
        with socket.create_connection(address, timeout=PATIENCE) as connection:
            connection.sendall(
                b"POST /predict HTTP/1.1\r\nHost: t\r\nAuthorization: Bearer x\r\nContent-Length: 99\r\n\r\n"
            )
            assert connection.recv(12) == b"HTTP/1.1 408"
    counts(
        instruments,
        "upload",
        {
            'sake_upload_requests_total{outcome="refused"}': 1,
            'sake_uploads_refused_total{reason="request-too-slow"}': 1,
        },
    )


def test_sign_ins_are_counted_with_why_they_were_refused(office: ServedOffice, guarded: httpx.Client) -> None:
    office.account("anne", Role.ADMIN)
    for password in (PASSWORD, *["wrong"] * 6):
        guarded.post("/auth/token", data={"username": "anne", "password": password})
    counts(
        office.instruments,
        "sign_ins",
        {
            'sake_sign_ins_total{outcome="done"}': 1,
            'sake_sign_ins_total{outcome="refused"}': 6,
            'sake_sign_ins_refused_total{reason="wrong-credentials"}': 5,
            'sake_sign_ins_refused_total{reason="too-many-sign-ins"}': 1,
        },
    )


def test_a_sign_in_that_is_too_long_is_counted_by_the_guard(office: ServedOffice, guarded: httpx.Client) -> None:
    guarded.post("/auth/token", content=b"x" * 99_999)
    counts(
        office.instruments,
        "sign_ins",
        {'sake_sign_ins_total{outcome="refused"}': 1, 'sake_sign_ins_refused_total{reason="body-too-large"}': 1},
    )


def test_other_requests_are_not_counted(office: ServedOffice, guarded: httpx.Client) -> None:
    guarded.get("/documents")
    guarded.get("/auth/issuer")
    counts(office.instruments, "upload", {})
    counts(office.instruments, "sign_ins", {})
