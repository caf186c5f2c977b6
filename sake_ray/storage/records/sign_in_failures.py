"""Count failed sign-ins, for all replicas of the service together.

There is no name and no address in these rows: their keys are hashes under a secret that is not in the records.
"""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from sake_ray.domain.delays import FORGOTTEN_AFTER, FailureCount, LimitedKey, require_no_wait
from sake_ray.storage.records.conflicts import repeatable
from sake_ray.storage.records.database import Database
from sake_ray.storage.records.locks import delete_unlocked, lock_rows
from sake_ray.storage.records.tables import sign_in_failures

MAX_REMEMBERED = 10_000
"""Keys of one rule; of more the oldest are forgotten."""


class SignInFailures:
    """The failures by key, each until an hour has passed without another."""

    def __init__(self, database: Database, *, capacity: int = MAX_REMEMBERED) -> None:
        self.database, self.capacity = database, capacity

    def require_no_wait(self, keys: Sequence[LimitedKey], now: datetime) -> None:
        """Raise TooManyAttempts while one of the keys has to wait."""
        self._read(keys, now)

    def add(self, keys: Sequence[LimitedKey], now: datetime) -> None:
        """Count a failure of each key; of many at once each is held against those before it.

        Raises TooManyAttempts, and counts nothing, when one of them has to wait.
        """
        # As `clear` does: how long a refusal takes must not tell whether what was refused was right.
        self._read(keys, now)
        self._add(keys, now)

    def clear(self, keys: Sequence[LimitedKey], own: Sequence[LimitedKey], now: datetime) -> None:
        """Forget the failures of the keys `own`; raises TooManyAttempts when one of the keys has to wait meanwhile.

        It writes only where there is something to forget.
        """
        if self._read(keys, now) and own:
            self._clear(keys, own, now)

    def count(self) -> int:
        """Count the keys that are remembered."""
        with self.database.transaction(reads_only=True) as connection:
            return int(connection.execute(sa.select(sa.func.count()).select_from(sign_in_failures)).scalar_one())

    def _read(self, keys: Sequence[LimitedKey], now: datetime) -> bool:
        """Whether there is any failure of the keys; raises TooManyAttempts."""
        with self.database.transaction(reads_only=True) as connection:
            found = _to_counts(connection.execute(sa.select(sign_in_failures).where(_are(keys))))
        require_no_wait(keys, found, now)
        return bool(found)

    @repeatable
    def _add(self, keys: Sequence[LimitedKey], now: datetime) -> None:
        table = sign_in_failures
        rows = [{"key": key.hash, "rule": key.rule.name, "failures": 0, "last_at": now} for key in keys]
        rows.sort(key=lambda row: str(row["key"]))
        with self.database.transaction() as connection:
            is_postgresql = connection.dialect.name == "postgresql"
            insert = postgresql.insert(table) if is_postgresql else sqlite.insert(table)
            # Changes nothing of those that are there, and locks them.
            locked = insert.values(rows).on_conflict_do_update(
                index_elements=["key"], set_={"failures": table.c.failures}
            )
            found = _to_counts(connection.execute(locked.returning(*table.c)))
            require_no_wait(keys, found, now)
            forgotten = table.c.last_at <= now - FORGOTTEN_AFTER
            failures = sa.case((forgotten, 1), else_=table.c.failures + 1)
            counted = table.update().where(table.c.key.in_([key.hash for key in keys]))
            connection.execute(counted.values(failures=failures, last_at=now))
            for rule in sorted({key.rule.name for key in keys if not found[key.hash].failures}):
                self._forget(connection, rule, now)

    @repeatable
    def _clear(self, keys: Sequence[LimitedKey], own: Sequence[LimitedKey], now: datetime) -> None:
        with self.database.transaction() as connection:
            lock_rows(connection, sign_in_failures, _are(keys))
            found = _to_counts(connection.execute(sa.select(sign_in_failures).where(_are(keys))))
            require_no_wait(keys, found, now)
            connection.execute(sign_in_failures.delete().where(_are(own)))

    def _forget(self, connection: sa.Connection, rule: str, now: datetime) -> None:
        """Delete what is old, and what is too much."""
        columns = sign_in_failures.c
        delete_unlocked(connection, sign_in_failures, columns.rule == rule, columns.last_at <= now - FORGOTTEN_AFTER)
        newest_first = sa.select(columns.key).where(columns.rule == rule).order_by(columns.last_at.desc(), columns.key)
        delete_unlocked(connection, sign_in_failures, columns.key.in_(newest_first.offset(self.capacity)))


def _are(keys: Sequence[LimitedKey]) -> sa.ColumnElement[bool]:
    return sign_in_failures.c.key.in_([key.hash for key in keys])


def _to_counts(rows: sa.CursorResult[tuple[object, ...]]) -> dict[str, FailureCount]:
    return {row.key: FailureCount(row.failures, row.last_at) for row in rows}
