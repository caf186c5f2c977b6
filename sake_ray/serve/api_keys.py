"""Make API keys, by the same rules on the command line and over HTTP, and authenticate programs by them."""

import re
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sake_ray.domain.accounts import Session
from sake_ray.domain.api_keys import ApiKey, Scope
from sake_ray.errors import InputError, Unauthenticated
from sake_ray.serve.accounts import check_team
from sake_ray.storage.records import PendingReply, Records

PREFIX = "sake_"
"""What a secret begins with: it is told from a token, and found where somebody has published it."""
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,62}")
DEFAULT_DAYS, MAX_DAYS = 365, 3650


@dataclass(frozen=True, slots=True)
class NewApiKey:
    """A key that is about to be made, and its secret, which is shown this once."""

    key: ApiKey
    secret: str


def prepare_api_key(
    name: str, *, team: str, scopes: Collection[Scope], days: int = DEFAULT_DAYS, by: str, now: datetime
) -> NewApiKey:
    """Check what a key shall be, and generate its secret of 256 random bits. Raises InputError."""
    if not NAME.fullmatch(name):
        raise InputError("api-key-name-invalid")
    check_team(team)
    if not scopes:
        raise InputError("api-key-without-scope", scopes=", ".join(Scope))
    if not 1 <= days <= MAX_DAYS:
        raise InputError("api-key-days-invalid", days=days, limit=MAX_DAYS)
    ordered = tuple(scope for scope in Scope if scope in scopes)
    key = ApiKey(name, team, ordered, by, now, now + timedelta(days=days))
    return NewApiKey(key, PREFIX + secrets.token_urlsafe(32))


def store_api_key(records: Records, new: NewApiKey, *, reply: PendingReply[ApiKey] | None = None) -> None:
    """Store a key, from when on it counts; raises InputError when its name was given before."""
    records.api_keys.add(new.key, new.secret, reply=reply)


def authenticate_api_key(records: Records, secret: str, *, now: datetime) -> Session:
    """Find as whom the holder of a secret acts, and what it opens; raises Unauthenticated."""
    key = records.api_keys.find(secret, now=now)
    if key is None:
        raise Unauthenticated("api-key-unknown")
    if key.revoked_at is not None:
        raise Unauthenticated("api-key-revoked", name=key.name)
    if key.expires_at <= now:
        raise Unauthenticated("api-key-expired", name=key.name, at=f"{key.expires_at:%Y-%m-%d}")
    return Session("", key.account, frozenset(key.scopes))
