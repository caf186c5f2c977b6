"""Create and change accounts, by the same rules on the command line and over HTTP."""

from datetime import datetime
from urllib.parse import urlsplit

from sake_ray.domain.accounts import PROBE_TEAM, Account, Role
from sake_ray.domain.api_keys import ACCOUNT_PREFIX
from sake_ray.domain.issuers import IssuerIdentity
from sake_ray.errors import InputError, NotFound
from sake_ray.serve.passwords import generate_password, hash_password
from sake_ray.storage.records import PendingReply, Records

MAX_NAME = 100
PROBE_ACCOUNT = PROBE_TEAM
"""The account under which `sake up` classifies its test scan, in a team of its own; nobody can sign in as it."""


def create_account(
    records: Records,
    account: Account,
    password: str | None,
    *,
    by: str = "",
    now: datetime,
    reply: PendingReply[Account] | None = None,
) -> str:
    """Create an account; without a password one is generated. Return the password. Raises InputError."""
    check_name(account.name)
    check_team(account.team)
    chosen = generate_password() if password is None else password
    records.accounts.add(account, password_hash=hash_password(chosen), by=by, now=now, reply=reply)
    return chosen


def change_account(
    records: Records,
    name: str,
    *,
    role: Role | None = None,
    team: str | None = None,
    disabled: bool | None = None,
    password: str | None = None,
    sees_documents: bool | None = None,
    by: str = "",
) -> Account:
    """Change what is not None. Raises NotFound; raises InputError if nobody could sign in as admin any more."""
    if team is not None:
        check_team(team)
    if name == PROBE_ACCOUNT or "\0" in name or not records.accounts.find(name):
        raise NotFound("account-to-change-not-found", name=name)
    if (role, team, password) != (None, None, None) and records.identities.is_known(name):
        raise InputError("account-of-issuer", name=name)
    password_hash = None if password is None else hash_password(password)
    return records.accounts.change(
        name,
        role=role,
        team=team,
        disabled=disabled,
        password_hash=password_hash,
        sees_documents=sees_documents,
        by=by,
    )


def set_password(records: Records, name: str, password: str, *, must_change: bool, by: str = "") -> None:
    """Set the password of an account, for its owner to change or to keep. Raises NotFound, and InputError for an issuer's."""
    if records.identities.is_known(name):
        raise InputError("account-of-issuer", name=name)
    records.accounts.set_password(name, hash_password(password), must_change=must_change, by=by)


def list_names(identity: IssuerIdentity) -> list[str]:
    """List what the account of a person may be called, best first: as at the issuer, unless somebody here is called so."""
    host = urlsplit(identity.issuer).hostname or "issuer"
    wanted = (identity.name, f"{identity.name}@{host}", f"{identity.subject}@{host}")
    return [
        name for name in wanted if _is_plain(name) and not name.startswith(ACCOUNT_PREFIX) and name != PROBE_ACCOUNT
    ]


def check_name(name: str) -> None:
    """Raise InputError for a name that cannot be typed, or told from another, or is that of a program."""
    if not _is_plain(name):
        raise InputError("account-name-invalid", limit=MAX_NAME)
    if name.startswith(ACCOUNT_PREFIX):
        raise InputError("account-name-of-key", prefix=ACCOUNT_PREFIX)


def check_team(team: str) -> None:
    """Raise InputError for an invalid name of a team."""
    if not _is_plain(team):
        raise InputError("team-name-invalid", limit=MAX_NAME)


def _is_plain(text: str) -> bool:
    return 0 < len(text) <= MAX_NAME and text.isprintable() and text == text.strip()
