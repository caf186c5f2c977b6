"""How a model stands against another, and who let which serve."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class ComparisonOutcome(StrEnum):
    """How a model stands against another on the same documents; UNKNOWN when the two cannot be compared at all."""

    BETTER = "better"
    NOT_WORSE = "not_worse"
    WORSE = "worse"
    TOO_FEW = "too_few"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Promotion:
    """Who let which model version serve, instead of which, when and why; `outcome` is "done" or what came between.

    `standing` is how it stood against the one before, None where nobody asked; `forced` that this spoke against it.
    """

    number: int
    version: int
    before: int | None
    by: str
    why: str
    at: datetime
    outcome: str | None
    standing: ComparisonOutcome | None = None
    forced: bool = False


@dataclass(frozen=True, slots=True)
class ComparisonVerdict:
    """How a model stands against another: on so many documents it corrects some and breaks others.

    `chance` is how likely a split as uneven as that is between equals, `at_worst` how much more or less of all documents it gets
    right in the worst case that is credible (-1 to 1). `remark` says why nothing is known, `against` names the version it stands
    against.
    """

    standing: ComparisonOutcome
    documents: int = 0
    corrected: int = 0
    broken: int = 0
    chance: float = 1.0
    at_worst: float = -1.0
    remark: str = ""
    against: int | None = None
