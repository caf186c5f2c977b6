"""Look at a candidate's file as a whole: what all batches of a reference come to."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from sake_ray.domain.documents import Status
from sake_ray.storage.records.database import Database
from sake_ray.storage.records.documents import COUNTED, TO_CHECK
from sake_ray.storage.records.tables import batches, documents, predictions, required_labels

ENDED = [Status.COMPLETED.value, Status.FAILED.value]


@dataclass(frozen=True, slots=True)
class LabelShare:
    """So many documents of a reference that count as `label`, alike in whether they have ended and are to be checked."""

    team: str
    label: str | None
    ended: bool
    to_check: bool
    documents: int


@dataclass(frozen=True, slots=True)
class RequiredLabels:
    """The labels a candidate's file must have, by whom and when they were set."""

    labels: tuple[str, ...]
    by: str
    at: datetime


class References:
    """References, and what they must have."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def shares(self, reference: str, *, team: str | None) -> tuple[LabelShare, ...]:
        """What the documents of a reference come to, in one team or all."""
        ended = sa.case((documents.c.status.in_(ENDED), 1), else_=0).label("ended")
        to_check = sa.case((TO_CHECK, 1), else_=0).label("to_check")
        query = (
            sa.select(batches.c.team, COUNTED.label("label"), ended, to_check, sa.func.count().label("documents"))
            .join(documents, documents.c.batch == batches.c.uuid)
            .join(predictions, predictions.c.id == documents.c.prediction, isouter=True)
            .where(batches.c.reference == reference)
            .group_by(batches.c.team, sa.text("2"), sa.text("3"), sa.text("4"))
        )
        if team is not None:
            query = query.where(batches.c.team == team)
        with self.database.transaction(reads_only=True) as connection:
            return tuple(
                LabelShare(row.team, row.label, bool(row.ended), bool(row.to_check), row.documents)
                for row in connection.execute(query)
            )

    def required(self) -> RequiredLabels | None:
        """The labels that are required; None as long as nobody has set them."""
        newest = sa.select(required_labels).order_by(required_labels.c.number.desc()).limit(1)
        with self.database.transaction(reads_only=True) as connection:
            row = connection.execute(newest).one_or_none()
        return RequiredLabels(tuple(row.labels), row.by, row.at) if row else None

    def require(self, required: RequiredLabels) -> None:
        """Set what is required from now on; what was set before stays in the log."""
        row = {"labels": list(required.labels), "by": required.by, "at": required.at}
        with self.database.transaction() as connection:
            connection.execute(required_labels.insert().values(**row))
