"""Accounts, and what each may do and see."""

from dataclasses import dataclass, field
from enum import StrEnum

PROBE_TEAM = "sake-up"
"""The team of what `sake up` classifies as a proof at each start; no person is in it."""


class Role(StrEnum):
    """What an account may do: hand in and correct the own team's documents, also work off its review queue, all, or watch all."""

    USER = "user"
    REVIEWER = "reviewer"
    ADMIN = "admin"
    OPS = "ops"


class SecondFactorRule(StrEnum):
    """Whose accounts must have a second factor, among those with a password here."""

    NONE = "none"
    ADMINS = "admins"
    ALL = "all"

    def demands(self, account: "Account") -> bool:
        """Whether the account has to set one up before anything else."""
        concerned = self is SecondFactorRule.ALL or (self is SecondFactorRule.ADMINS and account.role is Role.ADMIN)
        return concerned and account.is_local and not account.has_second_factor


OF_ALL_TEAMS = frozenset({Role.ADMIN, Role.OPS})
"""Those who see every team; the others see their own."""


@dataclass(frozen=True, slots=True)
class Account:
    """An account that can sign in. `tokens_since` rises when all its sessions end: each carries the number of its time."""

    name: str
    role: Role
    team: str
    disabled: bool = False
    tokens_since: int = 1
    sees_documents: bool = False
    """Of ops: whether an admin has let them see documents, not only figures."""
    must_change_password: bool = False
    """Whether somebody else knows the password, who has chosen it or had it generated."""
    is_local: bool = field(default=True, compare=False)
    """Whether it has a password here; others sign in by an issuer, or not at all."""
    has_second_factor: bool = False
    must_set_up_second_factor: bool = False
    """Whether the service demands one that it has not; known of who has signed in only."""

    @property
    def sees_all_teams(self) -> bool:
        """Whether it sees the documents of every team, as admin and ops do, or only those of its own."""
        return self.role in OF_ALL_TEAMS

    @property
    def may_see_documents(self) -> bool:
        """Whether it sees what documents say and show, not only how many there are and how they fare."""
        return self.role is not Role.OPS or self.sees_documents

    @property
    def visible_team(self) -> str | None:
        """The only team whose documents it sees; None for all teams."""
        return None if self.sees_all_teams else self.team


@dataclass(frozen=True, slots=True)
class Session:
    """An account that is signed in, and the secret id of this sign-in."""

    id: str
    account: Account
    scopes: frozenset[str] | None = None
    """Of an API key, which has no id: what it opens. None for people, to whom all is open that their role may."""
