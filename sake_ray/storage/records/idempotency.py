"""Store which requests were answered, so that one sent twice is carried out once."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from sake_ray.errors import IdempotencyKeyReused, StillRunning
from sake_ray.storage.records.database import Database
from sake_ray.storage.records.tables import requests

LEASE = timedelta(seconds=30)
RETENTION = timedelta(days=1)


class IdempotencyKeys:
    """Requests by account and Idempotency-Key, stored for a day."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def begin(self, account: str, key: str, *, digest: str, worker: str, now: datetime) -> Mapping[str, Any] | None:
        """Return the answer given before, or None and lock the key for this worker.

        A key that a killed worker left without an answer is free after 30 seconds. Raises IdempotencyKeyReused or StillRunning.
        """
        mine = (requests.c.account == account) & (requests.c.key == key)
        held = {"digest": digest, "worker": worker, "lease_until": now + LEASE, "created_at": now}
        with self.database.transaction() as connection:
            connection.execute(requests.delete().where(requests.c.created_at < now - RETENTION))
            insert = _insert_if_absent(connection, {"account": account, "key": key, **held})
            # By what it returns: psycopg's rowcount of an insert is -1 by then, and -1 is true.
            if connection.execute(insert).first():
                return None
            row = connection.execute(sa.select(requests).where(mine).with_for_update()).one_or_none()
            if row is None:
                raise StillRunning("upload-just-failed")
            if row.digest != digest:
                raise IdempotencyKeyReused("idempotency-key-reused")
            if row.answer is not None:
                answer: Mapping[str, Any] = row.answer
                return answer
            if row.lease_until > now:
                raise StillRunning("upload-in-progress")
            connection.execute(requests.update().where(mine).values(**held))
            return None

    def release(self, account: str, key: str, *, worker: str) -> None:
        """Release a key whose request failed."""
        with self.database.transaction() as connection:
            connection.execute(
                requests.delete().where(
                    requests.c.account == account,
                    requests.c.key == key,
                    requests.c.worker == worker,
                    requests.c.answer.is_(None),
                )
            )


def save_answer(connection: sa.Connection, account: str, key: str, *, worker: str, answer: Mapping[str, Any]) -> None:
    """Store the answer, in the transaction that carries out the request; raises StillRunning when another worker took over."""
    change = (
        requests.update()
        .where(requests.c.account == account, requests.c.key == key, requests.c.worker == worker)
        .values(answer=dict(answer))
    )
    if connection.execute(change).rowcount == 0:
        raise StillRunning("upload-taken-over")


def _insert_if_absent(connection: sa.Connection, values: Mapping[str, object]) -> sa.Executable:
    from sqlalchemy.dialects import postgresql, sqlite

    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    return insert(requests).values(**values, answer=sa.null()).on_conflict_do_nothing().returning(requests.c.key)
