"""A candidate's file: what is there, what needs review, what is missing."""

from collections.abc import Sequence
from html import escape

import streamlit as st

from frontends import error_views, paging, session
from frontends.i18n import Translations, literal
from frontends.user import cards
from frontends.user.document_state import label_name
from frontends.user.results import empty_html, show_latest
from sake_ray.errors import NotFound
from sake_ray.schemas.references import ReferenceOut

TICK_SECONDS = 1.5
SIGNS = {"there": ("sure", "✓"), "needs_review": ("check", "?"), "missing": ("bad", "✗")}


def main() -> None:
    """Show the file of the reference in the address, or ask for one."""
    words = session.words()
    reference = st.query_params.get("reference", "")
    st.title(literal(reference) or words("candidate.title"), anchor=False)
    if not reference:
        _ask(words)
        show_latest(words, view="candidate")
        return
    st.button(words("candidate.back"), icon=":material/arrow_back:", type="tertiary", on_click=st.query_params.clear)
    try:
        found = _fetch(reference)
    except NotFound:
        st.html(empty_html(words("results.none", name=reference), words("results.none_hint")))
        return
    if _is_in_progress(found):
        error_views.part(_show_live, every=TICK_SECONDS)(reference)
    else:
        error_views.part(_show)(reference)


def _show_live(reference: str) -> None:
    """Refresh while documents are being read; then show the whole page again, which no longer refreshes."""
    found = _show(reference)
    if not _is_in_progress(found):
        st.rerun(scope="app")


def _is_in_progress(found: ReferenceOut) -> bool:
    return found.n_ended + found.n_needs_ops < sum(group.n_documents for group in found.groups)


def _fetch(reference: str) -> ReferenceOut:
    return session.client().references.get(reference, cursor=paging.current_cursor("candidate", reference))


def _show(reference: str) -> ReferenceOut:
    words, client = session.words(), session.client()
    found = _fetch(reference)
    _show_required(found, words)
    cards.show_by_state(found.items, client.documents.labels().answers)
    paging.show_pages("candidate", found, words)
    return found


def _ask(words: Translations) -> None:
    with st.form("whose", border=False):
        left, right = st.columns([4, 1], vertical_alignment="bottom")
        asked = left.text_input(words("candidate.ask"), placeholder=words("upload.example"), max_chars=200)
        if right.form_submit_button(words("results.find"), width="stretch") and asked and asked.strip():
            st.query_params.from_dict({"reference": asked.strip()})
            st.rerun()


def _show_required(found: ReferenceOut, words: Translations) -> None:
    """The sentence that matters first, then each required class with its sign."""
    if found.complete:
        st.success(words("candidate.complete"), icon=":material/task_alt:")
    elif found.missing:
        st.error(words("candidate.missing", names=_names(found.missing, words)), icon=":material/error:")
    if found.doubtful:
        st.warning(words("candidate.needs_review", names=_names(found.doubtful, words)), icon=":material/help:")
    rows = [
        f'<span class="{SIGNS[state][0]}">{SIGNS[state][1]} {escape(label_name(label, words))}</span>'
        for state, labels in (("there", found.there), ("needs_review", found.doubtful), ("missing", found.missing))
        for label in labels
    ]
    st.html(f'<div class="tiles">{"".join(rows)}</div>')


def _names(labels: Sequence[str], words: Translations) -> str:
    return ", ".join(literal(label_name(label, words)) for label in labels)


main()
