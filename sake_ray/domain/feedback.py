"""Answers for the same bytes, and the decision of an admin about them."""

from dataclasses import dataclass
from datetime import datetime

from sake_ray.domain.answers import Answer
from sake_ray.domain.documents import Status
from sake_ray.domain.texts import Recipe

SKIP = "skip"
"""The decision to change nothing."""


@dataclass(frozen=True, slots=True)
class FeedbackAnswer:
    """An answer with its number among all, and what an import needs of its document; `recipe` is None until it is read."""

    number: int
    answer: Answer
    name: str
    sha256: str
    original: str
    status: Status
    recipe: Recipe | None


@dataclass(frozen=True, slots=True)
class Decision:
    """The decision of an admin about the answers for some bytes: a label, `unreadable` or `skip`.

    `votes` is the fingerprint of the answers it was made on; it no longer counts once they change.
    """

    sha256: str
    document: str
    decision: str
    votes: str
    by: str
    at: datetime
