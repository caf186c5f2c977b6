"""Store how long documents are kept, and find those that are old."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from sake_ray.domain.audit import AuditAction
from sake_ray.domain.documents import Status
from sake_ray.domain.retention import OldDocument, RetentionRule, Rules
from sake_ray.storage.records.audit import append_entry
from sake_ray.storage.records.conflicts import repeatable
from sake_ray.storage.records.database import Database
from sake_ray.storage.records.tables import documents, retention_rules

Position = tuple[datetime, str, int]
"""Where a round is: what lists of documents are ordered by."""
ORDER = (documents.c.submitted_at, documents.c.batch, documents.c.position)
FACTS = ("id", "parent", "team", "submitted_at", "status", "final_label", "awaits_review")


class Retention:
    """The rules of how long documents are kept; earlier ones stay in the table."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def find_rules(self) -> Rules:
        """Find the newest rule of each team and label."""
        query = sa.select(retention_rules).order_by(retention_rules.c.number)
        with self.database.transaction(reads_only=True) as connection:
            rows = connection.execute(query).all()
        found = {(row.team, row.label): row for row in rows}
        return {key: _to_rule(row) for key, row in found.items() if not row.withdrawn}

    @repeatable
    def set_rule(self, rule: RetentionRule, *, withdrawn: bool = False) -> None:
        """Set a rule; one that is withdrawn counts no more."""
        row = {name: getattr(rule, name) for name in RetentionRule.__dataclass_fields__} | {"withdrawn": withdrawn}
        with self.database.transaction() as connection:
            connection.execute(retention_rules.insert().values(**row))
            append_entry(
                connection,
                AuditAction.RETENTION_CHANGED,
                by=rule.by,
                at=rule.at,
                team=rule.team,
                label=rule.label,
                months=rule.months,
                with_waiting=rule.with_waiting,
                withdrawn=withdrawn,
            )

    def list_old(
        self, *, before: datetime, after: Position | None, limit: int
    ) -> tuple[tuple[OldDocument, ...], Position | None]:
        """List some documents handed in before a moment, oldest first, after a position; and the position of the last.

        Files that were split stand for their parts.
        """
        query = sa.select(documents.c.id, *ORDER).where(documents.c.submitted_at < before, documents.c.parent.is_(None))
        if after is not None:
            query = query.where(
                sa.tuple_(*ORDER) > sa.tuple_(*(sa.literal(v, c.type) for v, c in zip(after, ORDER, strict=True)))
            )
        with self.database.transaction(reads_only=True) as connection:
            rows = connection.execute(query.order_by(*ORDER).limit(limit)).all()
            found = read_old(connection, [row.id for row in rows])
        last = (rows[-1].submitted_at, rows[-1].batch, rows[-1].position) if rows else None
        return found, last

    def find_oldest(self) -> datetime | None:
        """Find when the oldest document was handed in; None without any."""
        query = sa.select(documents.c.submitted_at).order_by(*ORDER).limit(1)
        with self.database.transaction(reads_only=True) as connection:
            found: datetime | None = connection.execute(query).scalar()
        return found


def read_old(connection: sa.Connection, roots: Sequence[str]) -> tuple[OldDocument, ...]:
    """Read what is to be known of documents and their parts, in the caller's transaction."""
    columns = [documents.c[name] for name in FACTS]
    query = sa.select(*columns).where(documents.c.id.in_(roots) | documents.c.parent.in_(roots))
    families: dict[str, list[sa.Row[Any]]] = defaultdict(list)
    for row in connection.execute(query):
        families[row.parent or row.id].append(row)
    return tuple(_to_old(id, families[id]) for id in roots if id in families)


def _to_old(id: str, family: Sequence[sa.Row[Any]]) -> OldDocument:
    root = next(row for row in family if row.id == id)
    return OldDocument(
        id,
        root.team,
        root.submitted_at,
        frozenset(row.final_label for row in family if row.final_label),
        any(row.awaits_review for row in family),
        frozenset(Status(row.status) for row in family),
    )


def _to_rule(row: sa.Row[Any]) -> RetentionRule:
    return RetentionRule(row.team, row.label, row.months, row.with_waiting, row.by, row.at)
