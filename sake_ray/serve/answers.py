"""Record the answers of people to what a document is."""

from collections.abc import Sequence
from datetime import datetime

from sake_ray.domain.accounts import Account
from sake_ray.domain.answers import NONE_OF_THESE, UNREADABLE, WITHDRAWN, Answer
from sake_ray.domain.documents import Document
from sake_ray.domain.verdicts import OTHER
from sake_ray.errors import InputError
from sake_ray.storage.records import PendingReply, Records


def list_answers(labels: Sequence[str]) -> list[str]:
    """List the possible answers: the labels except the reserved one, and the answers that are no labels."""
    return [label for label in labels if label != OTHER] + [NONE_OF_THESE, UNREADABLE, WITHDRAWN]


def record_answer(
    records: Records,
    document: Document,
    answer: str,
    *,
    labels: Sequence[str],
    account: Account,
    now: datetime,
    reply: PendingReply[Answer] | None = None,
) -> Answer:
    """Record an answer for a document; raises InputError naming the possible answers."""
    chosen = NONE_OF_THESE if answer == OTHER else answer
    if chosen not in list_answers(labels):
        raise InputError("answer-unknown", answer=answer, choices=list_answers(labels))
    recorded = Answer(document.id, chosen, account.name, now)
    records.answers.add(recorded, reply=reply)
    return recorded
