"""Name the originals in the store, and remove those of uploads that were not accepted."""

import logging
from datetime import datetime

from sake_ray.data.pages import media
from sake_ray.storage.objects import ObjectStore
from sake_ray.storage.records import PendingUpload, Records

log = logging.getLogger(__name__)


def original_key(batch: str, document: str, media_type: str) -> str:
    """Name the original of a document."""
    return f"{_folder(batch)}{document}{media.ENDINGS.get(media_type, '')}"


def remove_originals(store: ObjectStore, upload: PendingUpload) -> int:
    """Remove what an upload has put into the store; return how many objects that was."""
    documents = set(upload.documents)
    keys = [key for key in store.list(_folder(upload.batch)) if _document_of(key) in documents]
    for key in keys:
        store.delete(key)
    return len(keys)


def discard_upload(records: Records, store: ObjectStore, upload: PendingUpload, *, undone: bool, now: datetime) -> None:
    """Remove the originals of an upload that failed, unless it was accepted all the same.

    `undone` says that its transaction is known to have been undone. A database that broke off cannot tell; the records can:
    an upload that is still there was not accepted, and from now on cannot be.
    """
    if records.uploads.condemn(upload.id, now=now) or undone:
        remove_originals(store, upload)
        records.uploads.forget(upload.id)


def collect_orphans(records: Records, store: ObjectStore, *, now: datetime) -> int:
    """Remove the originals of uploads that died; return how many objects that was.

    Only what such an upload itself has recorded is removed, after it was condemned: no row can name it any more.
    """
    removed = 0
    for upload, forgotten in records.uploads.condemn_dead(now=now):
        count = remove_originals(store, upload)
        removed += count
        if count:
            log.warning("orphans removed", extra={"batch": upload.batch, "upload": upload.id, "nb": count})
        if forgotten:
            records.uploads.forget(upload.id)
    return removed


def _folder(batch: str) -> str:
    return f"{batch}/original_raw/"


def _document_of(key: str) -> str:
    return key.rpartition("/")[2].partition(".")[0]
