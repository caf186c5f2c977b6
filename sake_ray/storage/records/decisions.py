"""Store what admins decided where the answers of people contradict each other."""

import sqlalchemy as sa

from sake_ray.domain.audit import AuditAction
from sake_ray.domain.feedback import Decision
from sake_ray.storage.records.audit import append_entry
from sake_ray.storage.records.conflicts import repeatable
from sake_ray.storage.records.database import Database
from sake_ray.storage.records.idempotency import PendingReply, save_reply
from sake_ray.storage.records.tables import decisions


class Decisions:
    """Decisions by the bytes they are about: append-only, the newest counts."""

    def __init__(self, database: Database) -> None:
        self.database = database

    @repeatable
    def add(self, decision: Decision, *, reply: PendingReply[Decision] | None = None) -> None:
        """Add a decision, and store the reply to the request for it."""
        row = {name: getattr(decision, name) for name in Decision.__dataclass_fields__}
        with self.database.transaction() as connection:
            save_reply(connection, reply, decision)
            connection.execute(decisions.insert().values(**row))
            subject, chosen = f"document:{decision.document}", decision.decision
            append_entry(
                connection, AuditAction.DECIDED, by=decision.by, at=decision.at, subject=subject, decision=chosen
            )

    def find_newest(self) -> dict[str, Decision]:
        """Find the newest decision for each sha256."""
        query = sa.select(decisions).order_by(decisions.c.number)
        with self.database.transaction(reads_only=True) as connection:
            return {
                row.sha256: Decision(row.sha256, row.document, row.decision, row.votes, row.by, row.at)
                for row in connection.execute(query)
            }
