"""The outcome of a comparison of two models, and the log of promotions."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sake_ray.errors import NOTHING, Message

DONE = "done"
"""The outcome of a promotion whose version serves."""


class ComparisonOutcome(StrEnum):
    """Whether a model is better than another on the same documents; UNKNOWN when the two cannot be compared."""

    BETTER = "better"
    NOT_WORSE = "not_worse"
    WORSE = "worse"
    TOO_FEW = "too_few"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Promotion:
    """Who promoted which model version, instead of which, when and why; `outcome` is "done" or what came between.

    `standing` is the outcome of its comparison with the one before, None without any; `forced` that it was promoted in spite
    of an objection.
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
    """The verdict on a model compared with another: the outcome, and how many documents it corrects and breaks.

    `chance` is the p-value of McNemar's test, `at_worst` the lower bound of the difference of the accuracies (-1 to 1). `remark`
    says why nothing is known, `against` names the version it was compared with.
    """

    standing: ComparisonOutcome
    documents: int = 0
    corrected: int = 0
    broken: int = 0
    chance: float = 1.0
    at_worst: float = -1.0
    remark: Message = NOTHING
    against: int | None = None
