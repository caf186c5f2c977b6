"""Store the faults that the checks of the ledger found, and how far each check is."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from sake_ray.errors import Message
from sake_ray.storage.records.conflicts import repeatable
from sake_ray.storage.records.database import Database
from sake_ray.storage.records.locks import delete_unlocked, lock_rows
from sake_ray.storage.records.message_columns import to_columns, to_storable
from sake_ray.storage.records.tables import checks, faults

MAX_FAULTS = 10_000
"""Faults that are stored; more are of one cause."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that is not as the records say. The code of the message is its kind; `subject` is what it is about.

    `found_at` and `seen_at` say when it was first and last found; None for one that was just found.
    """

    subject: str
    message: Message
    found_at: datetime | None = None
    seen_at: datetime | None = None

    @property
    def kind(self) -> str:
        """The kind of the fault, a code of messages.toml."""
        return self.message.code


@dataclass(frozen=True, slots=True)
class CheckState:
    """How far a check is: where it goes on, the documents since `started_at`, when it last did something and was complete."""

    name: str
    started_at: datetime
    checked_at: datetime
    documents: int = 0
    position: Mapping[str, str] = field(default_factory=dict)
    completed_at: datetime | None = None


class Faults:
    """The faults that are known."""

    def __init__(self, database: Database) -> None:
        self.database = database

    @repeatable
    def replace(
        self, kinds: Collection[str], subjects: Collection[str], found: Sequence[Fault], *, now: datetime
    ) -> None:
        """Store what a check of these subjects found of these kinds; what it found no more is mended and goes away."""
        same = faults.c.kind.in_(kinds) & faults.c.subject.in_(list(map(to_storable, subjects)))
        with self.database.transaction(reads_only=True) as connection:
            known = {
                (row.kind, row.subject): row.found_at
                for row in connection.execute(sa.select(faults.c.kind, faults.c.subject, faults.c.found_at).where(same))
            }
        if not (known or found):
            return
        with self.database.transaction() as connection:
            lock_rows(connection, faults, same)
            connection.execute(faults.delete().where(same))
            stored = connection.execute(sa.select(sa.func.count()).select_from(faults)).scalar_one()
            rows = {(fault.kind, to_storable(fault.subject)): _to_row(fault, now) for fault in found}
            for (kind, subject), row in sorted(rows.items(), key=lambda pair: pair[0])[: max(0, MAX_FAULTS - stored)]:
                found_at = known.get((kind, subject), now)
                connection.execute(faults.insert().values(subject=subject, found_at=found_at, **row))

    @repeatable
    def drop(self, *, seen_before: datetime) -> None:
        """Drop the faults that a check of everything, begun at that time, has not seen any more."""
        with self.database.transaction() as connection:
            delete_unlocked(connection, faults, faults.c.seen_at < seen_before)

    def count(self) -> dict[str, int]:
        """Count the stored faults by kind."""
        query = sa.select(faults.c.kind, sa.func.count()).group_by(faults.c.kind)
        with self.database.transaction(reads_only=True) as connection:
            return {kind: int(count) for kind, count in connection.execute(query)}

    def list(
        self, *, kinds: Collection[str] | None = None, oldest_seen: bool = False, limit: int = 20
    ) -> tuple[Fault, ...]:
        """List stored faults, the newest first; with `oldest_seen` those first that were not looked at for longest."""
        order = (faults.c.seen_at,) if oldest_seen else (faults.c.found_at.desc(),)
        query = sa.select(faults).order_by(*order, faults.c.kind, faults.c.subject).limit(limit)
        if kinds is not None:
            query = query.where(faults.c.kind.in_(kinds))
        with self.database.transaction(reads_only=True) as connection:
            return tuple(
                Fault(row.subject, Message.restore(row.detail, row.kind, row.params), row.found_at, row.seen_at)
                for row in connection.execute(query)
            )

    def find_check(self, name: str) -> CheckState | None:
        """Find how far a check is; None before the first."""
        with self.database.transaction(reads_only=True) as connection:
            row = connection.execute(sa.select(checks).where(checks.c.name == name)).one_or_none()
        return CheckState(**row._mapping) if row else None

    @repeatable
    def save_check(self, state: CheckState) -> None:
        """Store how far a check is."""
        values = {name: getattr(state, name) for name in CheckState.__dataclass_fields__} | {
            "position": dict(state.position)
        }
        with self.database.transaction() as connection:
            connection.execute(checks.delete().where(checks.c.name == state.name))
            connection.execute(checks.insert().values(**values))


def _to_row(fault: Fault, now: datetime) -> dict[str, Any]:
    columns = to_columns(fault.message, "detail")
    return {
        "kind": fault.kind,
        "detail": columns["detail"],
        "params": columns["detail_params"] or {},
        "seen_at": now,
    }
