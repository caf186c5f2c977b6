"""What the classifier says, and when a person should look."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

OTHER = "other"
"""The reserved label: documents of no class, shown as "none of these" and always to check."""


@dataclass(frozen=True, slots=True)
class Policy:
    """When a verdict goes to a person: below the threshold, or with fewer tokens than `min_tokens`.

    `thresholds` are those of single labels; None sends every document of the label to people. They keep a promise where there
    is one: at most one wrong in `wrong_in` accepted, by the model of that hash.
    """

    version: int = 1
    threshold: float = 0.7
    min_tokens: int = 3
    thresholds: Mapping[str, float | None] = field(default_factory=dict, hash=False)
    wrong_in: int | None = None
    model_hash: str = ""
    since: datetime | None = field(default=None, compare=False)

    @property
    def name(self) -> str:
        """What decides in one word, to tell apart what was judged under different thresholds."""
        least = (f"/{label}={'all' if least is None else least}" for label, least in sorted(self.thresholds.items()))
        return f"{self.threshold:g}{''.join(least)}"

    def wants_person(self, label: str | None, confidence: float | None, *, scant: bool) -> bool:
        """Whether a person should look; `scant`: there is too little text to trust any confidence."""
        if label is None or confidence is None or label == OTHER or scant:
            return True
        # What nothing was promised of is not accepted under a promise.
        least = self.thresholds.get(label, None if self.wrong_in else self.threshold)
        return least is None or confidence < least


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the classifier says: a probability for each label, and whether a person should look.

    A document without any text has neither label nor confidence; `remark` then says so. `scant`: there is too little text to
    trust any confidence.
    """

    label: str | None
    confidence: float | None
    probabilities: Mapping[str, float]
    needs_review: bool
    remark: str = ""
    scant: bool = False

    @property
    def margin(self) -> float | None:
        """How much likelier the best label is than the second, 0–1; None without text."""
        best = [*sorted(self.probabilities.values(), reverse=True)[:2], 0.0]
        return best[0] - best[1] if self.probabilities else None


@dataclass(frozen=True, slots=True)
class WordWeight:
    """What one source word adds to the score of a label; positive speaks for it."""

    word: int
    text: str
    weight: float


@dataclass(frozen=True, slots=True)
class Prediction:
    """A verdict recorded for a document, by which model under which policy."""

    verdict: Verdict
    model_version: str
    model_hash: str
    policy_version: int
