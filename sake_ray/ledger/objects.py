"""Find objects below the folders of batches that no row of the records knows."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import islice

from sake_ray.errors import Message, ObjectMissing
from sake_ray.storage.layout import OF_DOCUMENTS, ORIGINALS
from sake_ray.storage.objects import ObjectStore
from sake_ray.storage.records import Records
from sake_ray.storage.records.faults import Fault

YOUNG = timedelta(hours=1)
"""What is younger is never called orphaned, whatever the records say: somebody may delete what is called so."""
CHUNK = 500


def find_orphans(
    records: Records, store: ObjectStore, prefix: str, *, now: datetime
) -> Iterator[tuple[list[str], list[Fault]]]:
    """Yield the keys of a chunk of objects, and those of them that are orphaned.

    Originals of uploads in work, and of dead ones, are not: the service removes these. The prefix begins the uuid of a batch:
    texts, pages, readings and previews belong to no batch.
    """
    keys = iter(store.list(prefix))
    while chunk := list(islice(keys, CHUNK)):
        yield chunk, find_orphans_among(records, store, chunk, now=now)


def find_orphans_among(records: Records, store: ObjectStore, keys: Sequence[str], *, now: datetime) -> list[Fault]:
    """Find the orphaned objects among some."""
    documents = {key: stem for key in keys if (stem := _document_of(key))}
    # Before the documents: what is accepted meanwhile is among these.
    uploading = {id for upload in records.uploads.list() for id in upload.documents}
    originals = records.ledger.list_originals(set(documents.values()))
    uuids = {key.partition("/")[0] for key in keys}
    batches = {entry.uuid for entry in records.ledger.list_batches(uuids=uuids, limit=len(uuids))}
    unknown = [
        key
        for key in keys
        if documents.get(key) not in uploading and not _is_known(key, documents.get(key), originals, batches)
    ]
    return [Fault(key, Message("fault-object-orphaned", key=key)) for key in unknown if _is_old(store, key, now)]


def _is_known(key: str, document: str | None, originals: dict[str, str], batches: set[str]) -> bool:
    if document is None:
        return key.partition("/")[0] in batches
    return originals.get(document) == key if f"/{ORIGINALS}/" in key else document in originals


def _document_of(key: str) -> str | None:
    """The id of the document that a key names."""
    parts = key.split("/")
    return parts[2].partition(".")[0] if len(parts) == 3 and parts[1] in OF_DOCUMENTS else None


def _is_old(store: ObjectStore, key: str, now: datetime) -> bool:
    try:
        return now - store.modified(key) > YOUNG
    except ObjectMissing:
        return False  # it was collected meanwhile
