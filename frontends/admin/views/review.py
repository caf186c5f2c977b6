"""Review: one document after the other, most useful first, answered with a key or a click."""

from html import escape

import streamlit as st

from frontends import paging, session
from frontends.admin import review_queue
from frontends.admin.actions import show_outcome
from frontends.i18n import Translations, literal
from frontends.user.cards import describe_notes, fetch_picture
from frontends.user.document_state import choices, label_name
from frontends.user.highlight import page_html
from frontends.user.results import empty_html
from sake_ray.schemas.review import ReviewRow

KEYS = 9
MIN_SECOND_CHOICE = 0.1


def main() -> None:
    """Show the next document, and a button for each answer."""
    words = session.words()
    st.title(words("admin.review.title"), anchor=False)
    show_outcome(words)
    queue = review_queue.open_queue()
    if not queue.waiting:
        st.html(empty_html(words("admin.review.none"), words("admin.review.none_hint")))
        _show_undo(queue, words)
        return
    row = queue.waiting[0]
    left = paging.count_total("admin.review.left", queue.remaining, words, is_exact=queue.is_counted)
    st.caption(left + " " + words("admin.review.lead"))
    picture, question = st.columns([3, 2], gap="large")
    with question:
        _show_question(row, queue, words)
    with picture:
        _show_page(row, words)


def _show_question(row: ReviewRow, queue: review_queue.ReviewQueue, words: Translations) -> None:
    facts = [row.reference, _explain_question(row, words), *describe_notes(row, words)]
    st.html(
        f'<div class="document"><div class="facts"><div class="name">{escape(row.name)}</div>'
        + "".join(f'<div class="meta">{escape(fact)}</div>' for fact in facts)
        + "</div></div>"
    )
    for place, answer in enumerate(choices(session.client().documents.labels().answers), start=1):
        key = str(place) if place <= KEYS else None
        st.button(
            label_name(answer, words),
            key=f"say-{row.id}-{answer}",
            shortcut=key,
            width="stretch",
            on_click=review_queue.answer,
            args=(row, answer),
        )
    st.button(
        words("admin.review.later"),
        key="later",
        shortcut="S",
        icon=":material/skip_next:",
        type="tertiary",
        on_click=review_queue.skip,
        args=(row,),
    )
    _show_undo(queue, words)


def _show_undo(queue: review_queue.ReviewQueue, words: Translations) -> None:
    if queue.answered:
        row, label = queue.answered[-1]
        st.caption(words("change.one", name=literal(row.name), label=literal(label_name(label, words))))
        st.button(words("change.undo"), key="undo", shortcut="U", icon=":material/undo:", on_click=review_queue.undo)


def _explain_question(row: ReviewRow, words: Translations) -> str:
    """Explain why the document is in the queue."""
    ranked = sorted(row.probabilities.items(), key=lambda pair: -pair[1])[:2]
    if not ranked:
        return words("admin.review.no_text")
    label, percent = label_name(ranked[0][0], words), round(100 * ranked[0][1])
    if row.random:
        return words("admin.review.random", label=label, percent=percent)
    if len(ranked) < 2 or ranked[1][1] < MIN_SECOND_CHOICE:
        return words("admin.review.suggests", label=label, percent=percent)
    second, second_percent = label_name(ranked[1][0], words), round(100 * ranked[1][1])
    return words("admin.review.hesitates", label=label, percent=percent, label_2=second, percent_2=second_percent)


def _show_page(row: ReviewRow, words: Translations) -> None:
    if not row.pages:
        st.caption(words("admin.review.no_picture"))
        return
    number = st.pagination(row.pages, key=f"page-{row.id}") if row.pages > 1 else 1
    picture = fetch_picture(session.client(), row.id, number, small=False)
    st.html(f'<div class="whole">{page_html(picture, [], words("document.page", n=number))}</div>')


main()
