"""Who may sign in, and what each may do and see."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What an account may do: hand in and correct the own team's documents, everything, or watch everything."""

    USER = "user"
    ADMIN = "admin"
    OPS = "ops"


@dataclass(frozen=True, slots=True)
class Account:
    """Who may sign in. `tokens_since` rises whenever older tokens must end: tokens carry the number they were made under."""

    name: str
    role: Role
    team: str
    disabled: bool = False
    tokens_since: int = 1

    @property
    def sees_all_teams(self) -> bool:
        """Admin and ops see the documents of every team, a user those of the own."""
        return self.role is not Role.USER

    @property
    def sees_team(self) -> str | None:
        """The one team whose documents it sees; None for all."""
        return None if self.sees_all_teams else self.team
