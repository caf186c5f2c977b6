"""Whoever wants to know is told how long the storage takes, and when it fails."""

import pickle
from pathlib import Path

import pytest

from sake_ray.errors import NotFound, ObjectMissing, StorageUnavailable
from sake_ray.storage.objects import FolderStore
from sake_ray.storage.observation import READ, WRITE, ObservedStore
from sake_ray.storage.records import Records
from tests.storage.example_records import NOW, hand_in


class Told:
    """Remembers what it was told."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, bool]] = []

    def __call__(self, operation: str, seconds: float, failed: bool) -> None:
        assert seconds >= 0
        self.calls.append((operation, failed))


def test_calls_of_a_store_are_told_and_a_missing_object_is_no_failure(tmp_path: Path) -> None:
    told = Told()
    store = ObservedStore(FolderStore(tmp_path), told)
    store.put("a", b"1")
    assert (store.get("a"), store.get_range("a", 0, 1), store.size("a")) == (b"1", b"1", 1)
    assert list(store.list()) == ["a"]
    with pytest.raises(ObjectMissing):
        store.get("b")
    store.delete("a")
    assert told.calls == [(WRITE, False), (READ, False), (READ, False), (READ, False), (READ, False), (WRITE, False)]


def test_a_store_that_cannot_be_used_is_a_failure(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    told = Told()
    with pytest.raises(StorageUnavailable):
        ObservedStore(FolderStore(tmp_path / "file"), told).put("a", b"1")
    assert told.calls == [(WRITE, True)]


def test_transactions_are_told_and_an_error_of_ours_is_no_failure(records: Records) -> None:
    told = Told()
    records.database.observer = told
    records.monitoring.count_documents(NOW)
    hand_in(records)
    with pytest.raises(NotFound):
        records.jobs.get(99)
    assert told.calls[0] == (READ, False)
    assert (WRITE, False) in told.calls
    assert not any(failed for _, failed in told.calls)


def test_a_database_that_does_not_answer_is_a_failure(tmp_path: Path) -> None:
    told = Told()
    records = Records(f"sqlite:///{tmp_path / 'missing' / 'records.db'}")
    records.database.observer = told
    with pytest.raises(StorageUnavailable):
        records.counts.list()
    assert told.calls == [(READ, True)]


def test_the_observer_is_of_this_process_alone(records: Records) -> None:
    records.database.observer = Told()
    assert pickle.loads(pickle.dumps(records)).database.observer is None  # noqa: S301 - our own
