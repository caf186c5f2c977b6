"""API keys: how a program proves that it may act for a team, and what it may do with that."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sake_ray.domain.accounts import Account, Role

ACCOUNT_PREFIX = "key:"
"""What the account of a key begins with; the name of no person may."""


class Scope(StrEnum):
    """What a key opens, of what its team may see and do."""

    DOCUMENTS_READ = "documents:read"
    DOCUMENTS_WRITE = "documents:write"
    FEEDBACK_WRITE = "feedback:write"


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key, without its secret. `name` says which program has it; names are never given twice."""

    name: str
    team: str
    scopes: tuple[Scope, ...]
    created_by: str
    created_at: datetime
    expires_at: datetime
    seen_at: datetime | None = None
    """When it was last used, to a few minutes."""
    revoked_at: datetime | None = None

    @property
    def account(self) -> Account:
        """As whom its holder acts: a user of its team."""
        return Account(f"{ACCOUNT_PREFIX}{self.name}", Role.USER, self.team)
