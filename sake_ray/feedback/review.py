"""Which unanswered documents teach most, if somebody answers them?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from random import Random
from typing import TypeVar

from sake_ray.domain.documents import Document
from sake_ray.storage.records import Records

Named = TypeVar("Named")
CANDIDATES = 5
"""So many times as many documents as are asked for are looked at, the least sure of all."""
CROWDING = 0.1
"""By how much a document counts as surer for each that was chosen between the same two labels (docs/measurements.md)."""
RANDOM_EVERY = 5
"""Every so many places a random document stands: it finds what the model is sure of and wrong about."""


@dataclass(frozen=True, slots=True)
class ReviewCandidate:
    """An unanswered document: what names it, and what the model believes of it."""

    document: str
    probabilities: Mapping[str, float]

    @property
    def ranked(self) -> list[tuple[float, str]]:
        """The labels, the likeliest first."""
        return sorted(((chance, label) for label, chance in self.probabilities.items()), reverse=True)

    @property
    def margin(self) -> float:
        """How much likelier the best label is than the second (Scheffer, Decomain and Wrobel 2001)."""
        chances = [chance for chance, _ in self.ranked[:2]] + [0.0, 0.0]
        return chances[0] - chances[1]


def list_reviews(records: Records, limit: int, *, day: date) -> list[tuple[Document, bool]]:
    """The unanswered documents of all teams in the order to answer them, each with whether it was drawn at random.

    On one day the draw is the same, so that the list stays while it is worked off.
    """
    documents = {document.id: document for document in records.reviews.list_least_sure(CANDIDATES * limit)}
    believed = {id: one.prediction.verdict.probabilities for id, one in documents.items() if one.prediction}
    chosen = choose([ReviewCandidate(id, chances) for id, chances in believed.items()], limit)
    teaching = [documents[candidate.document] for candidate in chosen]
    # Drawn from all that is not shown anyway: what moves up as others are answered may have been drawn, and stays.
    shown = teaching[: limit - limit // RANDOM_EVERY]
    without = [document.id for document in shown]
    drawn = records.reviews.sample(max(1, limit // RANDOM_EVERY), random=Random(day.isoformat()), excluding=without)
    taken = {document.sha256 for document in shown}
    drawn = tuple(document for document in drawn if document.sha256 not in taken)
    taken = {document.sha256 for document in drawn}
    return mix([document for document in teaching if document.sha256 not in taken], drawn, limit)


def choose(candidates: Sequence[ReviewCandidate], limit: int, *, crowding: float = CROWDING) -> list[ReviewCandidate]:
    """Choose those that teach most, first those: the least sure, but not all between the same two labels."""
    waiting: dict[tuple[str, ...], list[ReviewCandidate]] = {}
    for candidate in sorted(candidates, key=lambda one: (-one.margin, one.document)):
        between = tuple(sorted(label for _, label in candidate.ranked[:2]))
        waiting.setdefault(between, []).append(candidate)
    chosen: list[ReviewCandidate] = []
    taken = dict.fromkeys(waiting, 0)
    while waiting and len(chosen) < limit:
        between = min(waiting, key=lambda pair: (waiting[pair][-1].margin + crowding * taken[pair], pair))
        chosen.append(waiting[between].pop())
        taken[between] += 1
        if not waiting[between]:
            del waiting[between]
    return chosen


def mix(teaching: Sequence[Named], drawn: Sequence[Named], limit: int) -> list[tuple[Named, bool]]:
    """Put a random one at every fifth place, as far as there are; each with whether it is random."""
    first, others = list(teaching), list(drawn)
    mixed: list[tuple[Named, bool]] = []
    while len(mixed) < limit and (first or others):
        is_random = bool(others) and (len(mixed) % RANDOM_EVERY == RANDOM_EVERY - 1 or not first)
        mixed.append(((others if is_random else first).pop(0), is_random))
    return mixed
