"""Store what people say of documents: append-only, the newest answer counts."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from sake_ray.domain.answers import WITHDRAWN, Answer
from sake_ray.domain.audit import AuditAction
from sake_ray.domain.documents import Status
from sake_ray.domain.feedback import FeedbackAnswer
from sake_ray.domain.texts import Recipe
from sake_ray.errors import NotFound
from sake_ray.storage.records.audit import append_entry
from sake_ray.storage.records.conflicts import repeatable
from sake_ray.storage.records.database import Database
from sake_ray.storage.records.idempotency import PendingReply, save_reply
from sake_ray.storage.records.locks import lock_rows
from sake_ray.storage.records.tables import answers, batches, documents

CHUNK_SIZE = 500


class Answers:
    """The answers of people to documents."""

    def __init__(self, database: Database) -> None:
        self.database = database

    @repeatable
    def add(self, answer: Answer, *, reply: PendingReply[Answer] | None = None) -> None:
        """Add an answer, and store the reply to the request for it; raises NotFound for an unknown document."""
        with self.database.transaction() as connection:
            save_reply(connection, reply, answer)
            change = (
                documents.update()
                .where(documents.c.id == answer.document)
                .values(answer=None if answer.answer == WITHDRAWN else answer.answer)
                .returning(documents.c.batch)
            )
            batch = connection.execute(change).scalar_one_or_none()
            if batch is None:
                raise NotFound("document-not-found", document=answer.document)
            connection.execute(
                answers.insert().values(document=answer.document, answer=answer.answer, by=answer.by, at=answer.at)
            )
            connection.execute(batches.update().where(batches.c.uuid == batch).values(changes=batches.c.changes + 1))
            subject = f"document:{answer.document}"
            append_entry(
                connection, AuditAction.ANSWERED, by=answer.by, at=answer.at, subject=subject, answer=answer.answer
            )

    def list_of_batch(self, uuid: str) -> tuple[Answer, ...]:
        """List the answers given for the documents of a batch, oldest first."""
        query = (
            sa.select(answers)
            .join(documents, documents.c.id == answers.c.document)
            .where(documents.c.batch == uuid)
            .order_by(answers.c.number)
        )
        with self.database.transaction(reads_only=True) as connection:
            return tuple(Answer(row.document, row.answer, row.by, row.at) for row in connection.execute(query))

    def list(self) -> tuple[FeedbackAnswer, ...]:
        """List all answers with their documents, oldest first, withdrawn ones too."""
        facts = [documents.c[name] for name in ("name", "sha256", "original", "status", "recipe")]
        query = sa.select(answers, *facts).join(documents, documents.c.id == answers.c.document)
        with self.database.transaction(reads_only=True) as connection:
            return tuple(map(_feedback_answer, connection.execute(query.order_by(answers.c.number))))

    @repeatable
    def mark_imported(self, numbers: Sequence[int], *, now: datetime) -> None:
        """Mark answers, by their numbers, as used for training from now on; those marked before stay as they are."""
        ordered = sorted(numbers)
        with self.database.transaction() as connection:
            for start in range(0, len(ordered), CHUNK_SIZE):
                chunk = answers.c.number.in_(ordered[start : start + CHUNK_SIZE])
                lock_rows(connection, answers, chunk)
                change = answers.update().where(chunk, answers.c.imported_at.is_(None)).values(imported_at=now)
                connection.execute(change)

    def count_imported(self) -> int:
        """Count the answers that an import has used."""
        query = sa.select(sa.func.count()).where(answers.c.imported_at.is_not(None))
        with self.database.transaction(reads_only=True) as connection:
            return int(connection.execute(query).scalar_one())


def _feedback_answer(row: sa.Row[Any]) -> FeedbackAnswer:
    recipe = Recipe(**row.recipe) if row.recipe is not None else None
    answer = Answer(row.document, row.answer, row.by, row.at)
    return FeedbackAnswer(row.number, answer, row.name, row.sha256, row.original, Status(row.status), recipe)
