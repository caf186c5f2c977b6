"""Ask the service whether a session goes on, before anything of the application is shown to it."""

import asyncio
import re
import time
from collections import OrderedDict
from collections.abc import Callable
from enum import StrEnum
from hashlib import sha256

import anyio
import anyio.to_thread

from frontends.site import Site
from sake_ray.client import Client
from sake_ray.errors import SakeError, Unauthenticated

FRESH_SECONDS = 15.0
"""How long an answer counts: a page is many requests. What the service itself sends is refused at once in any case."""
GRACE_SECONDS = 3600.0
"""How long a session that went on counts while the service does not answer."""
ANSWER_SECONDS = 5.0
MAX_REMEMBERED = 10_000
MAX_THREADS = 4
TOKEN = re.compile(r"[!-~]{1,4096}")


class SessionState(StrEnum):
    """Whether a session goes on and may use this application; unknown while the service does not answer."""

    OPEN = "open"
    TO_CHANGE_PASSWORD = "to-change-password"  # noqa: S105
    TO_SET_UP_SECOND_FACTOR = "to-set-up-second-factor"
    CLOSED = "closed"
    UNKNOWN = "unknown"


class SessionCheck:
    """Asks the service about tokens, and remembers those whose sessions go on for a few seconds."""

    def __init__(self, site: Site, *, clock: Callable[[], float] = time.monotonic) -> None:
        self.site, self._clock = site, clock
        self._seen: OrderedDict[str, float] = OrderedDict()
        self._asked: dict[str, asyncio.Task[SessionState]] = {}
        self._limiter: anyio.CapacityLimiter | None = None

    async def find_state(self, token: str, peer: str) -> SessionState:
        """Find the state of the session of a token."""
        if not TOKEN.fullmatch(token):  # cookies can hold line breaks, in quotes, which no header may have
            return SessionState.CLOSED
        key = _key(token)
        seen = self._seen.get(key)
        if seen is not None and self._clock() - seen < FRESH_SECONDS:
            return SessionState.OPEN
        # A page asks for many things at once; the service is asked once.
        task = self._asked.get(key)
        if task is None:
            task = self._asked[key] = asyncio.create_task(self._ask(key, token, peer))
            task.add_done_callback(lambda _: self._asked.pop(key, None))
        return await asyncio.shield(task)

    def forget(self, token: str) -> None:
        """Ask again the next time."""
        self._seen.pop(_key(token), None)

    async def _ask(self, key: str, token: str, peer: str) -> SessionState:
        self._limiter = self._limiter or anyio.CapacityLimiter(MAX_THREADS)
        state = await anyio.to_thread.run_sync(self._fetch_state, token, peer, limiter=self._limiter)
        if state is SessionState.OPEN:
            self._seen[key] = self._clock()
            self._seen.move_to_end(key)
            if len(self._seen) > MAX_REMEMBERED:
                self._seen.popitem(last=False)
        elif state is SessionState.CLOSED:
            self._seen.pop(key, None)
        elif state is SessionState.UNKNOWN and self._clock() - self._seen.get(key, -GRACE_SECONDS) < GRACE_SECONDS:
            return SessionState.OPEN
        return state

    def _fetch_state(self, token: str, peer: str) -> SessionState:
        with Client(
            self.site.api, token, patience=0, timeout=ANSWER_SECONDS, peer=self.site.state_peer(peer)
        ) as client:
            try:
                account = client.accounts.me()
            except Unauthenticated:
                return SessionState.CLOSED
            except SakeError:
                return SessionState.UNKNOWN
        if account.role not in self.site.roles:
            return SessionState.CLOSED
        if account.must_change_password:
            return SessionState.TO_CHANGE_PASSWORD
        return SessionState.TO_SET_UP_SECOND_FACTOR if account.must_set_up_second_factor else SessionState.OPEN


def _key(token: str) -> str:
    return sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
