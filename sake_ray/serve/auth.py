"""Authenticate accounts, by password and by token."""

import os
import secrets
import threading
from collections import OrderedDict
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import jwt
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from sake_ray.domain.accounts import Account
from sake_ray.errors import InputError, PermissionDenied, TooManyAttempts, Unauthenticated
from sake_ray.storage.records import Records

TOKEN_LIFETIME = timedelta(hours=8)
"""A working day."""
MIN_PASSWORD, MAX_PASSWORD = 10, 1000
"""Characters of a password; the length is bounded because hashing it costs."""
MAX_FAILURES, FAILURE_PAUSE = 5, timedelta(minutes=1)
"""After so many wrong passwords for a name from one host, it has to wait a minute."""
MAX_REMEMBERED = 10_000
MAX_HASHINGS = 2
"""Argon2 takes 64 MB and a tenth of a second each, by design."""


hasher = PasswordHasher()


def hash_password(password: str) -> str:
    """Hash a new password with Argon2id; raises InputError when it is too short or too long."""
    if not MIN_PASSWORD <= len(password) <= MAX_PASSWORD:
        raise InputError("password-length", min=MIN_PASSWORD, max=MAX_PASSWORD, length=len(password))
    try:
        return hasher.hash(password)
    except UnicodeEncodeError as error:
        raise InputError("password-not-utf8") from error


def load_key(path: Path) -> str:
    """Read the key that signs the tokens; the first time create it, readable by its owner only."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_hex(32))
        # Of several processes the first one wins; the others read its key.
        try:
            os.link(part, path)
        except FileExistsError:
            pass
        finally:
            part.unlink()
    return path.read_text(encoding="utf-8").strip()


def make_token(account: Account, key: str, *, now: datetime, lifetime: timedelta = TOKEN_LIFETIME) -> str:
    """Sign a token for an account; it is valid until it expires or the account's tokens are revoked."""
    claims = {"sub": account.name, "since": account.tokens_since, "iat": now, "exp": now + lifetime}
    return jwt.encode(claims, key, algorithm="HS256")


@cache
def _make_dummy_hash() -> str:
    """Make a hash to verify against when there is no such account, so that timing reveals nothing."""
    return hasher.hash(secrets.token_hex(16))


class Authenticator:
    """Authenticates by password and by token; a token is checked against the account's record each time."""

    def __init__(self, records: Records, key: str) -> None:
        self.records, self.key = records, key
        self._failures: OrderedDict[tuple[str, str], tuple[int, datetime]] = OrderedDict()
        self._lock = threading.Lock()
        self._hashing = threading.Semaphore(MAX_HASHINGS)
        self._dummy_hash = _make_dummy_hash()

    def sign_in(self, name: str, password: str, *, client_host: str, now: datetime) -> tuple[Account, str]:
        """Check a password; return the account and a token. Raises Unauthenticated, and TooManyAttempts after five failures."""
        self._check_failures(name, client_host, now)
        found = self.records.accounts.find(name) if "\0" not in name else None
        matches = self._verify(found[1] if found else self._dummy_hash, password)
        if not (found and matches) or found[0].disabled:
            self._record_failure(name, client_host, now)
            raise Unauthenticated("wrong-credentials")
        with self._lock:
            self._failures.pop((name, client_host), None)
        return found[0], make_token(found[0], self.key, now=now)

    def change_password(self, account: Account, old: str, new: str, *, client_host: str, now: datetime) -> str:
        """Change a password, which ends all tokens; return a new one. Raises PermissionDenied, TooManyAttempts, InputError."""
        self._check_failures(account.name, client_host, now)
        found = self.records.accounts.find(account.name)
        if not self._verify(found[1] if found else self._dummy_hash, old):
            self._record_failure(account.name, client_host, now)
            raise PermissionDenied("wrong-old-password")
        if new == old:
            raise InputError("password-unchanged")
        changed = self.records.accounts.set_password(account.name, self.hash_password(new))
        return make_token(changed, self.key, now=now)

    def hash_password(self, password: str) -> str:
        """Hash a new password, few at a time; raises InputError when it is too short or too long."""
        with self._hashing:
            return hash_password(password)

    def authenticate(self, token: str) -> Account:
        """Find the account of a token; raises Unauthenticated when it is invalid, expired or revoked."""
        try:
            claims = jwt.decode(token, self.key, algorithms=["HS256"], options={"require": ["sub", "since", "exp"]})
            name, since = str(claims["sub"]), int(claims["since"])
        except jwt.ExpiredSignatureError as error:
            raise Unauthenticated("token-expired") from error
        except (jwt.InvalidTokenError, ValueError, TypeError) as error:
            raise Unauthenticated("authentication-required") from error
        found = self.records.accounts.find(name)
        if found is None or found[0].disabled or found[0].tokens_since != since:
            raise Unauthenticated("token-revoked")
        return found[0]

    def _verify(self, password_hash: str, password: str) -> bool:
        if len(password) > MAX_PASSWORD:
            return False
        with self._hashing:
            try:
                return hasher.verify(password_hash, password)
            except (VerificationError, InvalidHashError, UnicodeEncodeError):
                return False

    def _check_failures(self, name: str, client_host: str, now: datetime) -> None:
        with self._lock:
            failures, last = self._failures.get((name, client_host), (0, now))
            if failures >= MAX_FAILURES and now - last < FAILURE_PAUSE:
                raise TooManyAttempts("too-many-sign-ins", attempts=failures)

    def _record_failure(self, name: str, client_host: str, now: datetime) -> None:
        with self._lock:
            failures, last = self._failures.pop((name, client_host), (0, now))
            self._failures[name, client_host] = (1 if now - last >= FAILURE_PAUSE else failures + 1), now
            if len(self._failures) > MAX_REMEMBERED:
                self._failures.popitem(last=False)


def utc_now() -> datetime:
    """Return the current time, in UTC."""
    return datetime.now(UTC)
