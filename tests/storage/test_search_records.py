"""Documents are found by their words, alike in SQLite and PostgreSQL."""

from collections.abc import Collection, Sequence

import pytest
import sqlalchemy as sa

from sake_ray.data.terms import to_index_terms
from sake_ray.domain.documents import Document
from sake_ray.domain.verdicts import Policy
from sake_ray.errors import LeaseLost
from sake_ray.storage.records import DocumentFilter, Records
from sake_ray.storage.records.tables import searchable
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
    found, total = records.search.find(question, fitting or DocumentFilter(), limit=10)
    assert total == len(found)
    return names(found)


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
    (second,), total = records.search.find([{"xrent"}], DocumentFilter(), limit=1, offset=1)
    assert (second.name, total) == ("old", 3)


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
