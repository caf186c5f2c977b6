"""An original is fetched as it was uploaded, or not at all."""

from hashlib import sha256
from pathlib import Path

import pytest

from sake_ray.data.originals import check_original, fetch_original
from sake_ray.errors import ObjectMissing, OriginalDamaged
from sake_ray.storage.objects import FolderStore

SCAN = b"\x89PNG\r\n\x1a\na scan"
DIGEST = sha256(SCAN).hexdigest()


def test_original_is_fetched_as_it_was_uploaded(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    store.put("original.png", SCAN)
    assert fetch_original(store, "original.png", DIGEST) == SCAN


@pytest.mark.parametrize("damaged", [SCAN[:-1], SCAN + b"\0", b"", bytes(len(SCAN))])
def test_damaged_original_is_refused(tmp_path: Path, damaged: bytes) -> None:
    store = FolderStore(tmp_path)
    store.put("original.png", damaged)
    for get in (fetch_original, check_original):
        with pytest.raises(OriginalDamaged) as refused:
            get(store, "original.png", DIGEST)
        assert refused.value.code == "original-differs"


def test_missing_original_is_named_without_its_place(tmp_path: Path) -> None:
    for get in (fetch_original, check_original):
        with pytest.raises(ObjectMissing) as missing:
            get(FolderStore(tmp_path), "original.png", DIGEST)
        assert (missing.value.code, missing.value.params) == ("original-missing", {})


def test_large_original_is_checked_to_its_end(tmp_path: Path) -> None:
    store, large = FolderStore(tmp_path), bytes(range(256)) * 10_000
    store.put("large.png", large)
    check_original(store, "large.png", sha256(large).hexdigest())
    store.put("large.png", large[:-1] + b"x")
    with pytest.raises(OriginalDamaged):
        check_original(store, "large.png", sha256(large).hexdigest())
