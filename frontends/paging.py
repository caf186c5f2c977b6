"""Page through a list by the cursors that the service gives: what is added meanwhile shifts nothing."""

from typing import Any

import streamlit as st

from frontends.i18n import Translations
from sake_ray.schemas.listing import ListOut


def current_cursor(name: str, wanted: object = None) -> str | None:
    """The cursor of the page that is shown of a list; the first page's again once something else is `wanted` of it."""
    trail = _trail(name)
    if st.session_state.get(f"{name}-wanted") != wanted:
        st.session_state[f"{name}-wanted"] = wanted
        trail.clear()
    return trail[-1] if trail else None


def show_pages(name: str, found: ListOut[Any], words: Translations) -> None:
    """Show the way to the page before and to the next one, where there are any, and how many items there are."""
    trail = _trail(name)
    if not trail and not found.next_cursor:
        return
    if trail and not found.items:  # what was here has gone
        trail.pop()
        st.rerun()
    with st.container(horizontal=True, vertical_alignment="center", key=f"{name}-pages"):
        st.button(
            words("pages.before"),
            key=f"{name}-before",
            icon=":material/chevron_left:",
            disabled=not trail,
            on_click=_go_back,
            args=(trail,),
        )
        st.button(
            words("pages.next"),
            key=f"{name}-next",
            icon=":material/chevron_right:",
            disabled=not found.next_cursor,
            on_click=trail.append,
            args=(found.next_cursor,),
        )
        st.caption(count_total("pages.total", found.total, words, is_exact=found.total_is_exact))


def count_total(key: str, total: int, words: Translations, *, is_exact: bool) -> str:
    """The text for a total that was not always counted to the end."""
    if is_exact:
        return words.count(key, total)
    return words(f"{key}.many", n=words("pages.more_than", n=words.figure(total)))


def _go_back(trail: list[str]) -> None:
    trail.pop()


def _trail(name: str) -> list[str]:
    """The cursors from the second page to the one that is shown. They stay while other pages are looked at."""
    trail: list[str] = st.session_state.setdefault(f"{name}-trail", [])
    return trail
