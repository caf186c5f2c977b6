"""The answer of a person for a document."""

from dataclasses import dataclass
from datetime import datetime

NONE_OF_THESE, UNREADABLE, WITHDRAWN = "none_of_these", "unreadable", "withdrawn"
"""The answers that are no labels: of no class (trains `other`), not readable (trains nothing), and an answer withdrawn."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer of a person for a document: a label, `none_of_these`, `unreadable` or `withdrawn`; the newest counts."""

    document: str
    answer: str
    by: str
    at: datetime
