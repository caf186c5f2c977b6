"""Store the API keys, by the hashes of their secrets."""

from contextlib import suppress
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

import sqlalchemy as sa

from sake_ray.domain.api_keys import ApiKey, Scope
from sake_ray.domain.audit import AuditAction
from sake_ray.domain.listing import Listing
from sake_ray.errors import InputError, NotFound, StorageUnavailable
from sake_ray.storage.records.audit import append_entry
from sake_ray.storage.records.conflicts import repeatable
from sake_ray.storage.records.database import Database
from sake_ray.storage.records.idempotency import PendingReply, save_reply
from sake_ray.storage.records.list_order import ListOrder
from sake_ray.storage.records.tables import api_keys

BY_NAME = ListOrder("api-keys", (api_keys.c.name,), is_descending=False)
SEEN_EVERY = timedelta(minutes=5)
"""How coarsely it is recorded when a key was last used: a write for each request would be too many."""


class ApiKeys:
    """The API keys. Revoked and expired ones stay, so that their names keep saying who did what."""

    def __init__(self, database: Database) -> None:
        self.database = database

    @repeatable
    def add(self, key: ApiKey, secret: str, *, reply: PendingReply[ApiKey] | None = None) -> None:
        """Add a key, and store the reply to the request for it; raises InputError when the name was given before."""
        row = {
            "name": key.name,
            "secret_hash": _hash(secret),
            "team": key.team,
            "scopes": list(key.scopes),
            "created_by": key.created_by,
            "created_at": key.created_at,
            "expires_at": key.expires_at,
        }
        try:
            with self.database.transaction() as connection:
                save_reply(connection, reply, key)
                connection.execute(api_keys.insert().values(**row))
                append_entry(
                    connection,
                    AuditAction.API_KEY_CREATED,
                    by=key.created_by,
                    at=key.created_at,
                    subject=f"key:{key.name}",
                    team=key.team,
                    scopes=" ".join(key.scopes),
                    expires_at=key.expires_at.isoformat(timespec="seconds"),
                )
        except sa.exc.IntegrityError as error:
            raise InputError("api-key-exists", name=key.name) from error

    def find(self, secret: str, *, now: datetime) -> ApiKey | None:
        """Find the key of a secret, revoked and expired ones too, and record that it was seen. One query, by an index."""
        query = sa.select(api_keys).where(api_keys.c.secret_hash == _hash(secret))
        with self.database.transaction(reads_only=True) as connection:
            row = connection.execute(query).one_or_none()
        if row is None:
            return None
        key = _to_key(row)
        if key.revoked_at is None and key.expires_at > now and (not key.seen_at or now - key.seen_at >= SEEN_EVERY):
            with suppress(StorageUnavailable):  # the next request records it
                self._see(key.name, now)
        return key

    def list(self, *, after: str | None = None, limit: int = 1_000_000) -> Listing[ApiKey]:
        """List the keys by name; raises InputError for a cursor of another list."""
        with self.database.transaction(reads_only=True) as connection:
            return BY_NAME.list_rows(connection, sa.select(api_keys), after=after, limit=limit).map(_to_key)

    @repeatable
    def revoke(self, name: str, *, by: str, now: datetime) -> ApiKey:
        """Revoke a key; one that was revoked stays so. Raises NotFound."""
        named = api_keys.c.name == name
        with self.database.transaction() as connection:
            change = api_keys.update().where(named, api_keys.c.revoked_at.is_(None)).values(revoked_at=now)
            row = connection.execute(change.returning(*api_keys.c)).one_or_none()
            if row is not None:
                append_entry(connection, AuditAction.API_KEY_REVOKED, by=by, at=now, subject=f"key:{name}")
            else:
                row = connection.execute(sa.select(api_keys).where(named)).one_or_none()
        if row is None:
            raise NotFound("api-key-not-found", name=name)
        return _to_key(row)

    @repeatable
    def _see(self, name: str, now: datetime) -> None:
        with self.database.transaction() as connection:
            connection.execute(api_keys.update().where(api_keys.c.name == name).values(seen_at=now))


def _hash(secret: str) -> str:
    """Hash a secret of 256 random bits: nobody can try them all, so that it needs neither salt nor a slow hash.

    A slow one, as for passwords, would cost a tenth of a second for each request.
    """
    return sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def _to_key(row: sa.Row[Any]) -> ApiKey:
    # A scope that a newer version knew opens nothing here.
    scopes = tuple(scope for scope in Scope if scope in row.scopes)
    return ApiKey(
        row.name, row.team, scopes, row.created_by, row.created_at, row.expires_at, row.seen_at, row.revoked_at
    )
