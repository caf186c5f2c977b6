"""Seal what must be read again and yet not by whoever reads the records: under keys made of this installation's secret."""

import base64
import hmac
import json

from cryptography.fernet import Fernet, InvalidToken


class SealBroken(ValueError):
    """What was sealed was changed, or sealed under another key."""


class Seal:
    """Seals texts for one purpose (Fernet: AES-128-CBC and HMAC-SHA256); those for another cannot be opened in their place."""

    def __init__(self, secret: str, *purpose: str) -> None:
        self._fernet = Fernet(base64.urlsafe_b64encode(derive_key(secret, *purpose)))

    def close(self, text: str) -> str:
        """Seal a text."""
        return self._fernet.encrypt(text.encode()).decode()

    def open(self, sealed: str) -> str:
        """Open what was sealed; raises SealBroken."""
        try:
            return self._fernet.decrypt(sealed.encode()).decode()
        except InvalidToken as error:
            raise SealBroken from error


def derive_key(secret: str, *parts: str) -> bytes:
    """Derive 32 bytes from the secret for what the parts name."""
    return hmac.digest(secret.encode(), json.dumps(parts).encode(), "sha256")
