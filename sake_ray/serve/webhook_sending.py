"""Send a request to an address that an admin has named, so that nobody can look around in this network by it.

The host is resolved, the addresses are checked, and exactly the checked ones are connected to: a name that means another
address a moment later (DNS rebinding) does not help. Redirects are not followed, proxies are not used, and little is read.
"""

import socket
import ssl
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from ipaddress import IPv4Address, IPv6Address, ip_address
from urllib.parse import urlsplit

from sake_ray.domain.webhooks import WebhookRules
from sake_ray.errors import InputError, Message

SECONDS = 15.0
"""The most that connecting, sending and the answer may take together."""
CONNECT_SECONDS = 5.0
"""For each address of a host that has several: one of IPv6 may lead nowhere."""
MAX_URL = 2000
BODY_BYTES = 4096
"""So much of an answer is read, and dropped: enough for a receiver that says why, and does not like to be hung up on."""
PORTS = {"http": 80, "https": 443}

Address = IPv4Address | IPv6Address


@dataclass(frozen=True, slots=True)
class Target:
    """Where an address leads: the host and port to connect to, whether by TLS, and what is asked for there."""

    host: str
    port: int
    secure: bool
    path: str
    netloc: str


class SendingFailed(Exception):
    """Nothing was sent, or no answer came; says why."""

    def __init__(self, reason: Message) -> None:
        super().__init__(reason)
        self.reason = reason


def check_url(url: str, rules: WebhookRules) -> Target:
    """Take an address apart; raises InputError for one that webhooks may not have."""
    invalid = InputError("webhook-url-invalid", url=url[:MAX_URL])
    if len(url) > MAX_URL or not url.isascii() or any(letter <= " " or letter == "\x7f" for letter in url):
        raise invalid
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise invalid from error
    if parts.scheme not in PORTS or not host or "@" in parts.netloc or "#" in url or "\\" in url:
        raise invalid
    if parts.scheme == "http" and not rules.allows_http:
        raise InputError("webhook-needs-https")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(host, port or PORTS[parts.scheme], parts.scheme == "https", path, parts.netloc)


def find_addresses(target: Target, rules: WebhookRules) -> tuple[Address, ...]:
    """Find the addresses of a host that may be connected to; raises InputError when there are none."""
    try:
        found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise InputError("webhook-host-unknown", host=target.host) from error
    addresses = tuple(dict.fromkeys(ip_address(str(entry[4][0]).partition("%")[0]) for entry in found))
    permitted = tuple(address for address in addresses if rules.permits(target.host, address))
    if not permitted:
        raise InputError("webhook-address-refused", host=target.host, address=addresses[0] if addresses else "")
    return permitted


def post(url: str, body: bytes, headers: Mapping[str, str], rules: WebhookRules, *, seconds: float = SECONDS) -> int:
    """Post a body of JSON; return the status of the answer, whatever it is. Raises SendingFailed."""
    try:
        target = check_url(url, rules)
        addresses = find_addresses(target, rules)
    except InputError as error:
        raise SendingFailed(error.message) from error
    connection = HTTPConnection(target.host, target.port, timeout=seconds)
    all_headers = {"Host": target.netloc, "Content-Type": "application/json", "User-Agent": "sake_ray", **headers}
    with _cut_after(seconds) as deadline:
        try:
            connection.sock = _connect(target, addresses, deadline)
            connection.request("POST", target.path, body, all_headers | {"Connection": "close"})
            response = connection.getresponse()
            if deadline.passed:  # what was cut off in the midst of its headers looks like an answer all the same
                raise TimeoutError
            with suppress(OSError, HTTPException):
                response.read(BODY_BYTES)
        except (OSError, HTTPException, ValueError) as error:
            if deadline.passed or isinstance(error, TimeoutError):
                raise SendingFailed(Message("webhook-too-slow", seconds=round(seconds))) from error
            raise SendingFailed(Message("webhook-unreachable", error=_describe(error))) from error
        finally:
            connection.close()
    return response.status


class _Deadline:
    """Cuts a connection off when the time is up: a socket's own timeout begins anew with every byte that drips in."""

    def __init__(self, seconds: float) -> None:
        self.end, self.passed = time.monotonic() + seconds, False
        self._lock = threading.Lock()
        self._socket: socket.socket | None = None

    def watch(self, connected: socket.socket) -> None:
        """Cut this one off, too."""
        with self._lock:
            self._socket = connected
            if self.passed:
                self._cut(connected)

    def pass_(self) -> None:
        """The time is up."""
        with self._lock:
            self.passed = True
            if self._socket is not None:
                self._cut(self._socket)

    def _cut(self, connected: socket.socket) -> None:
        with suppress(OSError):  # the plain one: that of TLS would forget its state beside the thread that reads
            socket.socket.shutdown(connected, socket.SHUT_RDWR)


@contextmanager
def _cut_after(seconds: float) -> Iterator[_Deadline]:
    deadline = _Deadline(seconds)
    timer = threading.Timer(seconds, deadline.pass_)
    timer.daemon = True
    timer.start()
    try:
        yield deadline
    finally:
        timer.cancel()


def _connect(target: Target, addresses: Sequence[Address], deadline: _Deadline) -> socket.socket:
    """Connect to the first of the addresses that answers, and check that it is the host by its certificate."""
    failure: OSError = TimeoutError()
    for address in addresses:
        left = deadline.end - time.monotonic()
        if left <= 0:
            break
        try:
            connected = socket.create_connection((str(address), target.port), min(left, CONNECT_SECONDS))
        except OSError as error:
            failure = error
            continue
        connected.settimeout(left)
        if target.secure:
            context = ssl.create_default_context()
            connected = context.wrap_socket(connected, server_hostname=target.host, do_handshake_on_connect=False)
        deadline.watch(connected)
        try:
            if isinstance(connected, ssl.SSLSocket):
                connected.do_handshake()
        except BaseException:
            connected.close()
            raise
        return connected
    raise failure


def _describe(error: Exception) -> str:
    """What went wrong, without addresses of this network."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return error.verify_message
    return (error.strerror if isinstance(error, OSError) else None) or type(error).__name__
