"""Store the log of promotions. Each is recorded before anything changes, so that it can be finished after a kill."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from sake_ray.domain.audit import AuditAction
from sake_ray.domain.listing import Listing
from sake_ray.domain.promotions import DONE, ComparisonOutcome, Promotion
from sake_ray.storage.records.announcements import announce_promotion
from sake_ray.storage.records.audit import append_entry
from sake_ray.storage.records.conflicts import repeatable
from sake_ray.storage.records.database import Database
from sake_ray.storage.records.list_order import ListOrder
from sake_ray.storage.records.tables import promotions

NEWEST_FIRST = ListOrder("promotions", (promotions.c.number,))
NEWEST = sa.func.max(promotions.c.number)


class Promotions:
    """Which model version was promoted, by whom."""

    def __init__(self, database: Database) -> None:
        self.database = database

    @repeatable
    def start(
        self,
        version: int,
        *,
        before: int | None,
        by: str,
        why: str,
        now: datetime,
        standing: ComparisonOutcome | None = None,
        forced: bool = False,
        after: int | None = None,
        action: AuditAction = AuditAction.MODEL_PROMOTED,
    ) -> int | None:
        """Record a promotion that is about to happen; return its number for `finish`.

        `after` is the number of the newest promotion when the decision was made, 0 without any. None is returned, and nothing
        recorded, when another came between.
        """
        row = {"version": version, "before": before, "by": by, "why": why, "at": now}
        row |= {"standing": standing.value if standing else None, "forced": forced}
        with self.database.transaction() as connection:
            if not self.database.is_sqlite:  # which has one writer at a time anyway
                connection.execute(sa.text("LOCK TABLE promotions IN SHARE ROW EXCLUSIVE MODE"))
            if after is not None and after != (connection.execute(sa.select(NEWEST)).scalar_one() or 0):
                return None
            insert = promotions.insert().values(**row).returning(promotions.c.number)
            number = int(connection.execute(insert).scalar_one())
            append_entry(connection, action, by=by, at=now, subject=f"model:{version}", before=before, forced=forced)
        return number

    def find_newest_number(self) -> int:
        """Find the number of the newest promotion; 0 without any."""
        with self.database.transaction(reads_only=True) as connection:
            return int(connection.execute(sa.select(NEWEST)).scalar_one() or 0)

    @repeatable
    def finish(self, number: int, outcome: str) -> None:
        """Record the outcome, once: what another has finished meanwhile stays. That the version serves is announced."""
        open_one = promotions.update().where(promotions.c.number == number, promotions.c.outcome.is_(None))
        ended = open_one.values(outcome=outcome).returning(promotions.c.version)
        with self.database.transaction() as connection:
            version = connection.execute(ended).scalar_one_or_none()
            if version is not None and outcome == DONE:
                announce_promotion(connection, version)

    def list(self, *, after: str | None = None, limit: int = 100) -> Listing[Promotion]:
        """List the promotions, newest first; raises InputError for a cursor of another list."""
        with self.database.transaction(reads_only=True) as connection:
            page = NEWEST_FIRST.list_rows(connection, sa.select(promotions), after=after, limit=limit)
        return page.map(_promotion)


def _promotion(row: sa.Row[Any]) -> Promotion:
    standing = ComparisonOutcome(row.standing) if row.standing else None
    return Promotion(row.number, row.version, row.before, row.by, row.why, row.at, row.outcome, standing, row.forced)
