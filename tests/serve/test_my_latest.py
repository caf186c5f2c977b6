"""What was handed in last, by whom, and how far it is."""

from datetime import timedelta

import pytest

from sake_ray.domain.accounts import Role
from sake_ray.errors import InputError
from sake_ray.serve.auth import utc_now
from tests.pages import letter, png
from tests.served_office import ServedOffice

SCAN = png(letter().render(60))


def test_my_latest_are_the_batches_i_handed_in_each_with_how_far_it_is(office: ServedOffice) -> None:
    marie, jean = office.account("marie"), office.account("jean")
    paul, anne = office.account("paul", team="lyon"), office.account("anne", Role.ADMIN)
    first = office.upload(marie, ("a.png", SCAN), ("cut.png", SCAN[:200]), reference="R1")
    office.work()
    second = office.upload(marie, ("b.png", SCAN), reference="R2")
    other, foreign = office.upload(jean, ("c.png", SCAN)), office.upload(paul, ("d.png", SCAN))
    mine = office.client(marie).batches.list(mine=True)
    assert (mine.total, [batch.uuid for batch in mine.items]) == (2, [second, first])
    assert [(b.status, b.n_files, b.n_ended, b.n_failed) for b in mine.items] == [
        ("PENDING", 1, 0, 0),
        ("COMPLETED", 2, 2, 1),
    ]
    assert [b.uuid for b in office.client(marie).batches.list().items] == [other, second, first]
    newest = office.client(anne).batches.list(page_size=1)
    assert [b.uuid for b in office.client(anne).batches.list(cursor=newest.next_cursor, page_size=1).items] == [other]
    assert office.client(anne).batches.list().items[0].uuid == foreign
    assert office.client(anne).batches.list(mine=True).total == 0


def test_documents_are_found_by_owner_language_and_day(office: ServedOffice) -> None:
    marie, jean = office.account("marie"), office.account("jean")
    office.upload(marie, ("a.png", SCAN))
    office.upload(jean, ("b.png", SCAN))
    office.work()
    client, today = office.client(marie), utc_now().date()
    yesterday, tomorrow = today - timedelta(days=1), today + timedelta(days=1)
    language = client.documents.list(page_size=1).items[0].language
    for criteria, names in (
        ({"mine": True}, ["a.png"]), ({"language": language}, ["b.png", "a.png"]), ({"language": "xx"}, []),
        ({"since": yesterday}, ["b.png", "a.png"]), ({"since": tomorrow}, []), ({"until": yesterday}, []),
        ({"until": tomorrow, "since": yesterday, "mine": True}, ["a.png"]), ({"until": "9999-12-31"}, ["b.png", "a.png"]),
        ({"since": "0001-01-01", "until": "0001-01-01"}, []), ({"language": "\0"}, []),
    ):  # fmt: skip
        assert [document.name for document in client.documents.list(**criteria).items] == names, criteria
    with pytest.raises(InputError):
        client.documents.list(since="soon")


def test_what_a_person_said_counts_over_the_prediction(office: ServedOffice) -> None:
    client = office.client(office.account("marie"))
    office.upload(office.account("jean"), ("a.png", SCAN), ("blank.png", png(letter(()).render(60))))
    office.work()
    found = {document.name: document for document in client.documents.list().items}
    assert [d.name for d in client.documents.list(needs_review=True).items if d.name == "blank.png"] == ["blank.png"]
    assert office.client(office.account("omar", Role.OPS)).batches.list().items[0].n_review >= 1
    client.documents.answer(found["blank.png"].id, "none_of_these")
    client.documents.answer(found["a.png"].id, "resume")
    assert client.documents.list(needs_review=True).total == 0
    assert client.documents.list(needs_review=False).total == 2
    assert [d.name for d in client.documents.list(label="resume").items] == ["a.png"]
    assert [d.name for d in client.documents.list(label="other").items] == ["blank.png"]
    assert client.batches.list().items[0].n_review == 0
    client.documents.answer(found["a.png"].id, "unreadable")
    assert client.documents.list(label="resume").total == 0
