"""Store documents, and find them again."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from sake_ray.domain.audit import AuditAction
from sake_ray.domain.documents import Batch, Document, Status
from sake_ray.domain.listing import Listing
from sake_ray.errors import NotFound
from sake_ray.storage.records.audit import append_entry
from sake_ray.storage.records.conflicts import repeatable
from sake_ray.storage.records.database import Database
from sake_ray.storage.records.document_query import (
    DOCUMENT,
    NEWEST_FIRST,
    DocumentFilter,
    apply_filter,
    fetch_documents,
    to_document,
)
from sake_ray.storage.records.idempotency import PendingReply, record_promise, save_reply
from sake_ray.storage.records.tables import batches, documents
from sake_ray.storage.records.uploads import end_upload
from sake_ray.storage.records.watched import WatchedFile, record_files


class Documents:
    """The uploaded documents."""

    def __init__(self, database: Database) -> None:
        self.database = database

    @repeatable
    def accept(
        self,
        batch: Batch,
        accepted: Sequence[Document],
        *,
        upload: str | None = None,
        reply: PendingReply[Batch] | None = None,
        watched: Sequence[WatchedFile] = (),
    ) -> None:
        """Commit new documents, their batch if it is new, the end of the upload that stored them, the reply to it,
        and which files of watched places they were.

        When this returns they are accepted: neither a kill nor a power cut loses them. Raises AlreadyAnswered when the same
        request was answered by another worker, StillRunning when the upload counts as dead, AlreadyHandedIn when a file
        of a watched place was accepted before; nothing is recorded then.
        """
        with self.database.transaction() as connection:
            # First, so that the loser waits here, and for nothing that it holds.
            save_reply(connection, reply, batch)
            record_promise(connection, reply, batch.uuid, len(accepted))
            if upload is not None:
                end_upload(connection, upload)
            record_files(connection, watched, batch=batch.uuid, at=batch.submitted_at)
            found = connection.execute(
                sa.select(batches.c.team, batches.c.owner, batches.c.reference)
                .where(batches.c.uuid == batch.uuid)
                .with_for_update()
            ).one_or_none()
            if found is None:
                connection.execute(
                    batches.insert().values(
                        uuid=batch.uuid,
                        reference=batch.reference,
                        team=batch.team,
                        owner=batch.owner,
                        submitted_at=batch.submitted_at,
                        changes=0,
                        exported=0,
                        accepted=0,
                    )
                )
            last = connection.execute(
                sa.select(sa.func.max(documents.c.position)).where(documents.c.batch == batch.uuid)
            ).scalar()
            first = 0 if last is None else last + 1
            of_batch = {name: getattr(found or batch, name) for name in ("team", "owner", "reference")}
            connection.execute(
                documents.insert(),
                [_new_row(document, first + index) | of_batch for index, document in enumerate(accepted)],
            )
            grown = batches.update().where(batches.c.uuid == batch.uuid)
            connection.execute(grown.values(accepted=batches.c.accepted + len(accepted), completed=False))
            append_entry(
                connection,
                AuditAction.DOCUMENTS_UPLOADED,
                by=batch.owner,
                at=accepted[0].submitted_at if accepted else batch.submitted_at,
                subject=f"batch:{batch.uuid}",
                documents=len(accepted),
            )

    def get(self, document: str, *, team: str | None) -> Document:
        """Return a document; raises NotFound, also for one of another team."""
        with self.database.transaction(reads_only=True) as connection:
            row = connection.execute(DOCUMENT.where(documents.c.id == document)).one_or_none()
        if row is None or (team is not None and row.team != team):
            raise NotFound("document-not-found", document=document)
        return to_document(row)

    def check_visible(self, document: str, *, team: str | None) -> None:
        """Do nothing; raises NotFound where `get` does."""
        query = sa.select(documents.c.team).where(documents.c.id == document)
        with self.database.transaction(reads_only=True) as connection:
            found = connection.execute(query).scalar_one_or_none()
        if found is None or (team is not None and found != team):
            raise NotFound("document-not-found", document=document)

    def list(self, criteria: DocumentFilter, *, after: str | None = None, limit: int) -> Listing[Document]:
        """List the documents that match, newest first; raises InputError for a cursor of another list."""
        query = apply_filter(sa.select(documents.c.id, *NEWEST_FIRST.columns).select_from(documents), criteria)
        with self.database.transaction(reads_only=True) as connection:
            page = NEWEST_FIRST.list_rows(connection, query, after=after, limit=limit)
            found = fetch_documents(connection, [row.id for row in page.items])
        return Listing(found, page.next_cursor, page.counted)


def _new_row(document: Document, position: int) -> dict[str, Any]:
    return {
        "id": document.id,
        "batch": document.batch,
        "position": position,
        "name": document.name,
        "media_type": document.media_type,
        "size": document.size,
        "sha256": document.sha256,
        "original": document.original,
        "submitted_at": document.submitted_at,
        "status": Status.PENDING.value,
        "attempt": 0,
        "not_before": document.submitted_at,
        "pages_done": 0,
        "error": "",
        "split": document.split.value,
        "trace_id": document.trace_id,
    }
