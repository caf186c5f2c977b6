"""Store the audit log: entries are appended and never changed, and each is chained to the one before."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from sake_ray.domain.audit import (
    NO_HASH,
    AuditAction,
    AuditEntry,
    AuditFault,
    AuditFaultKind,
    AuditHead,
    AuditReport,
    Detail,
)
from sake_ray.domain.listing import Listing
from sake_ray.domain.peers import current_peer
from sake_ray.domain.traces import find_trace_id
from sake_ray.storage.records.conflicts import repeatable
from sake_ray.storage.records.database import Database
from sake_ray.storage.records.list_order import ListOrder
from sake_ray.storage.records.tables import audit, audit_head

CHUNK = 1000
NEWEST_FIRST = ListOrder("audit", (audit.c.number,))


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """Which entries are wanted: of whom, what, to what, from when to when (excluded)."""

    by: str | None = None
    action: str | None = None
    subject: str | None = None
    since: datetime | None = None
    until: datetime | None = None


def append_entry(
    connection: sa.Connection,
    action: AuditAction,
    *,
    by: str,
    at: datetime | None = None,
    subject: str = "",
    **details: Detail,
) -> None:
    """Append an entry, in the transaction that does what it tells of; call this last in it. It names the trace in work.

    From here to the commit the head's row is locked, so that the chain is one on PostgreSQL too. As the last lock of every
    transaction it cannot deadlock, and it is held for no longer than a commit takes.
    """
    query = sa.select(audit_head).with_for_update()
    head = connection.execute(query).one()
    if trace_id := find_trace_id():
        details["trace_id"] = trace_id
    moment = (at or datetime.now(UTC)).astimezone(UTC)
    entry = AuditEntry(head.number + 1, moment, by, current_peer.get(), action.value, subject, details, "")
    entry = replace(entry, hash=entry.compute_hash(head.hash))
    row = {name: getattr(entry, name) for name in AuditEntry.__dataclass_fields__}
    connection.execute(audit.insert().values(**row))
    connection.execute(audit_head.update().values(number=entry.number, hash=entry.hash))


class Audit:
    """The audit log."""

    def __init__(self, database: Database) -> None:
        self.database = database

    @repeatable
    def add(
        self, action: AuditAction, *, by: str, at: datetime | None = None, subject: str = "", **details: Detail
    ) -> None:
        """Append an entry about something that the records do not do themselves."""
        with self.database.transaction() as connection:
            append_entry(connection, action, by=by, at=at, subject=subject, **details)

    def list(
        self, wanted: AuditFilter = AuditFilter(), *, after: str | None = None, limit: int = 100
    ) -> Listing[AuditEntry]:
        """List the entries that fit, newest first; raises InputError for a cursor of another list."""
        query = sa.select(audit).where(*_conditions(wanted))
        with self.database.transaction(reads_only=True) as connection:
            return NEWEST_FIRST.list_rows(connection, query, after=after, limit=limit).map(_entry)

    def list_newest(self, actions: Collection[AuditAction], *, limit: int) -> tuple[AuditEntry, ...]:
        """List the newest entries of some actions, newest first."""
        query = sa.select(audit).where(audit.c.action.in_(actions)).order_by(audit.c.number.desc()).limit(limit)
        with self.database.transaction(reads_only=True) as connection:
            return tuple(map(_entry, connection.execute(query)))

    def iterate(self, wanted: AuditFilter = AuditFilter()) -> Iterator[AuditEntry]:
        """Go through the entries that fit, oldest first, without holding a transaction."""
        last = -1
        while True:
            query = sa.select(audit).where(audit.c.number > last, *_conditions(wanted)).order_by(audit.c.number)
            with self.database.transaction(reads_only=True) as connection:
                chunk = tuple(map(_entry, connection.execute(query.limit(CHUNK))))
            yield from chunk
            if len(chunk) < CHUNK:
                return
            last = chunk[-1].number

    def find_head(self) -> AuditHead:
        """Find the newest entry's number and hash, as the appending transactions noted them."""
        with self.database.transaction(reads_only=True) as connection:
            row = connection.execute(sa.select(audit_head)).one_or_none()
        return AuditHead(row.number, row.hash) if row else AuditHead(0, NO_HASH)

    def verify(self, noted: AuditHead | None = None) -> AuditReport:
        """Go through the chain. With a head that was noted elsewhere earlier, also look whether it is still part of it.

        Who can write into the database can also make the whole chain anew: only a noted head shows that.
        """
        # First the head: what is appended meanwhile is beyond it, and as well chained.
        head, faults, entries = self.find_head(), list[AuditFault](), 0
        last = AuditHead(0, NO_HASH)
        known = noted is None or noted == last
        for entry in self.iterate():
            entries += 1
            if entry.number != last.number + 1:
                # Its hash cannot be checked without the one before.
                faults.append(AuditFault(AuditFaultKind.MISSING, last.number + 1, entry.number - 1))
            elif entry.hash != entry.compute_hash(last.hash):
                faults.append(AuditFault(AuditFaultKind.CHANGED, entry.number, entry.number))
            last = AuditHead(entry.number, entry.hash)
            known = known or last == noted
            if last.number == head.number and last != head:
                faults.append(AuditFault(AuditFaultKind.CHANGED, last.number, last.number))
        if last.number < head.number:
            faults.append(AuditFault(AuditFaultKind.CUT, last.number + 1, head.number))
        if noted and not known:
            faults.append(AuditFault(AuditFaultKind.UNKNOWN_HEAD, noted.number, noted.number))
        return AuditReport(entries, last, tuple(dict.fromkeys(faults)))


def _conditions(wanted: AuditFilter) -> Iterator[sa.ColumnElement[bool]]:
    for column in (audit.c.by, audit.c.action, audit.c.subject):
        if (value := getattr(wanted, column.name)) is not None:
            yield column == value
    if wanted.since is not None:
        yield audit.c.at >= wanted.since
    if wanted.until is not None:
        yield audit.c.at < wanted.until


def _entry(row: sa.Row[Any]) -> AuditEntry:
    return AuditEntry(row.number, row.at, row.by, row.peer, row.action, row.subject, row.details, row.hash)
