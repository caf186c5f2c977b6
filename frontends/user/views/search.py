"""Search: find documents by their words."""

from datetime import date, timedelta
from html import escape
from typing import Any

import streamlit as st

from frontends import paging, session
from frontends.i18n import Translations
from frontends.user import cards
from frontends.user.document_state import choices, label_name
from frontends.user.results import empty_html
from sake_ray.domain.answers import NONE_OF_THESE, UNREADABLE
from sake_ray.schemas.search import HitOut

PAGE_SIZE = 20
DAYS = (7, 30, 365)


def main() -> None:
    """Show the form and the matches; the query is in the address."""
    words = session.words()
    st.title(words("search.title"), anchor=False)
    asked = st.query_params.get("q", "")
    with st.form("search", border=False):
        left, right = st.columns([4, 1], vertical_alignment="bottom")
        question = left.text_input(words("search.ask"), value=asked, placeholder=words("search.example"), max_chars=500)
        if right.form_submit_button(words("search.button"), type="primary", width="stretch"):
            asked = (question or "").strip()
            st.query_params.from_dict({"q": asked} if asked else {})
    criteria = _choose_criteria(words)
    if not asked and not criteria:
        st.html(empty_html(words("search.start"), words("search.start_hint")))
        return
    _show_found(asked, criteria, words)


def _choose_criteria(words: Translations) -> dict[str, Any]:
    """Show the filters, and return those that are set."""
    labels = [answer for answer in choices(session.client().documents.labels().answers) if answer != UNREADABLE]
    with st.expander(words("search.filters"), icon=":material/tune:"):
        first, second, third = st.columns(3)
        label = first.selectbox(
            words("search.label"),
            labels,
            index=None,
            placeholder=words("search.all.label"),
            format_func=lambda a: label_name(a, words),
        )
        language = second.selectbox(
            words("search.language"),
            ["fr", "en"],
            index=None,
            placeholder=words("search.all.language"),
            format_func=lambda code: words(f"language.{code}"),
        )
        days = third.selectbox(
            words("search.since"),
            DAYS,
            index=None,
            placeholder=words("search.all.since"),
            format_func=lambda days: words(f"search.days.{days}"),
        )
        reference = first.text_input(words("search.reference"), max_chars=200)
        to_check = second.checkbox(words("search.needs_review"))
    found: dict[str, Any] = {
        "label": "other" if label == NONE_OF_THESE else label,
        "language": language,
        "since": (date.today() - timedelta(days=days)).isoformat() if days else None,
        "reference": (reference or "").strip() or None,
        "needs_review": True if to_check else None,
    }
    return {name: value for name, value in found.items() if value is not None}


def _show_found(asked: str, criteria: dict[str, Any], words: Translations) -> None:
    cursor = paging.current_cursor("search", (asked, criteria))
    found = session.client().search.find(asked, cursor=cursor, page_size=PAGE_SIZE, **criteria)
    if not found.total:
        st.html(empty_html(words("search.none"), words("search.none_hint")))
        return
    count = paging.count_total("search.found", found.total, words, is_exact=found.total_is_exact)
    st.subheader(count[:1].upper() + count[1:], anchor=False)
    if asked and not found.ranked:
        st.caption(words("search.newest"))
    for hit in found.items:
        _show_hit(hit, asked, words)
    paging.show_pages("search", found, words)


def _show_hit(hit: HitOut, asked: str, words: Translations) -> None:
    with st.container(border=True, key=f"hit-{hit.document.id}"):
        st.html(cards.card_html(hit.document, words, reference=hit.document.reference))
        parts = "".join(
            f"<mark>{escape(part.text)}</mark>" if part.match else escape(part.text) for part in hit.snippet
        )
        if parts:
            st.html(f'<div class="hit">{parts}</div>')
        cards.open_link(hit.document, words, q=asked)


main()
