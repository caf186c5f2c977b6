"""A webhook leads where an admin may send something, and nowhere else; no receiver holds the sender for long."""

import ipaddress
import socket
import ssl
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sake_ray.domain.peers import parse_networks
from sake_ray.domain.webhooks import WebhookRules, parse_allowed
from sake_ray.errors import InputError
from sake_ray.gateway.certificates import make_self_signed, utc_now
from sake_ray.serve.webhook_sending import SendingFailed, check_url, find_addresses, post
from tests.receiver import Receiver, receive
from tests.receiver import receiver as receiver

LOCAL = WebhookRules(True, networks=parse_networks("127.0.0.1"))
STRICT = WebhookRules(True)


@pytest.mark.parametrize(
    "host",
    [
        *("127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "100.64.0.1", "0.0.0.1", "255.255.255.255"),
        *("169.254.169.254", "224.0.0.1", "192.0.2.1", "240.0.0.1", "2130706433", "0x7f.1", "0177.0.0.1", "localhost"),
        *(
            "[::1]",
            "[::]",
            "[fe80::1]",
            "[fd00::1]",
            "[ff02::1]",
            "[::ffff:10.0.0.1]",
            "[::ffff:127.0.0.1]",
            "[::7f00:1]",
        ),
        *("[64:ff9b::a00:1]", "[2002:a00:1::]", "[2001:db8::1]", "[fec0::1]", "[2001:0:a00:1::]"),
    ],
)
def test_address_that_is_not_public_is_refused(host: str) -> None:
    with pytest.raises(InputError) as refused:
        find_addresses(check_url(f"https://{host}/", STRICT), STRICT)
    assert refused.value.code in {"webhook-address-refused", "webhook-host-unknown"}


@pytest.mark.parametrize("host", ["8.8.8.8", "[2606:4700::1111]", "[::ffff:8.8.8.8]"])
def test_public_address_is_taken(host: str) -> None:
    assert find_addresses(check_url(f"https://{host}/", STRICT), STRICT)


@pytest.mark.parametrize("allowed", ["10.1.2.3", "10.0.0.0/8", "fd00::/8, 10.1.2.0/24", "hooks.intern,10.1.2.3"])
def test_setting_names_private_networks_that_are_allowed(allowed: str) -> None:
    rules = WebhookRules(False, *parse_allowed(allowed))
    assert find_addresses(check_url("https://10.1.2.3/", rules), rules) == (ipaddress.ip_address("10.1.2.3"),)
    with pytest.raises(InputError):
        find_addresses(check_url("https://10.99.2.3/" if "/8" not in allowed else "https://127.0.0.1/", rules), rules)


def test_setting_names_hosts_whose_private_addresses_are_allowed() -> None:
    rules = WebhookRules(False, *parse_allowed("LocalHost"))
    assert find_addresses(check_url("https://localhost/", rules), rules)


def test_setting_that_is_neither_host_nor_network_is_refused() -> None:
    with pytest.raises(ValueError, match="/"):
        parse_allowed("10.0.0.0/99")


@pytest.mark.parametrize(
    "url",
    [
        *("", "hooks", "ftp://example.com/", "https://", "https:///path", "https://user:word@example.com/"),
        *(
            "https://example.com/a b",
            "https://example.com/\r\nX: y",
            "https://example.com/#part",
            "https://ex\u00e4mple.com/",
        ),
        *(
            "https://example.com:99999/",
            "https://[::1/",
            "https://example.com\\@10.0.0.1/",
            f"https://example.com/{'a' * 2000}",
        ),
    ],
)
def test_what_is_no_address_of_a_webhook_is_refused(url: str) -> None:
    with pytest.raises(InputError) as refused:
        check_url(url, STRICT)
    assert refused.value.code == "webhook-url-invalid"


def test_http_is_refused_unless_a_setting_allows_it() -> None:
    with pytest.raises(InputError) as refused:
        check_url("http://example.com/", WebhookRules())
    assert refused.value.code == "webhook-needs-https"
    assert check_url("http://example.com/", WebhookRules(True)).port == 80


def test_body_and_headers_arrive(receiver: Receiver) -> None:
    assert post(receiver.url("/a?b=c"), b"{}", {"webhook-id": "msg_1"}, LOCAL) == 204
    ((headers, body),) = receiver.received
    assert (headers["path"], headers["webhook-id"], body) == ("/a?b=c", "msg_1", b"{}")
    assert (headers["host"], headers["content-type"]) == (f"127.0.0.1:{receiver.port}", "application/json")


def test_redirect_is_not_followed(receiver: Receiver) -> None:
    receiver.answer = lambda _: 307
    assert post(receiver.url(), b"{}", {}, LOCAL) == 307
    assert [headers["path"] for headers, _ in receiver.received] == ["/hook"]


def test_proxies_of_the_environment_are_not_used(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert post(receiver.url(), b"{}", {}, LOCAL) == 204


def test_name_is_asked_once_and_what_was_checked_is_connected_to(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The name server of an attacker answers a good address first, and one inside the network when asked again."""
    asked, resolve = [], socket.getaddrinfo

    def answer(host: Any, port: Any, *options: Any, **named: Any) -> Any:
        if host != "rebinding.test":
            return resolve(host, port, *options, **named)
        asked.append(host)
        return resolve("127.0.0.1" if len(asked) == 1 else "127.0.0.2", port, *options, **named)

    monkeypatch.setattr(socket, "getaddrinfo", answer)
    assert post(receiver.url(host="rebinding.test"), b"{}", {}, LOCAL) == 204
    assert (len(asked), receiver.received[0][0]["host"]) == (1, f"rebinding.test:{receiver.port}")


def test_of_several_addresses_only_permitted_ones_are_connected_to(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    resolve = socket.getaddrinfo

    def answer(host: Any, port: Any, *options: Any, **named: Any) -> Any:
        hosts = ("127.0.0.2", "127.0.0.1") if host == "both.test" else (host,)
        return [entry for one in hosts for entry in resolve(one, port, *options, **named)]

    monkeypatch.setattr(socket, "getaddrinfo", answer)
    target = check_url("http://both.test/", LOCAL)
    assert find_addresses(target, LOCAL) == (ipaddress.ip_address("127.0.0.1"),)


@pytest.mark.parametrize("answer", [b"", b"HTTP/1.1 200 OK\r\nX-Slow: "], ids=["silent", "drips"])
def test_receiver_that_takes_too_long_is_left(answer: bytes) -> None:
    """One byte at a time keeps a socket's own timeout from ever passing."""
    over = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            connection, _ = server.accept()
            with connection:
                connection.sendall(answer)
                while not over.wait(0.1):
                    if answer:
                        try:
                            connection.sendall(b"x")
                        except OSError:
                            return

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        with pytest.raises(SendingFailed) as failed:
            post(f"http://127.0.0.1:{server.getsockname()[1]}/", b"{}", {}, LOCAL, seconds=1)
        over.set()
        thread.join()
    assert failed.value.reason.code == "webhook-too-slow"


def test_receiver_that_speaks_no_http_is_unreachable() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(100)
                connection.sendall(b"220 smtp.example.com ESMTP\r\n")

        threading.Thread(target=serve, daemon=True).start()
        with pytest.raises(SendingFailed) as failed:
            post(f"http://127.0.0.1:{server.getsockname()[1]}/", b"{}", {}, LOCAL)
    assert failed.value.reason.code == "webhook-unreachable"


def test_nobody_there_is_unreachable() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    with pytest.raises(SendingFailed) as failed:
        post(f"http://127.0.0.1:{port}/", b"{}", {}, LOCAL)
    assert failed.value.reason.code == "webhook-unreachable"


def test_long_answer_is_not_read_to_its_end() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        sent: list[int] = []

        def serve() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(1000)
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n")
                try:
                    for _ in range(1000):
                        connection.sendall(bytes(1_000_000))
                        sent.append(1)
                except OSError:
                    return

        thread = threading.Thread(target=serve)
        thread.start()
        assert post(f"http://127.0.0.1:{server.getsockname()[1]}/", b"{}", {}, LOCAL) == 200
        thread.join()
    assert len(sent) < 100


@pytest.fixture
def secure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    """A receiver whose certificate is for the name localhost, and is trusted here."""
    certificate = tmp_path / "certificate.pem"
    make_self_signed(certificate, tmp_path / "key.pem", names=("localhost",), now=utc_now())
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, tmp_path / "key.pem")
    with receive(context) as running:
        yield running


def test_certificate_is_checked_for_the_name_although_an_address_is_connected_to(secure: Receiver) -> None:
    rules = WebhookRules(networks=parse_networks("127.0.0.1"))
    assert post(secure.url(host="localhost"), b"{}", {}, rules) == 204
    with pytest.raises(SendingFailed) as failed:
        post(secure.url(host="127.0.0.1"), b"{}", {}, rules)
    assert failed.value.reason.code == "webhook-unreachable"
    assert len(secure.received) == 1
