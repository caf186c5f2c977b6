"""What do people say of each original? Only their answers count, a prediction never does."""

import json
from collections.abc import Iterable
from dataclasses import dataclass

from sake_ray.domain.answers import NONE_OF_THESE, UNREADABLE, WITHDRAWN
from sake_ray.domain.documents import Status
from sake_ray.domain.feedback import FeedbackAnswer
from sake_ray.domain.texts import Recipe
from sake_ray.domain.verdicts import OTHER


@dataclass(frozen=True, slots=True)
class AnsweredContent:
    """The bytes that somebody answered for, in one document or several.

    `votes` is the newest answer of each person that stands, oldest first; nothing when all were withdrawn. `documents` are
    those with these bytes that were ever answered, the one answered last at the end.
    """

    sha256: str
    votes: tuple[FeedbackAnswer, ...]
    documents: tuple[str, ...]
    name: str
    original: str
    recipe: Recipe | None
    readable: bool

    @property
    def document(self) -> str:
        """The document that speaks for all with these bytes: the one answered last."""
        return self.documents[-1]

    @property
    def opinions(self) -> frozenset[str]:
        """The different things that people say."""
        return frozenset(vote.answer.answer for vote in self.votes)

    @property
    def fingerprint(self) -> str:
        """Who says what, in one word that changes when somebody says something else."""
        return vote_fingerprint((vote.answer.by, vote.answer.answer) for vote in self.votes)


def vote_fingerprint(votes: Iterable[tuple[str, str]]) -> str:
    """Who says what, in one word: pairs of a person and an answer."""
    return json.dumps(sorted(votes), ensure_ascii=False)


def gather_votes(said: Iterable[FeedbackAnswer]) -> dict[str, AnsweredContent]:
    """Gather all answers, oldest first, by the bytes they are about.

    A withdrawal undoes everything said of that document before it; of what is left the newest answer of each person counts.
    """
    standing: dict[str, list[FeedbackAnswer]] = {}
    newest: dict[str, dict[str, FeedbackAnswer]] = {}
    for one in said:
        spoken = standing.setdefault(one.answer.document, [])
        if one.answer.answer == WITHDRAWN:
            spoken.clear()
        else:
            spoken.append(one)
        # The document answered last goes to the end.
        documents = newest.setdefault(one.sha256, {})
        documents.pop(one.answer.document, None)
        documents[one.answer.document] = one
    return {sha256: _content(sha256, documents, standing) for sha256, documents in newest.items()}


def label_of(answer: str) -> str | None:
    """The label that an answer or a decision trains; None when it trains nothing."""
    return {NONE_OF_THESE: OTHER, UNREADABLE: None}.get(answer, answer)


def _content(
    sha256: str, documents: dict[str, FeedbackAnswer], standing: dict[str, list[FeedbackAnswer]]
) -> AnsweredContent:
    spoken = sorted((one for document in documents for one in standing[document]), key=lambda one: one.number)
    by_person: dict[str, FeedbackAnswer] = {}
    for one in spoken:
        by_person.pop(one.answer.by, None)
        by_person[one.answer.by] = one
    facts = list(documents.values())
    last = facts[-1]
    recipe = next((one.recipe for one in reversed(facts) if one.recipe), None)
    readable = any(one.status is not Status.FAILED for one in facts)
    return AnsweredContent(
        sha256, tuple(by_person.values()), tuple(documents), last.name, last.original, recipe, readable
    )
