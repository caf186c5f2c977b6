"""The columns of a document that repeat what its batch, prediction and answer say, so that one index finds them.

Whoever changes a prediction or an answer writes them in the same transaction; `sake check` compares them.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from sake_ray.domain.answers import NONE_OF_THESE, UNREADABLE, WITHDRAWN
from sake_ray.domain.verdicts import OTHER
from sake_ray.storage.records.tables import answers, batches, documents, predictions

_UNANSWERED = documents.c.answer.is_(None)
_OF_PREDICTION = sa.select(predictions.c.label).where(predictions.c.id == documents.c.prediction).scalar_subquery()


def after_prediction(label: str | None, *, needs_review: bool) -> dict[str, Any]:
    """The columns of a document that gets this prediction; an answer that there is already goes on to count."""
    predicted = sa.literal(label, sa.Text)
    return {
        "needs_review": needs_review,
        "awaits_review": sa.case((_UNANSWERED, sa.literal(needs_review)), else_=sa.false()),
        "final_label": sa.case((_UNANSWERED, predicted), else_=documents.c.final_label),
        "corrected": sa.case(
            (documents.c.answered_at.is_not(None), documents.c.final_label.is_distinct_from(predicted))
        ),
    }


def after_answer(answer: str, at: datetime) -> dict[str, Any]:
    """The columns of a document that gets this answer, with the answer; without one the prediction counts again."""
    if answer == WITHDRAWN:
        again = {"awaits_review": documents.c.needs_review, "final_label": _OF_PREDICTION}
        return {"answer": None, "answered_at": None, "corrected": None, **again}
    final = {NONE_OF_THESE: OTHER, UNREADABLE: None}.get(answer, answer)
    differs = _OF_PREDICTION.is_distinct_from(sa.literal(final, sa.Text))
    rated = answer != UNREADABLE
    return {
        "answer": answer,
        "awaits_review": sa.case((documents.c.needs_review.is_not(None), sa.false())),
        "final_label": final,
        "answered_at": at if rated else None,
        "corrected": sa.case((documents.c.prediction.is_not(None), differs)) if rated else None,
    }


def list_differing(expected: Mapping[str, sa.ColumnElement[Any]]) -> list[sa.ColumnElement[Any]]:
    """For each column its name where it says something else than expected, else NULL."""
    return [
        sa.case((documents.c[name].is_distinct_from(value), name)).label(f"differs_{name}")
        for name, value in expected.items()
    ]


_FINAL = sa.case(
    (_UNANSWERED, predictions.c.label),
    (documents.c.answer == NONE_OF_THESE, OTHER),
    (documents.c.answer == UNREADABLE, sa.null()),
    else_=documents.c.answer,
)
_NEWEST_ANSWER = (
    sa.select(answers.c.at)
    .where(answers.c.document == documents.c.id)
    .order_by(answers.c.number.desc())
    .limit(1)
    .correlate(documents)
    .scalar_subquery()
)
_RATED = ~_UNANSWERED & (documents.c.answer != UNREADABLE)

EXPECTED: Mapping[str, sa.ColumnElement[Any]] = {
    "team": batches.c.team,
    "owner": batches.c.owner,
    "reference": batches.c.reference,
    "needs_review": predictions.c.needs_review,
    "awaits_review": sa.case((_UNANSWERED | predictions.c.id.is_(None), predictions.c.needs_review), else_=sa.false()),
    "final_label": _FINAL,
    "answered_at": sa.case((_RATED, _NEWEST_ANSWER)),
    "corrected": sa.case((_RATED & predictions.c.id.is_not(None), _FINAL.is_distinct_from(predictions.c.label))),
}
"""What each column must say, where a document is joined with its batch and its prediction."""
