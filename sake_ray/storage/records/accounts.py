"""Keep the accounts."""

from datetime import datetime

import sqlalchemy as sa

from sake_ray.domain import Account, Role
from sake_ray.errors import InputError, NotFound
from sake_ray.storage.records.database import Database
from sake_ray.storage.records.tables import accounts


class Accounts:
    """Who may sign in."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def add(self, account: Account, *, password_hash: str, now: datetime) -> None:
        """Keep a new account; raises InputError when the name is taken."""
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
        except sa.exc.IntegrityError as error:
            raise InputError(f"There is an account {account.name!r} already.") from error

    def find(self, name: str) -> tuple[Account, str] | None:
        """The account of that name and its password hash, or None."""
        with self.database.transaction(reads_only=True) as connection:
            row = connection.execute(sa.select(accounts).where(accounts.c.name == name)).one_or_none()
        return (_account(row), row.password_hash) if row else None

    def all(self) -> tuple[Account, ...]:
        """Every account, by name."""
        with self.database.transaction(reads_only=True) as connection:
            return tuple(map(_account, connection.execute(sa.select(accounts).order_by(accounts.c.name))))

    def set_password(self, name: str, password_hash: str) -> None:
        """Change the password; the tokens made before end. Raises NotFound."""
        self._change(name, password_hash=password_hash)

    def set_disabled(self, name: str, *, disabled: bool) -> None:
        """Shut the account out, or let it in again; its tokens end either way. Raises NotFound."""
        self._change(name, disabled=disabled)

    def _change(self, name: str, **values: object) -> None:
        change = (
            accounts.update().where(accounts.c.name == name).values(tokens_since=accounts.c.tokens_since + 1, **values)
        )
        with self.database.transaction() as connection:
            if connection.execute(change).rowcount == 0:
                raise NotFound(f"There is no account {name!r}.")


def _account(row: sa.Row[tuple[object, ...]]) -> Account:
    return Account(row.name, Role(row.role), row.team, row.disabled, row.tokens_since)
