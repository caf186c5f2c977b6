"""What people said of the same bytes, and what an admin decided of it."""

from dataclasses import dataclass
from datetime import datetime

from sake_ray.domain.answers import Answer
from sake_ray.domain.documents import Status
from sake_ray.domain.texts import Recipe

SKIP = "skip"
"""The decision to leave everything as it is."""


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
    """What an admin decided of the answers for some bytes: a label, `unreadable` or `skip`.

    `votes` is what people said when it was decided; as soon as they say something else it counts no more.
    """

    sha256: str
    document: str
    decision: str
    votes: str
    by: str
    at: datetime
