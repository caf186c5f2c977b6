"""The guard in Serve's proxy: connections that are held open hold nothing else up."""

import asyncio
import json
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from bench.connections import measure
from sake_ray.domain.traces import parse_traceparent
from sake_ray.serve import held_exchange, proxy, slow_bodies
from sake_ray.serve.proxy import MAX_FORMS_OF_PEER
from tests.small_service import SmallService, serve_guarded
from tests.waiting import PATIENCE, wait_until

PNG = b"\x89PNG\r\n\x1a\n"
FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def port(small: SmallService, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """Where it is served behind the guard."""
    monkeypatch.setattr(held_exchange, "LINGER_SECONDS", 0.5)
    with serve_guarded(small.app) as port:
        yield port


def begin(
    port: int, method_and_path: str, *, kind: str, length: int, sign: dict[str, str] | None = None
) -> socket.socket:
    """Send the headers of a request whose body is still to come."""
    connection = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
    headers = {"Host": "test", "Content-Type": kind, "Content-Length": str(length)} | (sign or {})
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    connection.sendall(f"{method_and_path} HTTP/1.1\r\n{lines}\r\n".encode())
    return connection


def read_answer(connection: socket.socket) -> tuple[int, dict[str, Any]]:
    """Read to the end: the other side closes the connection."""
    data = b""
    while piece := connection.recv(65536):
        data += piece
    head, _, body = data.partition(b"\r\n\r\n")
    return int(head.split()[1]), json.loads(body)


def test_who_is_not_signed_in_is_told_so_before_the_body_and_the_connection_ends(port: int) -> None:
    with begin(port, "POST /predict", kind="multipart/form-data; boundary=b", length=100_000_000) as connection:
        status, problem = read_answer(connection)
    assert (status, problem["code"]) == (401, "authentication-required")


def test_what_the_guard_says_itself_names_the_trace() -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        return

    trace = "4bf92f3577b34da6a3ce929d0e0e4736"
    headers = {"traceparent": f"00-{trace}-00f067aa0ba902b7-01"}
    with serve_guarded(app) as port:
        answer = httpx.post(f"http://127.0.0.1:{port}/predict", content=b"x", headers=headers, timeout=PATIENCE)
    assert answer.json()["trace_id"] == answer.headers["traceparent"].split("-")[1] == trace


@pytest.mark.parametrize("sent", [{}, {"traceparent": "00-Ravaillac", "X-Request-ID": "a name"}])
def test_the_guard_and_the_gateway_call_a_request_the_same(sent: dict[str, str]) -> None:
    seen: list[tuple[bytes, bytes]] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        seen.extend(pair for pair in scope["headers"] if pair[0] in {b"x-request-id", b"traceparent"})

    with serve_guarded(app) as port:
        headers = sent | {"Authorization": "Bearer x"}
        answer = httpx.post(f"http://127.0.0.1:{port}/predict", content=b"x", headers=headers, timeout=PATIENCE)
    assert (answer.status_code, len(seen)) == (503, 2)
    named = {name.decode(): value.decode() for name, value in seen}
    assert named["x-request-id"] == answer.json()["request_id"]
    context = parse_traceparent(named["traceparent"])
    assert context
    assert context.trace_id == answer.json()["trace_id"]
    assert context.is_made_by_gateway  # this proxy records no span


def test_what_a_caller_calls_a_request_gets_through_the_guard() -> None:
    seen: dict[bytes, bytes] = {}

    async def app(scope: Any, receive: Any, send: Any) -> None:
        seen.update(scope["headers"])
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    place = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
    with serve_guarded(app) as port:
        httpx.get(f"http://127.0.0.1:{port}/", headers={"traceparent": place, "X-Request-ID": "r-17"}, timeout=PATIENCE)
    assert (seen[b"traceparent"].decode(), seen[b"x-request-id"]) == (place, b"r-17")


def test_who_sends_a_large_body_without_a_token_still_gets_the_answer(port: int) -> None:
    body = {"reference": "R"}, {"files": ("a.png", b"x" * 3_000_000)}
    answer = httpx.post(f"http://127.0.0.1:{port}/predict", data=body[0], files=body[1], timeout=PATIENCE)
    assert (answer.status_code, answer.json()["code"]) == (401, "authentication-required")


def test_a_body_without_a_token_does_not_reach_the_gateway() -> None:
    reached: list[str] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        reached.append(scope["path"])

    with serve_guarded(app) as port:
        answer = httpx.post(f"http://127.0.0.1:{port}/predict", content=b"x", timeout=PATIENCE)
    assert (answer.status_code, answer.headers["WWW-Authenticate"], reached) == (401, "Bearer", [])


def test_who_is_refused_and_stays_holds_nobody_else_up(
    small: SmallService, port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(proxy, "MAX_LINGERING", 3)
    held = [begin(port, "POST /predict", kind="application/json", length=50) for _ in range(10)]
    for connection in held:
        assert connection.recv(12) == b"HTTP/1.1 401"
    sign = small.sign("marie")
    assert httpx.get(f"http://127.0.0.1:{port}/batches", headers=sign, timeout=PATIENCE).status_code == 200
    for connection in held:
        connection.close()


def test_an_upload_goes_through_the_guard_whole(small: SmallService, port: int) -> None:
    data = PNG + bytes(range(256)) * 10_000
    sign = small.sign("marie")
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", headers=sign, timeout=PATIENCE) as http:
        for _ in range(2):
            answer = http.post("/predict", data={"reference": "R"}, files={"files": ("a.png", data)})
            assert answer.status_code == 202
        (document,) = http.get("/documents", params={"page_size": 1}).json()["items"]
        assert http.get(f"/documents/{document['id']}/original").content == data


def test_a_body_that_stops_coming_is_given_up(small: SmallService, port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slow_bodies, "PATIENCE_SECONDS", 0.3)
    signed = begin(port, "POST /documents/x/answers", kind="application/json", length=50, sign=small.sign("marie"))
    signing_in = begin(port, "POST /auth/token", kind=FORM, length=50)
    for connection in (signed, signing_in):
        with connection:
            status, problem = read_answer(connection)
        assert (status, problem["code"]) == (408, "request-too-slow")


def test_a_sign_in_longer_than_any_name_and_password_is_refused_at_once(port: int) -> None:
    with begin(port, "POST /auth/token", kind=FORM, length=1_000_000) as connection:
        status, problem = read_answer(connection)
    assert (status, problem["code"]) == (413, "body-too-large")


def test_a_body_that_trickles_for_ever_is_given_up(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slow_bodies, "PATIENCE_SECONDS", 0.3)
    with begin(port, "POST /auth/token", kind=FORM, length=20_000) as connection:
        connection.settimeout(0.01)

        def ended() -> bytes:
            try:
                connection.sendall(b"x")
                return connection.recv(65536)
            except TimeoutError:
                return b""

        assert b" 408 " in wait_until(ended)


def test_sign_ins_that_never_end_leave_those_who_are_signed_in_alone(small: SmallService, port: int) -> None:
    held = [begin(port, "POST /auth/token", kind=FORM, length=50) for _ in range(MAX_FORMS_OF_PEER + 1)]
    refused = read_answer(held.pop())
    assert (refused[0], refused[1]["code"]) == (503, "too-many-requests")
    assert (
        httpx.get(f"http://127.0.0.1:{port}/batches", headers=small.sign("marie"), timeout=PATIENCE).status_code == 200
    )
    assert httpx.get(f"http://127.0.0.1:{port}/health", timeout=PATIENCE).status_code == 200
    for connection in held:
        connection.close()


def test_what_serve_would_obey_does_not_get_through(tmp_path: Path) -> None:
    seen: list[str] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        seen.extend(name.decode() for name, _ in scope["headers"])
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    names = ["X-Request-Timeout-Seconds", "x-request-disconnect-disabled", "serve_multiplexed_model_id", "X-Session-Id"]
    with serve_guarded(app) as port:
        httpx.get(f"http://127.0.0.1:{port}/", headers=dict.fromkeys([*names, "X-Other"], "1"), timeout=PATIENCE)
    assert "x-other" in seen
    assert not {name.lower() for name in names} & set(seen)


def test_nobody_who_is_signed_in_fails_while_connections_are_held_open(small: SmallService, port: int) -> None:
    sign = small.sign("marie")
    outcome = asyncio.run(measure(port, sign, ("a.png", PNG), idle=60, trickling=30, requests=40, rate=20))
    assert (len(outcome.seconds), outcome.failures) == (40, [])
