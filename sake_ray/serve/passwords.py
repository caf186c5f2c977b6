"""Hash and verify passwords, on threads of their own: no other request ever waits for it."""

import asyncio
import contextvars
import secrets
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache, partial
from typing import ParamSpec, TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from sake_ray.errors import InputError, Overloaded

MIN_PASSWORD, MAX_PASSWORD = 10, 1000
"""Characters of a password; the length is bounded because hashing it costs."""
HASHING_THREADS = 2
"""Argon2 takes 64 MB and a tenth of a second each, by design."""
MAX_WAITING = 16
"""Passwords that wait or are being hashed; two seconds of work. More are refused at once."""
RESERVED = 4
"""Places that only those whom we know get: a flood of strangers does not keep them out."""

P = ParamSpec("P")
T = TypeVar("T")

hasher = PasswordHasher()


def generate_password() -> str:
    """Generate a password of 120 random bits."""
    return secrets.token_urlsafe(15)


def hash_password(password: str) -> str:
    """Hash a new password with Argon2id; raises InputError when it is too short or too long."""
    if not MIN_PASSWORD <= len(password) <= MAX_PASSWORD:
        raise InputError("password-length", min=MIN_PASSWORD, max=MAX_PASSWORD, length=len(password))
    try:
        return hasher.hash(password)
    except UnicodeEncodeError as error:
        raise InputError("password-not-utf8") from error


def verify_password(password_hash: str | None, password: str) -> bool:
    """Verify a password; without a hash it takes as long and is wrong, so that timing reveals no account."""
    if len(password) > MAX_PASSWORD:
        return False
    try:
        return hasher.verify(password_hash or _make_dummy_hash(), password) and password_hash is not None
    except (VerificationError, InvalidHashError, UnicodeEncodeError):
        return False


@cache
def _make_dummy_hash() -> str:
    return hasher.hash(secrets.token_hex(16))


class PasswordThreads:
    """The threads on which passwords are hashed, and how many requests may wait for them."""

    def __init__(self, *, threads: int = HASHING_THREADS, max_waiting: int = MAX_WAITING) -> None:
        _make_dummy_hash()
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="passwords")
        self._max_waiting = max_waiting
        self.waiting = 0
        """How many wait, or are being hashed."""
        self._lock = threading.Lock()

    async def run(self, work: Callable[P, T], /, *args: P.args, **named: P.kwargs) -> T:
        """Run what hashes a password, for somebody whom we know; raises Overloaded at once when too many wait."""
        return await self._run(self._max_waiting, partial(work, *args, **named))

    async def run_for_stranger(self, work: Callable[P, T], /, *args: P.args, **named: P.kwargs) -> T:
        """Run what hashes a password, for somebody whom we do not know; raises Overloaded a little earlier."""
        return await self._run(self._max_waiting - RESERVED, partial(work, *args, **named))

    async def _run(self, places: int, work: Callable[[], T]) -> T:
        with self._lock:
            if self.waiting >= places:
                raise Overloaded("too-many-passwords")
            self.waiting += 1
        running = self._threads.submit(contextvars.copy_context().run, work)
        # By the work's end, not the request's: whoever hangs up does not make room while it goes on.
        running.add_done_callback(self._leave)
        return await asyncio.wrap_future(running)

    def _leave(self, _: "Future[T]") -> None:
        with self._lock:
            self.waiting -= 1
