"""The verdict of the classifier, and the policy that decides what needs review."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sake_ray.domain.parts import ProposedPart
from sake_ray.errors import NOTHING, Message

OTHER = "other"
"""The reserved label: documents of no class, shown as "none of these", which always need review."""


@dataclass(frozen=True, slots=True)
class Policy:
    """When a document needs review: below the threshold, or with fewer tokens than `min_tokens`.

    `thresholds` are those of single labels; with None every document of the label needs review. With `wrong_in` they keep an
    error budget, at most one wrong in so many accepted, for the model of that hash.
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
        """What decides in one word, to tell apart verdicts under different thresholds."""
        own = (f"/{label}={'all' if own is None else own}" for label, own in sorted(self.thresholds.items()))
        return f"{self.threshold:g}{''.join(own)}"

    def requires_review(
        self, label: str | None, confidence: float | None, *, scant: bool, several: bool = False
    ) -> bool:
        """Whether a person should look at a document.

        `scant`: it has too little text to trust any confidence; `several`: it seems to be several documents.
        """
        if label is None or confidence is None or label == OTHER or scant or several:
            return True
        # Under an error budget a label without a threshold of its own is never accepted.
        threshold = self.thresholds.get(label, None if self.wrong_in else self.threshold)
        return threshold is None or confidence < threshold


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the classifier predicts: a probability for each label, and whether the document needs review.

    A document without any text has neither label nor confidence; `remark` then says so. `scant`: it has too little text to
    trust any confidence. `several`: it seems to be several documents, so that no policy accepts it as one; `parts` are those.
    """

    label: str | None
    confidence: float | None
    probabilities: Mapping[str, float]
    needs_review: bool
    remark: Message = NOTHING
    scant: bool = False
    several: bool = False
    parts: tuple[ProposedPart, ...] = ()

    @property
    def margin(self) -> float | None:
        """How much likelier the best label is than the second, 0–1; None without text."""
        best = [*sorted(self.probabilities.values(), reverse=True)[:2], 0.0]
        return best[0] - best[1] if self.probabilities else None


@dataclass(frozen=True, slots=True)
class WordWeight:
    """What one source word contributes to the score of a label; a positive weight speaks for it."""

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
