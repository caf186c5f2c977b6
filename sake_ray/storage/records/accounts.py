"""Store the accounts."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from sake_ray.domain.accounts import Account, Role
from sake_ray.errors import InputError, NotFound
from sake_ray.storage.records.database import Database
from sake_ray.storage.records.idempotency import PendingReply, save_reply
from sake_ray.storage.records.tables import accounts


class Accounts:
    """Who may sign in."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def add(
        self, account: Account, *, password_hash: str, now: datetime, reply: PendingReply[Account] | None = None
    ) -> None:
        """Add an account, and store the reply to the request for it; raises InputError when the name is taken."""
        try:
            with self.database.transaction() as connection:
                connection.execute(
                    accounts.insert().values(
                        name=account.name,
                        password_hash=password_hash,
                        role=account.role.value,
                        team=account.team,
                        disabled=account.disabled,
                        tokens_since=account.tokens_since,
                        created_at=now,
                    )
                )
                save_reply(connection, reply, account)
        except sa.exc.IntegrityError as error:
            raise InputError("account-exists", name=account.name) from error

    def find(self, name: str) -> tuple[Account, str] | None:
        """Find an account by its name, with its password hash; None without one."""
        with self.database.transaction(reads_only=True) as connection:
            row = connection.execute(sa.select(accounts).where(accounts.c.name == name)).one_or_none()
        return (_account(row), row.password_hash) if row else None

    def list(self) -> tuple[Account, ...]:
        """List the accounts, by name."""
        with self.database.transaction(reads_only=True) as connection:
            return tuple(map(_account, connection.execute(sa.select(accounts).order_by(accounts.c.name))))

    def set_password(self, name: str, password_hash: str) -> Account:
        """Change the password, which ends the tokens made before. Raises NotFound."""
        with self.database.transaction() as connection:
            return _change(connection, name, password_hash=password_hash)

    def set_disabled(self, name: str, *, disabled: bool) -> None:
        """Disable or enable the account; its tokens end either way. Raises NotFound."""
        with self.database.transaction() as connection:
            _change(connection, name, disabled=disabled)

    def change(
        self,
        name: str,
        *,
        role: Role | None = None,
        team: str | None = None,
        disabled: bool | None = None,
        password_hash: str | None = None,
    ) -> Account:
        """Change what is given; a new password or `disabled` ends the tokens made before.

        Raises NotFound, and InputError when no admin could sign in afterwards.
        """
        wanted = {"role": role and role.value, "team": team, "disabled": disabled, "password_hash": password_hash}
        given = {column: value for column, value in wanted.items() if value is not None}
        with self.database.transaction() as connection:
            if not self.database.is_sqlite:  # which has one writer at a time anyway
                connection.execute(sa.text("LOCK TABLE accounts IN SHARE ROW EXCLUSIVE MODE"))
            changed = _change(connection, name, **given)
            admins = sa.select(accounts.c.name).where(accounts.c.role == Role.ADMIN.value, ~accounts.c.disabled)
            if connection.execute(admins.limit(1)).first() is None:
                raise InputError("last-admin", name=name)
        return changed


def _change(connection: sa.Connection, name: str, **values: object) -> Account:
    if {"password_hash", "disabled"} & values.keys():
        values["tokens_since"] = accounts.c.tokens_since + 1
    change = accounts.update().where(accounts.c.name == name).values(**values).returning(*accounts.c)
    find = sa.select(accounts).where(accounts.c.name == name)
    row = connection.execute(change if values else find).one_or_none()
    if row is None:
        raise NotFound("account-not-found", name=name)
    return _account(row)


def _account(row: sa.Row[Any]) -> Account:
    return Account(row.name, Role(row.role), row.team, row.disabled, row.tokens_since)
