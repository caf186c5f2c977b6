"""Say what documents are, one or several at once, and take it back."""

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from frontends import session
from sake_ray.domain.answers import WITHDRAWN
from sake_ray.errors import SakeError
from sake_ray.schemas.documents import DocumentOut


@dataclass(frozen=True, slots=True)
class AnswerChange:
    """The last change: what each document was said to be before (None: nothing), and what all are said to be now.

    Without an answer each was confirmed to be what the service took it for.
    """

    before: tuple[tuple[str, str | None], ...]
    answer: str
    name: str


def last_change() -> AnswerChange | None:
    """What can be undone."""
    change: AnswerChange | None = st.session_state.get("change")
    return change


def forget_change() -> None:
    """Nothing is to be undone any more."""
    st.session_state.pop("change", None)


def answer_all(documents: Sequence[DocumentOut], answer: str) -> None:
    """Give one answer for these documents; what went through before an error can be undone all the same."""
    _answer([(document, answer) for document in documents], answer)


def confirm_all(documents: Sequence[DocumentOut]) -> None:
    """Say of these documents that each is what the service takes it for."""
    _answer([(document, document.label) for document in documents if document.label], "")


def _answer(said: Sequence[tuple[DocumentOut, str]], shared: str) -> None:
    done: list[tuple[str, str | None]] = []
    try:
        for document, answer in said:
            session.client().documents.answer(document.id, answer)
            done.append((document.id, document.answer))
    except SakeError as error:
        st.session_state["trouble"] = error
    if done:
        st.session_state["change"] = AnswerChange(tuple(done), shared, said[0][0].name)


def undo() -> None:
    """Take the last change back."""
    change = last_change()
    try:
        for document, before in change.before if change else ():
            session.client().documents.answer(document, before or WITHDRAWN)
        forget_change()
    except SakeError as error:
        st.session_state["trouble"] = error


def pop_trouble() -> SakeError | None:
    """What went wrong at the last click."""
    error: SakeError | None = st.session_state.pop("trouble", None)
    return error
