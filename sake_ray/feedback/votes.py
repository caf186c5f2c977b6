"""Gather the valid answers for each original. Only answers of people count, a prediction never does."""

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

    `votes` is the newest valid answer of each person, oldest first; nothing when all were withdrawn. `documents` are
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
        """The document that represents all with these bytes: the one answered last."""
        return self.documents[-1]

    @property
    def key(self) -> tuple[int, str]:
        """What all are ordered by: the newest answer, the oldest of these first."""
        return max((vote.number for vote in self.votes), default=0), self.sha256

    @property
    def opinions(self) -> frozenset[str]:
        """The different answers of people."""
        return frozenset(vote.answer.answer for vote in self.votes)

    @property
    def fingerprint(self) -> str:
        """Who answered what, in one word that changes with any answer."""
        return vote_fingerprint((vote.answer.by, vote.answer.answer) for vote in self.votes)


def vote_fingerprint(votes: Iterable[tuple[str, str]]) -> str:
    """Put pairs of a person and an answer into one word."""
    return json.dumps(sorted(votes), ensure_ascii=False)


def gather_votes(all_answers: Iterable[FeedbackAnswer]) -> dict[str, AnsweredContent]:
    """Gather all answers, oldest first, by the bytes they are about.

    A withdrawal undoes every earlier answer for that document; of the rest the newest answer of each person counts.
    """
    valid: dict[str, list[FeedbackAnswer]] = {}
    newest: dict[str, dict[str, FeedbackAnswer]] = {}
    for one in all_answers:
        answers = valid.setdefault(one.answer.document, [])
        if one.answer.answer == WITHDRAWN:
            answers.clear()
        else:
            answers.append(one)
        # The document answered last goes to the end.
        documents = newest.setdefault(one.sha256, {})
        documents.pop(one.answer.document, None)
        documents[one.answer.document] = one
    return {sha256: _gather_content(sha256, documents, valid) for sha256, documents in newest.items()}


def to_label(answer: str) -> str | None:
    """Turn an answer or a decision into the label that it trains; None when it trains nothing."""
    return {NONE_OF_THESE: OTHER, UNREADABLE: None}.get(answer, answer)


def _gather_content(
    sha256: str, documents: dict[str, FeedbackAnswer], valid: dict[str, list[FeedbackAnswer]]
) -> AnsweredContent:
    answers = sorted((one for document in documents for one in valid[document]), key=lambda one: one.number)
    by_person: dict[str, FeedbackAnswer] = {}
    for one in answers:
        by_person.pop(one.answer.by, None)
        by_person[one.answer.by] = one
    newest = list(documents.values())
    last = newest[-1]
    recipe = next((one.recipe for one in reversed(newest) if one.recipe), None)
    readable = any(one.status is not Status.FAILED for one in newest)
    return AnsweredContent(
        sha256, tuple(by_person.values()), tuple(documents), last.name, last.original, recipe, readable
    )
