"""The bin over HTTP: who may delete and restore, and that the service erases what is in it for long."""

from datetime import UTC, datetime, timedelta

import pytest

from sake_ray.domain.accounts import Role
from sake_ray.domain.documents import Status
from sake_ray.erasure import Eraser
from sake_ray.errors import InputError, NotFound, PermissionDenied
from tests.pages import letter, png
from tests.served_office import ServedOffice
from tests.stacks import STACK
from tests.traces import find_traces

PAGE = png(letter().render(60))
MARK = "xzqvmarker"


def test_a_user_deletes_and_restores_documents_of_the_own_team(office: ServedOffice) -> None:
    sign = office.account("marie")
    documents = office.client(sign).documents
    id = office.only_document(sign, office.upload(sign, ("a.png", PAGE)))
    office.work()
    removed = documents.remove(id)
    assert (removed.status, removed.binned_at is not None) == (Status.BINNED, True)
    assert documents.list().items == []
    assert [one.id for one in documents.list(status="BINNED").items] == [id]
    for account in (office.account("paul", team="lyon"), office.account("omar", Role.OPS)):
        with pytest.raises((NotFound, PermissionDenied)):
            office.client(account).documents.restore(id)
    assert documents.restore(id).status is Status.COMPLETED
    assert [one.id for one in documents.list().items] == [id]


def test_a_part_is_not_deleted_alone(office: ServedOffice) -> None:
    sign = office.account("marie")
    documents = office.client(sign).documents
    root = office.only_document(sign, office.upload(sign, STACK))
    office.work()
    documents.split(root)
    part = documents.get(root).parts[0].id
    with pytest.raises(InputError, match=root):
        documents.remove(part)
    documents.remove(root)
    assert documents.list().items == []
    documents.restore(part)
    assert len(documents.list().items) == 3


def test_what_is_in_the_bin_for_long_leaves_nothing_and_its_batch_stays(office: ServedOffice) -> None:
    sign = office.account("marie")
    uuid = office.upload(sign, (f"{MARK}.png", png(letter((f"Letter of {MARK}",)).render(120))), ("b.png", PAGE))
    office.work()
    (batch,) = office.client(sign).batches.find(uuid)
    gone = next(document for document in batch.documents if MARK in document.name)
    eraser = Eraser(office.records, office.store, office.workspace, office.registry)
    now = datetime.now(UTC)
    office.client(sign).documents.remove(gone.id)
    assert eraser.empty_bin(timedelta(days=30), now=now + timedelta(days=29)) == 0
    assert eraser.empty_bin(timedelta(days=30), now=now + timedelta(days=31)) == 1
    assert eraser.run_next(now=now + timedelta(days=31))
    assert find_traces(office.home, MARK) == []
    assert [document.name for document in office.client(sign).batches.find(uuid)[0].documents] == ["b.png"]
    with pytest.raises(NotFound):
        office.client(sign).documents.restore(gone.id)
