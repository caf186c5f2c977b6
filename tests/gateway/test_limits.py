"""How much anybody may ask for, and how slowly: told in the form of the API, before anything behind the gateway notices."""

import ssl
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from sake_ray.domain.peers import parse_networks
from sake_ray.gateway.config import GatewayLimits
from sake_ray.serve.middleware import max_body_bytes
from tests.gateway.front import BODIES, Front, make_config, make_echo, running, serving
from tests.gateway.test_routing import CONTRACT, check_headers
from tests.waiting import wait_until

EVERYBODY = parse_networks("127.0.0.1")
LIMITS = {
    "/predict": BODIES.upload, "/api/v1/predict": BODIES.upload, "/api/v1/admin/images": BODIES.upload,
    "/auth/token": BODIES.sign_in,
    "/api/v1/auth/token": BODIES.sign_in, "/sign-in": BODIES.sign_in, "/admin-ui/sign-in": BODIES.sign_in,
    "/documents/7/answers": BODIES.other, "/api/v1/admin/jobs": BODIES.other, "/results": BODIES.other,
    "/_stcore/upload_file/a/b": BODIES.file + BODIES.other, "/admin-ui/_stcore/upload_file/a/b": BODIES.file + BODIES.other,
}  # fmt: skip


@pytest.mark.parametrize(("path", "limit"), LIMITS.items())
def test_bodies_that_say_they_are_too_long_are_refused_before_they_come(front: Front, path: str, limit: int) -> None:
    with front.connect() as connection:
        head = f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {limit + 1}\r\n\r\n"
        connection.sendall(head.encode())
        answer = read_answer(connection)
    assert answer.status_code == 413
    assert answer.json()["code"] == "body-too-large"
    shown = BODIES.file if "upload_file" in path else limit
    assert answer.json()["params"] == {"megabytes": shown / 1e6}
    check_headers(answer)


def test_every_route_with_a_body_may_send_as_much_as_the_api_takes_there_and_no_more(front: Front) -> None:
    routes = [
        (path, method.upper())
        for path, methods in CONTRACT["paths"].items()
        for method, operation in methods.items()
        if "requestBody" in operation
    ]
    assert len(routes) > 10
    for path, method in routes:
        here = path.replace("{", "").replace("}", "")
        limit = max_body_bytes(method, here, "multipart/form-data; boundary=b")
        with front.connect() as connection:
            head = f"{method} /api/v1{here} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {limit + 1}\r\n\r\n"
            connection.sendall(head.encode())
            assert read_answer(connection).json()["params"] == {"megabytes": limit / 1e6}, (method, path)


@pytest.mark.parametrize("path", ["/auth/token", "/documents/7/answers", "/sign-in"])
def test_bodies_without_a_length_are_refused_once_they_are_too_long(front: Front, path: str) -> None:
    with front.client() as client:
        fits = client.post(path, content=iter([b"x" * 10_000]))
        assert (fits.status_code, fits.json()["bytes"]) == (200, 10_000)
        answer = client.post(path, content=iter([b"x" * 10_000] * 300))
    assert (answer.status_code, answer.json()["code"]) == (413, "body-too-large")


def test_who_asks_too_often_is_told_when_to_come_again(tmp_path: Path, echo: str) -> None:
    limits = GatewayLimits(requests_a_second=1, burst=5)
    with running(tmp_path, replace(make_config(tmp_path, echo), limits=limits)) as front, front.client() as client:
        answers = [client.get("/documents") for _ in range(8)]
    assert [answer.status_code for answer in answers][:6] == [200] * 6
    refused = answers[-1]
    assert (refused.status_code, refused.json()["code"]) == (429, "too-many-requests")
    assert int(refused.headers["retry-after"]) > 0
    check_headers(refused)


def test_people_who_ask_too_often_see_a_page(tmp_path: Path, echo: str) -> None:
    limits = GatewayLimits(requests_a_second=1, burst=1)
    with running(tmp_path, replace(make_config(tmp_path, echo), limits=limits)) as front, front.client() as client:
        refused = [client.get("/results") for _ in range(4)][-1]
    assert (refused.status_code, refused.headers["content-type"]) == (429, "text/html; charset=utf-8")
    assert int(refused.headers["retry-after"]) > 0


@pytest.mark.parametrize(
    "path",
    [
        *("/auth/token", "/api/v1/auth/token", "/account/password", "/account/second-factor/confirm"),
        *("/sign-in", "/admin-ui/sign-in", "/password", "/second-factor"),
    ],
)
def test_passwords_may_be_tried_less_often_than_anything_else(tmp_path: Path, echo: str, path: str) -> None:
    limits = GatewayLimits(guesses_a_minute=1, guess_burst=2)
    with running(tmp_path, replace(make_config(tmp_path, echo), limits=limits)) as front, front.client() as client:
        statuses = [client.post(path, data={"password": "x"}).status_code for _ in range(5)]
        assert statuses == [200, 200, 200, 429, 429]
        assert client.get("/documents").status_code == client.get("/sign-in").status_code == 200


def test_an_office_that_opens_the_screens_at_once_gets_all_their_files(tmp_path: Path, echo: str) -> None:
    limits = GatewayLimits(requests_a_second=1, burst=1)
    with running(tmp_path, replace(make_config(tmp_path, echo), limits=limits)) as front, front.client() as client:
        statuses = {client.get(f"{base}/static/js/{n}.js").status_code for n in range(30) for base in ("", "/admin-ui")}
    assert statuses == {200}


def test_a_session_that_asks_too_often_is_refused_wherever_it_comes_from(tmp_path: Path, echo: str) -> None:
    limits = GatewayLimits(session_requests_a_second=1, session_burst=2)
    config = replace(make_config(tmp_path, echo), limits=limits, trusted_proxies=EVERYBODY)
    with running(tmp_path, config) as front, front.client() as client:

        def ask(token: str, peer: str) -> int:
            sent = {"Authorization": f"Bearer {token}", "X-Forwarded-For": peer}
            return client.get("/documents", headers=sent).status_code

        assert [ask("a", f"9.9.9.{place}") for place in range(5)][-1] == 429
        assert ask("b", "9.9.9.1") == 200


@pytest.mark.parametrize(("first", "second", "shared"), [
    ("2001:db8::1", "2001:db8::2:3", True), ("2001:db8::1", "2001:db8:0:1::1", False), ("9.9.9.9", "9.9.9.8", False),
])  # fmt: skip
def test_addresses_of_one_ipv6_network_are_one_peer(
    tmp_path: Path, echo: str, first: str, second: str, shared: bool
) -> None:
    config = replace(
        make_config(tmp_path, echo), limits=GatewayLimits(requests_a_second=1, burst=1), trusted_proxies=EVERYBODY
    )
    with running(tmp_path, config) as front, front.client() as client:
        statuses = [
            client.get("/documents", headers={"X-Forwarded-For": peer}).status_code for peer in (first, first, second)
        ]
    assert statuses == [200, 200, 429 if shared else 200]


def test_behind_a_trusted_proxy_the_peer_is_who_called_that(tmp_path: Path, echo: str) -> None:
    config = replace(make_config(tmp_path, echo), trusted_proxies=EVERYBODY)
    with running(tmp_path, config) as front, front.client() as client:
        answer = client.get("/documents", headers={"X-Forwarded-For": "1.1.1.1, 9.9.9.9"})
    assert answer.json()["headers"]["x-forwarded-for"] == "9.9.9.9"


def test_one_peer_has_so_many_requests_at_once(tmp_path: Path, echo: str) -> None:
    config = replace(make_config(tmp_path, echo), limits=GatewayLimits(connections=2))
    with running(tmp_path, config) as front, ThreadPoolExecutor(5) as threads, front.client() as client:
        answers = list(threads.map(lambda _: client.get("/documents/slow?n=20").status_code, range(5)))
    assert sorted(answers) == [200, 200, 429, 429, 429]


def test_headers_that_do_not_end_and_bodies_that_pause_end_the_connection(tmp_path: Path, echo: str) -> None:
    config = replace(make_config(tmp_path, echo), limits=GatewayLimits(header_seconds=1, body_seconds=1))
    with running(tmp_path, config) as front:
        for begun in (
            b"GET /documents HTTP/1.1\r\nHost: localhost\r\nX-A",
            b"POST /documents HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nhalf",
            b"POST /auth/token HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nhalf",
        ):
            with front.connect() as connection:
                connection.sendall(begun)
                assert b"200 OK" not in read_all(connection)


def test_headers_that_drip_in_end_as_well(tmp_path: Path, echo: str) -> None:
    """The deadline is for all of them: each byte does not earn another."""
    config = replace(make_config(tmp_path, echo), limits=GatewayLimits(header_seconds=2))
    with running(tmp_path, config) as front, front.connect() as connection:
        connection.sendall(b"GET /documents HTTP/1.1\r\nHost: localhost\r\n")
        ended = threading.Event()

        def drip() -> None:
            while not ended.wait(0.3):
                try:
                    connection.sendall(b"X-A: b\r\n")
                except OSError:
                    return

        thread = threading.Thread(target=drip)
        thread.start()
        assert b"200 OK" not in read_all(connection)
        ended.set()
        thread.join()


@pytest.mark.parametrize(
    "request_sent",
    [
        b"GET / HTTP/1.1\r\n\r\n",
        b"NONSENSE\r\n\r\n",
        b"GET /documents HTTP/1.1\r\nHost: localhost\r\nX-Long: " + b"x" * 40_000 + b"\r\n\r\n",
        b"GET /documents%00 HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"POST /documents HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"POST /documents HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nabcde",
        b"POST /documents HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
    ],
    ids=["no host", "nonsense", "long headers", "NUL", "two framings", "two lengths", "unknown framing"],
)
def test_what_is_not_http_reaches_nobody(front: Front, request_sent: bytes) -> None:
    with front.connect() as connection:
        connection.sendall(request_sent)
        answer = read_answer(connection)
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == "request-not-http"


def test_a_poll_that_takes_its_time_is_not_cut(tmp_path: Path, echo: str) -> None:
    """Slow answers count by their pauses, not by their length."""
    config = replace(make_config(tmp_path, echo), limits=GatewayLimits(answer_seconds=1))
    with running(tmp_path, config) as front, front.client() as client:
        assert client.get("/documents/slow?n=25").text == "." * 25


@pytest.fixture
def counted() -> Iterator[tuple[str, list[int]]]:
    """An application that notes how much it has received."""
    seen: list[int] = [0]
    with serving(make_echo(on_bytes=lambda received: seen.__setitem__(0, received))) as address:
        yield address, seen


@pytest.mark.parametrize("path", ["/predict", "/api/v1/admin/images", "/_stcore/upload_file/a/b"])
def test_uploads_are_passed_on_as_they_come_and_written_nowhere(
    tmp_path: Path, counted: tuple[str, list[int]], path: str
) -> None:
    address, seen = counted
    with running(tmp_path, make_config(tmp_path, address)) as front, front.client() as client:

        def pieces() -> Iterator[bytes]:
            sent = 0
            for _ in range(20):
                yield b"x" * 100_000
                sent += 100_000
                wait_until(lambda enough=sent - 400_000: seen[0] >= enough, interval=0.005)  # type: ignore[misc]
                assert written_below(tmp_path / "tmp") == 0

        assert client.post(path, content=pieces()).json()["bytes"] == 2_000_000


def test_an_upload_of_the_full_size_arrives(front: Front) -> None:
    with front.client() as client:
        pieces = (b"x" * 1_000_000 for _ in range(BODIES.upload // 1_000_000))
        answer = client.post("/api/v1/predict", content=pieces)
    assert answer.json()["bytes"] == BODIES.upload


def written_below(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def read_all(connection: ssl.SSLSocket) -> bytes:
    data = b""
    try:
        while piece := connection.recv(65536):
            data += piece
    except ConnectionError:
        pass
    return data


def read_answer(connection: ssl.SSLSocket) -> httpx.Response:
    """Read an answer: nginx may keep the connection, so its length counts."""
    data = b""
    while b"\r\n\r\n" not in data:
        piece = connection.recv(65536)
        assert piece, "the connection ended without an answer"
        data += piece
    head, _, body = data.partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    headers = [tuple(line.split(": ", 1)) for line in lines]
    length = int({name.lower(): value for name, value in headers}["content-length"])  # type: ignore[misc]
    while len(body) < length:
        body += connection.recv(65536)
    request = httpx.Request("GET", "https://localhost/")
    return httpx.Response(int(first.split()[1]), headers=headers, content=body, request=request)  # type: ignore[arg-type]
