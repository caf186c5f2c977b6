"""Delete the rows of documents in the caller's transaction, from every table that speaks of a document or batch."""

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from sake_ray.domain.erasures import ErasedDocument, ErasurePlace, ErasureTargets
from sake_ray.storage.records.attempts import count_change
from sake_ray.storage.records.locks import lock_rows
from sake_ray.storage.records.tables import (
    answers,
    attempts,
    batches,
    decisions,
    documents,
    faults,
    predictions,
    requests,
    searchable,
    uploads,
)

OWNED: dict[sa.Table, ErasurePlace | None] = {
    attempts: ErasurePlace.ATTEMPTS,
    predictions: ErasurePlace.PREDICTIONS,
    answers: ErasurePlace.ANSWERS,
    decisions: ErasurePlace.DECISIONS,
    searchable: None,
}
"""The tables whose rows belong to one document, which their column `document` names."""
CLEARED = {*OWNED, documents, batches, requests, uploads, faults}
"""The tables from which an erasure deletes."""
SILENT = {
    *("accounts", "sessions", "policies", "required_labels", "retention_rules", "promotions", "models", "jobs"),
    *("document_counts", "audit", "audit_head", "checks", "erasures"),
    *("api_keys", "identities", "sign_in_failures", "webhooks", "deliveries", "watched_files", "watched_places"),
}
"""The tables that say nothing of a document but its id, a count or a checksum. What was found in a watched place stays known
by its checksum: erased, it is not handed in again. A test asks of every table where it belongs."""
MANY = 500


def condemn_uploads(connection: sa.Connection, uuids: Collection[str], now: datetime) -> int:
    """Let no upload that is under way add to these batches; the service removes what it stored."""
    of_batches = uploads.c.batch.in_(uuids)
    lock_rows(connection, uploads, of_batches)
    return connection.execute(uploads.update().where(of_batches).values(condemned_at=now)).rowcount


def delete_replies(connection: sa.Connection, uuids: Collection[str]) -> int:
    """Delete the stored replies to the uploads of these batches: they name the reference, and each file."""
    of_batches = requests.c.batch.in_(uuids)
    lock_rows(connection, requests, of_batches)
    return connection.execute(requests.delete().where(of_batches)).rowcount


def delete_documents(connection: sa.Connection, rows: Sequence[Any]) -> tuple[ErasureTargets, Counter[ErasurePlace]]:
    """Delete these documents, which the caller has locked, and the batches of which nothing is left."""
    ids, counts = [row.id for row in rows], Counter[ErasurePlace]()
    numbers: list[int] = []
    for some in _cut(ids):
        found = sa.select(searchable.c.number).where(searchable.c.document.in_(some))
        numbers += connection.execute(found).scalars()
        for table, place in OWNED.items():
            deleted = connection.execute(table.delete().where(table.c.document.in_(some))).rowcount
            if place:
                counts[place] += deleted
    for some in _cut(ids):
        counts[ErasurePlace.DOCUMENTS] += connection.execute(
            documents.delete().where(documents.c.id.in_(some))
        ).rowcount
    uuids = _shrink_batches(connection, Counter(row.batch for row in rows))
    counts[ErasurePlace.BATCHES] = len(uuids)
    counts[ErasurePlace.FAULTS] = _delete_faults(connection, rows, uuids)
    erased = tuple(ErasedDocument(row.id, row.batch, row.team, row.sha256) for row in rows)
    return ErasureTargets(erased, tuple(uuids), tuple(numbers)), counts


def _shrink_batches(connection: sa.Connection, erased: Counter[str]) -> list[str]:
    """Delete the batches that have no document left, and return them; the others count how many they lost."""
    lock_rows(connection, batches, batches.c.uuid.in_(list(erased)))
    left = set(connection.execute(sa.select(documents.c.batch).where(documents.c.batch.in_(list(erased)))).scalars())
    gone = sorted(set(erased) - left)
    connection.execute(batches.delete().where(batches.c.uuid.in_(gone)))
    for uuid in sorted(left):
        change = {"erased": batches.c.erased + erased[uuid]}
        connection.execute(batches.update().where(batches.c.uuid == uuid).values(**change))
    count_change(connection, *left)
    return gone


def _delete_faults(connection: sa.Connection, rows: Sequence[sa.Row[Any]], uuids: Sequence[str]) -> int:
    """Delete the faults of these documents, batches and originals, by their subject or the batch that they name."""
    subjects = {row.id for row in rows} | {row.original for row in rows} | set(uuids)
    known = connection.execute(sa.select(faults.c.kind, faults.c.subject, faults.c.params))
    gone = [
        (row.kind, row.subject)
        for row in known
        if row.subject in subjects or str(row.params.get("batch")) in subjects or row.subject.partition("/")[0] in uuids
    ]
    for kind, subject in sorted(gone):
        connection.execute(faults.delete().where(faults.c.kind == kind, faults.c.subject == subject))
    return len(gone)


def _cut(ids: Sequence[str]) -> list[Sequence[str]]:
    return [ids[start : start + MANY] for start in range(0, len(ids), MANY)]
