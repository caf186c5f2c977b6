"""Store the accounts."""

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from sake_ray.domain.accounts import Account, Role
from sake_ray.domain.audit import AuditAction, Detail
from sake_ray.domain.listing import Listing
from sake_ray.errors import InputError, NotFound
from sake_ray.storage.records.audit import append_entry
from sake_ray.storage.records.conflicts import repeatable
from sake_ray.storage.records.database import Database
from sake_ray.storage.records.idempotency import PendingReply, save_reply
from sake_ray.storage.records.list_order import ListOrder
from sake_ray.storage.records.tables import accounts

NO_PASSWORD = "!"  # noqa: S105 - no hash, so no password fits it
BY_NAME = ListOrder("accounts", (accounts.c.name,), is_descending=False)


class Accounts:
    """Who may sign in."""

    def __init__(self, database: Database) -> None:
        self.database = database

    @repeatable
    def add(
        self,
        account: Account,
        *,
        password_hash: str,
        by: str = "",
        now: datetime,
        reply: PendingReply[Account] | None = None,
    ) -> None:
        """Add an account, and store the reply to the request for it; raises InputError when the name is taken."""
        try:
            with self.database.transaction() as connection:
                save_reply(connection, reply, account)
                connection.execute(
                    accounts.insert().values(
                        name=account.name,
                        password_hash=password_hash,
                        role=account.role.value,
                        team=account.team,
                        disabled=account.disabled,
                        tokens_since=account.tokens_since,
                        created_at=now,
                        sees_documents=account.sees_documents,
                        must_change_password=account.must_change_password,
                    )
                )
                facts = {"role": account.role.value, "team": account.team}
                append_entry(
                    connection, AuditAction.ACCOUNT_CREATED, by=by, at=now, subject=f"account:{account.name}", **facts
                )
        except sa.exc.IntegrityError as error:
            raise InputError("account-exists", name=account.name) from error

    def find(self, name: str) -> tuple[Account, str] | None:
        """Find an account by its name, with its password hash; None without one."""
        with self.database.transaction(reads_only=True) as connection:
            row = connection.execute(sa.select(accounts).where(accounts.c.name == name)).one_or_none()
        return (to_account(row), row.password_hash) if row else None

    def list(self, *, without: str = "", after: str | None = None, limit: int = 1_000_000) -> Listing[Account]:
        """List the accounts but one, by name; raises InputError for a cursor of another list."""
        query = sa.select(accounts).where(accounts.c.name != without)
        with self.database.transaction(reads_only=True) as connection:
            return BY_NAME.list_rows(connection, query, after=after, limit=limit).map(to_account)

    @repeatable
    def set_password(self, name: str, password_hash: str, *, must_change: bool = False, by: str = "") -> Account:
        """Change the password, which ends the sessions begun before; `must_change`: for another. Raises NotFound."""
        with self.database.transaction() as connection:
            return _change(connection, name, by, password_hash=password_hash, must_change_password=must_change)

    @repeatable
    def set_disabled(self, name: str, *, disabled: bool, by: str = "") -> None:
        """Disable or enable the account; its sessions end either way. Raises NotFound."""
        with self.database.transaction() as connection:
            _change(connection, name, by, disabled=disabled)

    @repeatable
    def set_sees_documents(self, name: str, *, sees: bool, by: str = "") -> None:
        """Let ops see documents, or figures only. Raises NotFound."""
        with self.database.transaction() as connection:
            _change(connection, name, by, sees_documents=sees)

    @repeatable
    def change(
        self,
        name: str,
        *,
        role: Role | None = None,
        team: str | None = None,
        disabled: bool | None = None,
        password_hash: str | None = None,
        sees_documents: bool | None = None,
        by: str = "",
    ) -> Account:
        """Change what is given; a new password or `disabled` ends the sessions begun before.

        The owner must change that password again. Raises NotFound, and InputError when no admin could sign in afterwards.
        """
        wanted = {"role": role and role.value, "team": team, "disabled": disabled, "password_hash": password_hash}
        wanted["sees_documents"] = sees_documents
        given = {column: value for column, value in wanted.items() if value is not None}
        given |= {"must_change_password": True} if password_hash is not None else {}
        with self.database.transaction() as connection:
            if not self.database.is_sqlite:  # which has one writer at a time anyway
                connection.execute(sa.text("LOCK TABLE accounts IN SHARE ROW EXCLUSIVE MODE"))
            changed = _change(connection, name, by, **given)
            admins = sa.select(accounts.c.name).where(accounts.c.role == Role.ADMIN.value, ~accounts.c.disabled)
            if connection.execute(admins.limit(1)).first() is None:
                raise InputError("last-admin", name=name)
        return changed


def _change(connection: sa.Connection, name: str, by: str, **values: str | bool) -> Account:
    more = {"tokens_since": accounts.c.tokens_since + 1} if {"password_hash", "disabled"} & values.keys() else {}
    change = accounts.update().where(accounts.c.name == name).values(**values, **more).returning(*accounts.c)
    find = sa.select(accounts).where(accounts.c.name == name)
    row = connection.execute(change if values else find).one_or_none()
    if row is None:
        raise NotFound("account-not-found", name=name)
    if values:
        facts: dict[str, Detail] = {
            key: value for key, value in values.items() if key not in {"password_hash", "must_change_password"}
        }
        facts |= {"password": True} if "password_hash" in values else {}
        now, subject = datetime.now(UTC), f"account:{name}"
        append_entry(connection, AuditAction.ACCOUNT_CHANGED, by=by, at=now, subject=subject, **facts)
    return to_account(row)


def to_account(row: sa.Row[Any]) -> Account:
    """Make the account of a row that has its columns."""
    return Account(
        row.name,
        Role(row.role),
        row.team,
        row.disabled,
        row.tokens_since,
        row.sees_documents,
        row.must_change_password,
        is_local=row.password_hash != NO_PASSWORD,
        has_second_factor=row.factor_step is not None,
    )
