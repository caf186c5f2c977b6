"""Results: of a batch, of a reference, or the latest."""

import streamlit as st

from frontends import error_views, session
from frontends.i18n import Translations, literal
from frontends.user import cards, downloads
from frontends.user.document_state import DocumentState, state_of
from frontends.user.results import DocumentSet, find_documents, show_latest

TICK_SECONDS = 1.5


def main() -> None:
    """Show the batch or reference in the address, or else the latest uploads."""
    words = session.words()
    batch, name = st.query_params.get("batch", ""), st.query_params.get("reference", "")
    st.title(words("results.title"), anchor=False)
    _show_question(words)
    if not batch and not name:
        show_latest(words)
        return
    found = find_documents(batch, name, words)
    if found is None:
        return
    answers = session.client().documents.labels().answers
    _show_head(found, words)
    if found.is_in_progress:
        error_views.part(_show_live, every=TICK_SECONDS)(batch, name, answers)
    else:
        error_views.part(_show_finished)(batch, name, answers)


def _show_question(words: Translations) -> None:
    with st.form("question", border=False, clear_on_submit=True):
        left, right = st.columns([4, 1], vertical_alignment="bottom")
        asked = left.text_input(words("results.ask"), placeholder=words("results.ask_example"))
        if right.form_submit_button(words("results.find"), width="stretch") and asked and asked.strip():
            st.query_params.from_dict({"reference": asked.strip()})
            st.session_state.pop("shown", None)
            st.rerun()


def _show_head(found: DocumentSet, words: Translations) -> None:
    st.header(literal(found.reference), anchor=False, divider="gray")
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(words("results.back"), icon=":material/arrow_back:", type="tertiary", on_click=st.query_params.clear)
        whole = words("results.whole_file")
        st.page_link(
            "views/candidate.py",
            label=whole,
            icon=":material/folder_shared:",
            query_params={"reference": found.reference},
        )
        downloads.show(found.documents, found.reference, words)
    if found.is_cut:
        st.info(words("results.cut", n=len(found.documents)))
    expected = st.query_params.get("of", "")
    if expected.isdecimal() and len(expected) <= 10 and int(expected) > len(found.documents):
        st.warning(words.count("results.missing", len(found.documents), of=int(expected)))
    batch = st.query_params.get("batch", "")
    for name, why in st.session_state.get("refused", {}).get(batch, []):
        st.error(words("upload.refused", name=literal(name), why=literal(why)), icon=":material/block:")


def _show_live(batch: str, name: str, answers: list[str]) -> None:
    words = session.words()
    found = find_documents(batch, name, words)
    if found is None or not found.is_in_progress:
        st.rerun(scope="app")
    _show_progress(found, words)
    cards.show_by_state(found.documents, answers)


def _show_finished(batch: str, name: str, answers: list[str]) -> None:
    found = find_documents(batch, name, session.words())
    if found:
        cards.show_by_state(found.documents, answers)


def _show_progress(found: DocumentSet, words: Translations) -> None:
    done = sum(state_of(document) is not DocumentState.IN_PROGRESS for document in found.documents)
    total = len(found.documents)
    st.progress(done / total, text=words.count("results.progress", done, of=total))


main()
