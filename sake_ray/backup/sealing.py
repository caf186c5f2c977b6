"""Name content by what it is, and keep it from being read: as it is, or under a key (AES-256-GCM).

Whoever has no key learns from sealed content how large its pieces are and when they came, and no name of a file.
"""

import hashlib
import hmac
import os
import re
from pathlib import Path
from typing import NoReturn, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from sake_ray.errors import BackupDamaged, SetupError

NONCE_BYTES = 12
KEY = re.compile(r"[0-9a-f]{64}")


class BackupSeal(Protocol):
    """How content is named and stored."""

    proof: str
    """What says with which key a repository was begun, without telling it; empty for none."""

    def name(self, content: bytes) -> str:
        """Name content: the same has the same name, always."""

    def close(self, content: bytes, *, purpose: str) -> bytes:
        """Turn content into what is stored."""

    def open(self, stored: bytes, *, purpose: str) -> bytes:
        """Turn it back; raises BackupDamaged when it was changed, or stored for another purpose."""


class NoSeal:
    """Content is stored as it is."""

    proof = ""

    def name(self, content: bytes) -> str:
        return hashlib.sha256(content).hexdigest()

    def close(self, content: bytes, *, purpose: str) -> bytes:  # noqa: ARG002
        return content

    def open(self, stored: bytes, *, purpose: str) -> bytes:  # noqa: ARG002
        return stored


class KeySeal:
    """Content is stored under a key; also its name tells nothing to whoever has not the key."""

    def __init__(self, secret: bytes) -> None:
        self._names, self._content = (hmac.digest(secret, use, "sha256") for use in (b"names", b"content"))
        self.proof = hmac.digest(secret, b"proof", "sha256").hex()

    def name(self, content: bytes) -> str:
        return hmac.digest(self._names, content, "sha256").hex()

    def close(self, content: bytes, *, purpose: str) -> bytes:
        nonce = os.urandom(NONCE_BYTES)
        return nonce + AESGCM(self._content).encrypt(nonce, content, purpose.encode())

    def __reduce__(self) -> NoReturn:
        raise TypeError("a key is read from its file where it is needed, and never sent")

    def open(self, stored: bytes, *, purpose: str) -> bytes:
        try:
            return AESGCM(self._content).decrypt(stored[:NONCE_BYTES], stored[NONCE_BYTES:], purpose.encode())
        except (InvalidTag, ValueError) as error:
            raise BackupDamaged("backup-content-damaged", name=purpose) from error


def read_seal(path: Path | None) -> BackupSeal:
    """Read the key from a file of 64 hexadecimal digits; raises SetupError. Without a file there is no key."""
    if path is None:
        return NoSeal()
    try:
        text = path.read_text(encoding="ascii").strip().lower()
    except (OSError, UnicodeDecodeError):
        text = ""
    if not KEY.fullmatch(text):
        raise SetupError("backup-key-invalid", path=path)
    return KeySeal(bytes.fromhex(text))
