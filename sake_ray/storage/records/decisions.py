"""Keep what admins decided where answers of people cannot simply be taken."""

import sqlalchemy as sa

from sake_ray.domain.feedback import Decision
from sake_ray.storage.records.database import Database
from sake_ray.storage.records.tables import decisions


class Decisions:
    """Decisions by the bytes they are about; nothing is overwritten, the newest counts."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def add(self, decision: Decision) -> None:
        """Keep one more decision."""
        row = {name: getattr(decision, name) for name in Decision.__dataclass_fields__}
        with self.database.transaction() as connection:
            connection.execute(decisions.insert().values(**row))

    def newest(self) -> dict[str, Decision]:
        """The newest decision for each sha256."""
        query = sa.select(decisions).order_by(decisions.c.number)
        with self.database.transaction(reads_only=True) as connection:
            return {
                row.sha256: Decision(row.sha256, row.document, row.decision, row.votes, row.by, row.at)
                for row in connection.execute(query)
            }
