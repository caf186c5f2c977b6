"""Answer what documents are, one or several at once, and undo it."""

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from frontends import session
from sake_ray.domain.answers import WITHDRAWN
from sake_ray.errors import SakeError
from sake_ray.schemas.documents import DocumentOut


@dataclass(frozen=True, slots=True)
class AnswerChange:
    """The last change: the former answer for each document (None: no answer), and the new one for all.

    Without a new one, the class of each document was confirmed.
    """

    before: tuple[tuple[str, str | None], ...]
    answer: str
    name: str


def last_change() -> AnswerChange | None:
    """The change that can be undone."""
    change: AnswerChange | None = st.session_state.get("change")
    return change


def forget_change() -> None:
    """Forget the last change: it can no longer be undone."""
    st.session_state.pop("change", None)


def answer_all(documents: Sequence[DocumentOut], answer: str) -> None:
    """Give one answer for these documents; after an error, those already answered can still be undone."""
    _answer([(document, answer) for document in documents], answer)


def confirm_all(documents: Sequence[DocumentOut]) -> None:
    """Confirm the class of each of these documents."""
    _answer([(document, document.label) for document in documents if document.label], "")


def _answer(pairs: Sequence[tuple[DocumentOut, str]], shared: str) -> None:
    done: list[tuple[str, str | None]] = []
    try:
        for document, answer in pairs:
            session.client().documents.answer(document.id, answer)
            done.append((document.id, document.answer))
    except SakeError as error:
        st.session_state["error"] = error
    if done:
        st.session_state["change"] = AnswerChange(tuple(done), shared, pairs[0][0].name)


def undo() -> None:
    """Undo the last change."""
    change = last_change()
    try:
        for document, before in change.before if change else ():
            session.client().documents.answer(document, before or WITHDRAWN)
        forget_change()
    except SakeError as error:
        st.session_state["error"] = error


def pop_error() -> SakeError | None:
    """The error of the last click, once."""
    error: SakeError | None = st.session_state.pop("error", None)
    return error
