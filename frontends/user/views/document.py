"""One document: its pages with the words that decided, its text, and what it is."""

from html import escape

import streamlit as st

from frontends import session
from frontends.i18n import Translations, literal
from frontends.user import cards
from frontends.user.document_state import label_name
from frontends.user.highlight import deciding, marks_of, page_html, plain, strengths_of
from frontends.user.results import empty_html
from sake_ray.errors import NotFound
from sake_ray.schemas.documents import DocumentDetail
from sake_ray.schemas.words import ExplanationOut

MAX_CHIPS = 12


def main() -> None:
    """Show the document the address names; with a question in it, where it is answered."""
    words, id, asked = session.words(), st.query_params.get("id", ""), st.query_params.get("q", "")
    try:
        document = session.client().documents.get(id)
    except NotFound:
        st.html(empty_html(words("document.none"), words("document.none_hint")))
        return
    _show_way_back(document, asked, words)
    left, right = st.columns([2, 3], gap="large")
    explanation = _explain(document)
    with left:
        _show_verdict(document, words)
        _show_why(explanation, words)
    with right:
        _show_page(document, explanation, asked, words)
    if document.text:
        _show_text(document.text, words)


def _show_way_back(document: DocumentDetail, asked: str, words: Translations) -> None:
    with st.container(horizontal=True):
        if asked:
            back = words("document.back_to_search", q=literal(asked))
            st.page_link("views/search.py", label=back, icon=":material/arrow_back:", query_params={"q": asked})
        st.page_link(
            "views/results.py",
            label=words("document.back", reference=literal(document.reference)),
            icon=":material/arrow_back:" if not asked else ":material/folder_open:",
            query_params={"batch": document.uuid},
        )


def _explain(document: DocumentDetail) -> ExplanationOut | None:
    if document.label is None:
        return None
    try:
        return session.client().documents.explain(document.id)
    except NotFound:
        return None


def _show_verdict(document: DocumentDetail, words: Translations) -> None:
    st.html(cards.card_html(document, words))
    cards.show_change([document], words)
    if document.label or document.text is not None:
        cards.show_choices(document, session.client().documents.labels().answers, words)


def _show_why(explanation: ExplanationOut | None, words: Translations) -> None:
    if explanation is None or explanation.label is None:
        return
    name = literal(label_name(explanation.label, words))
    st.subheader(words("document.why", label=name), anchor=False)
    speak_for = deciding(explanation.words)
    if speak_for:
        st.caption(words("document.why_hint"))
        st.html(_chips(plain(speak_for, MAX_CHIPS), "chips"))
    else:
        st.caption(words("document.why_nothing"))
    if speak_against := plain(deciding(explanation.words, against=True), MAX_CHIPS // 2):
        st.caption(words("document.against"))
        st.html(_chips(speak_against, "chips against"))


def _show_page(document: DocumentDetail, explanation: ExplanationOut | None, asked: str, words: Translations) -> None:
    if not document.pages or document.text is None:
        return
    pages = session.client().documents.words(document.id).pages
    matches = session.client().search.matches(document.id, asked) if asked else []
    why = marks_of(pages, strengths_of(deciding(explanation.words)), "why") if explanation else {}
    found = marks_of(pages, dict.fromkeys(matches, 1.0), "found")
    first = next((number for number, marks in found.items() if marks), 1)
    number = st.pagination(document.pages, key=f"page-{document.id}", default=first) if document.pages > 1 else 1
    if asked:
        st.caption(words("document.found" if matches else "document.not_found", q=literal(asked)))
    picture = cards.fetch_picture(session.client(), document.id, number, small=False)
    # Where something was looked for, that is what is shown; what decided would only be in the way.
    marks = found if matches else why
    st.html(page_html(picture, marks.get(number, []), words("document.page", n=number)))


def _show_text(text: str, words: Translations) -> None:
    with st.expander(words("document.text"), icon=":material/notes:"):
        for page in text.split("\f"):
            st.html(f'<div class="pagetext">{escape(page)}</div>')


def _chips(texts: list[str], kind: str) -> str:
    return f'<div class="{kind}">{"".join(f"<span>{escape(text)}</span>" for text in texts)}</div>'


main()
