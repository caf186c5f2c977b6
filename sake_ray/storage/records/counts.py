"""Count the documents without looking at them: the database itself notes every change, in rows that are added up.

Triggers append -1 for what a document was and +1 for what it is, in the transaction that changes it. Nobody waits for a row
that another adds, and there is no order of locks to keep. `fold` adds the rows up from time to time.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from sake_ray.domain.documents import Status
from sake_ray.storage.records.conflicts import repeatable
from sake_ray.storage.records.database import Database
from sake_ray.storage.records.tables import document_counts, documents

FOLDED_FROM = 200
"""So many rows are read as quickly as one."""


@dataclass(frozen=True, slots=True)
class DocumentCount:
    """How many documents have this status, final label ("" for none) and an answer or none."""

    status: Status
    label: str
    answered: bool
    documents: int


class Counts:
    """The numbers of documents."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def list(self) -> tuple[DocumentCount, ...]:
        """List the numbers that are not 0."""
        with self.database.transaction(reads_only=True) as connection:
            return read_counts(connection)

    @repeatable
    def fold(self) -> None:
        """Add the rows up where there are many."""
        some = sa.select(sa.literal(1)).select_from(document_counts).limit(FOLDED_FROM).subquery()
        with self.database.transaction(reads_only=True) as connection:
            if connection.execute(sa.select(sa.func.count()).select_from(some)).scalar_one() < FOLDED_FROM:
                return
        with self.database.transaction() as connection:
            # What others add meanwhile stays; of two that fold, the second finds nothing left.
            rows = connection.execute(document_counts.delete().returning(*document_counts.c)).all()
            sums: dict[tuple[str, str, bool], int] = {}
            for status, label, answered, number in rows:
                sums[status, label, answered] = sums.get((status, label, answered), 0) + number
            _insert(connection, sums)

    def find_differences(self) -> tuple[str, ...]:
        """Count all documents, and name those statuses and labels of which there are more or fewer than the numbers say."""
        columns = document_counts.c.status, document_counts.c.label, document_counts.c.answered
        noted = sa.select(*columns, document_counts.c.documents.label("noted"), sa.literal(0).label("there"))
        # In one statement, which sees both at one moment.
        both = sa.union_all(noted, sa.select(*KEY, sa.literal(0), sa.func.count()).group_by(*KEY)).subquery()
        sums = sa.func.sum(both.c.noted), sa.func.sum(both.c.there)
        query = sa.select(both.c.status, both.c.label, *sums).group_by(both.c.status, both.c.label, both.c.answered)
        with self.database.transaction(reads_only=True) as connection:
            return tuple(
                f"{status} {label}".strip() + f" {int(counted)}/{int(number)}"
                for status, label, counted, number in connection.execute(query.having(sums[0] != sums[1]))
            )


def read_counts(connection: sa.Connection) -> tuple[DocumentCount, ...]:
    """Add up the rows in the caller's transaction."""
    columns = document_counts.c.status, document_counts.c.label, document_counts.c.answered
    number = sa.func.sum(document_counts.c.documents)
    query = sa.select(*columns, number).group_by(*columns).having(number != 0).order_by(*columns)
    return tuple(
        DocumentCount(Status(status), label, bool(answered), int(count))
        for status, label, answered, count in connection.execute(query)
    )


def count_by_status(counts: Sequence[DocumentCount]) -> dict[Status, int]:
    """The number of documents of each status."""
    return {status: sum(one.documents for one in counts if one.status is status) for status in Status}


def count_open(counts: Sequence[DocumentCount]) -> int:
    """The number of documents that are classified and have no answer."""
    return sum(one.documents for one in counts if one.status is Status.COMPLETED and not one.answered)


def _insert(connection: sa.Connection, sums: dict[tuple[str, str, bool], int]) -> None:
    rows = [
        {"status": status, "label": label, "answered": answered, "documents": number}
        for (status, label, answered), number in sums.items()
        if number
    ]
    if rows:
        connection.execute(document_counts.insert(), rows)


KEY = (documents.c.status, sa.func.coalesce(documents.c.final_label, ""), documents.c.answer.is_not(None))
