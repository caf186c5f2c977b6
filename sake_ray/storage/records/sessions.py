"""Store the sessions: who is signed in, until they sign out, do nothing for hours, or a day has passed."""

from contextlib import suppress
from datetime import datetime, timedelta
from hashlib import sha256

import sqlalchemy as sa

from sake_ray.domain.accounts import Account
from sake_ray.domain.audit import AuditAction
from sake_ray.errors import StorageUnavailable
from sake_ray.storage.records.accounts import to_account
from sake_ray.storage.records.audit import append_entry
from sake_ray.storage.records.conflicts import repeatable
from sake_ray.storage.records.database import Database
from sake_ray.storage.records.locks import delete_unlocked, lock_rows
from sake_ray.storage.records.tables import accounts, sessions

IDLE = timedelta(hours=4)
"""A session ends after so long without a request."""
SEEN_EVERY = timedelta(minutes=5)
"""How coarsely it is recorded when a session was last seen."""


class Sessions:
    """The sessions by their secret ids, of which only hashes are stored. Expired ones are deleted."""

    def __init__(self, database: Database) -> None:
        self.database = database

    @repeatable
    def add(self, id: str, account: Account, *, peer: str, now: datetime, expires_at: datetime) -> None:
        """Begin a session of an account, as it was when its password was checked."""
        row = {"id_hash": _hash(id), "account": account.name, "tokens_since": account.tokens_since, "peer": peer}
        row |= {"created_at": now, "seen_at": now, "expires_at": expires_at}
        with self.database.transaction() as connection:
            delete_unlocked(connection, sessions, sessions.c.expires_at <= now)
            connection.execute(sessions.insert().values(**row))
            append_entry(connection, AuditAction.SIGNED_IN, by=account.name, at=now)

    def find_account(self, id: str, *, now: datetime) -> Account | None:
        """Find the account of a session that goes on, as it is now; None for any other. One query, by primary keys."""
        query = (
            sa.select(accounts, sessions.c.seen_at)
            .join(sessions, sessions.c.account == accounts.c.name)
            .where(
                sessions.c.id_hash == _hash(id),
                sessions.c.ended_at.is_(None),
                sessions.c.expires_at > now,
                sessions.c.seen_at > now - IDLE,
                sessions.c.tokens_since == accounts.c.tokens_since,
                ~accounts.c.disabled,
            )
        )
        with self.database.transaction(reads_only=True) as connection:
            row = connection.execute(query).one_or_none()
        if row is None:
            return None
        if now - row.seen_at >= SEEN_EVERY:
            with suppress(StorageUnavailable):  # the next request records it
                self._see(id, now)
        return to_account(row)

    @repeatable
    def end(self, id: str, *, now: datetime) -> None:
        """End a session; one that has ended stays so."""
        change = sessions.update().where(sessions.c.id_hash == _hash(id), sessions.c.ended_at.is_(None))
        with self.database.transaction() as connection:
            name = connection.execute(change.values(ended_at=now).returning(sessions.c.account)).scalar_one_or_none()
            if name is not None:
                append_entry(connection, AuditAction.SIGNED_OUT, by=name, at=now)

    @repeatable
    def end_all(self, name: str, *, now: datetime) -> None:
        """End all sessions of an account, also those that are just beginning."""
        with self.database.transaction() as connection:
            change = accounts.update().where(accounts.c.name == name)
            connection.execute(change.values(tokens_since=accounts.c.tokens_since + 1))
            open_ones = (sessions.c.account == name, sessions.c.ended_at.is_(None))
            lock_rows(connection, sessions, *open_ones)
            connection.execute(sessions.update().where(*open_ones).values(ended_at=now))
            append_entry(connection, AuditAction.SIGNED_OUT_EVERYWHERE, by=name, at=now)

    def count(self) -> int:
        """Count the sessions that are stored, ended ones too."""
        with self.database.transaction(reads_only=True) as connection:
            return int(connection.execute(sa.select(sa.func.count()).select_from(sessions)).scalar_one())

    @repeatable
    def _see(self, id: str, now: datetime) -> None:
        with self.database.transaction() as connection:
            connection.execute(sessions.update().where(sessions.c.id_hash == _hash(id)).values(seen_at=now))


def _hash(id: str) -> str:
    return sha256(id.encode("utf-8", "surrogatepass")).hexdigest()
