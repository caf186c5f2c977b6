"""Keep the policies, so that a prediction can name the thresholds it was made under."""

from dataclasses import replace
from datetime import datetime

import sqlalchemy as sa

from sake_ray.domain import Policy
from sake_ray.storage.records.database import Database
from sake_ray.storage.records.tables import policies


class Policies:
    """Versions of the policy; the newest counts."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def settle(self, wanted: Policy, *, now: datetime) -> Policy:
        """Make these thresholds the newest policy, as a new version if they differ; return it."""
        newest = sa.select(policies).order_by(policies.c.version.desc()).limit(1)
        with self.database.transaction() as connection:
            if not self.database.is_sqlite:  # which has one writer at a time anyway
                connection.execute(sa.text("LOCK TABLE policies IN SHARE ROW EXCLUSIVE MODE"))
            row = connection.execute(newest).one_or_none()
            if row and (row.threshold, row.min_tokens) == (wanted.threshold, wanted.min_tokens):
                return Policy(row.version, row.threshold, row.min_tokens)
            settled = replace(wanted, version=row.version + 1 if row else 1)
            connection.execute(
                policies.insert().values(
                    version=settled.version,
                    threshold=settled.threshold,
                    min_tokens=settled.min_tokens,
                    created_at=now,
                )
            )
        return settled
