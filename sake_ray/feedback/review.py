"""Select the unanswered documents whose answers would improve the model most."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from random import Random
from typing import TypeVar

from sake_ray.domain.documents import Document
from sake_ray.storage.records import Records

Named = TypeVar("Named")
CANDIDATES = 5
"""How many times the documents asked for are considered, the least certain of all."""
CROWDING = 0.1
"""What is added to the margin of a document for each one already selected between the same two labels (docs/measurements.md)."""
RANDOM_EVERY = 5
"""Every so many places there is a random document: it finds what the model is certain of and wrong about."""


@dataclass(frozen=True, slots=True)
class ReviewCandidate:
    """An unanswered document: its name, and the probabilities that the model predicted."""

    document: str
    probabilities: Mapping[str, float]

    @property
    def ranked(self) -> list[tuple[float, str]]:
        """The labels, the likeliest first."""
        return sorted(((probability, label) for label, probability in self.probabilities.items()), reverse=True)

    @property
    def margin(self) -> float:
        """How much likelier the best label is than the second (Scheffer, Decomain and Wrobel 2001)."""
        best = [probability for probability, _ in self.ranked[:2]] + [0.0, 0.0]
        return best[0] - best[1]


def list_reviews(records: Records, limit: int, *, day: date, team: str | None = None) -> list[tuple[Document, bool]]:
    """The unanswered documents of a team, or of all, in the order to answer them, each with whether it was drawn at random.

    On one day the draw is the same, so that the list stays while it is worked off.
    """
    documents = {document.id: document for document in records.reviews.list_least_sure(CANDIDATES * limit, team=team)}
    candidates = [
        ReviewCandidate(document.id, document.prediction.verdict.probabilities)
        for document in documents.values()
        if document.prediction
    ]
    uncertain = [documents[candidate.document] for candidate in select_uncertain(candidates, limit)]
    # Drawn from all that is not shown anyway: what moves up as others are answered may have been drawn, and stays.
    shown = uncertain[: limit - limit // RANDOM_EVERY]
    without = [document.id for document in shown]
    random = Random(day.isoformat())
    drawn = records.reviews.sample(max(1, limit // RANDOM_EVERY), random=random, excluding=without, team=team)
    seen = {document.sha256 for document in shown}
    drawn = tuple(document for document in drawn if document.sha256 not in seen)
    seen = {document.sha256 for document in drawn}
    return interleave([document for document in uncertain if document.sha256 not in seen], drawn, limit)


def select_uncertain(
    candidates: Sequence[ReviewCandidate], limit: int, *, crowding: float = CROWDING
) -> list[ReviewCandidate]:
    """Select the documents worth answering most, in that order: the least certain, but not all between the same two labels."""
    waiting: dict[tuple[str, ...], list[ReviewCandidate]] = {}
    for candidate in sorted(candidates, key=lambda one: (-one.margin, one.document)):
        between = tuple(sorted(label for _, label in candidate.ranked[:2]))
        waiting.setdefault(between, []).append(candidate)
    chosen: list[ReviewCandidate] = []
    selected = dict.fromkeys(waiting, 0)
    while waiting and len(chosen) < limit:
        between = min(waiting, key=lambda pair: (waiting[pair][-1].margin + crowding * selected[pair], pair))
        chosen.append(waiting[between].pop())
        selected[between] += 1
        if not waiting[between]:
            del waiting[between]
    return chosen


def interleave(uncertain: Sequence[Named], drawn: Sequence[Named], limit: int) -> list[tuple[Named, bool]]:
    """Put a random document at every fifth place, as long as there are any; each with whether it is random."""
    first, others = list(uncertain), list(drawn)
    mixed: list[tuple[Named, bool]] = []
    while len(mixed) < limit and (first or others):
        is_random = bool(others) and (len(mixed) % RANDOM_EVERY == RANDOM_EVERY - 1 or not first)
        mixed.append(((others if is_random else first).pop(0), is_random))
    return mixed
