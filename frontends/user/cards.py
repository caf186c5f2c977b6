"""Show documents as cards: picture, class, status, and the buttons that correct it."""

from base64 import b64encode
from collections.abc import Sequence
from html import escape

import streamlit as st

from frontends import error_views, session, theme
from frontends.i18n import Translations, literal
from frontends.user import answers
from frontends.user.document_state import DocumentState, choices, label_name, state_of, summarize
from sake_ray.client import Client
from sake_ray.domain.answers import WITHDRAWN
from sake_ray.domain.documents import Status
from sake_ray.errors import Message, SakeError
from sake_ray.schemas.documents import DocumentOut

SIGNS = {
    DocumentState.IN_PROGRESS: "…",
    DocumentState.NEEDS_OPS: "!",
    DocumentState.FAILED: "!",
    DocumentState.NEEDS_REVIEW: "",
    DocumentState.DONE: "",
}
AT_ONCE = 40
"""Cards shown before "show more"."""


def show_by_state(documents: Sequence[DocumentOut], answers: list[str]) -> None:
    """Show the documents by state, those that need review first."""
    words, left = session.words(), st.session_state.get("shown", AT_ONCE)
    show_change(documents, words)
    show_bulk([document for document in documents if document.status is Status.COMPLETED], answers, words)
    for state in DocumentState:
        members = [document for document in documents if state_of(document) is state]
        if members and left > 0:
            st.subheader(words.count(f"state.{state}", len(members)), anchor=False)
            if state is DocumentState.DONE:
                show_confirm(members[:left], words)
            for document in members[:left]:
                show_card(document, answers, words)
        left -= len(members)
    if left < 0:
        st.button(words("results.more"), on_click=_show_more, width="stretch")


def show_card(document: DocumentOut, answers: list[str], words: Translations) -> None:
    """Show one document with its buttons."""
    with st.container(border=True, key=f"card-{document.id}"):
        st.html(card_html(document, words))
        if document.status is Status.COMPLETED:
            show_choices(document, answers, words)
            with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
                open_link(document, words)
                st.checkbox(words("card.pick"), key=pick_key(document))


def show_choices(document: DocumentOut, answers: list[str], words: Translations) -> None:
    """Show a button for each answer; a second click on the chosen one withdraws it."""
    key = f"answer-{document.id}-{document.answer}"
    st.pills(
        words("card.it_is" if document.answer else "card.what_is_it" if document.needs_review else "card.not_right"),
        choices(answers),
        wrap=True,
        default=document.answer if document.answer in choices(answers) else None,
        format_func=lambda answer: literal(label_name(answer, words)),
        key=key,
        on_change=_answer,
        args=(document, key),
    )


def open_link(document: DocumentOut, words: Translations, *, q: str = "") -> None:
    """Show the link to the document's own page; `q` is the search to highlight there."""
    st.page_link(
        "views/document.py",
        label=words("card.open"),
        icon=":material/zoom_in:",
        query_params={"id": document.id} | ({"q": q} if q else {}),
    )


def card_html(document: DocumentOut, words: Translations, *, reference: str = "") -> str:
    """Its picture and facts; every text of the document is escaped."""
    summary, facts = summarize(document, words), [reference] if reference else []
    if document.language in {"fr", "en"}:
        facts.append(words(f"language.{document.language}"))
    if document.pages:
        facts.append(words.count("card.pages", document.pages))
    badge = ""
    if summary.label:
        name = escape(label_name(summary.label, words))
        badge = f'<span class="badge" style="background:{theme.label_colour(summary.label)}">{name}</span>'
    notes = [describe_error(document, words)] if document.error else []
    notes += describe_notes(document, words)
    if document.proposed_parts and document.status is Status.COMPLETED and not document.answer:
        notes.append(words.count("card.several", len(document.proposed_parts)))
    if document.status is Status.FAILED and not document.error:
        notes = [words("card.failed")]
    kind = "document" if document.status is Status.COMPLETED else "document small"
    return (
        f'<div class="{kind}">{_thumbnail(document)}<div class="facts"><div class="name">{escape(document.name)}</div>'
        f'{badge}<span class="{summary.tone}">{escape(summary.status)}</span>'
        f'<div class="meta">{escape(" · ".join(facts))}</div>'
        + "".join(f'<div class="meta">{escape(note)}</div>' for note in notes)
        + "</div></div>"
    )


def describe_error(document: DocumentOut, words: Translations) -> str:
    """Why it failed, or what to do about it; and while it is still to be processed, what happens next."""
    why = words.translate(Message.restore(document.error, document.error_code, document.error_params))
    if document.status is Status.NEEDS_OPS:
        return words("card.needs_ops", why=why)
    if why and document.status in {Status.PENDING, Status.IN_PROGRESS}:
        return words("card.again", why=why)
    return why


def describe_notes(document: DocumentOut, words: Translations) -> list[str]:
    """What people should know of it beside its words."""
    return [words.translate(Message.restore(note.detail, note.code, note.params)) for note in document.notes]


def show_change(documents: Sequence[DocumentOut], words: Translations) -> None:
    """Show the last change with the button that undoes it, or why it failed."""
    if error := answers.pop_error():
        error_views.show(error)
    change = answers.last_change()
    if change is None or not {id for id, _ in change.before} & {document.id for document in documents}:
        return  # it was made on another page
    if not change.answer:
        text = words.count("change.confirmed", len(change.before), name=change.name)
    elif change.answer == WITHDRAWN:
        text = words("change.withdrawn", name=change.name)
    elif len(change.before) == 1:
        text = words("change.one", name=change.name, label=label_name(change.answer, words))
    else:
        text = words("change.many", n=len(change.before), label=label_name(change.answer, words))
    with st.container(border=True, horizontal=True, vertical_alignment="center", key="change"):
        st.text(text, width="stretch")
        st.button(words("change.undo"), icon=":material/undo:", on_click=answers.undo, key="undo")


def show_confirm(documents: Sequence[DocumentOut], words: Translations) -> None:
    """Show the button that confirms the unanswered documents on the page."""
    unanswered = [document for document in documents if not document.answer]
    if unanswered:
        st.button(
            words.count("card.confirm", len(unanswered)),
            icon=":material/done_all:",
            help=words("card.confirm_hint"),
            on_click=answers.confirm_all,
            args=(unanswered,),
            key="confirm",
        )


def show_bulk(documents: Sequence[DocumentOut], answers: list[str], words: Translations) -> None:
    """With documents selected, show the buttons that answer for all of them."""
    picked = [document for document in documents if st.session_state.get(pick_key(document))]
    if not picked:
        return
    with st.container(border=True, key="bulk"):
        key = f"bulk-{st.session_state.get('bulk_round', 0)}"
        st.pills(
            words.count("bulk.label", len(picked)),
            choices(answers),
            wrap=True,
            format_func=lambda answer: literal(label_name(answer, words)),
            key=key,
            on_change=_answer_all,
            args=(picked, key),
        )


def pick_key(document: DocumentOut) -> str:
    """The key of a document's checkbox."""
    return f"pick-{document.id}"


@st.cache_data(ttl=3600, max_entries=400, show_spinner=False, scope="session")
def fetch_picture(_client: Client, id: str, number: int, *, small: bool) -> bytes:
    """Fetch a page's picture with the user's token; kept for this session only."""
    return _client.documents.page_image(id, number, small=small)


def _thumbnail(document: DocumentOut) -> str:
    if document.status is Status.COMPLETED:
        try:
            data = b64encode(fetch_picture(session.client(), document.id, 1, small=True)).decode()
            return f'<div class="thumb"><img alt="" src="data:image/jpeg;base64,{data}"></div>'
        except SakeError:
            pass  # a card is useful without its picture
    return f'<div class="thumb" aria-hidden="true">{SIGNS[state_of(document)]}</div>'


def _answer(document: DocumentOut, key: str) -> None:
    answers.answer_all([document], st.session_state.get(key) or WITHDRAWN)


def _answer_all(documents: Sequence[DocumentOut], key: str) -> None:
    if answer := st.session_state.get(key):
        answers.answer_all(documents, answer)
        for document in documents:
            st.session_state[pick_key(document)] = False
    st.session_state["bulk_round"] = st.session_state.get("bulk_round", 0) + 1


def _show_more() -> None:
    st.session_state["shown"] = st.session_state.get("shown", AT_ONCE) + AT_ONCE
