"""Store what people say of documents: append-only, the newest answer counts."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from sake_ray.domain.answers import WITHDRAWN, Answer
from sake_ray.domain.audit import AuditAction
from sake_ray.domain.documents import Status
from sake_ray.domain.feedback import FeedbackAnswer
from sake_ray.domain.texts import Recipe
from sake_ray.errors import InputError, NotFound
from sake_ray.storage.records.announcements import announce_reviews
from sake_ray.storage.records.audit import append_entry
from sake_ray.storage.records.conflicts import repeatable
from sake_ray.storage.records.database import Database
from sake_ray.storage.records.derived_columns import after_answer
from sake_ray.storage.records.document_query import is_counted
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
        """Add an answer, and store the reply to the request for it.

        Raises NotFound for an unknown document, InputError for one that is set aside.
        """
        with self.database.transaction() as connection:
            save_reply(connection, reply, answer)
            withdrawn, awaited = answer.answer == WITHDRAWN, False
            if withdrawn:
                same = sa.select(documents.c.awaits_review).where(documents.c.id == answer.document).with_for_update()
                awaited = bool(connection.execute(same).scalar_one_or_none())
            change = (
                documents.update()
                .where(documents.c.id == answer.document, is_counted())
                .values(**after_answer(answer.answer, answer.at))
                .returning(documents.c.batch)
            )
            batch = connection.execute(change).scalar_one_or_none()
            if batch is None:
                known = sa.select(documents.c.id).where(documents.c.id == answer.document)
                if connection.execute(known).first():
                    raise InputError("document-set-aside", document=answer.document)
                raise NotFound("document-not-found", document=answer.document)
            connection.execute(
                answers.insert().values(document=answer.document, answer=answer.answer, by=answer.by, at=answer.at)
            )
            if withdrawn and not awaited:
                announce_reviews(connection, [answer.document])
            connection.execute(batches.update().where(batches.c.uuid == batch).values(changes=batches.c.changes + 1))
            subject = f"document:{answer.document}"
            append_entry(
                connection, AuditAction.ANSWERED, by=answer.by, at=answer.at, subject=subject, answer=answer.answer
            )

    def list_of_batch(self, uuid: str) -> tuple[Answer, ...]:
        """List the answers given for the documents of a batch that count, oldest first."""
        query = (
            sa.select(answers)
            .join(documents, documents.c.id == answers.c.document)
            .where(documents.c.batch == uuid, is_counted())
            .order_by(answers.c.number)
        )
        with self.database.transaction(reads_only=True) as connection:
            return tuple(Answer(row.document, row.answer, row.by, row.at) for row in connection.execute(query))

    def list_of_document(self, document: str) -> tuple[Answer, ...]:
        """List the answers given for a document, oldest first, withdrawals too."""
        query = sa.select(answers).where(answers.c.document == document).order_by(answers.c.number)
        with self.database.transaction(reads_only=True) as connection:
            return tuple(Answer(row.document, row.answer, row.by, row.at) for row in connection.execute(query))

    def iterate(self, *, same_as: str | None = None) -> Iterator[FeedbackAnswer]:
        """Go through the answers with their documents, oldest first, withdrawn ones too, without holding a transaction.

        With `same_as` those for documents with the same bytes as that one. Without those for parts of a file, whose bytes say
        more than the answer speaks of, and for what is set aside.
        """
        facts = [documents.c[name] for name in ("name", "sha256", "original", "status", "recipe")]
        query = sa.select(answers, *facts).join(documents, documents.c.id == answers.c.document)
        query = query.where(documents.c.parent.is_(None), is_counted())
        if same_as is not None:
            bytes_ = sa.select(documents.c.sha256).where(documents.c.id == same_as).scalar_subquery()
            query = query.where(documents.c.sha256 == bytes_)
        last = 0
        while True:
            some = query.where(answers.c.number > last).order_by(answers.c.number).limit(CHUNK_SIZE)
            with self.database.transaction(reads_only=True) as connection:
                chunk = tuple(map(_feedback_answer, connection.execute(some)))
            yield from chunk
            if len(chunk) < CHUNK_SIZE:
                return
            last = chunk[-1].number

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
