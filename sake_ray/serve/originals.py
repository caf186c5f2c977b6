"""Fetch the original of a document, and make sure that it is what was uploaded."""

from hashlib import sha256

from sake_ray.domain.documents import Document
from sake_ray.errors import ObjectMissing, OriginalDamaged
from sake_ray.storage.objects import ObjectStore


def fetch_original(store: ObjectStore, document: Document) -> bytes:
    """Fetch the bytes; raises ObjectMissing, OriginalDamaged, and StorageUnavailable."""
    try:
        data = store.get(document.original)
    except ObjectMissing as error:
        raise ObjectMissing("original-missing") from error
    if sha256(data).hexdigest() != document.sha256:
        raise OriginalDamaged("original-differs")
    return data
