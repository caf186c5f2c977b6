"""Store which originals are being stored, so that those of an upload that dies can be removed.

An upload is recorded before its first original is put into the store, and forgotten by the transaction that accepts its
documents. At any moment an original therefore belongs to a document or to an upload, and nobody has to search the store.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from sake_ray.errors import StillRunning
from sake_ray.storage.records.conflicts import repeatable
from sake_ray.storage.records.database import Database
from sake_ray.storage.records.tables import uploads

DEAD_AFTER = timedelta(hours=1)
"""An upload that was not renewed for so long is dead. One that lives is renewed every few seconds."""


@dataclass(frozen=True, slots=True)
class PendingUpload:
    """An upload whose documents are not accepted yet: the batch, and the ids that its documents will have."""

    id: str
    batch: str
    documents: tuple[str, ...]


class Uploads:
    """The uploads in work, and those that died."""

    def __init__(self, database: Database) -> None:
        self.database = database

    @repeatable
    def begin(self, upload: PendingUpload, *, now: datetime) -> None:
        """Record an upload, before anything of it is stored."""
        row = {"id": upload.id, "batch": upload.batch, "documents": list(upload.documents), "seen_at": now}
        with self.database.transaction() as connection:
            connection.execute(uploads.insert().values(**row))

    @repeatable
    def renew(self, ids: Collection[str], *, now: datetime) -> None:
        """Record that these uploads live."""
        with self.database.transaction() as connection:
            for id in sorted(ids):
                connection.execute(
                    uploads.update().where(uploads.c.id == id, uploads.c.condemned_at.is_(None)).values(seen_at=now)
                )

    def list(self) -> tuple[PendingUpload, ...]:
        """List all uploads, in work or dead: their originals are nobody's orphans."""
        with self.database.transaction(reads_only=True) as connection:
            return tuple(map(_upload, connection.execute(sa.select(uploads).order_by(uploads.c.id))))

    @repeatable
    def condemn(self, id: str, *, now: datetime) -> PendingUpload | None:
        """Decide that an upload will not be accepted; None when it was accepted, or is gone.

        From then on its objects may be removed: accepting it is refused.
        """
        with self.database.transaction() as connection:
            change = uploads.update().where(uploads.c.id == id).values(condemned_at=now)
            row = connection.execute(change.returning(*uploads.c)).one_or_none()
        return _upload(row) if row else None

    @repeatable
    def condemn_dead(self, *, now: datetime) -> tuple[tuple[PendingUpload, bool], ...]:
        """Condemn the uploads that died; also return whether each was condemned so long ago that it can be forgotten."""
        dead = (uploads.c.seen_at < now - DEAD_AFTER) | uploads.c.condemned_at.is_not(None)
        with self.database.transaction() as connection:
            found = sa.select(uploads).where(dead).order_by(uploads.c.id).with_for_update(skip_locked=True)
            rows = connection.execute(found).all()
            new = [row.id for row in rows if row.condemned_at is None]
            connection.execute(uploads.update().where(uploads.c.id.in_(new)).values(condemned_at=now))
        # A put that was under way may still arrive; so they are looked at once more, much later.
        return tuple((_upload(row), bool(row.condemned_at and row.condemned_at < now - DEAD_AFTER)) for row in rows)

    @repeatable
    def forget(self, id: str) -> None:
        """Forget a condemned upload whose objects are removed."""
        with self.database.transaction() as connection:
            connection.execute(uploads.delete().where(uploads.c.id == id, uploads.c.condemned_at.is_not(None)))


def end_upload(connection: sa.Connection, id: str) -> None:
    """Forget an upload, in the transaction that accepts its documents; raises StillRunning when it was condemned."""
    ended = uploads.delete().where(uploads.c.id == id, uploads.c.condemned_at.is_(None)).returning(uploads.c.id)
    if connection.execute(ended).first() is None:
        raise StillRunning("request-taken-over")


def _upload(row: sa.Row[tuple[str, str, Sequence[str]]]) -> PendingUpload:
    return PendingUpload(row.id, row.batch, tuple(row.documents))
