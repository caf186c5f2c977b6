"""Store which accounts an issuer signs in: each belongs to one subject there, whatever its name becomes."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from sake_ray.domain.accounts import Account
from sake_ray.domain.audit import AuditAction
from sake_ray.domain.issuers import IssuerIdentity
from sake_ray.errors import InputError
from sake_ray.storage.records.accounts import NO_PASSWORD, to_account
from sake_ray.storage.records.audit import append_entry
from sake_ray.storage.records.conflicts import repeatable
from sake_ray.storage.records.database import Database
from sake_ray.storage.records.tables import accounts, identities

BY = "issuer"


class Identities:
    """The accounts of an issuer's subjects."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def find_account(self, issuer: str, subject: str) -> Account | None:
        """Find the account of a subject, disabled ones too; None before the first sign-in."""
        with self.database.transaction(reads_only=True) as connection:
            row = connection.execute(_select(issuer, subject)).one_or_none()
        return to_account(row) if row else None

    def is_known(self, account: str) -> bool:
        """Whether an account is one that an issuer signs in."""
        query = sa.select(identities.c.account).where(identities.c.account == account)
        with self.database.transaction(reads_only=True) as connection:
            return connection.execute(query).first() is not None

    def sign_in(self, identity: IssuerIdentity, *, names: Sequence[str], now: datetime) -> Account:
        """Find the account of a person, with role and team as the issuer says now; the first time make it.

        It gets the first of the names that nobody has, and keeps it. Raises InputError when all are taken.
        """
        try:
            return self._sign_in(identity, names, now)
        except sa.exc.IntegrityError:  # the same person signs in twice at the same moment, the first time
            return self._sign_in(identity, names, now)

    @repeatable
    def _sign_in(self, identity: IssuerIdentity, names: Sequence[str], now: datetime) -> Account:
        facts = {"role": identity.role.value, "team": identity.team}
        with self.database.transaction() as connection:
            row = connection.execute(_select(identity.issuer, identity.subject)).one_or_none()
            if row is None:
                return _create(connection, identity, names, now)
            if (row.role, row.team) == (identity.role.value, identity.team):
                return to_account(row)
            change = accounts.update().where(accounts.c.name == row.name).values(**facts).returning(*accounts.c)
            changed = to_account(connection.execute(change).one())
            append_entry(connection, AuditAction.ACCOUNT_CHANGED, by=BY, at=now, subject=f"account:{row.name}", **facts)
            return changed


def _create(connection: sa.Connection, identity: IssuerIdentity, names: Sequence[str], now: datetime) -> Account:
    taken = set(connection.execute(sa.select(accounts.c.name).where(accounts.c.name.in_(names))).scalars())
    name = next((name for name in names if name not in taken), None)
    if name is None:
        raise InputError("account-exists", name=identity.name)
    account = Account(name, identity.role, identity.team)
    connection.execute(
        accounts.insert().values(
            name=name,
            password_hash=NO_PASSWORD,
            role=account.role.value,
            team=account.team,
            disabled=False,
            tokens_since=account.tokens_since,
            created_at=now,
            sees_documents=False,
        )
    )
    connection.execute(identities.insert().values(issuer=identity.issuer, subject=identity.subject, account=name))
    facts = {"role": account.role.value, "team": account.team, "issuer": True}
    append_entry(connection, AuditAction.ACCOUNT_CREATED, by=BY, at=now, subject=f"account:{name}", **facts)
    return account


def _select(issuer: str, subject: str) -> sa.Select[tuple[str]]:
    query = sa.select(accounts).join(identities, identities.c.account == accounts.c.name)
    return query.where(identities.c.issuer == issuer, identities.c.subject == subject)
