"""Listen to what nginx tells of each request, and count it: a datagram for each, which is on no disk and names nobody.

nginx writes what syslog would get (`access_log syslog:…`, cluster/gateway/nginx.conf) to a port of this machine. Where nobody
listens, the datagrams are lost and nginx goes on.
"""

import re
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from sake_ray.metrics import Instruments
from sake_ray.metrics.surroundings import ADDRESSES

HOST = "127.0.0.1"
MAX_BYTES = 1_000
PROBE = "-"
"""The place of the requests by which we ask nginx whether it answers: they count for nothing."""
LIVE = "_stcore"
"""The place of connections that last as long as a page is open."""
UPSTREAM_FAILURES = {502, 503, 504}
STATES = ("active", "reading", "writing", "waiting")
LINE = re.compile(r": (\d{3}) (\S+) (\d{1,9}\.\d{3}) (\S+) (\S+)" + r" (\d{1,9})" * 4 + "$")


@dataclass(frozen=True, slots=True)
class LoggedRequest:
    """A request that nginx has answered: how, where it led, in how many seconds, what limits refused it, and the connections
    (active, reading, writing, waiting) at that moment."""

    status: int
    place: str
    seconds: float
    refused_by: str
    connections: tuple[int, ...]


class RequestListener:
    """A port that nginx tells of each request, open from the beginning so that its number can be written down."""

    def __init__(self) -> None:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind((HOST, 0))
        self._socket.settimeout(0.5)
        self.port = int(self._socket.getsockname()[1])

    @contextmanager
    def listen(self, on_request: Callable[[LoggedRequest], None]) -> Iterator[None]:
        """Call `on_request` for each request, in a thread, for the duration of the block."""
        over = threading.Event()

        def run() -> None:
            while not over.is_set():
                with suppress(TimeoutError):
                    if request := parse_line(self._socket.recv(MAX_BYTES)):
                        on_request(request)

        thread = threading.Thread(target=run, name="requests", daemon=True)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()
            self._socket.close()


def parse_line(line: bytes) -> LoggedRequest | None:
    """Parse what nginx wrote; None for anything else: any program of this machine can write to the port."""
    found = LINE.search(line.decode("ascii", "replace").rstrip("\0\n"))
    if not found:
        return None
    status, place, seconds, requests, connections, *states = found.groups()
    limits = {"requests": requests, "connections": connections}
    refused_by = next((limit for limit, said in limits.items() if said == "REJECTED"), "")
    return LoggedRequest(int(status), place, float(seconds), refused_by, tuple(map(int, states)))


def count_request(instruments: Instruments, request: LoggedRequest) -> None:
    """Count a request."""
    for state, number in zip(STATES, request.connections, strict=True):
        instruments.set("gateway_connections", number, state=state)
    if request.place == PROBE:
        return
    place = request.place if request.place in ADDRESSES else "other"
    instruments.count("gateway_requests", status=f"{request.status // 100}xx", place=place)
    if place != LIVE:
        instruments.observe("gateway_request_seconds", request.seconds, place=place)
    if request.status in UPSTREAM_FAILURES:
        instruments.count("gateway_upstream_failures", place=place)
    if request.refused_by:
        instruments.count("gateway_refused", limit=request.refused_by)
