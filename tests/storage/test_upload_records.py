"""Originals that are being stored belong to an upload; it is accepted or condemned, never both."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from sake_ray.domain.documents import Batch
from sake_ray.errors import StillRunning
from sake_ray.storage.records import DocumentFilter, PendingUpload, Records
from tests.concurrency import all_at_once
from tests.storage.example_records import NOW, SECOND, some_batch, some_document

DEAD = NOW + timedelta(hours=1) + SECOND


def begin(records: Records) -> tuple[Batch, PendingUpload]:
    batch = some_batch()
    upload = PendingUpload("u", batch.uuid, ("one", "two"))
    records.uploads.begin(upload, now=NOW)
    return batch, upload


def accept(records: Records, batch: Batch) -> None:
    records.documents.accept(batch, [some_document(batch)], upload="u")


def test_upload_in_work_is_known(records: Records) -> None:
    _, upload = begin(records)
    assert records.uploads.list() == (upload,)


def test_accepted_upload_is_forgotten_and_cannot_be_condemned(records: Records) -> None:
    batch, _ = begin(records)
    accept(records, batch)
    assert records.uploads.list() == ()
    assert records.uploads.condemn("u", now=NOW) is None
    assert records.uploads.condemn_dead(now=DEAD) == ()


def test_condemned_upload_is_not_accepted(records: Records) -> None:
    batch, upload = begin(records)
    assert records.uploads.condemn("u", now=NOW) == upload
    with pytest.raises(StillRunning):
        accept(records, batch)
    assert records.documents.list(DocumentFilter(), limit=1).items == ()


def test_upload_without_a_sign_of_life_for_an_hour_is_dead(records: Records) -> None:
    _, upload = begin(records)
    assert records.uploads.condemn_dead(now=NOW + timedelta(hours=1)) == ()
    assert records.uploads.condemn_dead(now=DEAD) == ((upload, False),)


def test_renewed_upload_lives(records: Records) -> None:
    batch, _ = begin(records)
    records.uploads.renew(["u"], now=DEAD)
    assert records.uploads.condemn_dead(now=DEAD) == ()
    accept(records, batch)


def test_dead_upload_is_looked_at_once_more_before_it_is_forgotten(records: Records) -> None:
    _, upload = begin(records)
    records.uploads.condemn_dead(now=DEAD)
    records.uploads.renew(["u"], now=DEAD)
    assert records.uploads.condemn_dead(now=DEAD + timedelta(minutes=10)) == ((upload, False),)
    assert records.uploads.condemn_dead(now=DEAD + timedelta(hours=2)) == ((upload, True),)
    records.uploads.forget("u")
    assert records.uploads.list() == ()


def test_upload_that_may_still_be_accepted_is_not_forgotten(records: Records) -> None:
    _, upload = begin(records)
    records.uploads.forget("u")
    assert records.uploads.list() == (upload,)


def test_upload_accepted_and_condemned_at_once_is_one_of_both(records: Records, url: str) -> None:
    for round in range(10):
        batch = some_batch(f"round {round}")
        records.uploads.begin(PendingUpload("u", batch.uuid, ()), now=NOW)

        def run_accept(mine: Records, batch: Batch = batch) -> bool:
            try:
                accept(mine, batch)
            except StillRunning:
                return False
            return True

        runs: list[Callable[[Records], bool]] = [
            run_accept,
            lambda mine: mine.uploads.condemn("u", now=NOW) is not None,
        ]
        assert sum(all_at_once(url, runs)) == 1
        records.uploads.forget("u")
