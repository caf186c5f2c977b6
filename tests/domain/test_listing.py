"""Cursors of lists: what comes back is what was given, and nothing else is taken for one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sake_ray.domain.listing import MAX_TOTAL, Listing, make_cursor, parse_cursor
from sake_ray.errors import InputError


@given(st.text(), st.integers())
def test_a_cursor_gives_back_its_key(text: str, number: int) -> None:
    assert parse_cursor(make_cursor((text, number)), (str, int)) == (text, number)


@pytest.mark.parametrize("cursor", ["", "x", "é", "bnVsbA", make_cursor((1,)), make_cursor(("a", "b")), "W1tdXQ", "\0"])
def test_what_is_no_cursor_of_the_list_is_refused(cursor: str) -> None:
    with pytest.raises(InputError) as refused:
        parse_cursor(cursor, (str,))
    assert refused.value.message.code == "cursor-invalid"


def test_a_total_that_was_not_counted_to_the_end_is_not_exact() -> None:
    exact, more = Listing((), None, MAX_TOTAL), Listing((), None, MAX_TOTAL + 1)
    assert (exact.total, exact.is_total_exact) == (MAX_TOTAL, True)
    assert (more.total, more.is_total_exact) == (MAX_TOTAL, False)
