"""Corrections: what an import would change, and what the admin has to decide first."""

from collections.abc import Sequence
from html import escape

import streamlit as st

from frontends import paging, session
from frontends.admin.actions import act, show_outcome
from frontends.admin.formatting import badge_html, fetch_first_page, format_moment, picture_html
from frontends.admin.slow_client import patient_client
from frontends.i18n import Translations, literal
from frontends.user.document_state import label_name
from frontends.user.results import empty_html
from sake_ray.schemas.feedback import FeedbackChange, FeedbackList, FeedbackWaiting, SaidOut

PAGE_SIZE = 20


def main() -> None:
    """Show what waits for a decision, then what an import would change."""
    words = session.words()
    st.title(words("admin.corrections.title"), anchor=False)
    show_outcome(words)
    with patient_client() as client:
        found = client.feedback.list(cursor=paging.current_cursor("corrections"), page_size=PAGE_SIZE)
    counts = found.counts
    changes = counts.add + counts.move + counts.remove
    if not changes and not counts.waiting:
        st.html(empty_html(words("admin.corrections.none"), words("admin.corrections.none_hint")))
        return
    _show_import(found, changes, words)
    waiting = [item for item in found.items if isinstance(item, FeedbackWaiting)]
    if waiting:
        st.header(words.count("admin.corrections.waiting", counts.waiting), anchor=False, divider="gray")
    for item in waiting:
        _show_waiting(item, found.choices, words)
    planned = [item for item in found.items if isinstance(item, FeedbackChange)]
    if planned:
        st.header(words.count("admin.corrections.changes", changes), anchor=False, divider="gray")
    for change in planned:
        _show_change(change, words)
    paging.show_pages("corrections", found, words)


def _show_import(found: FeedbackList, changes: int, words: Translations) -> None:
    counts = found.counts
    with st.container(border=True, key="import-box"):
        st.markdown(words("admin.corrections.lead", add=counts.add, move=counts.move, remove=counts.remove))
        if found.held_by:
            st.info(words("admin.images.held", holder=literal(found.held_by)), icon=":material/lock:")
        if found.not_compared:
            st.caption(words.count("admin.corrections.not_compared", found.not_compared))
        st.button(
            words("admin.corrections.import"),
            type="primary",
            icon=":material/download_done:",
            disabled=not changes,
            key="import",
            on_click=_import,
            args=(words,),
        )


def _import(words: Translations) -> None:
    def import_answers() -> None:
        with patient_client() as client:
            done = client.feedback.import_answers()
        text = words("admin.corrections.imported", add=done.added, move=done.moved, remove=done.removed)
        if done.failed:
            names = ", ".join(failure.name for failure in done.failed)
            text += " " + words("admin.corrections.failed", names=names)
        outcome.append(text)

    outcome: list[str] = []
    if act(import_answers, ""):
        st.session_state["done"] = outcome[0]


def _show_waiting(waiting: FeedbackWaiting, choices: Sequence[str], words: Translations) -> None:
    with st.container(border=True, key=f"waiting-{waiting.document}"):
        why = words.get(f"admin.corrections.why.{waiting.why}") or waiting.why
        facts = [f'<div class="meta">{escape(why)}</div>', _answers_html(waiting.said, words)]
        if waiting.lies_under:
            current = badge_html(waiting.lies_under, words)
            facts.append(f'<div class="meta">{escape(words("admin.corrections.current_class"))} {current}</div>')
        duplicates = "".join(badge_html(label, words) for label in sorted({like.label for like in waiting.like}))
        if duplicates:
            facts.append(f'<div class="meta">{escape(words("admin.corrections.like"))} {duplicates}</div>')
        st.html(_card_html(waiting.document, waiting.name, facts))
        offered = list(dict.fromkeys([*(one.answer for one in waiting.said), *choices]))
        key = f"decide-{waiting.document}"
        st.pills(
            words("card.what_is_it"),
            [answer for answer in offered if answer != "withdrawn"],
            wrap=True,
            format_func=lambda answer: (
                words("admin.corrections.skip") if answer == "skip" else label_name(answer, words)
            ),
            key=key,
            on_change=_decide,
            args=(waiting, key, words),
        )


def _decide(waiting: FeedbackWaiting, key: str, words: Translations) -> None:
    if decision := st.session_state.get(key):
        done = words("admin.corrections.decided", name=waiting.name)
        act(lambda: session.client().feedback.decide(waiting.document, decision), done)


def _show_change(change: FeedbackChange, words: Translations) -> None:
    parts = [badge_html(label, words) for label in (change.before, change.after) if label]
    kind = words.get(f"admin.corrections.kind.{change.kind}") or change.kind
    with st.container(border=True):
        facts = [f"{escape(kind)} {' → '.join(parts)}", _answers_html(change.said, words)]
        st.html(_card_html(change.document, change.name, facts))


def _card_html(document: str, name: str, facts: Sequence[str]) -> str:
    return (
        f'<div class="document"><div class="beside">{picture_html(fetch_first_page(document))}</div>'
        f'<div class="facts"><div class="name">{escape(name)}</div>{"".join(f"<div>{fact}</div>" for fact in facts)}</div></div>'
    )


def _answers_html(answers: Sequence[SaidOut], words: Translations) -> str:
    texts = [
        words(
            "admin.corrections.answered",
            name=one.by,
            answer=label_name(one.answer, words),
            at=format_moment(one.at, words),
        )
        for one in answers
    ]
    return "".join(f'<div class="meta">{escape(text)}</div>' for text in texts)


main()
