"""Keep what people say of documents; nothing is ever overwritten, the newest counts."""

import sqlalchemy as sa

from sake_ray.domain import WITHDRAWN, Answer
from sake_ray.errors import NotFound
from sake_ray.storage.records.database import Database
from sake_ray.storage.records.tables import answers, batches, documents


class Answers:
    """Answers by document."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def add(self, answer: Answer) -> None:
        """Keep one more answer; raises NotFound for an unknown document."""
        with self.database.transaction() as connection:
            change = (
                documents.update()
                .where(documents.c.id == answer.document)
                .values(answer=None if answer.answer == WITHDRAWN else answer.answer)
                .returning(documents.c.batch)
            )
            batch = connection.execute(change).scalar_one_or_none()
            if batch is None:
                raise NotFound(f"There is no document {answer.document!r}.")
            connection.execute(
                answers.insert().values(document=answer.document, answer=answer.answer, by=answer.by, at=answer.at)
            )
            connection.execute(batches.update().where(batches.c.uuid == batch).values(changes=batches.c.changes + 1))

    def of_batch(self, uuid: str) -> tuple[Answer, ...]:
        """Every answer given for the documents of a batch, oldest first."""
        query = (
            sa.select(answers)
            .join(documents, documents.c.id == answers.c.document)
            .where(documents.c.batch == uuid)
            .order_by(answers.c.number)
        )
        with self.database.transaction(reads_only=True) as connection:
            return tuple(Answer(row.document, row.answer, row.by, row.at) for row in connection.execute(query))
