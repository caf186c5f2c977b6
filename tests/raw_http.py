"""Requests as no client sends them, byte by byte: against the application, Serve's proxy or a gateway, at any address.

`answer_raw` sends one of `RAW_REQUESTS` and then, where the connection is still open, a good request on the same connection.
`check` says what is wrong with what came back.
"""

import json
import re
import socket
import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from email.parser import BytesHeaderParser

from tests.waiting import PATIENCE

QUIET_SECONDS = 2.0
HUNG_UP = (ConnectionError, ssl.SSLEOFError)
SMUGGLED, CANARY = "smuggled-request", "canary"
"""What marks the answer of a request that was hidden in another's body, and the good one after it."""
PNG = b"\x89PNG\r\n\x1a\n"
BIDI, NUL, LONE = "\u202egnp.exe", "a\0b.png", "\ud800"


@dataclass(frozen=True, slots=True)
class Target:
    """Where to send to, and what signs in there; with `tls` the connection is encrypted."""

    host: str
    port: int
    sign: Mapping[str, str]
    tls: ssl.SSLContext | None = None
    prefix: str = ""

    def connect(self) -> socket.socket:
        """Open a connection."""
        connection = socket.create_connection((self.host, self.port), timeout=PATIENCE)
        return self.tls.wrap_socket(connection, server_hostname=self.host) if self.tls else connection


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer of those that came back on a connection."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def is_canary(self) -> bool:
        """Whether the good request is answered with it."""
        return self.headers.get("x-request-id") == CANARY or CANARY.encode() in self.body


@dataclass(frozen=True, slots=True)
class RawRequest:
    """Bytes to send, and what may come back.

    `ambiguous`: it is not certain where its body ends, so that it must be refused, and the connection closed. `accepted`: it is
    odd and right, and must be answered with one of these.
    """

    name: str
    make: Callable[[Target], bytes]
    ambiguous: bool = False
    accepted: frozenset[int] = field(default_factory=frozenset)


def answer_raw(target: Target, request: RawRequest) -> list[Answer]:
    """Send a request, then a good one, and read all that comes back until the connection ends."""
    canary = f"GET {target.prefix}/{CANARY} HTTP/1.1\r\nHost: {target.host}\r\nConnection: close\r\n\r\n"
    received = b""
    with target.connect() as connection, suppress(*HUNG_UP):
        with suppress(*HUNG_UP):  # refused before all of it was there: the answer may be
            connection.sendall(request.make(target) + canary.encode())
        connection.settimeout(QUIET_SECONDS)
        while piece := _receive(connection):
            received += piece
    return list(split_answers(received))


def _receive(connection: socket.socket) -> bytes:
    """Receive some bytes; hang up when none come: the other side still waits for some of ours."""
    try:
        return connection.recv(65536)
    except TimeoutError:
        return b""


def check(request: RawRequest, answers: list[Answer]) -> list[str]:
    """Say what is wrong with what came back."""
    wrong = [
        f"{answer.status}: {answer.body[:200]!r}"
        for answer in answers
        if answer.status >= 500 and answer.status not in (501, 505)
    ]
    wrong += [f"smuggled: {answer.body[:200]!r}" for answer in answers if SMUGGLED.encode() in answer.body]
    own = [answer for answer in answers if not answer.is_canary]
    if request.ambiguous:
        if len(answers) > 1:
            wrong.append(f"{len(answers)} answers to what should have ended the connection")
        if any(answer.status < 400 for answer in answers):
            wrong.append(f"{answers[0].status} for a request whose end nobody knows")
    elif request.accepted and (not own or own[0].status not in request.accepted):
        wrong.append(f"{[answer.status for answer in own]} instead of {sorted(request.accepted)}")
    for answer in answers:
        if answer.status >= 400 and answer.headers.get("content-type", "").startswith("application/problem+json"):
            problem = json.loads(answer.body) if answer.body else {"status": answer.status}
            if problem["status"] != answer.status:
                wrong.append(f"the problem says {problem['status']}, the answer {answer.status}")
    return wrong


def split_answers(received: bytes) -> Iterator[Answer]:
    """Take apart what came back on a connection."""
    while received:
        head, _, rest = received.partition(b"\r\n\r\n")
        first, _, fields = head.partition(b"\r\n")
        match = re.fullmatch(rb"HTTP/1\.[01] (\d{3})( .*)?", first)
        assert match, f"no answer: {received[:200]!r}"
        headers = {name.lower(): value for name, value in BytesHeaderParser().parsebytes(fields + b"\r\n\r\n").items()}
        status = int(match[1])
        if status < 200 or status in (204, 304):
            body = b""
        elif headers.get("transfer-encoding", "").lower() == "chunked":
            body, rest = _join_chunks(rest)
        else:
            length = int(headers.get("content-length", len(rest)))
            body, rest = rest[:length], rest[length:]
        if status >= 200:
            yield Answer(status, headers, body)
        received = rest


def _join_chunks(data: bytes) -> tuple[bytes, bytes]:
    body = b""
    while data:
        size, _, data = data.partition(b"\r\n")
        length = int(size.split(b";")[0], 16)
        body, data = body + data[:length], data[length + 2 :]
        if not length:
            break
    return body, data


def make_request(
    target: Target, method: str, path: str, *lines: str | bytes, body: bytes = b"", length: bool | None = None
) -> bytes:
    """Write a request of somebody who is signed in, with these lines among its headers."""
    signs = [f"{name}: {value}" for name, value in target.sign.items()]
    counted = [f"Content-Length: {len(body)}"] if length or (length is None and body) else []
    first = [f"{method} {target.prefix}{path} HTTP/1.1", f"Host: {target.host}", *signs, *lines, *counted]
    encoded = [line if isinstance(line, bytes) else line.encode("utf-8", "surrogatepass") for line in first]
    return b"\r\n".join([*encoded, b"", body])
