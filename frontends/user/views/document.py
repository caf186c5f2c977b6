"""One document: its pages with the words that decided, its text, and what it is."""

from html import escape

import streamlit as st

from frontends import session
from frontends.user import cards
from frontends.user.highlight import deciding, marks_of, page_html
from frontends.user.results import empty_html
from frontends.user.stand import label_name
from frontends.words import Words
from sake_ray.errors import NotFound
from sake_ray.schemas import DocumentDetail, ExplanationOut


def main() -> None:
    """Show the document the address names."""
    words, id = session.words(), st.query_params.get("id", "")
    try:
        document = session.client().document(id)
    except NotFound:
        st.html(empty_html(words("document.none"), words("document.none_hint")))
        return
    st.page_link(
        "views/results.py",
        label=words("document.back", reference=document.reference),
        icon=":material/arrow_back:",
        query_params={"batch": document.uuid},
    )
    right, left = st.columns([2, 3], gap="large")
    explanation = _explain(document)
    with right:
        _show_verdict(document, words)
        _show_why(explanation, words)
    with left:
        _show_page(document, explanation, words)
    if document.text:
        _show_text(document.text, words)


def _explain(document: DocumentDetail) -> ExplanationOut | None:
    if document.label is None:
        return None
    try:
        return session.client().explanation(document.id)
    except NotFound:
        return None


def _show_verdict(document: DocumentDetail, words: Words) -> None:
    st.html(cards.card_html(document, words))
    cards.show_change(words)
    if document.label or document.text is not None:
        cards.show_choices(document, session.client().labels().answers, words)


def _show_why(explanation: ExplanationOut | None, words: Words) -> None:
    if explanation is None or explanation.label is None:
        return
    name = label_name(explanation.label, words)
    st.subheader(words("document.why", label=name), anchor=False)
    speak_for = deciding(explanation.words)
    if speak_for:
        st.caption(words("document.why_hint"))
        st.html(_chips(list(dict.fromkeys(weight.text for weight in speak_for)), "chips"))
    else:
        st.caption(words("document.why_nothing"))
    if speak_against := deciding(explanation.words, against=True)[:8]:
        st.caption(words("document.against"))
        st.html(_chips(list(dict.fromkeys(weight.text for weight in speak_against)), "chips against"))


def _show_page(document: DocumentDetail, explanation: ExplanationOut | None, words: Words) -> None:
    if not document.pages or document.text is None:
        return
    number = 1
    if document.pages > 1:
        number = st.pagination(document.pages, key="page")
    marks = marks_of(session.client().words(document.id).pages, deciding(explanation.words)) if explanation else {}
    picture = cards.fetch_picture(session.client(), document.id, number, small=False)
    st.html(page_html(picture, marks.get(number, []), words("document.page", n=number)))


def _show_text(text: str, words: Words) -> None:
    with st.expander(words("document.text"), icon=":material/notes:"):
        for page in text.split("\f"):
            st.html(f'<div class="pagetext">{escape(page)}</div>')


def _chips(texts: list[str], kind: str) -> str:
    return f'<div class="{kind}">{"".join(f"<span>{escape(text)}</span>" for text in texts)}</div>'


main()
