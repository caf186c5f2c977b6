"""Select documents with their prediction, and filter them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from sake_ray.domain.documents import SET_ASIDE, Document, ReadingSummary, Status
from sake_ray.domain.page_ranges import PageRange
from sake_ray.domain.parts import ProposedPart, SplitMode
from sake_ray.domain.texts import Recipe
from sake_ray.domain.verdicts import Prediction, Verdict
from sake_ray.errors import Message
from sake_ray.storage.records.list_order import ListOrder
from sake_ray.storage.records.tables import documents, predictions

# Columns of two tables in one row.
DOCUMENT = sa.select(
    documents,
    predictions.c.label,
    predictions.c.confidence,
    predictions.c.probabilities,
    predictions.c.remark,
    predictions.c.scant,
    predictions.c.several,
    predictions.c.parts,
    predictions.c.model_version,
    predictions.c.model_hash,
    predictions.c.policy_version,
).join(predictions, predictions.c.id == documents.c.prediction, isouter=True)

NEWEST_FIRST = ListOrder("documents", (documents.c.submitted_at, documents.c.batch, documents.c.position))
"""The order of lists of documents; an index begins with what they are filtered by and goes on like this."""


@dataclass(frozen=True, slots=True)
class DocumentFilter:
    """Which documents to list; a criterion that is None matches all. What is set aside is listed by its status only.

    `label` is the final label: the answer, else the prediction. `needs_review` excludes documents with an answer.
    """

    team: str | None = None
    status: Status | None = None
    label: str | None = None
    needs_review: bool | None = None
    reference: str | None = None
    owner: str | None = None
    language: str | None = None
    since: datetime | None = None
    until: datetime | None = None


def apply_filter(query: sa.Select[Any], criteria: DocumentFilter) -> sa.Select[Any]:
    """Filter a query of documents by their own columns; there is an index for each criterion."""
    for column, value in (
        (documents.c.team, criteria.team),
        (documents.c.reference, criteria.reference),
        (documents.c.owner, criteria.owner),
        (documents.c.status, criteria.status and criteria.status.value),
        (documents.c.language, criteria.language),
        (documents.c.final_label, criteria.label),
        # As a number, since SQLite has no other; it is NULL until a document is classified.
        (documents.c.awaits_review, criteria.needs_review),
    ):
        if value is not None:
            query = query.where(column == value)
    if criteria.status is None:
        query = query.where(is_counted())
    if criteria.since is not None:
        query = query.where(documents.c.submitted_at >= criteria.since)
    if criteria.until is not None:
        query = query.where(documents.c.submitted_at <= criteria.until)
    return query


def is_counted() -> sa.ColumnElement[bool]:
    """Whether a document is not set aside; whoever lists or counts documents asks for this."""
    return documents.c.status.not_in(sorted(status.value for status in SET_ASIDE))


def fetch_documents(connection: sa.Connection, ids: Sequence[str]) -> tuple[Document, ...]:
    """Fetch the documents of these ids, in their order."""
    rows = {row.id: to_document(row) for row in connection.execute(DOCUMENT.where(documents.c.id.in_(ids)))}
    return tuple(rows[id] for id in ids)


def to_document(row: sa.Row[Any]) -> Document:
    """Convert a row of DOCUMENT."""
    reading = None
    if row.recipe is not None:
        notes = tuple(map(Message.from_json, row.notes or ()))
        reading = ReadingSummary(row.pages, row.language, row.ocr_confidence, Recipe(**row.recipe), notes, row.words)
    prediction = None
    if row.prediction is not None:
        verdict = Verdict(
            row.label,
            row.confidence,
            row.probabilities,
            row.needs_review,
            Message.restore(row.remark),
            row.scant,
            row.several,
            tuple(map(ProposedPart.from_json, row.parts or ())),
        )
        prediction = Prediction(verdict, row.model_version, row.model_hash, row.policy_version)
    return Document(
        id=row.id,
        batch=row.batch,
        reference=row.reference,
        team=row.team,
        name=row.name,
        media_type=row.media_type,
        size=row.size,
        sha256=row.sha256,
        original=row.original,
        submitted_at=row.submitted_at,
        status=Status(row.status),
        attempt=row.attempt,
        pages=row.pages,
        pages_done=row.pages_done,
        error=Message.restore(row.error, row.error_code, row.error_params),
        ended_at=row.ended_at,
        reading=reading,
        prediction=prediction,
        answer=row.answer,
        split=SplitMode(row.split),
        parent=row.parent,
        page_range=PageRange(row.first_page, row.last_page) if row.first_page else None,
        binned_at=row.binned_at,
        trace_id=row.trace_id,
    )
