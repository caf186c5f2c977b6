"""Summarize a candidate's file: the documents of all batches of a reference."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from sake_ray.domain.audit import AuditAction
from sake_ray.domain.documents import ENDED, Status
from sake_ray.storage.records.audit import append_entry
from sake_ray.storage.records.conflicts import repeatable
from sake_ray.storage.records.database import Database
from sake_ray.storage.records.document_query import is_counted
from sake_ray.storage.records.tables import documents, required_labels


@dataclass(frozen=True, slots=True)
class LabelShare:
    """How many documents of a reference have this label, and have ended or not, need ops or not, and need review or not."""

    team: str
    label: str | None
    ended: bool
    to_check: bool
    documents: int
    needs_ops: bool = False


@dataclass(frozen=True, slots=True)
class RequiredLabels:
    """The labels a candidate's file must have, by whom and when they were set."""

    labels: tuple[str, ...]
    by: str
    at: datetime


class References:
    """References and the labels required of them."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def count_labels(self, reference: str, *, team: str | None) -> tuple[LabelShare, ...]:
        """Count the documents of a reference by label and state, in one team or all."""
        ended = sa.case((documents.c.status.in_([status.value for status in ENDED]), 1), else_=0).label("ended")
        needs_ops = sa.case((documents.c.status == Status.NEEDS_OPS.value, 1), else_=0).label("needs_ops")
        to_check = sa.case((documents.c.awaits_review, 1), else_=0).label("to_check")
        # As an expression: otherwise SQLite goes over all of the team in the order of an index of labels.
        label = sa.func.nullif(documents.c.final_label, "").label("label")
        query = (
            sa.select(documents.c.team, label, ended, needs_ops, to_check)
            .add_columns(sa.func.count().label("documents"))
            .where(documents.c.reference == reference, is_counted())
            .group_by(documents.c.team, sa.text("2"), sa.text("3"), sa.text("4"), sa.text("5"))
        )
        if team is not None:
            query = query.where(documents.c.team == team)
        with self.database.transaction(reads_only=True) as connection:
            return tuple(
                LabelShare(
                    *(row.team, row.label, bool(row.ended), bool(row.to_check), row.documents), bool(row.needs_ops)
                )
                for row in connection.execute(query)
            )

    def find_required(self) -> RequiredLabels | None:
        """Find the required labels; None before anybody has set them."""
        newest = sa.select(required_labels).order_by(required_labels.c.number.desc()).limit(1)
        with self.database.transaction(reads_only=True) as connection:
            row = connection.execute(newest).one_or_none()
        return RequiredLabels(tuple(row.labels), row.by, row.at) if row else None

    @repeatable
    def set_required(self, required: RequiredLabels) -> None:
        """Set the required labels; earlier ones stay in the table."""
        row = {"labels": list(required.labels), "by": required.by, "at": required.at}
        with self.database.transaction() as connection:
            connection.execute(required_labels.insert().values(**row))
            labels = ", ".join(required.labels)
            append_entry(connection, AuditAction.REQUIRED_LABELS_CHANGED, by=required.by, at=required.at, labels=labels)
