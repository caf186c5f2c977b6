"""Keep batches and their documents, and find them again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from sake_ray.domain.answers import NONE_OF_THESE, UNREADABLE
from sake_ray.domain.documents import Batch, Document, ReadingSummary, Status
from sake_ray.domain.texts import Recipe
from sake_ray.domain.verdicts import OTHER, Prediction, Verdict
from sake_ray.errors import NotFound
from sake_ray.storage.records.database import Database
from sake_ray.storage.records.requests import settle
from sake_ray.storage.records.tables import batches, documents, predictions

Row = sa.Row[Any]

# Columns of three tables in one row: what two of them call alike is told apart by a prefix.
DOCUMENT = (
    sa.select(
        documents,
        batches.c.reference,
        batches.c.team,
        predictions.c.label,
        predictions.c.confidence,
        predictions.c.probabilities,
        predictions.c.needs_review,
        predictions.c.remark,
        predictions.c.scant,
        predictions.c.model_version,
        predictions.c.model_hash,
        predictions.c.policy_version,
    )
    .join(batches, batches.c.uuid == documents.c.batch)
    .join(predictions, predictions.c.id == documents.c.prediction, isouter=True)
)

COUNTED = sa.case(
    (documents.c.answer.is_(None), predictions.c.label),
    (documents.c.answer == NONE_OF_THESE, OTHER),
    (documents.c.answer == UNREADABLE, sa.null()),
    else_=documents.c.answer,
)
"""The label that counts: what a person said last, else the prediction."""
TO_CHECK = sa.func.coalesce(predictions.c.needs_review, sa.false()) & documents.c.answer.is_(None)
"""A person should look, and nobody has answered yet."""
NEWEST_FIRST = (documents.c.submitted_at.desc(), documents.c.batch, documents.c.position)


@dataclass(frozen=True, slots=True)
class DocumentFilter:
    """Which documents to list; None leaves a criterion out. `team` None means all teams.

    `label` is what counts: the answer, else the prediction. `needs_review` leaves out what a person has answered.
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


class Documents:
    """Batches of documents."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def accept(
        self,
        batch: Batch,
        accepted: Sequence[Document],
        *,
        request: tuple[str, str] | None = None,
        worker: str = "",
        answer: Mapping[str, Any] | None = None,
    ) -> None:
        """Commit new documents, and the batch if it is new, and the answer to the request (account, key) that brought them.

        When this returns they are accepted: neither a kill nor a power cut loses them.
        """
        with self.database.transaction() as connection:
            found = connection.execute(
                sa.select(batches.c.uuid).where(batches.c.uuid == batch.uuid).with_for_update()
            ).one_or_none()
            if found is None:
                connection.execute(
                    batches.insert().values(
                        uuid=batch.uuid,
                        reference=batch.reference,
                        team=batch.team,
                        owner=batch.owner,
                        submitted_at=batch.submitted_at,
                        changes=0,
                        exported=0,
                    )
                )
            last = connection.execute(
                sa.select(sa.func.max(documents.c.position)).where(documents.c.batch == batch.uuid)
            ).scalar()
            first = 0 if last is None else last + 1
            connection.execute(
                documents.insert(), [_new_row(document, first + index) for index, document in enumerate(accepted)]
            )
            if request and answer is not None:
                settle(connection, *request, worker=worker, answer=answer)

    def batch(self, uuid: str) -> Batch | None:
        """A batch without its documents, or None."""
        with self.database.transaction(reads_only=True) as connection:
            row = connection.execute(sa.select(batches).where(batches.c.uuid == uuid)).one_or_none()
        return _batch(row) if row else None

    def count(self, uuid: str) -> int:
        """How many documents a batch has."""
        query = sa.select(sa.func.count()).where(documents.c.batch == uuid)
        with self.database.transaction(reads_only=True) as connection:
            return int(connection.execute(query).scalar_one())

    def batches(
        self, name: str, *, team: str | None, limit: int = 100, offset: int = 0
    ) -> tuple[tuple[Batch, ...], int]:
        """The batches of that uuid or reference, newest first, with their documents; and how many there are in all."""
        named = sa.or_(batches.c.uuid == name, batches.c.reference == name)
        where = named if team is None else named & (batches.c.team == team)
        newest = sa.select(batches).where(where).order_by(batches.c.submitted_at.desc(), batches.c.uuid)
        with self.database.transaction(reads_only=True) as connection:
            total = connection.execute(sa.select(sa.func.count()).select_from(batches).where(where)).scalar_one()
            found = [_batch(row) for row in connection.execute(newest.limit(limit).offset(offset))]
            rows = connection.execute(
                DOCUMENT.where(documents.c.batch.in_([batch.uuid for batch in found])).order_by(documents.c.position)
            )
            inside: dict[str, list[Document]] = {batch.uuid: [] for batch in found}
            for row in rows:
                inside[row.batch].append(to_document(row))
        return tuple(_with(batch, inside[batch.uuid]) for batch in found), int(total)

    def get(self, document: str, *, team: str | None) -> Document:
        """One document; raises NotFound, also for one of another team."""
        with self.database.transaction(reads_only=True) as connection:
            row = connection.execute(DOCUMENT.where(documents.c.id == document)).one_or_none()
        if row is None or (team is not None and row.team != team):
            raise NotFound(f"There is no document {document!r}.")
        return to_document(row)

    def list(self, wanted: DocumentFilter, *, limit: int, offset: int = 0) -> tuple[tuple[Document, ...], int]:
        """The documents that fit, newest first; and how many there are in all."""
        query = narrow(sa.select(documents.c.id).select_from(documents), wanted)
        newest = query.order_by(*NEWEST_FIRST).limit(limit).offset(offset)
        with self.database.transaction(reads_only=True) as connection:
            total = connection.execute(query.with_only_columns(sa.func.count(documents.c.id))).scalar_one()
            found = fetch(connection, list(connection.execute(newest).scalars()))
        return found, int(total)

    def due_exports(self, *, limit: int = 20) -> tuple[tuple[str, int], ...]:
        """Batches whose exports are behind, each with the count of changes that the exports will then show."""
        query = sa.select(batches.c.uuid, batches.c.changes).where(batches.c.exported < batches.c.changes).limit(limit)
        with self.database.transaction(reads_only=True) as connection:
            return tuple((row.uuid, row.changes) for row in connection.execute(query))

    def exported(self, uuid: str, changes: int) -> None:
        """Note that the exports of a batch show this many changes."""
        with self.database.transaction() as connection:
            connection.execute(batches.update().where(batches.c.uuid == uuid).values(exported=changes))


def narrow(query: sa.Select[Any], wanted: DocumentFilter) -> sa.Select[Any]:
    """Let a query of documents find only what fits; the other tables are joined only where a criterion is theirs."""
    if any(criterion is not None for criterion in (wanted.team, wanted.reference, wanted.owner)):
        query = query.join(batches, batches.c.uuid == documents.c.batch)
    if wanted.label is not None or wanted.needs_review is not None:
        query = query.join(predictions, predictions.c.id == documents.c.prediction, isouter=True)
    for column, value in (
        (batches.c.team, wanted.team),
        (batches.c.reference, wanted.reference),
        (batches.c.owner, wanted.owner),
        (documents.c.status, wanted.status and wanted.status.value),
        (documents.c.language, wanted.language),
        (COUNTED, wanted.label),
    ):
        if value is not None:
            query = query.where(column == value)
    if wanted.needs_review is not None:
        query = query.where(TO_CHECK if wanted.needs_review else documents.c.prediction.is_not(None) & ~TO_CHECK)
    if wanted.since is not None:
        query = query.where(documents.c.submitted_at >= wanted.since)
    if wanted.until is not None:
        query = query.where(documents.c.submitted_at <= wanted.until)
    return query


def fetch(connection: sa.Connection, ids: Sequence[str]) -> tuple[Document, ...]:
    """The documents of these ids, in their order."""
    rows = {row.id: to_document(row) for row in connection.execute(DOCUMENT.where(documents.c.id.in_(ids)))}
    return tuple(rows[id] for id in ids)


def to_document(row: Row) -> Document:
    """Read a row of DOCUMENT."""
    reading = None
    if row.recipe is not None:
        reading = ReadingSummary(row.pages, row.language, row.ocr_confidence, Recipe(**row.recipe))
    prediction = None
    if row.prediction is not None:
        verdict = Verdict(row.label, row.confidence, row.probabilities, row.needs_review, row.remark, row.scant)
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
        error=row.error,
        ended_at=row.ended_at,
        reading=reading,
        prediction=prediction,
        answer=row.answer,
    )


def _new_row(document: Document, position: int) -> dict[str, Any]:
    return {
        "id": document.id,
        "batch": document.batch,
        "position": position,
        "name": document.name,
        "media_type": document.media_type,
        "size": document.size,
        "sha256": document.sha256,
        "original": document.original,
        "submitted_at": document.submitted_at,
        "status": Status.PENDING.value,
        "attempt": 0,
        "not_before": document.submitted_at,
        "pages_done": 0,
        "error": "",
    }


def _batch(row: Row) -> Batch:
    return Batch(row.uuid, row.reference, row.team, row.owner, row.submitted_at)


def _with(batch: Batch, inside: Sequence[Document]) -> Batch:
    return Batch(batch.uuid, batch.reference, batch.team, batch.owner, batch.submitted_at, tuple(inside))
