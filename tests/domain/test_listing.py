"""Cursors of lists: what comes back is what was given, and nothing else is taken for one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sake_ray.domain.listing import MAX_INTEGER, MAX_TOTAL, Listing, list_sorted, list_whole, make_cursor, parse_cursor
from sake_ray.errors import InputError

TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
KEYS = st.tuples(TEXTS, st.integers(-MAX_INTEGER, MAX_INTEGER))


@given(TEXTS, st.integers(-MAX_INTEGER, MAX_INTEGER))
def test_a_cursor_gives_back_its_key(text: str, number: int) -> None:
    assert parse_cursor(make_cursor((text, number)), (str, int)) == (text, number)


@pytest.mark.parametrize("cursor", ["", "x", "é", "bnVsbA", make_cursor((1,)), make_cursor(("a", "b")), "W1tdXQ", "\0"])
def test_what_is_no_cursor_of_the_list_is_refused(cursor: str) -> None:
    with pytest.raises(InputError) as refused:
        parse_cursor(cursor, (str,))
    assert refused.value.message.code == "cursor-invalid"


@pytest.mark.parametrize(
    ("part", "kind"),
    [("a\0b", str), ("\ud800", str), (1 << 63, int), (-(1 << 70), int), (float("nan"), float), (float("inf"), float)],
)
def test_what_no_database_takes_is_refused(part: str | float, kind: type[str] | type[int] | type[float]) -> None:
    with pytest.raises(InputError):
        parse_cursor(make_cursor([part]), [kind])


@given(st.sets(KEYS), st.integers(1, 9), st.data())
def test_a_list_that_changes_while_it_is_paged_shows_what_stays_once(
    stays: set[tuple[str, int]], limit: int, data: st.DataObject
) -> None:
    seen: list[tuple[str, int]] = []
    cursor = None
    while True:
        items = sorted(stays | data.draw(st.sets(KEYS, max_size=5)))
        page = list_sorted("keys", items, lambda key: key, (str, int), after=cursor, limit=limit)
        seen += page.items
        assert (len(page.items) <= limit, page.counted) == (True, len(items))
        if (cursor := page.next_cursor) is None:
            break
    assert seen == sorted(set(seen))
    assert stays <= set(seen)


def test_a_short_list_is_whole() -> None:
    assert list_whole([1, 2]).map(str) == Listing(("1", "2"), None, 2)


def test_a_total_that_was_not_counted_to_the_end_is_not_exact() -> None:
    exact, more = Listing((), None, MAX_TOTAL), Listing((), None, MAX_TOTAL + 1)
    assert (exact.total, exact.is_total_exact) == (MAX_TOTAL, True)
    assert (more.total, more.is_total_exact) == (MAX_TOTAL, False)
