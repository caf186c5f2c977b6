"""Sign and read tokens: the one that names a session, and the one by which an account's device is known again."""

import os
import secrets
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

import jwt

from sake_ray.errors import Unauthenticated

SESSION_LIFETIME = timedelta(hours=12)
"""A long working day: nobody is signed out in the middle of one."""
TICKET_LIFETIME = timedelta(minutes=5)
"""To look for the telephone."""
DEVICE_LIFETIME = timedelta(days=365)
ALGORITHM = "HS256"


def load_key(path: Path) -> str:
    """Read a key, such as the one that signs the tokens; the first time create it, readable by its owner only."""
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


def make_token(name: str, session: str, key: str, *, now: datetime, lifetime: timedelta = SESSION_LIFETIME) -> str:
    """Sign a token for a session of an account; it is valid as long as the records say that the session goes on."""
    claims = {"sub": name, "sid": session, "iat": now, "exp": now + lifetime}
    return jwt.encode(claims, key, algorithm=ALGORITHM)


def read_token(token: str, key: str) -> tuple[str, str]:
    """Read the account and the session of a token; raises Unauthenticated."""
    try:
        claims = jwt.decode(token, key, algorithms=[ALGORITHM], options={"require": ["sub", "sid", "exp"]})
        return str(claims["sub"]), str(claims["sid"])
    except jwt.ExpiredSignatureError as error:
        raise Unauthenticated("token-expired") from error
    except (jwt.InvalidTokenError, ValueError, TypeError) as error:
        raise Unauthenticated("authentication-required") from error


def make_ticket(name: str, tokens_since: int, key: str, *, now: datetime) -> str:
    """Sign that an account has proved its password, so that only the second factor is missing. It opens nothing."""
    claims = {"ticket": hash_name(name), "since": tokens_since, "iat": now, "exp": now + TICKET_LIFETIME}
    return jwt.encode(claims, key, algorithm=ALGORITHM)


def is_ticket(token: str, name: str, tokens_since: int, key: str) -> bool:
    """Whether it is a ticket of the account, from after the last end of all its sessions, such as a new password."""
    try:
        claims = jwt.decode(token, key, algorithms=[ALGORITHM], options={"require": ["ticket", "since", "exp"]})
    except (jwt.InvalidTokenError, ValueError, TypeError):
        return False
    return (claims["ticket"], claims["since"]) == (hash_name(name), tokens_since)


def hash_name(name: str) -> str:
    """Hash a name, so that a ticket is of the same length whatever it is."""
    return sha256(name.encode("utf-8", "surrogatepass")).hexdigest()


def make_device_token(name: str, device: str, key: str, *, now: datetime) -> str:
    """Sign that an account has signed in from a device. It proves no password and opens nothing."""
    claims = {"sub": name, "device": device, "iat": now, "exp": now + DEVICE_LIFETIME}
    return jwt.encode(claims, key, algorithm=ALGORITHM)


def find_device(token: str, name: str, key: str) -> str | None:
    """Find the device that a token names for this account; None for any other token."""
    try:
        claims = jwt.decode(token, key, algorithms=[ALGORITHM], options={"require": ["sub", "device", "exp"]})
    except (jwt.InvalidTokenError, ValueError, TypeError):
        return None
    return str(claims["device"]) if claims["sub"] == name else None
