"""Know who asks: passwords, tokens, and what a role may do."""

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
from sake_ray.errors import InputError, NotAllowed, NotSignedIn, TooManyAttempts
from sake_ray.storage.records import Records

LIFETIME = timedelta(hours=8)
"""A working day."""
SHORTEST, LONGEST = 10, 1000
"""Characters of a password; the length is bounded because hashing it costs."""
TRIES, PAUSE = 5, timedelta(minutes=1)
"""So many wrong passwords for a name from one place, and it waits a minute."""
REMEMBERED = 10_000
AT_ONCE = 2
"""Argon2 takes 64 MB and a tenth of a second each by design."""

NOT_SIGNED_IN = "Sign in first: this needs a token (POST /auth/token), sent as 'Authorization: Bearer …'."
WRONG = "The name or the password is wrong, or the account is disabled."

hasher = PasswordHasher()


def hash_password(password: str) -> str:
    """Hash a new password with Argon2id; raises InputError when it is too short or too long."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise InputError(f"A password needs {SHORTEST} to {LONGEST:,} characters; this one has {len(password)}.")
    try:
        return hasher.hash(password)
    except UnicodeEncodeError as error:
        raise InputError("A password needs characters that can be written as UTF-8.") from error


def load_key(path: Path) -> str:
    """Read the key that signs the tokens; the first time it is made, readable by its owner only."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_hex(32))
        # Whoever comes second finds the key of the first.
        try:
            os.link(part, path)
        except FileExistsError:
            pass
        finally:
            part.unlink()
    return path.read_text(encoding="utf-8").strip()


def make_token(account: Account, key: str, *, now: datetime, lifetime: timedelta = LIFETIME) -> str:
    """Sign a token for an account; it counts until it expires, or the account's tokens end."""
    claims = {"sub": account.name, "since": account.tokens_since, "iat": now, "exp": now + lifetime}
    return jwt.encode(claims, key, algorithm="HS256")


@cache
def _hash_of_nobody() -> str:
    """Compared with when there is no such account, so that the time taken does not tell."""
    return hasher.hash(secrets.token_hex(16))


class Authenticator:
    """Lets accounts in by password, and tokens by what the records say of their account at that moment."""

    def __init__(self, records: Records, key: str) -> None:
        self.records, self.key = records, key
        self._tries: OrderedDict[tuple[str, str], tuple[int, datetime]] = OrderedDict()
        self._lock = threading.Lock()
        self._hashing = threading.Semaphore(AT_ONCE)
        self._nobody = _hash_of_nobody()

    def sign_in(self, name: str, password: str, *, place: str, now: datetime) -> tuple[Account, str]:
        """Check a password; return the account and a token. Raises NotSignedIn, and TooManyAttempts after five failures."""
        self._refuse_hasty(name, place, now)
        found = self.records.accounts.find(name) if "\0" not in name else None
        right = self._verify(found[1] if found else self._nobody, password)
        if not (found and right) or found[0].disabled:
            self._note_failure(name, place, now)
            raise NotSignedIn(WRONG)
        with self._lock:
            self._tries.pop((name, place), None)
        return found[0], make_token(found[0], self.key, now=now)

    def change_password(self, account: Account, old: str, new: str, *, place: str, now: datetime) -> str:
        """Change a password, which ends all tokens; return a new one. Raises NotAllowed, TooManyAttempts, InputError."""
        self._refuse_hasty(account.name, place, now)
        found = self.records.accounts.find(account.name)
        if not self._verify(found[1] if found else self._nobody, old):
            self._note_failure(account.name, place, now)
            raise NotAllowed("The old password is wrong; nothing was changed.")
        if new == old:
            raise InputError("The new password is the old one; choose another.")
        changed = self.records.accounts.set_password(account.name, self.hash_password(new))
        return make_token(changed, self.key, now=now)

    def hash_password(self, password: str) -> str:
        """Hash a new password, few at a time; raises InputError when it is too short or too long."""
        with self._hashing:
            return hash_password(password)

    def identify(self, token: str) -> Account:
        """Tell whose token it is; raises NotSignedIn when it does not count, or no longer."""
        try:
            claims = jwt.decode(token, self.key, algorithms=["HS256"], options={"require": ["sub", "since", "exp"]})
            name, since = str(claims["sub"]), int(claims["since"])
        except jwt.ExpiredSignatureError as error:
            raise NotSignedIn("The token has expired; sign in again (POST /auth/token).") from error
        except (jwt.InvalidTokenError, ValueError, TypeError) as error:
            raise NotSignedIn(NOT_SIGNED_IN) from error
        found = self.records.accounts.find(name)
        if found is None or found[0].disabled or found[0].tokens_since != since:
            raise NotSignedIn("The token no longer counts; sign in again (POST /auth/token).")
        return found[0]

    def _verify(self, password_hash: str, password: str) -> bool:
        if len(password) > LONGEST:
            return False
        with self._hashing:
            try:
                return hasher.verify(password_hash, password)
            except (VerificationError, InvalidHashError, UnicodeEncodeError):
                return False

    def _refuse_hasty(self, name: str, place: str, now: datetime) -> None:
        with self._lock:
            tries, last = self._tries.get((name, place), (0, now))
            if tries >= TRIES and now - last < PAUSE:
                raise TooManyAttempts(f"{tries} wrong passwords in a row; wait a minute, then try again.")

    def _note_failure(self, name: str, place: str, now: datetime) -> None:
        with self._lock:
            tries, last = self._tries.pop((name, place), (0, now))
            self._tries[name, place] = (1 if now - last >= PAUSE else tries + 1), now
            if len(self._tries) > REMEMBERED:
                self._tries.popitem(last=False)


def utc_now() -> datetime:
    """The moment, in UTC."""
    return datetime.now(UTC)
