"""One document: its pages with the deciding words, its text and its class."""

from html import escape

import streamlit as st

from frontends import session
from frontends.i18n import Translations, literal
from frontends.user import cards, downloads
from frontends.user.bin import show_removal
from frontends.user.document_state import label_name
from frontends.user.highlight import clean_words, page_html, place_marks, scale_weights, select_deciding
from frontends.user.parts import show_parts
from frontends.user.results import empty_html
from sake_ray.domain.documents import SET_ASIDE
from sake_ray.errors import NotFound, ObjectMissing, OriginalDamaged, ReadingStalled, TextPending
from sake_ray.schemas.documents import DocumentDetail
from sake_ray.schemas.words import ExplanationOut

MAX_CHIPS = 12
REMADE_SECONDS = 4.0  # how often a page looks whether a text that was deleted is read again


def main() -> None:
    """Show the document in the address; with a search in it, highlight the matches."""
    words, id, query = session.words(), st.query_params.get("id", ""), st.query_params.get("q", "")
    try:
        document = session.client().documents.get(id)
    except NotFound:
        st.html(empty_html(words("document.none"), words("document.none_hint")))
        return
    _show_way_back(document, query, words)
    left, right = st.columns([2, 3], gap="large")
    explanation = _explain(document)
    with left:
        _show_verdict(document, words)
        downloads.show_searchable_pdf(document, words)
        show_parts(document, words)
        show_removal(document, words)
        _show_why(explanation, words)
    with right:
        try:
            _show_page(document, explanation, query, words)
        except TextPending:
            _wait_for_text(words)
    if document.text:
        _show_text(document.text, words)


def _show_way_back(document: DocumentDetail, query: str, words: Translations) -> None:
    with st.container(horizontal=True):
        if query:
            back = words("document.back_to_search", q=literal(query))
            st.page_link("views/search.py", label=back, icon=":material/arrow_back:", query_params={"q": query})
        st.page_link(
            "views/results.py",
            label=words("document.back", reference=literal(document.reference)),
            icon=":material/arrow_back:" if not query else ":material/folder_open:",
            query_params={"batch": document.uuid},
        )


def _explain(document: DocumentDetail) -> ExplanationOut | None:
    if document.label is None or document.text_pending:
        return None
    try:
        return session.client().documents.explain(document.id)
    except (NotFound, ObjectMissing, OriginalDamaged, ReadingStalled, TextPending):
        return None


def _show_verdict(document: DocumentDetail, words: Translations) -> None:
    st.html(cards.card_html(document, words))
    cards.show_change([document], words)
    if document.status not in SET_ASIDE and (document.label or document.text is not None):
        cards.show_choices(document, session.client().documents.labels().answers, words)


def _show_why(explanation: ExplanationOut | None, words: Translations) -> None:
    if explanation is None or explanation.label is None:
        return
    name = literal(label_name(explanation.label, words))
    st.subheader(words("document.why", label=name), anchor=False)
    supporting = select_deciding(explanation.words)
    if supporting:
        st.caption(words("document.why_hint"))
        st.html(_chips(clean_words(supporting, MAX_CHIPS), "chips"))
    else:
        st.caption(words("document.why_nothing"))
    if opposing := clean_words(select_deciding(explanation.words, against=True), MAX_CHIPS // 2):
        st.caption(words("document.against"))
        st.html(_chips(opposing, "chips against"))


def _show_page(document: DocumentDetail, explanation: ExplanationOut | None, query: str, words: Translations) -> None:
    if document.text_pending:
        _wait_for_text(words)
    if not document.pages or document.text is None:
        return
    if document.recipe_differs:
        st.caption(words("document.recipe_differs"))
    pages = session.client().documents.words(document.id).pages
    matches = session.client().search.matches(document.id, query) if query else []
    why = place_marks(pages, scale_weights(select_deciding(explanation.words)), "why") if explanation else {}
    found = place_marks(pages, dict.fromkeys(matches, 1.0), "found")
    first = next((number for number, marks in found.items() if marks), 1)
    number = st.pagination(document.pages, key=f"page-{document.id}", default=first) if document.pages > 1 else 1
    if query:
        st.caption(words("document.found" if matches else "document.not_found", q=literal(query)))
    picture = cards.fetch_picture(session.client(), document.id, number, small=False)
    # Search matches come before the deciding words, which would only be in the way.
    marks = found if matches else why
    st.html(page_html(picture, marks.get(number, []), words("document.page", n=number)))


def _wait_for_text(words: Translations) -> None:
    """Say that the text is read again, and show the page anew until it is."""
    st.info(words("document.text_pending"), icon=":material/hourglass_top:")
    looks: list[None] = []  # the first one is that of the page itself

    def look_again() -> None:
        if looks:
            st.rerun(scope="app")
        looks.append(None)

    st.fragment(look_again, run_every=REMADE_SECONDS)()


def _show_text(text: str, words: Translations) -> None:
    with st.expander(words("document.text"), icon=":material/notes:"):
        for page in text.split("\f"):
            st.html(f'<div class="pagetext">{escape(page)}</div>')


def _chips(texts: list[str], kind: str) -> str:
    return f'<div class="{kind}">{"".join(f"<span>{escape(text)}</span>" for text in texts)}</div>'


main()
