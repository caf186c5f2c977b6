"""Full text over what the team may see, forgiving in French and English, harmless whatever is asked."""

import pytest

from sake_ray.domain.accounts import Role
from sake_ray.errors import InputError, NotFound, PermissionDenied
from sake_ray.serve.search import cut_snippet, index_texts
from sake_ray.storage.records.tables import searchable
from tests.pages import letter, png
from tests.served_office import ServedOffice

FRENCH = png(
    letter(
        (
            "Les cotisations de la mutuelle ont été réglées",
            "Votre électricité sera coupée au printemps",
            "Nous vous prions de croire à notre considération",
        )
    ).render(150)
)
ENGLISH = png(letter().render(150))


def names(found) -> list[str]:  # type: ignore[no-untyped-def]
    return [hit.document.name for hit in found.items]


def test_words_are_found_in_any_form_and_shown_where_they_stand(office: ServedOffice) -> None:
    sign = office.account("marie")
    office.upload(sign, ("f.png", FRENCH), ("e.png", ENGLISH))
    office.work()
    client = office.client(sign)
    for question, name in (
        ("reglee", "f.png"), ("ÉLECTRICITÉ couper", "f.png"), ("l'electricite du printemps", "f.png"),
        ("invoices", "e.png"), ("deliver TABLE", "e.png"), ("2024-118", "e.png"),
    ):  # fmt: skip
        found = client.search.find(question)
        assert (names(found), found.total) == ([name], 1), question
        (hit,) = found.items
        words = [word.text for page in client.documents.words(hit.document.id).pages for word in page.words]
        marked = [part.text for part in hit.snippet if part.match]
        assert marked
        assert " ".join(words[number] for number in hit.words).startswith(marked[0])
        assert client.search.matches(hit.document.id, question) == hit.words
    assert client.search.find("invoices mutuelle").total == 0
    assert client.search.find("").total == 2
    assert client.search.find("", label="nix").total == 0


def test_a_search_sees_what_its_account_may_see(office: ServedOffice) -> None:
    marie, paul = office.account("marie"), office.account("paul", team="lyon")
    uuid = office.upload(marie, ("e.png", ENGLISH), reference="a/b ?")
    office.work()
    id = office.only_document(marie, uuid)
    assert office.client(paul).search.find("invoice").total == 0
    with pytest.raises(NotFound):
        office.client(paul).search.matches(id, "invoice")
    assert office.client(office.account("anne", Role.ADMIN)).search.find("invoice").total == 1
    ops = office.client(office.account("omar", Role.OPS))
    with pytest.raises(PermissionDenied):
        ops.search.find("invoice")
    with pytest.raises(PermissionDenied):
        ops.search.matches(id, "invoice")
    for criteria, total in (
        ({"reference": "a/b ?"}, 1), ({"reference": "a"}, 0), ({"language": "en"}, 1), ({"language": "fr"}, 0),
        ({"since": "2020-01-01"}, 1), ({"until": "2020-01-01"}, 0), ({"mine": True}, 1), ({"status": "FAILED"}, 0),
    ):  # fmt: skip
        assert office.client(marie).search.find("invoice", **criteria).total == total, criteria


def test_hostile_questions_find_nothing_and_break_nothing(office: ServedOffice) -> None:
    sign = office.account("marie")
    office.upload(sign, ("e.png", ENGLISH))
    office.work()
    client = office.client(sign)
    for question in (
        '"', "'", "a AND", "NOT", "NEAR(a b", "x:y^", "*", "?!…", "\0", "inv\0", "x" * 9_000, "(" * 5_000,
        "%", "_", "'; DROP TABLE documents;--", "<script>", "{terms}: invoice2",
    ):  # fmt: skip
        assert client.search.find(question).total == 0, question
    for question in (" ".join(map(str, range(40))), "x" * 10_001):
        with pytest.raises(InputError):
            client.search.find(question)
    assert client.search.find('"invoice" OR').total == 1
    assert client.search.find("<b>invoice</b> AND (total)").total == 0
    assert client.search.find("-invoice*").total == 1


def test_documents_from_before_the_index_are_indexed_by_the_catch_up(office: ServedOffice) -> None:
    sign = office.account("marie")
    office.upload(sign, ("e.png", ENGLISH), ("f.png", FRENCH))
    office.work()
    with office.records.database.transaction() as connection:
        connection.execute(searchable.delete())
        connection.exec_driver_sql("INSERT INTO search_index(search_index) VALUES ('delete-all')")
    assert office.client(sign).search.find("invoice").total == 0
    missing = office.records.search.list_missing(after="", limit=10)
    assert index_texts(office.records, office.store, missing) == ()
    assert names(office.client(sign).search.find("invoice")) == ["e.png"]
    assert names(office.client(sign).search.find("mutuelle")) == ["f.png"]
    for key in office.store.list("texts/"):
        office.store.delete(key)
    (hit,) = office.client(sign).search.find("invoice").items
    assert (hit.snippet, hit.words) == ([], [])


def test_a_snippet_shows_the_stretch_with_the_most_matches() -> None:
    words = [f"w{number}" for number in range(100)]
    assert cut_snippet(words, [3, 50, 52])[:4] == [
        ("… w46 w47 w48 w49", False),
        ("w50", True),
        ("w51", False),
        ("w52", True),
    ]
    assert cut_snippet(words, [])[0][0].startswith("w0 w1")
    assert cut_snippet(words, [3, 10, 31, 50])[0] == ("w0 w1 w2", False)
    assert cut_snippet(["x" * 10_000] * 50, list(range(50)))[0][0].startswith("x" * 100 + " x")
    assert cut_snippet([], []) == []
    assert cut_snippet(["a"], [0]) == [("a", True)]
