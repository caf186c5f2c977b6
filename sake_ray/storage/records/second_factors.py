"""Store the second factors of accounts: a sealed secret, the last code that counted, and hashes of recovery codes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from sake_ray.domain.accounts import Account
from sake_ray.domain.audit import AuditAction
from sake_ray.errors import InputError, NotFound
from sake_ray.storage.records.accounts import to_account
from sake_ray.storage.records.audit import append_entry
from sake_ray.storage.records.conflicts import repeatable
from sake_ray.storage.records.database import Database
from sake_ray.storage.records.tables import accounts


@dataclass(frozen=True, slots=True)
class SecondFactor:
    """What an account has. `secret` is sealed; `step` is that of the last code that counted, None before it is confirmed."""

    secret: str
    step: int | None
    recovery_codes: Sequence[str]


class SecondFactors:
    """The second factors. They are columns of the accounts."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def find(self, name: str) -> SecondFactor | None:
        """Find what an account has, also what is not confirmed yet."""
        columns = (accounts.c.factor_secret, accounts.c.factor_step, accounts.c.recovery_codes)
        with self.database.transaction(reads_only=True) as connection:
            row = connection.execute(sa.select(*columns).where(accounts.c.name == name)).one_or_none()
        if row is None or row.factor_secret is None:
            return None
        return SecondFactor(row.factor_secret, row.factor_step, tuple(row.recovery_codes))

    @repeatable
    def begin(self, name: str, secret: str) -> None:
        """Keep a sealed secret until it is confirmed, in the place of one that was not. Raises InputError after that."""
        change = accounts.update().where(accounts.c.name == name, accounts.c.factor_step.is_(None))
        with self.database.transaction() as connection:
            if not connection.execute(change.values(factor_secret=secret)).rowcount:
                raise InputError("second-factor-exists")

    @repeatable
    def confirm(
        self, name: str, secret: str, *, step: int, recovery_codes: Sequence[str], by: str, now: datetime
    ) -> Account:
        """Have the factor with that sealed secret asked for from now on, which ends the sessions begun before.

        `step` is that of the code that has confirmed it. Raises InputError when another was begun or confirmed meanwhile.
        """
        begun = (accounts.c.name == name, accounts.c.factor_secret == secret, accounts.c.factor_step.is_(None))
        values = {"factor_step": step, "recovery_codes": list(recovery_codes)}
        change = accounts.update().where(*begun).values(**values, tokens_since=accounts.c.tokens_since + 1)
        with self.database.transaction() as connection:
            row = connection.execute(change.returning(*accounts.c)).one_or_none()
            if row is None:
                raise InputError("second-factor-not-begun")
            append_entry(connection, AuditAction.SECOND_FACTOR_SET_UP, by=by, at=now, subject=f"account:{name}")
        return to_account(row)

    @repeatable
    def use_step(self, name: str, step: int) -> bool:
        """Let the code of a step count; False when it, or a later one, has counted already."""
        change = accounts.update().where(accounts.c.name == name, accounts.c.factor_step < step)
        with self.database.transaction() as connection:
            return connection.execute(change.values(factor_step=step)).rowcount > 0

    @repeatable
    def use_recovery_code(self, name: str, code: str, *, now: datetime) -> bool:
        """Let the recovery code with that hash count; False when it has counted already."""
        named = accounts.c.name == name
        with self.database.transaction() as connection:
            found = sa.select(accounts.c.recovery_codes).where(named, accounts.c.factor_step.is_not(None))
            codes = connection.execute(found.with_for_update()).scalar_one_or_none() or []
            if code not in codes:
                return False
            left = [other for other in codes if other != code]
            connection.execute(accounts.update().where(named).values(recovery_codes=left))
            subject = f"account:{name}"
            append_entry(
                connection, AuditAction.RECOVERY_CODE_USED, by=name, at=now, subject=subject, codes_left=len(left)
            )
            return True

    @repeatable
    def reset(self, name: str, *, by: str, now: datetime) -> None:
        """Forget what an account has, and end its sessions; raises NotFound."""
        values: dict[str, object] = {"factor_secret": None, "factor_step": None, "recovery_codes": []}
        change = accounts.update().where(accounts.c.name == name)
        with self.database.transaction() as connection:
            changed = connection.execute(change.values(**values, tokens_since=accounts.c.tokens_since + 1))
            if not changed.rowcount:
                raise NotFound("account-not-found", name=name)
            append_entry(connection, AuditAction.SECOND_FACTOR_RESET, by=by, at=now, subject=f"account:{name}")
