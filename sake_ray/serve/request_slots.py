"""Bound how many requests are in work: of one account, of one peer without a token, and of all."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from sake_ray.errors import Overloaded

MAX_OF_ACCOUNTS, MAX_OF_ACCOUNT = 100, 40
"""Requests in work of those who are signed in, and of one of them."""
MAX_OF_PEERS, MAX_OF_PEER = 60, 20
"""The same without a token, by address: signing in, and asking whether all is ready. Both are below what Serve lets in."""


class RequestSlots:
    """The requests in work; only for one event loop. Neither kind can take the slots of the other."""

    def __init__(self) -> None:
        self._accounts: Counter[str] = Counter()
        self._peers: Counter[str] = Counter()

    @contextmanager
    def take_for_account(self, name: str) -> Iterator[None]:
        """Hold a slot for the duration of the block. Raises Overloaded when the account, or all of them, have none left."""
        with _take(self._accounts, name, limit=MAX_OF_ACCOUNT, total=MAX_OF_ACCOUNTS):
            yield

    @contextmanager
    def take_for_peer(self, host: str) -> Iterator[None]:
        """Hold a slot for the duration of the block. Raises Overloaded when the peer, or all of them, have none left."""
        with _take(self._peers, host, limit=MAX_OF_PEER, total=MAX_OF_PEERS):
            yield


@contextmanager
def _take(held: Counter[str], holder: str, *, limit: int, total: int) -> Iterator[None]:
    if held[holder] >= limit or held.total() >= total:
        raise Overloaded("too-many-requests")
    held[holder] += 1
    try:
        yield
    finally:
        held[holder] -= 1
        if not held[holder]:
            del held[holder]
