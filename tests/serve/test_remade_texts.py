"""What may be deleted is made again from the original, as soon as somebody asks for it."""

from dataclasses import asdict, replace

import pytest

from sake_ray.domain.accounts import Role
from sake_ray.errors import NotFound, ObjectMissing, OriginalDamaged, TextPending
from sake_ray.storage.records.tables import documents
from tests.pages import letter, png
from tests.served_office import ServedOffice

SCAN = png(letter().render(100))
PATHS = ("", "/words", "/explanation", "/matches?q=invoice", "/pages/1", "/pages/1/thumbnail")


def classified(office: ServedOffice, sign: dict[str, str], scan: bytes = SCAN) -> str:
    uuid = office.upload(sign, ("a.png", scan))
    office.work()
    return office.only_document(sign, uuid)


def delete(office: ServedOffice, *prefixes: str) -> None:
    for prefix in prefixes:
        for key in list(office.store.list(prefix)):
            office.store.delete(key)


def answers_of(office: ServedOffice, sign: dict[str, str], document: str) -> dict[str, tuple[int, bytes]]:
    found = {path: office.http.get(f"/documents/{document}{path}", headers=sign) for path in PATHS}
    return {path: (answer.status_code, answer.content) for path, answer in found.items()}


@pytest.mark.parametrize("asked_first", PATHS)
def test_text_and_page_images_that_were_deleted_are_the_same_again(office: ServedOffice, asked_first: str) -> None:
    sign = office.account("marie")
    document = classified(office, sign)
    before = answers_of(office, sign, document)
    assert {status for status, _ in before.values()} == {200}
    delete(office, "texts/", "pages/")
    assert office.http.get(f"/documents/{document}{asked_first}", headers=sign).content == before[asked_first][1]
    assert answers_of(office, sign, document) == before
    assert len(office.working.read) == 1


def test_damaged_texts_and_page_images_are_made_again(office: ServedOffice) -> None:
    sign = office.account("marie")
    document = classified(office, sign)
    before = answers_of(office, sign, document)
    for prefix in ("texts/", "pages/"):
        for key in list(office.store.list(prefix)):
            office.store.put(key, office.store.get(key)[:-50])
    assert answers_of(office, sign, document) == before


def test_page_images_that_were_deleted_alone_are_made_again(office: ServedOffice) -> None:
    sign = office.account("marie")
    document = classified(office, sign)
    before = answers_of(office, sign, document)
    delete(office, "pages/")
    assert answers_of(office, sign, document) == before


def test_text_that_is_still_being_made_is_asked_for_again(office: ServedOffice) -> None:
    sign = office.account("marie")
    document = classified(office, sign)
    delete(office, "texts/")
    office.working.busy = True
    pending = office.http.get(f"/documents/{document}/words", headers=sign)
    assert (pending.status_code, pending.json()["code"], pending.headers["retry-after"]) == (503, "text-pending", "5")
    client = office.client(sign)
    with pytest.raises(TextPending):
        client.documents.explain(document)
    detail = client.documents.get(document)
    assert (detail.text, detail.text_pending, detail.label is None) == (None, True, False)
    office.working.busy = False
    assert client.documents.words(document).pages[0].words
    assert not client.documents.get(document).text_pending


def test_text_that_was_made_again_in_another_way_says_so(office: ServedOffice) -> None:
    sign = office.account("marie")
    document = classified(office, sign)
    client = office.client(sign)
    assert not client.documents.words(document).recipe_differs
    older = replace(office.reader.recipe, engine_version="3.9")
    with office.records.database.transaction() as connection:
        connection.execute(documents.update().values(recipe=asdict(older)))
    assert client.documents.words(document).recipe_differs
    delete(office, "texts/", "pages/")
    assert client.documents.words(document).pages[0].words
    assert client.documents.page_image(document, 1)
    assert client.documents.explain(document).recipe_differs
    detail = client.documents.get(document)
    assert (detail.recipe and detail.recipe.engine_version, detail.recipe_differs) == ("3.9", True)
    assert len(office.working.read) == 1


def test_original_that_is_gone_or_damaged_is_said_and_no_other_text_made(office: ServedOffice) -> None:
    sign = office.account("marie")
    document = classified(office, sign)
    client = office.client(sign)
    (original,) = [key for key in office.store.list() if "/original_raw/" in key]
    delete(office, "texts/", "pages/")
    office.store.put(original, png(letter().render(50)))
    with pytest.raises(OriginalDamaged):
        client.documents.words(document)
    with pytest.raises(OriginalDamaged):
        client.documents.original(document)
    office.store.delete(original)
    with pytest.raises(ObjectMissing):
        client.documents.page_image(document, 1)
    assert (client.documents.get(document).text, client.documents.get(document).text_pending) == (None, False)
    office.store.put(original, SCAN)
    assert client.documents.words(document).pages[0].words


def test_document_that_can_no_longer_be_read_is_tried_once(office: ServedOffice) -> None:
    sign = office.account("marie")
    document = classified(office, sign)
    delete(office, "texts/")
    options = office.reader.options
    office.reader.options = replace(options, limits=replace(options.limits, max_bytes=9))
    try:
        for _ in range(3):
            with pytest.raises(NotFound, match="could not be read again"):
                office.client(sign).documents.words(document)
    finally:
        office.reader.options = options
    assert len(office.working.read) == 1


def test_nobody_has_a_text_made_again_that_he_may_not_see(office: ServedOffice) -> None:
    document = classified(office, office.account("marie"))
    delete(office, "texts/", "pages/")
    other = office.account("otto", Role.USER, "lyon")
    assert {status for status, _ in answers_of(office, other, document).values()} == {404}
    assert office.working.read == []
