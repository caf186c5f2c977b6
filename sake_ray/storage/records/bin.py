"""Put documents into the bin, and restore them: for some days nothing of a deleted document is lost."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from sake_ray.domain.audit import AuditAction
from sake_ray.domain.documents import SET_ASIDE, Document, Status
from sake_ray.errors import InputError
from sake_ray.storage.records.attempts import count_change
from sake_ray.storage.records.audit import append_entry
from sake_ray.storage.records.conflicts import repeatable
from sake_ray.storage.records.database import Database
from sake_ray.storage.records.idempotency import PendingReply, save_reply
from sake_ray.storage.records.setting_aside import bring_back, set_aside
from sake_ray.storage.records.splits import list_active, lock_family
from sake_ray.storage.records.tables import documents


class Bin:
    """The documents that somebody deleted; `Erasures.begin_expired` empties it."""

    def __init__(self, database: Database) -> None:
        self.database = database

    @repeatable
    def put(self, document: Document, *, by: str, now: datetime, reply: PendingReply[Document] | None = None) -> None:
        """Put a document into the bin, with its parts if it was split; one that is there stays as it is.

        Raises InputError for a part, whose pages are in the file of the others, and NotFound for one that was erased.
        """
        if document.parent:
            raise InputError("document-is-part", root=document.parent)
        with self.database.transaction() as connection:
            save_reply(connection, reply, document)
            root = lock_family(connection, document.id)
            if root.status == Status.BINNED.value:
                return
            ids = [root.id, *(part.id for part in list_active(connection, root.id))]
            was = {"binned_at": now, "binned_from": documents.c.status}
            connection.execute(documents.update().where(documents.c.id.in_(ids)).values(**was))
            set_aside(connection, ids, Status.BINNED, now=now)
            count_change(connection, root.batch)
            append_entry(connection, AuditAction.DOCUMENT_BINNED, by=by, at=now, subject=f"document:{root.id}")

    @repeatable
    def restore(
        self, document: Document, *, by: str, now: datetime, reply: PendingReply[Document] | None = None
    ) -> None:
        """Take a document out of the bin, as it was; one without a prediction waits to be read. Any other stays as it is.

        Raises NotFound for one that was erased.
        """
        with self.database.transaction() as connection:
            save_reply(connection, reply, document)
            root = lock_family(connection, document.root)
            if root.status != Status.BINNED.value:
                return
            restore_rows(connection, [root.id], now=now)
            count_change(connection, root.batch)
            append_entry(connection, AuditAction.DOCUMENT_RESTORED, by=by, at=now, subject=f"document:{root.id}")


def restore_rows(connection: sa.Connection, roots: Sequence[str], *, now: datetime) -> None:
    """Restore documents that are locked, and their parts that were put into the bin with them."""
    family = documents.c.id.in_(roots) | documents.c.parent.in_(roots)
    binned = sa.select(documents.c.id, documents.c.binned_from).where(family, documents.c.binned_at.is_not(None))
    rows = connection.execute(binned).all()
    aside = {status.value for status in SET_ASIDE}
    bring_back(connection, [row.id for row in rows if row.binned_from not in aside], now=now)
    split = [row.id for row in rows if row.binned_from in aside]
    connection.execute(documents.update().where(documents.c.id.in_(split)).values(status=Status.SPLIT.value))
    emptied = {"binned_at": None, "binned_from": None}
    connection.execute(documents.update().where(documents.c.id.in_([row.id for row in rows])).values(**emptied))
