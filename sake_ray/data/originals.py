"""Fetch and check originals: they are as they were uploaded, or an error."""

from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256

from sake_ray.errors import ObjectMissing, OriginalDamaged
from sake_ray.storage.objects import ObjectStore

PIECE_BYTES = 1_000_000


def fetch_original(store: ObjectStore, key: str, digest: str) -> bytes:
    """Fetch the original whose sha256 is `digest`; raises ObjectMissing, OriginalDamaged, and StorageUnavailable."""
    with _told_of_originals():
        data = store.get(key)
    _compare(sha256(data).hexdigest(), digest)
    return data


def check_original(store: ObjectStore, key: str, digest: str) -> None:
    """Check the original piece by piece, so that no size fills the memory; raises what `fetch_original` raises."""
    found = sha256()
    with _told_of_originals():
        for start in range(0, store.size(key), PIECE_BYTES):
            found.update(store.get_range(key, start, PIECE_BYTES))
    _compare(found.hexdigest(), digest)


@contextmanager
def _told_of_originals() -> Iterator[None]:
    try:
        yield
    except ObjectMissing as error:
        raise ObjectMissing("original-missing") from error


def _compare(found: str, digest: str) -> None:
    if found != digest:
        raise OriginalDamaged("original-differs")
