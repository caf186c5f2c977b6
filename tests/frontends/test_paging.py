"""Paging on the screens: there and back, and what becomes of a page whose list has changed."""

import pytest
from streamlit.testing.v1 import AppTest

from frontends.i18n import Translations
from frontends.paging import count_total
from tests.frontends.screens import shown


def numbers() -> None:
    """A page that shows two of some numbers at a time."""
    import streamlit as st

    from frontends import paging
    from frontends.i18n import Translations
    from sake_ray.domain.listing import list_sorted
    from sake_ray.schemas.listing import ListOut

    items, wanted = st.session_state["items"], st.session_state["wanted"]
    cursor = paging.current_cursor("numbers", wanted)
    listing = list_sorted("numbers", items, lambda number: (number,), (int,), after=cursor, limit=2)
    found = ListOut[int].model_validate(listing)
    paging.show_pages("numbers", found, Translations("en"))
    st.caption(f"shown: {found.items}")


@pytest.fixture
def page() -> AppTest:
    """The page, of the numbers to 4."""
    page = AppTest.from_function(numbers, default_timeout=200)
    page.session_state["items"], page.session_state["wanted"] = list(range(5)), "these"
    return page.run()


def test_the_way_back_leads_over_the_same_pages(page: AppTest) -> None:
    assert ("shown: [0, 1]" in shown(page), page.button(key="numbers-before").disabled) == (True, True)
    page.button(key="numbers-next").click().run()
    page.button(key="numbers-next").click().run()
    assert ("shown: [4]" in shown(page), page.button(key="numbers-next").disabled) == (True, True)
    page.button(key="numbers-before").click().run()
    assert "shown: [2, 3]" in shown(page)
    page.button(key="numbers-before").click().run()
    assert "shown: [0, 1]" in shown(page)


def test_a_page_whose_items_have_gone_gives_way_to_the_one_before(page: AppTest) -> None:
    page.button(key="numbers-next").click().run()
    page.button(key="numbers-next").click().run()
    page.session_state["items"] = [0, 1, 2]
    page.run()
    assert ("shown: [2]" in shown(page), page.exception) == (True, [])


def test_another_list_begins_at_its_beginning(page: AppTest) -> None:
    page.button(key="numbers-next").click().run()
    page.session_state["wanted"] = "others"
    assert "shown: [0, 1]" in shown(page.run())


def test_a_list_of_one_page_has_no_way_on(page: AppTest) -> None:
    page.session_state["items"] = [0, 1]
    assert len(page.run().button) == 0


@pytest.mark.parametrize(("language", "said"), [("en", "10,000+ documents"), ("fr", "plus de 10\u202f000 documents")])
def test_a_total_that_was_not_counted_to_the_end_is_said_so(language: str, said: str) -> None:
    words = Translations(language)
    assert count_total("search.found", 10_000, words, is_exact=False) == said
    assert count_total("search.found", 1, words, is_exact=True) == words.count("search.found", 1)
