"""Second factors by RFC 6238: codes of six digits that an app makes of a secret and the time, and recovery codes."""

import hmac
import secrets
import string
from base64 import b32encode
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

import pyotp

from sake_ray.domain.accounts import Account
from sake_ray.errors import InputError
from sake_ray.serve.sealing import Seal, SealBroken
from sake_ray.storage.records import Records

STEP_SECONDS = 30
STEPS_OFF = 1
"""How many steps a clock may be wrong, each way (RFC 6238, 5.2)."""
RECOVERY_CODES = 8
APP_TITLE = "sake_ray"
"""What the app lists the account under."""


@dataclass(frozen=True, slots=True)
class FactorProof:
    """A code that fits: that of a step, or a recovery code by its hash. It counts once it is used, which can be done once."""

    step: int | None = None
    recovery_code: str = ""


@dataclass(frozen=True, slots=True)
class NewSecret:
    """A secret for the app, and the address that tells it to the app in a picture (otpauth)."""

    secret: str
    uri: str


class SecondFactorCheck:
    """Sets second factors up and checks them; their secrets are sealed for their account under a key of this installation."""

    def __init__(self, records: Records, key: str) -> None:
        self.factors, self.key = records.second_factors, key

    def begin(self, account: Account) -> NewSecret:
        """Make a secret. Raises InputError for an account of an issuer, and for one that has a factor."""
        if not account.is_local:
            raise InputError("second-factor-of-issuer")
        secret = pyotp.random_base32()
        self.factors.begin(account.name, self._seal(account.name).close(secret))
        return NewSecret(secret, pyotp.TOTP(secret).provisioning_uri(name=account.name, issuer_name=APP_TITLE))

    def confirm(self, account: Account, code: str, *, now: datetime) -> tuple[Account, tuple[str, ...]] | None:
        """Confirm what was begun by a first code, which ends all sessions; return the account and its recovery codes.

        None when the code is wrong; raises InputError when nothing was begun.
        """
        begun = self.factors.find(account.name)
        if begun is None or begun.step is not None:
            raise InputError("second-factor-not-begun")
        step = self._find_step(account.name, begun.secret, code, after=-1, now=now)
        if step is None:
            return None
        codes = tuple(make_recovery_code() for _ in range(RECOVERY_CODES))
        hashes = [hash_recovery_code(account.name, one) for one in codes]
        name = account.name
        changed = self.factors.confirm(name, begun.secret, step=step, recovery_codes=hashes, by=name, now=now)
        return changed, codes

    def find_proof(self, name: str, code: str, *, now: datetime) -> FactorProof | None:
        """Find what a code proves; None for one that is wrong, or that has counted already."""
        factor = self.factors.find(name)
        if factor is None or factor.step is None:
            return None
        step = self._find_step(name, factor.secret, code, after=factor.step, now=now)
        if step is not None:
            return FactorProof(step)
        recovery = hash_recovery_code(name, code)
        return FactorProof(recovery_code=recovery) if recovery in factor.recovery_codes else None

    def use(self, name: str, proof: FactorProof, *, now: datetime) -> bool:
        """Let it count; False when the same code has counted meanwhile."""
        if proof.step is not None:
            return self.factors.use_step(name, proof.step)
        return self.factors.use_recovery_code(name, proof.recovery_code, now=now)

    def _find_step(self, name: str, sealed: str, code: str, *, after: int, now: datetime) -> int | None:
        try:
            by_counter = pyotp.HOTP(self._seal(name).open(sealed))
        except SealBroken:  # the key is a new one: recovery codes still count
            return None
        typed, current = "".join(code.split()).encode(), int(now.timestamp()) // STEP_SECONDS
        steps = range(max(after + 1, current - STEPS_OFF), current + STEPS_OFF + 1)
        return next((step for step in steps if hmac.compare_digest(by_counter.at(step).encode(), typed)), None)

    def _seal(self, name: str) -> Seal:
        return Seal(self.key, "second-factor", name)


def make_recovery_code() -> str:
    """Make a code of 80 random bits, in groups that can be written down."""
    text = b32encode(secrets.token_bytes(10)).decode().lower()
    return "-".join(text[start : start + 4] for start in range(0, len(text), 4))


def hash_recovery_code(name: str, code: str) -> str:
    """Hash a recovery code of an account as it was typed. Nobody can try 80 bits, so that it needs no slow hash."""
    kept = "".join(letter for letter in code.lower() if letter in string.ascii_lowercase + string.digits)
    return sha256(f"{name}\n{kept}".encode("utf-8", "surrogatepass")).hexdigest()
