"""What is sent byte by byte, as no client does, harms nothing: through HTTP's own server and the guard of Serve's proxy."""

import logging
import socket
import struct
import threading
from collections.abc import Callable, Iterator

import httpx
import psutil
import pytest

from sake_ray.domain.accounts import Role
from sake_ray.serve import held_exchange
from sake_ray.serve.routes import predict
from tests.raw_http import PNG, RawRequest, Target, answer_raw, check, make_request
from tests.raw_requests import JSON, KINDS, MULTIPART, forms
from tests.served_office import ServedOffice
from tests.small_service import serve_guarded
from tests.waiting import PATIENCE, wait_until

ABORTED = 60
MEGABYTES = 400
"""By how much the process may grow, in which the senders are as well."""
Kind = Callable[[], Iterator[RawRequest]]


@pytest.fixture
def target(office: ServedOffice, monkeypatch: pytest.MonkeyPatch) -> Iterator[Target]:
    """An installation that is served, and an admin of it."""
    monkeypatch.setattr(held_exchange, "LINGER_SECONDS", 0.2)
    with serve_guarded(office.http.app) as port:
        yield Target("127.0.0.1", port, office.account("marie", Role.ADMIN))


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_hostile_requests_are_answered_or_refused_and_poison_no_other(kind: Kind, target: Target) -> None:
    faults = {request.name: wrong for request in kind() if (wrong := check(request, answer_raw(target, request)))}
    assert faults == {}


def test_hostile_requests_leave_no_threads_files_or_memory_taken(target: Target) -> None:
    process = psutil.Process()
    requests = [request for number, kind in enumerate(KINDS) for request in list(kind())[number::9]]
    for request in requests[::5]:  # what is loaded and started when it is first needed
        answer_raw(target, request)
    threads, files, memory = threading.active_count(), process.num_fds(), process.memory_info().rss
    for request in requests:
        answer_raw(target, request)
    wait_until(lambda: threading.active_count() <= threads + 40)  # the executors' own, which are bounded
    wait_until(lambda: process.num_fds() <= files + 20)
    assert process.memory_info().rss - memory < MEGABYTES * 1e6


def test_uploads_that_break_off_anywhere_free_their_places(target: Target) -> None:
    file = (
        b'--b\r\nContent-Disposition: form-data; name="files"; filename="a.png"\r\n\r\n' + PNG + bytes(5000) + b"\r\n"
    )
    reference = b'--b\r\nContent-Disposition: form-data; name="reference"\r\n\r\nR\r\n'
    whole = make_request(target, "POST", "/predict", MULTIPART, body=reference + file * 20 + b"--b--\r\n")
    for number in range(ABORTED):
        with target.connect() as connection:
            connection.sendall(whole[: len(whole) * number // ABORTED])
            # The connection is reset, not ended.
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    wait_until(lambda: predict.uploads_running == 0)
    files = [("files", ("a.png", PNG))]
    answer = httpx.post(
        f"http://{target.host}:{target.port}/predict",
        headers=dict(target.sign),
        data={"reference": "R"},
        files=files,
        timeout=PATIENCE,
    )
    assert answer.status_code == 202


def test_hostile_file_names_come_back_as_one_printable_line(target: Target) -> None:
    for request in forms():
        if request.name.startswith("name "):
            answer_raw(target, request)
    with httpx.Client(
        base_url=f"http://{target.host}:{target.port}", headers=dict(target.sign), timeout=PATIENCE
    ) as http:
        documents = http.get("/documents", params={"page_size": 100}).json()["items"]
        assert len(documents) > 20
        for document in documents:
            assert document["name"].isprintable()
            assert "/" not in document["name"]
            original = http.get(f"/documents/{document['id']}/original")
            assert original.content == PNG
            assert original.headers["content-disposition"].startswith("attachment")


def test_a_sender_that_hangs_up_is_no_failure_in_the_log(target: Target, caplog: pytest.LogCaptureFixture) -> None:
    ours = logging.getLogger("sake_ray.serve.middleware")
    caplog.set_level("INFO", logger=ours.name)
    ours.addHandler(caplog.handler)
    try:
        with target.connect() as connection:
            unfinished = make_request(target, "POST", "/predict", JSON, "Content-Length: 50", body=b"{", length=False)
            connection.sendall(unfinished)
        wait_until(lambda: "sender hung up" in caplog.messages, timeout=60)
    finally:
        ours.removeHandler(caplog.handler)
    assert "request failed" not in caplog.messages


@pytest.mark.parametrize("length", [b"\xb2", b"9" * 5000, b"", b"-1"])
def test_a_length_that_is_no_number_is_refused_by_the_application_too(office: ServedOffice, length: bytes) -> None:
    """Serve's own server refuses it before; another one may not."""
    sign = [(name.encode(), value.encode()) for name, value in office.account("marie").items()]
    answer = office.http.post("/predict", content=b"{}", headers=[*sign, (b"content-length", length)])
    assert (answer.status_code, answer.json()["code"]) == (400, "content-length-invalid")
