"""Store which requests were answered, so that one sent twice is carried out once."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic, TypeVar

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from sake_ray.errors import IdempotencyKeyReused, StillRunning
from sake_ray.storage.records.conflicts import repeatable
from sake_ray.storage.records.database import Database
from sake_ray.storage.records.locks import delete_unlocked
from sake_ray.storage.records.tables import requests

LEASE = timedelta(seconds=30)
"""So long a request counts as alive after its last renewal."""
RETENTION = timedelta(days=1)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class HeldKey:
    """An Idempotency-Key and the worker that holds it; `key` is a hash of what was sent, `digest` that of the content."""

    account: str
    key: str
    digest: str
    worker: str


@dataclass(frozen=True, slots=True)
class PendingReply(Generic[T]):
    """The reply to a request under a key: made of what a transaction has recorded, and stored by the same transaction."""

    held: HeldKey
    make: Callable[[T], str]
    at: datetime


class AlreadyAnswered(Exception):
    """The request was answered before, or by another worker first; `reply` is what is stored."""

    def __init__(self, reply: str) -> None:
        super().__init__(reply)
        self.reply = reply


class IdempotencyKeys:
    """Requests by account and Idempotency-Key, stored for a day. Replies are opaque texts: the caller seals them."""

    def __init__(self, database: Database) -> None:
        self.database = database

    @repeatable
    def begin(self, held: HeldKey, *, now: datetime) -> None:
        """Lock the key for this worker.

        A key that nobody renews is free after 30 seconds. Raises AlreadyAnswered, IdempotencyKeyReused, StillRunning.
        """
        mine = _is_key(held)
        values = {"digest": held.digest, "worker": held.worker, "lease_until": now + LEASE, "created_at": now}
        with self.database.transaction() as connection:
            # Never one in work: an upload may take longer than a day is old.
            ended = requests.c.reply.is_not(None) | (requests.c.lease_until < now)
            delete_unlocked(connection, requests, requests.c.created_at < now - RETENTION, ended)
            insert = _insert(connection).values(account=held.account, key=held.key, **values, reply=None)
            # By what it returns: psycopg's rowcount of an insert is -1 by then, and -1 is true.
            if connection.execute(insert.on_conflict_do_nothing().returning(requests.c.key)).first():
                return
            row = connection.execute(sa.select(requests).where(mine).with_for_update()).one_or_none()
            if row is None:
                raise StillRunning("request-just-failed")
            if row.digest != held.digest:
                raise IdempotencyKeyReused("idempotency-key-reused")
            if row.reply is not None:
                raise AlreadyAnswered(row.reply)
            if row.lease_until > now:
                raise StillRunning("request-in-progress")
            connection.execute(requests.update().where(mine).values(**values))

    @repeatable
    def renew(self, held: Collection[HeldKey], *, now: datetime) -> None:
        """Extend the leases of these keys; those of keys that another worker took over stay as they are."""
        with self.database.transaction() as connection:
            for one in sorted(held, key=lambda one: (one.account, one.key)):
                own = _is_key(one) & (requests.c.worker == one.worker) & requests.c.reply.is_(None)
                connection.execute(requests.update().where(own).values(lease_until=now + LEASE))

    @repeatable
    def save(self, held: HeldKey, reply: str, *, now: datetime) -> None:
        """Store the reply to a request that was carried out. Raises AlreadyAnswered, StillRunning."""
        with self.database.transaction() as connection:
            save_reply(connection, PendingReply(held, lambda _: reply, now), None)

    @repeatable
    def release(self, held: HeldKey) -> str | None:
        """Free the key of a request that failed; return the reply that another worker has given to the same meanwhile."""
        with self.database.transaction() as connection:
            own = _is_key(held) & (requests.c.worker == held.worker) & requests.c.reply.is_(None)
            connection.execute(requests.delete().where(own))
            same = _is_key(held) & (requests.c.digest == held.digest)
            return connection.execute(sa.select(requests.c.reply).where(same)).scalar_one_or_none()


def save_reply(connection: sa.Connection, reply: PendingReply[T] | None, recorded: T) -> None:
    """Store the reply, if there is one to be given, in the transaction that carries out the request.

    Call it first in the transaction (LOCK_ORDER). The first of several workers wins, whoever holds the key by then. Raises
    AlreadyAnswered for the others, and StillRunning when the key meanwhile belongs to other content; either undoes the
    transaction.
    """
    if reply is None:
        return
    held = reply.held
    row = {"account": held.account, "key": held.key, "digest": held.digest, "worker": held.worker}
    insert = _insert(connection).values(**row, reply=reply.make(recorded), lease_until=reply.at, created_at=reply.at)
    first = requests.c.reply.is_(None) & (requests.c.digest == held.digest)
    stored = insert.on_conflict_do_update(
        index_elements=["account", "key"],
        set_={"reply": insert.excluded.reply, "worker": insert.excluded.worker},
        where=first,
    )
    if connection.execute(stored.returning(requests.c.key)).first():
        return
    other = connection.execute(sa.select(requests).where(_is_key(held))).one()
    if other.digest == held.digest and other.reply is not None:
        raise AlreadyAnswered(other.reply)
    raise StillRunning("request-taken-over")


def record_promise(connection: sa.Connection, reply: PendingReply[T] | None, batch: str, accepted: int) -> None:
    """Record in clear, beside the sealed reply to an upload, how many documents it says were accepted into which batch."""
    if reply is not None:
        row = requests.update().where(_is_key(reply.held))
        connection.execute(row.values(batch=batch, accepted=accepted))


def _is_key(held: HeldKey) -> sa.ColumnElement[bool]:
    return (requests.c.account == held.account) & (requests.c.key == held.key)


def _insert(connection: sa.Connection) -> postgresql.Insert | sqlite.Insert:
    return postgresql.insert(requests) if connection.dialect.name == "postgresql" else sqlite.insert(requests)
