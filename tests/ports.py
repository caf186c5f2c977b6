"""Ports for the servers of tests."""

import os
import random
import socket
from itertools import count

FIRST, SHARE = 20_000, 3_000
"""Above the workers of Ray and below what Linux gives to connections, which may have a port that was free a second ago."""
_NEXT = count(random.randrange(SHARE))


def free_ports(number: int) -> range:
    """So many free ports in a row, each given once, and none that another process of these tests is given."""
    share = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    while True:
        ports = range(start := FIRST + share * SHARE + next(_NEXT) % (SHARE - number), start + number)
        for _ in ports[1:]:
            next(_NEXT)
        if all(_is_free(port) for port in ports):
            return ports


def free_port() -> int:
    """One of them."""
    return free_ports(1)[0]


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("0.0.0.0", port))  # noqa: S104 - where Ray listens
        except OSError:
            return False
    return True
