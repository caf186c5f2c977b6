"""Keep what a person says of a document."""

from collections.abc import Sequence
from datetime import datetime

from sake_ray.domain.accounts import Account
from sake_ray.domain.answers import NONE_OF_THESE, UNREADABLE, WITHDRAWN, Answer
from sake_ray.domain.documents import Document
from sake_ray.domain.verdicts import OTHER
from sake_ray.errors import InputError
from sake_ray.storage.records import Records


def possible_answers(labels: Sequence[str]) -> list[str]:
    """What can be answered: the labels but the reserved one, which has a word of its own, and what is no label."""
    return [label for label in labels if label != OTHER] + [NONE_OF_THESE, UNREADABLE, WITHDRAWN]


def give_answer(
    records: Records, document: Document, said: str, *, labels: Sequence[str], account: Account, now: datetime
) -> Answer:
    """Keep an answer for a document; raises InputError naming what can be answered."""
    chosen = NONE_OF_THESE if said == OTHER else said
    if chosen not in possible_answers(labels):
        raise InputError(f"{said!r} is no answer; say one of {', '.join(possible_answers(labels))}.")
    answer = Answer(document.id, chosen, account.name, now)
    records.answers.add(answer)
    return answer
