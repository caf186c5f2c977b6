"""Repeat transactions that the database broke off because they were in each other's way."""

import functools
import logging
import random
import sqlite3
import time
from collections.abc import Callable
from typing import ParamSpec, TypeVar

import sqlalchemy as sa

from sake_ray.errors import StorageUnavailable

log = logging.getLogger(__name__)

CONFLICTS = {"40001", "40P01", "55P03"}
"""PostgreSQL's: serialization failure, deadlock, lock not available."""
BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
MAX_ATTEMPTS = 6
MAX_SECONDS = 45.0
"""No attempt begins later than this after the first: SQLite has waited for half a minute by the time it says that it is busy."""
FIRST_PAUSE, MAX_PAUSE = 0.02, 1.0
"""Seconds; each pause is up to twice as long as the one before, and random, so that two do not meet again."""

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


def repeatable(method: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
    """Run a method again when its writing transaction met a conflict; after several attempts StorageUnavailable is raised.

    The method makes one transaction that writes, and changes nothing else: what was broken off then has never happened.
    """

    @functools.wraps(method)
    def run(*args: Arguments.args, **options: Arguments.kwargs) -> Result:
        begun, attempt = time.monotonic(), 1
        while True:
            try:
                return method(*args, **options)
            except StorageUnavailable as error:
                late = time.monotonic() - begun > MAX_SECONDS
                if late or attempt == MAX_ATTEMPTS or not is_conflict(error.__cause__):
                    raise
                extra = {"method": method.__qualname__, "attempt": attempt, "error": error.message}
                log.warning("transaction repeated after a conflict", extra=extra)
            time.sleep(random.uniform(0.5, 1.0) * min(MAX_PAUSE, FIRST_PAUSE * 2**attempt))
            attempt += 1

    return run


def is_conflict(error: BaseException | None) -> bool:
    """Tell whether the database broke a transaction off that would have succeeded without others, and undid it whole."""
    if not isinstance(error, sa.exc.DBAPIError):
        return False
    if isinstance(error.orig, sqlite3.Error):
        # The lowest byte is the code; the others say more, such as SQLITE_BUSY_SNAPSHOT.
        return getattr(error.orig, "sqlite_errorcode", 0) & 0xFF in BUSY
    return getattr(error.orig, "sqlstate", None) in CONFLICTS
