"""Set documents aside whose pages count with others, and bring them back, in the caller's transaction.

What a list, a count or a policy looks at is empty meanwhile; predictions and answers stay as they are.
"""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from sake_ray.domain.answers import WITHDRAWN
from sake_ray.domain.documents import Status
from sake_ray.errors import NOTHING
from sake_ray.storage.records.announcements import announce_reviews
from sake_ray.storage.records.derived_columns import after_answer, after_prediction
from sake_ray.storage.records.message_columns import to_columns
from sake_ray.storage.records.tables import answers, attempts, documents, predictions, searchable

OVERTAKEN = "set aside"
"""The outcome of an attempt at a document that was set aside meanwhile."""
EMPTY = (
    *("prediction", "answer", "lease_until", "ended_at", "needs_review", "awaits_review", "final_label"),
    *("answered_at", "corrected"),
)


def set_aside(connection: sa.Connection, ids: Sequence[str], status: Status, *, now: datetime) -> None:
    """Set documents aside; whoever is working at one finds its claim lost. The caller has locked them."""
    running = attempts.c.document.in_(ids) & attempts.c.outcome.is_(None)
    connection.execute(attempts.update().where(running).values(outcome=OVERTAKEN, ended_at=now))
    change = dict.fromkeys(EMPTY) | {"status": status.value, "policy_version": 0}
    connection.execute(documents.update().where(documents.c.id.in_(ids)).values(**change))
    connection.execute(searchable.update().where(searchable.c.document.in_(ids)).values(hidden=True))


def bring_back(connection: sa.Connection, ids: Sequence[str], *, now: datetime) -> None:
    """Have documents count again, with the prediction and the answer that they had; one without waits to be classified."""
    for id in sorted(ids):
        _bring_back_one(connection, id, now)
    connection.execute(searchable.update().where(searchable.c.document.in_(ids)).values(hidden=False))
    announce_reviews(connection, ids)


def _bring_back_one(connection: sa.Connection, id: str, now: datetime) -> None:
    this = documents.c.id == id
    made = sa.select(predictions).where(predictions.c.document == id)
    newest = made.order_by(predictions.c.made_at.desc(), predictions.c.policy_version.desc()).limit(1)
    found = connection.execute(newest).one_or_none()
    if found is None:
        again = {"status": Status.PENDING.value, "not_before": now, "attempts_forgiven": documents.c.attempt}
        again |= {"pages_done": 0, **to_columns(NOTHING, "error")}
        connection.execute(documents.update().where(this).values(**again))
    else:
        columns = after_prediction(found.label, needs_review=found.needs_review)
        ended = {"status": Status.COMPLETED.value, "ended_at": found.made_at}
        named = {"prediction": found.id, "policy_version": found.policy_version}
        connection.execute(documents.update().where(this).values(**ended, **named, **columns))
    of_document = sa.select(answers).where(answers.c.document == id)
    answer = connection.execute(of_document.order_by(answers.c.number.desc()).limit(1)).one_or_none()
    if answer is not None and answer.answer != WITHDRAWN:
        connection.execute(documents.update().where(this).values(**after_answer(answer.answer, answer.at)))
