"""Split a document into parts, each a document of its own, and undo that.

All parts name the document that has the whole file, and all of them change in one transaction. Nothing is deleted: parts that
are no longer wanted are set aside, and come back with their answers when the same pages are split off again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

import sqlalchemy as sa

from sake_ray.domain.audit import AuditAction
from sake_ray.domain.documents import SET_ASIDE, Document, Status
from sake_ray.domain.page_ranges import PageRange
from sake_ray.domain.parts import SplitMode, check_ranges
from sake_ray.errors import InputError, NotFound
from sake_ray.storage.records.announcements import announce_completion
from sake_ray.storage.records.attempts import count_change
from sake_ray.storage.records.audit import append_entry
from sake_ray.storage.records.conflicts import repeatable
from sake_ray.storage.records.database import Database
from sake_ray.storage.records.document_query import DOCUMENT, is_counted, to_document
from sake_ray.storage.records.idempotency import PendingReply, save_reply
from sake_ray.storage.records.locks import lock_rows
from sake_ray.storage.records.setting_aside import bring_back, set_aside
from sake_ray.storage.records.tables import batches, documents

COPIED = (
    *("batch", "media_type", "size", "sha256", "original", "submitted_at"),
    *("team", "owner", "reference", "trace_id"),
)
"""The columns of a document that its parts have, too."""
MAX_NAME = 255


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a document as it is recorded: its pages, and whether it counts."""

    id: str
    pages: PageRange
    status: Status


class Splits:
    """The documents that were split, and their parts."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def list_parts(self, root: str) -> tuple[Document, ...]:
        """List the parts of a document that count, in the order of their pages."""
        query = DOCUMENT.where(documents.c.parent == root, is_counted())
        with self.database.transaction(reads_only=True) as connection:
            return tuple(map(to_document, connection.execute(query.order_by(documents.c.first_page))))

    @repeatable
    def split(
        self,
        document: Document,
        ranges: Sequence[PageRange],
        *,
        by: str,
        now: datetime,
        reply: PendingReply[Document] | None = None,
    ) -> None:
        """Split a document into these pages of the file, which are all of its pages.

        A part that is split is replaced by its own parts. Asked for what there is already, nothing changes. Raises InputError
        for other pages, and for a document that is not read.
        """
        with self.database.transaction() as connection:
            save_reply(connection, reply, document)
            root = lock_family(connection, document.root)
            if split_rows(connection, root, document, ranges, SplitMode.NEVER, now):
                announce_completion(connection, root.batch)
                record_split(connection, document.id, ranges, by=by, now=now)

    @repeatable
    def undo(self, document: Document, *, by: str, now: datetime, reply: PendingReply[Document] | None = None) -> None:
        """Make one document again of all parts of the file that this one, or its parent, was split into.

        Answers to the parts stay with them and no longer count; those to the whole document count again. Of one that is whole
        nothing changes.
        """
        with self.database.transaction() as connection:
            save_reply(connection, reply, document)
            root = lock_family(connection, document.root)
            if root.status != Status.SPLIT:
                return
            set_aside(connection, [part.id for part in list_active(connection, root.id)], Status.MERGED, now=now)
            bring_back(connection, [root.id], now=now)
            count_change(connection, root.batch)
            append_entry(connection, AuditAction.SPLIT_UNDONE, by=by, at=now, subject=f"document:{root.id}")


def lock_family(connection: sa.Connection, root: str) -> sa.Row[Any]:
    """Lock the document that has the whole file, and its parts; return its row. Raises NotFound when it was erased."""
    family = (documents.c.id == root) | (documents.c.parent == root)
    lock_rows(connection, documents, family)
    # Again: whoever waited for another split did not see the parts that it made.
    lock_rows(connection, documents, family)
    row = connection.execute(sa.select(documents).where(documents.c.id == root)).one_or_none()
    if row is None:
        raise NotFound("document-not-found", document=root)
    return row


def list_active(connection: sa.Connection, root: str) -> list[Part]:
    """List the parts that count, by their pages."""
    return [part for part in _list_all(connection, root) if part.status not in SET_ASIDE]


def split_rows(
    connection: sa.Connection,
    root: sa.Row[Any],
    document: Document,
    ranges: Sequence[PageRange],
    mode: SplitMode,
    now: datetime,
) -> bool:
    """Split a document whose family is locked; return whether anything changed. `mode` is that of the new parts."""
    if root.status not in {Status.COMPLETED.value, Status.SPLIT.value}:
        raise InputError("document-not-splittable", document=document.id, status=root.status)
    known = _list_all(connection, root.id)
    active = {part.pages: part for part in known if part.status not in SET_ASIDE}
    whole = PageRange(1, root.pages or 0)
    wanted = list(ranges)
    if document.page_range is not None:
        if document.page_range not in active:  # it was merged meanwhile
            raise InputError("document-set-aside", document=document.id)
        check_ranges(ranges, document.page_range)
        others = [pages for pages in active if pages != document.page_range]
        wanted = sorted([*others, *ranges], key=lambda pages: pages.first)
    check_ranges(wanted, whole)
    if set(wanted) == set(active):
        return False
    set_aside(connection, [part.id for pages, part in active.items() if pages not in wanted], Status.MERGED, now=now)
    if root.status != Status.SPLIT.value:
        set_aside(connection, [root.id], Status.SPLIT, now=now)
    before = {part.pages: part for part in known}
    bring_back(connection, [before[p].id for p in wanted if p in before and p not in active], now=now)
    _add_parts(connection, root, [pages for pages in wanted if pages not in before], mode, now)
    return True


def split_at_once(connection: sa.Connection, document: Document, ranges: Sequence[PageRange], now: datetime) -> None:
    """Split a document that its caller has just completed; people are asked about the doubtful rest of its parts."""
    root = connection.execute(sa.select(documents).where(documents.c.id == document.id)).one()
    split_rows(connection, root, document, ranges, SplitMode.PROPOSE, now)


def record_split(
    connection: sa.Connection, document: str, ranges: Sequence[PageRange], *, by: str, now: datetime
) -> None:
    """Record in the audit log who split a document, and where; nobody's name stands for the service itself."""
    subject, pages = f"document:{document}", describe(ranges)
    append_entry(connection, AuditAction.DOCUMENT_SPLIT, by=by, at=now, subject=subject, pages=pages)


def describe(ranges: Sequence[PageRange]) -> str:
    """Write page ranges in one text, such as 1, 2-3."""
    return ", ".join(f"{one.first}-{one.last}" if len(one) > 1 else f"{one.first}" for one in ranges)


def name_part(name: str, pages: PageRange) -> str:
    """Name a part after its file and pages."""
    ending = f" [{describe([pages])}]"
    return name[: MAX_NAME - len(ending)] + ending


def _list_all(connection: sa.Connection, root: str) -> list[Part]:
    columns = documents.c.id, documents.c.first_page, documents.c.last_page, documents.c.status
    query = (
        sa.select(*columns).where(documents.c.parent == root).order_by(documents.c.first_page, documents.c.last_page)
    )
    return [
        Part(row.id, PageRange(row.first_page, row.last_page), Status(row.status)) for row in connection.execute(query)
    ]


def _add_parts(
    connection: sa.Connection, root: sa.Row[Any], ranges: Sequence[PageRange], mode: SplitMode, now: datetime
) -> None:
    """Add documents that wait to be classified; their text is known, so that no page is read again."""
    # Before their positions are chosen: of two who add to a batch the second waits here.
    grown = batches.update().where(batches.c.uuid == root.batch)
    counts = {"accepted": batches.c.accepted + len(ranges), "changes": batches.c.changes + 1}
    connection.execute(grown.values(**counts))
    last = sa.select(sa.func.max(documents.c.position)).where(documents.c.batch == root.batch)
    first = int(connection.execute(last).scalar_one()) + 1
    common = {name: getattr(root, name) for name in COPIED}
    rows = [
        {
            "id": uuid4().hex,
            "position": first + number,
            "name": name_part(root.name, pages),
            "status": Status.PENDING.value,
            "attempt": 0,
            "not_before": now,
            "pages_done": 0,
            "error": "",
            "split": mode.value,
            "parent": root.id,
            "first_page": pages.first,
            "last_page": pages.last,
            **common,
        }
        for number, pages in enumerate(ranges)
    ]
    if rows:
        connection.execute(documents.insert(), rows)
