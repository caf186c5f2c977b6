"""Documents are found by their words, alike in SQLite and PostgreSQL."""

from collections.abc import Collection, Sequence
from typing import Any

import pytest
import sqlalchemy as sa

from sake_ray.data.terms import to_index_terms
from sake_ray.domain.documents import Document, Status
from sake_ray.domain.listing import make_cursor
from sake_ray.domain.verdicts import Policy
from sake_ray.errors import InputError, LeaseLost
from sake_ray.storage.records import DocumentFilter, Records, search
from sake_ray.storage.records.tables import searchable
from tests.storage.databases import explain
from tests.storage.example_records import NOW, SECOND, claim, hand_in, names, predict, read


def terms(text: str) -> list[tuple[str, ...]]:
    """Every word is a term."""
    return [(f"x{word}",) for word in text.split()]


def record(records: Records, name: str, text: str | None, *, team: str = "office", later: int = 0) -> Document:
    """Hand in a document and complete it; without a text it is not indexed."""
    batch = hand_in(records, name, team=team, at=NOW + later * SECOND)
    records.policies.apply_settings(Policy(), now=NOW)
    (held,) = claim(records, now=NOW + later * SECOND)
    found = None if text is None else terms(text)
    records.queue.complete(held, read(), predict(), terms=found, now=NOW + later * SECOND)
    return batch.documents[0]


def find(records: Records, question: Sequence[Collection[str]], fitting: DocumentFilter | None = None) -> list[str]:
    found = records.search.find(question, fitting or DocumentFilter(), limit=10)
    assert found.total == len(found.items)
    return names(found.items)


def test_a_document_is_found_by_every_word_and_by_any_term_of_a_word(records: Records) -> None:
    record(records, "invoice", "total due march")
    record(records, "letter", "dear sir total")
    assert find(records, [{"xtotal"}, {"xmarch", "xmars"}]) == ["invoice"]
    assert set(find(records, [{"xtotal"}])) == {"invoice", "letter"}
    assert find(records, [{"xtotal"}, {"xnowhere"}]) == []


def test_the_best_comes_first_and_the_newest_of_equals(records: Records) -> None:
    record(records, "old", "rent rent paid", later=1)
    record(records, "once", "rent and many other words about something else", later=2)
    record(records, "new", "rent rent paid", later=3)
    assert find(records, [{"xrent"}]) == ["new", "old", "once"]
    first = records.search.find([{"xrent"}], DocumentFilter(), limit=1)
    second = records.search.find([{"xrent"}], DocumentFilter(), limit=1, after=first.next_cursor)
    assert (names(second.items), second.total, second.ranked) == (["old"], 3, True)


def test_a_search_is_narrowed_as_a_list_is(records: Records) -> None:
    record(records, "ours", "rent")
    record(records, "theirs", "rent", team="lyon")
    assert find(records, [{"xrent"}], DocumentFilter(team="lyon")) == ["theirs"]
    assert find(records, [{"xrent"}], DocumentFilter(label="invoice", since=NOW + SECOND)) == []
    assert len(find(records, [{"xrent"}], DocumentFilter(label="invoice", until=NOW, needs_review=False))) == 2


def test_a_refused_write_indexes_nothing(records: Records) -> None:
    hand_in(records)
    (late,) = claim(records)
    claim(records, now=NOW + 31 * SECOND)
    records.policies.apply_settings(Policy(), now=NOW)
    with pytest.raises(LeaseLost):
        records.queue.complete(late, read(), predict(), terms=terms("rent"), now=NOW)
    assert find(records, [{"xrent"}]) == []
    with records.database.transaction(reads_only=True) as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(searchable)).scalar_one() == 0


def test_what_was_recorded_without_an_index_is_indexed_later_once(records: Records) -> None:
    old = sorted((record(records, name, None) for name in ("a", "b", "c")), key=lambda document: document.id)
    record(records, "d", "rent")
    hand_in(records, "waits")
    first = records.search.list_missing(limit=2)
    assert [document.id for document in first] == [document.id for document in old[:2]]
    for _ in range(2):
        records.search.add([(document.id, terms("rent")) for document in first])
    assert [document.id for document in records.search.list_missing()] == [old[2].id]
    assert records.search.list_missing(after=old[2].id) == ()
    records.search.add([(old[2].id, [])])
    assert records.search.list_missing() == ()
    assert len(find(records, [{"xrent"}])) == 3


def test_the_longest_text_that_is_indexed_fits(records: Records) -> None:
    # Short words that are all different take the most room in PostgreSQL.
    digits = "abcdefghijklmnopqrstuvwxyz0123456789"
    short = [a + b + c for a in digits for b in digits for c in digits]
    hand_in(records)
    records.policies.apply_settings(Policy(), now=NOW)
    (held,) = claim(records)
    records.queue.complete(held, read(), predict(), terms=to_index_terms([*short, *short], "unknown"), now=NOW)
    assert len(find(records, [{"xabc"}, {"fabc"}, {"x999"}])) == 1


@pytest.fixture
def few_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two matches are ranked, four are counted, three are near."""
    for name, value in {"MAX_RANKED": 2, "MAX_TOTAL": 4, "NEAR": 3}.items():
        monkeypatch.setattr(search, name, value)


@pytest.mark.usefixtures("few_are_many")
@pytest.mark.parametrize("count", [3, 4, 5, 9])
def test_too_many_to_rank_come_newest_first_page_by_page(records: Records, count: int) -> None:
    for number in range(count):
        record(records, f"{number}", "rent", later=number)
    # Newer ones that do not match, so that PostgreSQL has to look further than near.
    for number in range(4):
        record(records, "other", "letter", later=20 + number)
    pages, after = [], None
    while True:
        found = records.search.find([{"xrent"}], DocumentFilter(team="office"), limit=2, after=after)
        assert (found.ranked, found.counted) == (False, min(count, 5))
        pages += names(found.items)
        if not (after := found.next_cursor):
            break
    assert pages == [f"{number}" for number in reversed(range(count))]


def test_a_list_that_was_begun_goes_on_in_its_order_when_more_is_found(
    records: Records, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "MAX_RANKED", 2)
    record(records, "best", "rent rent rent")
    record(records, "poor", "rent and a lot of other words", later=1)
    first = records.search.find([{"xrent"}], DocumentFilter(), limit=1)
    record(records, "new", "rent rent", later=2)
    rest = records.search.find([{"xrent"}], DocumentFilter(), limit=5, after=first.next_cursor)
    assert (names(first.items), rest.ranked, names(rest.items)[-1]) == (["best"], True, "poor")


def test_documents_of_one_moment_have_numbers_of_their_own_in_the_order_of_lists(records: Records) -> None:
    batch = hand_in(records, *map(str, range(12)))
    records.policies.apply_settings(Policy(), now=NOW)
    for held in reversed(claim(records, limit=12)):
        records.queue.complete(held, read(), predict(), terms=terms("rent"), now=NOW)
    hand_in(records, "other")
    (other,) = claim(records)
    records.queue.complete(other, read(), predict(), terms=terms("letter"), now=NOW)
    found = records.search.find([{"xrent"}], DocumentFilter(), limit=20)
    assert names(found.items) == names(tuple(reversed(batch.documents)))


@pytest.mark.parametrize(
    "criteria",
    [
        {"team": "lyon"}, {"owner": "ann"}, {"reference": "order 7"}, {"language": "fr"}, {"status": Status.COMPLETED},
        {"label": "invoice"}, {"needs_review": False}, {"since": NOW}, {"until": NOW},
    ],
    ids=lambda one: next(iter(one)),
)  # fmt: skip
def test_every_criterion_narrows_a_search(records: Records, criteria: dict[str, Any]) -> None:
    record(records, "it", "rent", team="lyon")
    assert find(records, [{"xrent"}], DocumentFilter(**criteria)) == ["it"]
    other: dict[str, Any] = {
        "status": Status.FAILED,
        "needs_review": True,
        "since": NOW + SECOND,
        "until": NOW - SECOND,
    }
    others = {name: other.get(name, "x") for name in criteria}
    assert find(records, [{"xrent"}], DocumentFilter(**others)) == []


def test_cursor_of_another_list_is_refused(records: Records) -> None:
    with pytest.raises(InputError):
        records.search.find([{"xrent"}], DocumentFilter(), limit=1, after=make_cursor(["a", 1]))


def test_label_is_counted_among_some_matches_and_all_of_it_is_found(
    records: Records, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {"MAX_RANKED": 2, "LOOKED_AT": 4}.items():
        monkeypatch.setattr(search, name, value)
    for number in range(6):
        record(records, f"{number}", "rent", later=number)
    pages, after = [], None
    while True:
        found = records.search.find([{"xrent"}], DocumentFilter(label="invoice"), limit=2, after=after)
        assert (found.counted, found.is_total_exact) == (4, False)
        pages += names(found.items)
        if not (after := found.next_cursor):
            break
    assert pages == [f"{number}" for number in reversed(range(6))]
    assert records.search.find([{"xrent"}], DocumentFilter(label="letter"), limit=2).items == ()


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_search_by_label_is_not_one_search_for_each_document(records: Records) -> None:
    criteria = DocumentFilter("office", label="invoice")
    with records.database.transaction(reads_only=True) as connection:
        query = search._select_numbers(connection, [{"xrent"}], criteria)
        wanted = search._changing(criteria, search.INDEX)
    assert wanted is not None
    first, *rest = explain(records, query.where(wanted).order_by(search.INDEX.c.rowid.desc()).limit(20))
    assert first.startswith("SCAN search_index VIRTUAL TABLE")
    assert "CORRELATED SCALAR SUBQUERY" in rest[0]
    assert "USING INTEGER PRIMARY KEY" in rest[1]
